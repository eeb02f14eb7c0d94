"""What another look at a class changes of what was planned before: nothing is lost without being told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.trainings import ClassPlan, Session, days_told, told


def whole_roster(
    now: Sequence[Agent], before: Sequence[Agent], *, all_readable: bool
) -> tuple[tuple[Agent, ...], tuple[EmployeeId, ...]]:
    """The class's agents by id, and those of them who are kept from before.

    While a row of the file cannot be read, nobody knows that who is missing has left: a typing error takes
    no invite back.
    """
    ids = {agent.employee_id for agent in now}
    kept = () if all_readable else tuple(agent for agent in before if agent.employee_id not in ids)
    whole = sorted((*now, *kept), key=lambda agent: agent.employee_id)
    return tuple(whole), tuple(agent.employee_id for agent in kept)


def changes_told(
    before: ClassPlan, after: ClassPlan, had: Sequence[Agent], has: Sequence[Agent]
) -> tuple[str, ...]:
    """A sentence for each session, clock and agent that is another one than before."""
    return (*_clocks(before, after), *_sessions(before, after), *_agents(had, has))


def _clocks(before: ClassPlan, after: ClassPlan) -> Iterator[str]:
    if before.start != after.start:
        yield f"The class starts on {told(after.start)}, not on {told(before.start)}."
    if before.zone != after.zone:
        yield f"Hours are those of {after.zone}, not of {before.zone}."


def _sessions(before: ClassPlan, after: ClassPlan) -> Iterator[str]:
    were = {session.id: session for session in before.sessions}
    for session in after.sessions:
        if session.id not in were:
            yield f"{session.id} is new: {days_told(session.days)}."
        elif what := _moved(were[session.id], session):
            yield f"{session.id} {what}."
    there = {session.id for session in after.sessions}
    yield from (f"{gone} is gone." for gone in were if gone not in there)


def _moved(was: Session, now: Session) -> str:
    if was.days != now.days:
        return f"moves to {days_told(now.days)}; it was {days_told(was.days)}"
    if was.sittings != now.sittings:
        return "has other hours"
    if (was.organizer, was.co_organizer) != (now.organizer, now.co_organizer):
        return "is opened by others"
    return ""


def _agents(had: Sequence[Agent], has: Sequence[Agent]) -> Iterator[str]:
    were, are = _by_id(had), _by_id(has)
    if new := [agent for agent in are if agent not in were]:
        yield f"New in the class: {', '.join(new)}."
    if gone := [agent for agent in were if agent not in are]:
        yield f"No longer in the class: {', '.join(gone)}."
    if other := [agent for agent in are if agent in were and _mails(are[agent]) != _mails(were[agent])]:
        yield f"With another name or address: {', '.join(other)}."


def _by_id(agents: Sequence[Agent]) -> Mapping[EmployeeId, Agent]:
    return {agent.employee_id: agent for agent in agents}


def _mails(agent: Agent) -> tuple[str, str, str]:
    return agent.name, agent.cxp_email, agent.personal_email
