"""The online trainings of a class: which session when, on which days and hours, opened by whom.

The rules are those of the guide's "Manage Go To Trainings"; what it leaves open is in `Syllabus`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from rpa.domain.hours import Hours

WHOLE_DAY = Hours(starts=time(9), ends=time(17))
MORNING = Hours(starts=time(9), ends=time(13))


class SessionKind(StrEnum):
    """The sessions of a class, in the order in which they follow one another (assumed)."""

    ONBOARDING = "onboarding"
    AHIP_AETNA = "ahip-aetna"
    TRAINING = "training"
    CALL_CERT = "call-cert"


TITLES = {
    SessionKind.ONBOARDING: "Onboarding",
    SessionKind.AHIP_AETNA: "AHIP/Aetna",
    SessionKind.TRAINING: "Training team",
    SessionKind.CALL_CERT: "Call Cert/TBT",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Syllabus:
    """The site's figures: lengths in working days, lives in calendar days.

    `days` is how long a session takes, `scheduled` how long it is booked where that is longer. A session
    that takes half a day more ends with the hours of `half_day`. `opened_by` names, for each kind, the
    organizer and the co-organizer, so that a room opens also when the one who made it is away.
    """

    days: Mapping[SessionKind, float]
    scheduled: Mapping[SessionKind, float] = field(default_factory=dict)
    hours: Hours = WHOLE_DAY
    half_day: Hours = MORNING
    link_life: int = 7
    days_ahead: int = 3
    opened_by: Mapping[SessionKind, tuple[str, str]] = field(default_factory=dict)

    def booked(self, kind: SessionKind) -> float:
        """The working days for which the session stands in the calendars."""
        return max(self.days[kind], self.scheduled.get(kind, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One day of a session, with its hours in the class's own time zone."""

    day: date
    hours: Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A day that the session would have had by the count alone, and why it has not."""

    day: date
    why: str

    def __str__(self) -> str:
        return f"not on {told(self.day)}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One room with one link: a session, or the part of it that fits into a link's life.

    `due` is the last day on which the room can be made and the invites be sent; `link_ends` the last day
    on which its link lives; `needed` how many of its days are expected to be needed.
    """

    class_name: str
    kind: SessionKind
    part: int
    parts: int
    sittings: tuple[Sitting, ...]
    needed: float
    zone: str
    organizer: str
    co_organizer: str
    due: date
    link_ends: date
    moved: tuple[Moved, ...] = ()

    @property
    def id(self) -> str:
        """What users type; the first part's does not change when a second one comes."""
        return f"{self.class_name}/{self.kind}{f'-{self.part}' if self.part > 1 else ''}"

    @property
    def title(self) -> str:
        """The session in the guide's words."""
        of = f" (link {self.part} of {self.parts})" if self.parts > 1 else ""
        return f"{TITLES[self.kind]}{of}"

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which it is held."""
        return tuple(sitting.day for sitting in self.sittings)

    @property
    def first_day(self) -> date:
        return self.sittings[0].day

    @property
    def last_day(self) -> date:
        return self.sittings[-1].day

    def moments(self) -> Iterator[tuple[datetime, datetime]]:
        """Begin and end of each sitting, aware, in the class's time zone."""
        zone = ZoneInfo(self.zone)
        for sitting in self.sittings:
            yield (
                datetime.combine(sitting.day, sitting.hours.starts, zone),
                datetime.combine(sitting.day, sitting.hours.ends, zone),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassPlan:
    """All sessions of a class, in their order; `fixed` are the first days that a person has set."""

    name: str
    start: date
    zone: str
    sessions: tuple[Session, ...]
    fixed: tuple[tuple[SessionKind, date], ...] = ()

    @property
    def last_day(self) -> date:
        return max(session.last_day for session in self.sessions)

    @property
    def whole_day(self) -> Hours:
        """The hours of a day that is no half one."""
        hours = (sitting.hours for session in self.sessions for sitting in session.sittings)
        return max(hours, key=lambda one: one.minutes)

    def of_kind(self, kind: SessionKind) -> tuple[Session, ...]:
        """The parts of one session."""
        return tuple(session for session in self.sessions if session.kind is kind)


def told(day: date) -> str:
    """A day for a person, such as Thu 26 Nov 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def days_told(days: Sequence[date]) -> str:
    """The first and the last of these days for a person."""
    return told(days[0]) if days[0] == days[-1] else f"{told(days[0])} to {told(days[-1])}"
