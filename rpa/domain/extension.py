"""Rules of keeping agents in the training environment (guide: ESP Training Environment Extension)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rpa.domain.agents import Agent, same_person_name
from rpa.domain.errors import UsageError
from rpa.domain.plans import Decision
from rpa.domain.records import CustomFields

NOC_MINIMUM = 5
UPTRAINING_CLASS = "Aetna"


class Route(StrEnum):
    """The two ways of the guide, and `auto` to choose by the size of the batch."""

    AUTO = "auto"
    END_DATE = "end-date"
    UPTRAINING = "uptraining"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionOrder:
    """What the manager asked for.

    `until` is the new ESP End Date (the end-date route only), `noc_minimum` the number of agents from
    which NOC spins up a class, `uptraining_class` the exact word of the other route.
    """

    route: Route
    until: date | None
    noc_minimum: int = NOC_MINIMUM
    uptraining_class: str = UPTRAINING_CLASS


def route_for(agents: int, noc_minimum: int = NOC_MINIMUM) -> Route:
    """The route of a batch of so many agents: NOC spins up no class for fewer than its minimum."""
    return Route.END_DATE if agents >= noc_minimum else Route.UPTRAINING


def why_route(route: Route, asked: Route, agents: int, noc_minimum: int) -> str:
    """One sentence that tells the manager which route is taken, and why."""
    if asked is not Route.AUTO:
        return f"Route {route.value}: as asked with --route."
    if route is Route.END_DATE:
        return f"Route {route.value}: {agents} agents, and NOC spins up a class from {noc_minimum} agents on."
    return (
        f"Route {route.value}: {agents} agent{'s' if agents != 1 else ''}, and NOC spins up no class "
        f"for fewer than {noc_minimum}."
    )


def check_until(until: date | None, today: date, furthest_days: int) -> date:
    """The new end date, or UsageError when it cannot be meant: not after today, or too far ahead."""
    if until is None:
        raise UsageError(
            "The end-date route needs the new ESP End Date.", next_step="Add --until YYYY-MM-DD."
        )
    if until <= today:
        raise UsageError(
            f"--until {until} is not after today ({today}).",
            next_step="Nothing was started. Give a date after today.",
        )
    if until > today + timedelta(days=furthest_days):
        raise UsageError(
            f"--until {until} is more than {furthest_days} days ahead.",
            next_step="Nothing was started. Check the year, or raise RPA_EXTENSION__FURTHEST_DAYS.",
        )
    return until


def decide(agent: Agent, shown_name: str, seen: CustomFields, order: ExtensionOrder, today: date) -> Decision:
    """The wanted values of one agent, or the refusal with its reason."""
    if mismatch := file_contradicts(agent, shown_name, seen):
        return Decision.refuse(mismatch)
    if order.route is Route.UPTRAINING:
        return decide_uptraining(seen, order.uptraining_class, today)
    assert order.until is not None
    return decide_end_date(seen, order.until, today)


def file_contradicts(agent: Agent, shown_name: str, seen: CustomFields) -> str:
    """Why the row cannot mean this record, or an empty text: a given name or ESP start must agree."""
    if agent.name and not same_person_name(agent.name, shown_name):
        return (
            f"the file names {agent.name}, but ADP shows {shown_name} for {agent.employee_id}; "
            f"check the employee id"
        )
    if agent.esp_start and seen.esp_start and agent.esp_start != seen.esp_start:
        return (
            f"the file says ESP start {agent.esp_start}, but ADP shows {seen.esp_start}; "
            f"check that the row belongs to this class"
        )
    return ""


def decide_end_date(seen: CustomFields, until: date, today: date) -> Decision:
    """ESP End Date becomes `until`, which must be an extension of an ESP period that the record has."""
    if seen.esp_end is None:
        return Decision.refuse("ADP shows no ESP End Date, so there is no ESP period to extend")
    if seen.esp_end == until:
        return Decision.unchanged(f"ESP End Date is {until} already")
    if until <= today:
        return Decision.refuse(f"the new ESP End Date {until} is not after today ({today})")
    if seen.esp_end > until:
        return Decision.refuse(f"ESP End Date is {seen.esp_end}, later than {until}; this would shorten it")
    note = "" if seen.esp_end >= today else f"ESP End Date passed on {seen.esp_end}"
    return Decision.change({"esp_end_date": until.isoformat()}, note)


def decide_uptraining(seen: CustomFields, wanted: str, today: date) -> Decision:
    """Uptraining Class becomes exactly `wanted`, which works only where both dates have expired."""
    if seen.uptraining == wanted:
        return Decision.unchanged(f"Uptraining Class is {wanted} already")
    if seen.uptraining and seen.uptraining.strip().casefold() != wanted.casefold():
        return Decision.refuse(f"Uptraining Class holds {seen.uptraining!r}, which this would overwrite")
    dates = {"Training Graduation Date": seen.graduation, "ESP End Date": seen.esp_end}
    open_dates = [
        f"{label} is {day.isoformat() if day else 'empty'}"
        for label, day in dates.items()
        if day is None or day >= today
    ]
    if open_dates:
        return Decision.refuse(
            f"{' and '.join(open_dates)}; both dates must have expired (be before {today}) "
            f"for {wanted} to work"
        )
    return Decision.change({"uptraining_class": wanted})
