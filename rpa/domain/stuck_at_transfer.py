"""Stuck on the way to production: complete and still in training, or transferred on paper alone."""

from __future__ import annotations

from rpa.domain.stuck_facts import Facts, Night
from rpa.domain.stuck_verdicts import Found, Verdict, ask, names
from rpa.domain.tracking import TaskState


def complete_on_roster(facts: Facts, night: Night) -> Verdict:
    """Everything of ESP is complete, but BlackDash still lists the agent (guide: "agent may be stuck")."""
    del night
    if facts.tracked is None or not facts.tracked.is_complete or not facts.classes or _is_under_way(facts):
        return None
    return Found(f"everything is complete, and {names(facts.classes)} still lists the agent")


def complete_in_training_department(facts: Facts, night: Night) -> Verdict:
    """Everything of ESP is complete, but the head is still counted in training."""
    if facts.tracked is None or not facts.tracked.is_complete or facts.classes or _is_under_way(facts):
        return None
    if facts.record is None:
        return ask(facts)
    if night.departments.is_production(facts.record.department):
        return None
    return Found(f"everything is complete, and the Home Department is {_told(facts.record.department)}")


def transferred_on_roster(facts: Facts, night: Night) -> Verdict:
    """The tracker says transferred, but BlackDash still lists the agent."""
    del night
    if facts.tracked is None or facts.tracked.transferred is not TaskState.DONE or not facts.classes:
        return None
    return Found(
        f"marked as transferred, and {names(facts.classes)} still lists the agent",
        since=facts.tracked.transferred_on,
    )


def transferred_in_training_department(facts: Facts, night: Night) -> Verdict:
    """The tracker says transferred, but the head is still counted in training."""
    agent = facts.tracked
    if agent is None or agent.transferred is not TaskState.DONE:
        return None
    if facts.record is None:
        return ask(facts) if facts.classes or night.was_transferred_lately(agent) else None
    if night.departments.is_production(facts.record.department):
        return None
    return Found(
        f"marked as transferred, and the Home Department is {_told(facts.record.department)}",
        since=agent.transferred_on,
    )


def _is_under_way(facts: Facts) -> bool:
    """Whether a transfer of ours only waits: a second one would go over its date."""
    return facts.remembered.last is not None and facts.remembered.last.is_open_transfer


def _told(department: str) -> str:
    return repr(department) if department else "empty"
