"""Rules of taking agents off the uptraining route (guide: "once complete, erase the Uptraining Class")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rpa.domain.agents import Agent
from rpa.domain.extension import UPTRAINING_CLASS, file_contradicts
from rpa.domain.open_uptraining import OpenUptraining
from rpa.domain.plans import Decision
from rpa.domain.records import CustomFields
from rpa.domain.tracking import Task, TaskState, TrackedAgents


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingOrder:
    """What the manager asked for; `even_if_open` clears also whoever has open Call Certs."""

    uptraining_class: str = UPTRAINING_CLASS
    even_if_open: bool = False


def decide(
    agent: Agent,
    shown_name: str,
    seen: CustomFields,
    order: ClearingOrder,
    tracked: TrackedAgents | None,
    ours: OpenUptraining | None,
    today: date,
) -> Decision:
    """Uptraining Class becomes empty, or the refusal with its reason; `ours` is what the journal holds."""
    about = _about(agent, tracked, ours, today)
    if mismatch := file_contradicts(agent, shown_name, seen):
        return Decision.refuse(mismatch)
    if not seen.uptraining:
        return Decision.unchanged("Uptraining Class is empty already")
    is_the_class = seen.uptraining.strip().casefold() == order.uptraining_class.casefold()
    if not is_the_class and (ours is None or ours.word != seen.uptraining):
        return Decision.refuse(f"Uptraining Class holds {seen.uptraining!r}, which was not written by us")
    if tracked is not None and not order.even_if_open and (still_open := _why_open(agent, tracked)):
        return Decision.refuse(f"{still_open}; --even-if-open clears it all the same")
    told = ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in about.items())
    return Decision.change({"uptraining_class": ""}, told, about)


def _about(
    agent: Agent, tracked: TrackedAgents | None, ours: OpenUptraining | None, today: date
) -> Mapping[str, str]:
    """How long it has been open, and what the tracker says of the certs, as far as that is known."""
    told = {}
    if ours is not None:
        told["days_open"] = str(ours.age(today))
    if tracked is not None:
        told["call_cert"] = call_cert(agent, tracked).value if tracked.agent(agent.employee_id) else "unknown"
    return told


def call_cert(agent: Agent, tracked: TrackedAgents) -> TaskState:
    """What the tracker says of the agent's Call Cert; unreadable where it says nothing."""
    known = tracked.agent(agent.employee_id)
    return known.tasks.get(Task.CALL_CERT, TaskState.UNREADABLE) if known else TaskState.UNREADABLE


def _why_open(agent: Agent, tracked: TrackedAgents) -> str:
    if rows := tracked.doubled.get(agent.employee_id):
        return f"the tracker has this agent in rows {' and '.join(map(str, rows))}"
    if tracked.agent(agent.employee_id) is None:
        return "the tracker does not have this agent, so nobody knows whether Call Certs are complete"
    state = call_cert(agent, tracked)
    return "" if state.is_closed else f"the tracker shows Call Cert as {state.value}"
