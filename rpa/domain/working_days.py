"""The days on which a site works, and how days between two dates are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SATURDAY_AND_SUNDAY = frozenset({5, 6})
_DAYS_OF_A_WEEK = frozenset(range(7))
_DAY = timedelta(days=1)


class DayCounting(StrEnum):
    """How "after 3 days" is meant; the guide does not say, so working days are **assumed** (a setting)."""

    WORKING = "working"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A site's working days: every day outside the weekend that is no holiday, and the days opened besides.

    `weekend` holds `date.weekday()` numbers, Monday is 0. `open_days` win over weekend and holidays.
    """

    holidays: frozenset[date] = frozenset()
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    open_days: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a week without a working day: looking for the next one would never end."""
        if not self.weekend < _DAYS_OF_A_WEEK:
            raise ValueError("the weekend must be days from 0 (Monday) to 6 (Sunday), and not all of them")

    def is_working(self, day: date) -> bool:
        """True where the site works on `day`."""
        return day in self.open_days or (day.weekday() not in self.weekend and day not in self.holidays)

    def next(self, day: date) -> date:
        """The first working day after `day`."""
        return self._from(day, _DAY)

    def previous(self, day: date) -> date:
        """The last working day before `day`."""
        return self._from(day, -_DAY)

    def add(self, day: date, working_days: int) -> date:
        """The working day that many after `day`, before it where negative; `day` itself for 0."""
        step = _DAY if working_days > 0 else -_DAY
        for _ in range(abs(working_days)):
            day = self._from(day, step)
        return day

    def count(self, start: date, end: date) -> int:
        """The working days after `start` up to and including `end`; 0 where `end` is not later."""
        days = (start + timedelta(days=passed) for passed in range(1, (end - start).days + 1))
        return sum(map(self.is_working, days))

    def passed(self, start: date, end: date, counting: DayCounting) -> int:
        """The days that have passed since `start` as the site counts them; 0 where `end` is not later."""
        if counting is DayCounting.CALENDAR:
            return max((end - start).days, 0)
        return self.count(start, end)

    def _from(self, day: date, step: timedelta) -> date:
        day += step
        while not self.is_working(day):
            day += step
        return day
