"""Working days of a site: which day is one, and which are next to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Days but for weekends and holidays; `open_days` are worked whatever else they are."""

    holidays: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({5, 6})
    open_days: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether the site works on this day."""
        return day in self.open_days or (day.weekday() not in self.weekend and day not in self.holidays)

    def next(self, day: date) -> date:
        """The first working day after this one."""
        day += ONE_DAY
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def previous(self, day: date) -> date:
        """The last working day before this one."""
        day -= ONE_DAY
        while not self.is_working(day):
            day -= ONE_DAY
        return day
