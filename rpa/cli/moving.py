"""Plans that move agents out of training: to production, or off the uptraining route."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from rpa.cli import flow_table, output
from rpa.cli.fitness import refuse_unfit
from rpa.cli.office import Office
from rpa.cli.planning import batch_of, made
from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.clearing import ClearingOrder
from rpa.domain.errors import UsageError
from rpa.domain.plans import Plan
from rpa.domain.transfer import with_tracker
from rpa.engine.planner import Batch
from rpa.settings import load_settings


def plan_transfer(file: Path, effective: date | None, *, again: bool, without_tracker: bool) -> Plan:
    """A stored plan of the flow `transfer`; nothing is started before the whole input is known good."""
    office = Office(load_settings())
    batch = batch_of(file, office)
    refuse_unfit(office, "transfer")
    today = office.today()
    if effective is not None and effective < today:
        raise UsageError(
            f"--effective {effective} is before today ({today}).",
            next_step="Nothing was started. Headcount moves today, or on a day to come.",
        )
    order = flow_table.transfer_order(
        office, effective or today, again=again, without_tracker=without_tracker
    )
    tracked = flow_table.tracked_for(office, order)
    complete = replace(batch, agents=[with_tracker(agent, tracked) for agent in batch.agents])
    plan = made(office, complete, lambda desk, watcher: flow_table.transfer(desk, order, watcher))
    office.plans.keep(plan)
    return plan


def plan_clearing(file: Path | None, *, even_if_open: bool) -> Plan | None:
    """A stored plan of the flow `clear-uptraining`; None where no file is given and nothing is open."""
    office = Office(load_settings())
    batch = batch_of(file, office) if file else _open_batch(office)
    if batch is None:
        return None
    refuse_unfit(office, "clear-uptraining")
    order = ClearingOrder(
        uptraining_class=office.settings.extension.uptraining_class, even_if_open=even_if_open
    )
    plan = made(office, batch, lambda desk, watcher: flow_table.clear_uptraining(desk, order, watcher))
    office.plans.keep(plan)
    return plan


def show_nothing_open(*, as_json: bool) -> None:
    """Say that nobody is left on the uptraining route."""
    if as_json:
        output.emit({"plan": None, "flow": "clear-uptraining", "rows": [], "counts": {}, "notes": []})
    else:
        output.talk("The journal holds no open uptraining: nobody is left on that route by our doing.")


def _open_batch(office: Office) -> Batch | None:
    """Everybody whom the journal holds on the uptraining route, the oldest first."""
    agents = [
        Agent(employee_id=EmployeeId(one.employee_id), row=row)
        for row, one in enumerate(flow_table.open_now(office).values(), start=1)
    ]
    return Batch(agents=agents, invalid=(), source="the journal's open uptraining") if agents else None
