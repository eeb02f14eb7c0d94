"""Rules of moving an agent to production (guide: ESP Transfer to Production)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from rpa.domain.agents import Agent
from rpa.domain.departments import DepartmentRules, find_department
from rpa.domain.errors import RuleRefused
from rpa.domain.extension import file_contradicts
from rpa.domain.plans import Decision, Seen
from rpa.domain.records import CustomFields
from rpa.domain.tracking import TaskState, TrackedAgents, open_told, told
from rpa.domain.values import Values, still_missing


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOrder:
    """What the manager asked for, and what the site has decided.

    `effective` is the day from which the headcount moves. `last_day_before` says how many days before
    today training ends (0: today), `touch_graduation` whether Training Graduation Date goes with it.
    `again` takes those whom the tracker shows as transferred, `without_tracker` trusts the file alone.
    """

    departments: DepartmentRules
    effective: date
    last_day_before: int = 0
    touch_graduation: bool = True
    again: bool = False
    without_tracker: bool = False


def with_tracker(agent: Agent, tracked: TrackedAgents | None) -> Agent:
    """The agent with the tracker's site, campaign and ESP manager, where the file has none."""
    known = tracked.agent(agent.employee_id) if tracked else None
    if known is None:
        return agent
    return replace(
        agent,
        site=agent.site or known.site,
        campaign=agent.campaign or known.campaign,
        esp_manager=agent.esp_manager or known.esp_manager,
    )


def decide(
    agent: Agent, seen: Seen, order: TransferOrder, tracked: TrackedAgents | None, today: date
) -> Decision:
    """The values that are still to be written for one agent, or the refusal with its reason."""
    fields = CustomFields.from_values(seen.values)
    try:
        _check(agent, seen, fields, tracked, today)
        wanted = wanted_values(agent, seen, order, today)
        missing = still_missing(wanted, seen.values)
        if missing and not order.again:
            _check_not_transferred(agent, tracked)
    except RuleRefused as refusal:
        return Decision.refuse(refusal.what)
    if not missing:
        return Decision.unchanged("ADP shows this agent in production already")
    return Decision.change(missing)


def wanted_values(agent: Agent, seen: Seen, order: TransferOrder, today: date) -> dict[str, str | None]:
    """Both parts, contact center and headcount; RuleRefused where no one department is right."""
    return {**_contact_center(seen, order, today), **_headcount(agent, seen, order)}


def training_end(shown: date | None, today: date, last_day_before: int = 0) -> date:
    """Assumed: training ends today where it would end later or has no end; an earlier end stays."""
    last_day = today - timedelta(days=last_day_before)
    return last_day if shown is None or shown > last_day else shown


def _contact_center(seen: Seen, order: TransferOrder, today: date) -> dict[str, str | None]:
    """Assumed, the guide's pictures being lost: ended dates and no uptraining take one off every class."""
    fields = CustomFields.from_values(seen.values)
    end = training_end(fields.esp_end, today, order.last_day_before)
    wanted: dict[str, str | None] = {"esp_end_date": end.isoformat(), "uptraining_class": ""}
    if order.touch_graduation:
        graduation = training_end(fields.graduation, today, order.last_day_before)
        wanted["training_graduation_date"] = graduation.isoformat()
    return wanted


def _headcount(agent: Agent, seen: Seen, order: TransferOrder) -> Values:
    """The department with the day it counts from; that day stays where the department is right already."""
    rules = order.departments
    site, campaign = rules.site(agent.site), rules.campaign(agent.campaign)
    entry = find_department(seen.departments, site, campaign, rules).label
    if seen.values.get("home_department") == entry:
        return {}
    return {"home_department": entry, "home_department_effective": order.effective.isoformat()}


def _check(
    agent: Agent, seen: Seen, fields: CustomFields, tracked: TrackedAgents | None, today: date
) -> None:
    if mismatch := file_contradicts(agent, seen.name, fields):
        raise RuleRefused(mismatch)
    if fields.esp_start and fields.esp_start > today:
        raise RuleRefused(f"the ESP period begins on {fields.esp_start} only")
    if tracked is not None:
        _check_complete(agent, tracked)


def _check_complete(agent: Agent, tracked: TrackedAgents) -> None:
    """Everything of ESP must be done (guide: "after confirming agents are complete with everything ESP")."""
    if rows := tracked.doubled.get(agent.employee_id):
        numbers = " and ".join(map(str, rows))
        raise RuleRefused(f"the tracker has this agent in rows {numbers}; leave one of them")
    known = tracked.agent(agent.employee_id)
    if known is None:
        raise RuleRefused("the tracker does not have this agent, so nobody knows what is complete")
    if known.transferred is TaskState.UNREADABLE:
        cell = known.transfer_cell or f"row {known.row}"
        raise RuleRefused(f"nobody can say what Transfer to Production in the tracker means ({cell})")
    if not known.tasks:
        raise RuleRefused(f"row {known.row} of the tracker says nothing of this agent's tasks")
    if known.unknown_tasks:
        raise RuleRefused(f"the tracker has no column for {told(known.unknown_tasks)}")
    if known.open_tasks:
        raise RuleRefused(f"row {known.row} of the tracker shows as open: {open_told(known)}")


def _check_not_transferred(agent: Agent, tracked: TrackedAgents | None) -> None:
    known = tracked.agent(agent.employee_id) if tracked else None
    if known is not None and known.transferred.is_closed:
        on = f" on {known.transferred_on}" if known.transferred_on else ""
        raise RuleRefused(
            f"row {known.row} of the tracker shows this agent as transferred{on} already, "
            f"and ADP does not show it; look why, then add --again"
        )
