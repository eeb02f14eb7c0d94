"""By when a room must be there and on calendars, and which rooms a person must still create."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from shlex import quote

from rpa.domain.counted import counted
from rpa.domain.trainings import ClassPlan, Session, SessionKind, days_told, told
from rpa.domain.working_days import WorkingDays


def days_before(day: date, number: int, days: WorkingDays) -> date:
    """The working day that lies so many working days before this one (assumed: "3 days in advance" are)."""
    for _ in range(number):
        day = days.previous(day)
    return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room that is not there yet, or one that was `made_for` other days than the session has now."""

    session: Session
    overdue: bool
    made_for: tuple[date, ...] = ()

    @property
    def when(self) -> str:
        """By when, in words; the guide wants Onboarding "as early as possible"."""
        if self.overdue:
            return f"at once; it was due on {told(self.session.due)}"
        if self.session.kind is SessionKind.ONBOARDING:
            return f"as early as possible, at the latest on {told(self.session.due)}"
        return f"by {told(self.session.due)}"

    @property
    def what(self) -> str:
        """What to create, and for whom."""
        breakout = ", with a breakout room" if self.session.kind is SessionKind.ONBOARDING else ""
        again = f", again: its link was made for {days_told(self.made_for)}" if self.made_for else ""
        return (
            f"{self.session.title}{breakout}{again}; organizer {self.session.organizer or '(nobody)'}, "
            f"co-organizer {self.session.co_organizer or '(nobody)'}"
        )


def rooms_to_make(
    plans: Iterable[ClassPlan],
    today: date,
    ready: frozenset[str],
    outdated: Mapping[str, tuple[date, ...]] | None = None,
) -> tuple[Room, ...]:
    """The rooms without a link for their days whose session has not ended, oldest deadline first."""
    made_for = outdated or {}
    missing = [
        session
        for plan in plans
        for session in plan.sessions
        if session.id not in ready and session.last_day >= today
    ]
    missing.sort(key=lambda session: (session.due, session.first_day, session.id))
    return tuple(
        Room(session=session, overdue=session.due < today, made_for=made_for.get(session.id, ()))
        for session in missing
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """The invites of a class that its people do not have as they are planned, by their number.

    `sessions` are those concerned, by id; `due` the first day of their deadlines, None where all that is
    left is to take invites back.
    """

    class_name: str
    sessions: tuple[str, ...]
    due: date | None
    invites: int = 0
    updates: int = 0
    cancelled: int = 0

    @property
    def numbers(self) -> str:
        """How many of each kind."""
        numbers = (
            (self.invites, "invite", "invites"),
            (self.updates, "update", "updates"),
            (self.cancelled, "cancellation", "cancellations"),
        )
        return ", ".join(counted(n, one, many) for n, one, many in numbers if n)

    @property
    def what(self) -> str:
        """How many, by when, and what sends them."""
        due = f", due {told(self.due)}" if self.due else ""
        return f"{self.numbers} not sent{due}: rpa trainings send {quote(self.class_name)}"
