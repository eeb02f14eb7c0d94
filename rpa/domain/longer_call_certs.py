"""Agents who need longer for Call Cert and TBT than their session was booked for.

The guide: two days are enough, three are booked; who is slower gets the invite forwarded for up to two
more days; beyond day 5 a new session, unless another class's Call Cert session is starting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    session to join, on the day after `until` where the invite is forwarded still.
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
        note = f" ({self.note})" if self.note else ""
        beyond = f"add the agent to {self.joins}" if self.joins else "make a new Call Cert session"
        if self.way is Way.FORWARD and self.until:
            return f"Forward the invite of {self.session} up to {told(self.until)}{note}; beyond it {beyond}"
        return f"{beyond[0].upper()}{beyond[1:]}{note}"


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
    held = sorted(
        (found for plan in plans if (found := plan.of_kind(SessionKind.CALL_CERT))),
        key=lambda parts: (parts[0].first_day, parts[0].id),
    )
    # Who was added to another class's session has the later one for the own.
    own = {agent: parts for parts in held for agent in rosters.get(parts[0].class_name, frozenset())}
    lines = [
        _line(agent, own[agent.employee_id], held, patience, days, today)
        for agent in agents
        if agent.employee_id in own
    ]
    return tuple(sorted((line for line in lines if line), key=lambda line: line.employee_id))


def _line(
    agent: TrackedAgent,
    parts: Sequence[Session],
    held: Iterable[Sequence[Session]],
    patience: Patience,
    days: WorkingDays,
    today: date,
) -> Longer | None:
    """The line of an agent whose session has these parts, each with a link of its own."""
    still_open = certifying(agent)
    first, session = parts[0], parts[-1]
    if not still_open or today < session.last_day:
        return None
    until = _days_after(session.last_day, patience.forwarded, days)
    is_forwarded = today <= until
    # What is advised for the day after is what is advised on that day.
    joins = _starting(session, held, patience, days, days.next(until) if is_forwarded else today)
    way = Way.FORWARD if is_forwarded else Way.JOIN if joins else Way.NEW
    too_old = way is Way.FORWARD and until > session.link_ends
    return Longer(
        employee_id=agent.employee_id,
        name=agent.name,
        session=session.id,
        since=session.last_day,
        day=_day_number(first.first_day, today, days),
        open_tasks=still_open,
        way=way,
        until=until if way is Way.FORWARD else None,
        joins=joins.id if joins else "",
        note=f"its link lives until {told(session.link_ends)}" if too_old else "",
    )


def _starting(
    own: Session, held: Iterable[Sequence[Session]], patience: Patience, days: WorkingDays, day: date
) -> Session | None:
    """The next Call Cert session of another class that starts on this day or soon after it."""
    latest = _days_after(day, patience.join_within, days)
    starts = [parts[0] for parts in held if parts[0].class_name != own.class_name]
    soon = [one for one in starts if day <= one.first_day <= latest]
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
