"""Agents who need longer for Call Cert and TBT than their session was booked for.

The guide: two days are enough, three are booked; who is slower gets the invite forwarded for up to two
more days; beyond day 5 a new session, unless another class's Call Cert session is starting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rpa.domain.agents import EmployeeId
from rpa.domain.tracking import TASK_NAMES, Task, TrackedAgent
from rpa.domain.trainings import ClassPlan, Session, SessionKind, told
from rpa.domain.working_days import WorkingDays

CERTIFYING = frozenset({Task.CALL_CERT, Task.TBT})


class Way(StrEnum):
    """What to do for such an agent."""

    FORWARD = "forward the invite"
    JOIN = "join another class's session"
    NEW = "make a new session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Longer:
    """One agent who needs longer; `day` counts the working days of the session up to today.

    `since` is the session's last booked day, `until` the last day of the forwarded invite, `joins` the
    session to join.
    """

    employee_id: EmployeeId
    name: str
    session: str
    since: date
    day: int
    open_tasks: tuple[Task, ...]
    way: Way
    until: date | None = None
    joins: str = ""
    note: str = ""

    @property
    def reason(self) -> str:
        """What is open, and since which day of the session."""
        return f"{', '.join(TASK_NAMES[task] for task in self.open_tasks)} open on day {self.day}"

    @property
    def next_step(self) -> str:
        """What to do."""
        steps = {
            Way.FORWARD: f"Forward the invite of {self.session} up to {told(self.until)}"
            if self.until
            else "",
            Way.JOIN: f"Add the agent to {self.joins}",
            Way.NEW: "Make a new Call Cert session",
        }
        note = f" ({self.note})" if self.note else ""
        return f"{steps[self.way]}{note}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Working days: how many more an invite is forwarded, how soon a session to join must start."""

    forwarded: int = 2
    join_within: int = 5


def certifying(agent: TrackedAgent) -> tuple[Task, ...]:
    """What is open of Call Cert and TBT; nothing for whom it no longer matters, being transferred."""
    if agent.transferred.is_closed:
        return ()
    return tuple(task for task in agent.open_tasks if task in CERTIFYING)


def longer_call_certs(
    agents: Iterable[TrackedAgent],
    plans: Iterable[ClassPlan],
    rosters: Mapping[str, frozenset[EmployeeId]],
    *,
    patience: Patience,
    days: WorkingDays,
    today: date,
) -> tuple[Longer, ...]:
    """A line for each agent whose session is in its last booked day or over, by employee id.

    `rosters` holds the agents of each class by its name; an agent of a class without a plan has no line.
    """
    sessions = {
        plan.name: plan.of_kind(SessionKind.CALL_CERT)[0]
        for plan in plans
        if plan.of_kind(SessionKind.CALL_CERT)
    }
    class_of = {agent: name for name in sorted(sessions) for agent in rosters.get(name, frozenset())}
    lines = [
        _line(agent, sessions[class_of[agent.employee_id]], sessions.values(), patience, days, today)
        for agent in agents
        if agent.employee_id in class_of
    ]
    return tuple(sorted((line for line in lines if line), key=lambda line: line.employee_id))


def _line(
    agent: TrackedAgent,
    session: Session,
    sessions: Iterable[Session],
    patience: Patience,
    days: WorkingDays,
    today: date,
) -> Longer | None:
    still_open = certifying(agent)
    if not still_open or today < session.last_day:
        return None
    until = _days_after(session.last_day, patience.forwarded, days)
    joins = _starting(session, sessions, patience, days, today)
    way = Way.FORWARD if today < until else Way.JOIN if joins else Way.NEW
    too_old = way is Way.FORWARD and until > session.link_ends
    return Longer(
        employee_id=agent.employee_id,
        name=agent.name,
        session=session.id,
        since=session.last_day,
        day=_day_number(session.first_day, today, days),
        open_tasks=still_open,
        way=way,
        until=until if way is Way.FORWARD else None,
        joins=joins.id if joins and way is Way.JOIN else "",
        note=f"its link lives until {told(session.link_ends)}" if too_old else "",
    )


def _starting(
    own: Session, sessions: Iterable[Session], patience: Patience, days: WorkingDays, today: date
) -> Session | None:
    """The next Call Cert session of another class that starts soon, today not included."""
    latest = _days_after(today, patience.join_within, days)
    soon = [one for one in sessions if one.class_name != own.class_name and today < one.first_day <= latest]
    return min(soon, key=lambda one: (one.first_day, one.id), default=None)


def _days_after(day: date, number: int, days: WorkingDays) -> date:
    for _ in range(number):
        day = days.next(day)
    return day


def _day_number(first: date, today: date, days: WorkingDays) -> int:
    """1 on the session's first day; days on which nobody works do not count."""
    day, number = first, 1
    while days.next(day) <= today:
        day, number = days.next(day), number + 1
    return number
