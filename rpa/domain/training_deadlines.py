"""By when a room must be there and on calendars, and which rooms a person must still create."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rpa.domain.trainings import ClassPlan, Session, SessionKind, told
from rpa.domain.working_days import WorkingDays


def days_before(day: date, number: int, days: WorkingDays) -> date:
    """The working day that lies so many working days before this one (assumed: "3 days in advance" are)."""
    for _ in range(number):
        day = days.previous(day)
    return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room that is not there yet."""

    session: Session
    overdue: bool

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
        return (
            f"{self.session.title}{breakout}; organizer {self.session.organizer or '(nobody)'}, "
            f"co-organizer {self.session.co_organizer or '(nobody)'}"
        )


def rooms_to_make(plans: Iterable[ClassPlan], today: date, ready: frozenset[str]) -> tuple[Room, ...]:
    """The rooms without a link whose session has not ended, oldest deadline first."""
    missing = [
        session
        for plan in plans
        for session in plan.sessions
        if session.id not in ready and session.last_day >= today
    ]
    missing.sort(key=lambda session: (session.due, session.first_day, session.id))
    return tuple(Room(session=session, overdue=session.due < today) for session in missing)
