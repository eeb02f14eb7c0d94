"""Times of a day as the settings and the mentors list write them: 17:00, and 09:00-17:00."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From when to when on a day, by the clocks of the place."""

    starts: time
    ends: time

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}-{self.ends:%H:%M}"

    @property
    def minutes(self) -> int:
        """How long they are."""
        return (self.ends.hour - self.starts.hour) * 60 + self.ends.minute - self.starts.minute

    def cover(self, other: Hours) -> bool:
        """Whether the other hours lie within these."""
        return self.starts <= other.starts and other.ends <= self.ends


def parse_time(text: str) -> time:
    """A time such as 17:00; ValueError, with the mend, for anything else."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no time; write it as 17:00")
    return time(int(found[1]), int(found[2]))


def parse_hours(text: str) -> Hours:
    """Hours such as 09:00-17:00; ValueError, with the mend, for anything else."""
    starts, dash, ends = text.replace("\u2013", "-").partition("-")
    if not dash:
        raise ValueError(f"{text!r} are no hours; write them as 09:00-17:00")
    hours = Hours(starts=parse_time(starts), ends=parse_time(ends))
    if hours.ends <= hours.starts:
        raise ValueError(f"{text!r} end before they begin")
    return hours
