"""Makes a plan of a batch file, and shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from rpa.adapters.batch_file import Problem, read_batch
from rpa.cli import documents, output, tables
from rpa.cli.fitness import refuse_unfit
from rpa.cli.flow_table import (
    AnyFlow,
    clear_uptraining,
    extend,
    held_open,
    tracked,
    transfer,
    transfer_order,
)
from rpa.cli.office import Desk, Office, opened
from rpa.cli.watching import TerminalWatcher
from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.clearing import ClearingOrder
from rpa.domain.errors import UsageError
from rpa.domain.extension import ExtensionOrder, Route, check_until, route_for, why_route
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Plan, PlanRow
from rpa.domain.tracker_cells import TRANSFER
from rpa.domain.transfer import with_tracker
from rpa.engine.planner import Batch, Planner
from rpa.flows.undo import Undo
from rpa.settings import load_settings

ACCEPTED = {Outcome.PLANNED, Outcome.UNCHANGED}


def plan_extension(file: Path, until: date | None, asked: Route) -> Plan:
    """A stored plan of the flow `extend`; nothing is started before the whole input is known good."""
    office = Office(load_settings())
    batch = batch_of(file, office)
    refuse_unfit(office, "extend")
    rules = office.settings.extension
    size = len(batch.agents) + len(batch.invalid)
    route = asked if asked is not Route.AUTO else route_for(size, rules.noc_minimum)
    if route is Route.END_DATE:
        until = check_until(until, office.today(), rules.furthest_days)
    order = ExtensionOrder(
        route=route, until=until, noc_minimum=rules.noc_minimum, uptraining_class=rules.uptraining_class
    )
    plan = _made(office, batch, lambda desk, watcher: extend(desk, order, watcher))
    if asked is Route.AUTO:
        _refuse_changed_route(plan, route, rules.noc_minimum)
    accepted = sum(row.outcome in ACCEPTED for row in plan.rows)
    told = replace(plan, notes=(why_route(route, asked, accepted, rules.noc_minimum), *plan.notes))
    office.plans.keep(told)
    return told


def plan_clearing(file: Path | None, *, even_if_open: bool) -> Plan | None:
    """A stored plan of the flow `clear-uptraining`, without a file for all that the journal holds open.

    None where the journal holds nothing open.
    """
    office = Office(load_settings())
    batch = batch_of(file, office) if file else _open_batch(office)
    if not batch.agents:
        return None
    refuse_unfit(office, "clear-uptraining")
    word = office.settings.extension.uptraining_class
    order = ClearingOrder(uptraining_class=word, even_if_open=even_if_open)
    plan = _made(office, batch, lambda desk, watcher: clear_uptraining(desk, order, watcher))
    office.plans.keep(plan)
    return plan


def _open_batch(office: Office) -> Batch:
    agents = [
        Agent(employee_id=EmployeeId(one.employee_id), row=row, name=one.name)
        for row, one in enumerate(held_open(office).values(), start=1)
    ]
    return Batch(agents=agents, invalid=(), source="the journal's open uptraining")


def plan_transfer(file: Path, effective: date | None, *, again: bool, without_tracker: bool) -> Plan:
    """A stored plan of the flow `transfer`; UsageError where no tracker can tell who is complete."""
    office = Office(load_settings())
    batch = batch_of(file, office)
    refuse_unfit(office, "transfer")
    if office.tracker is None and not without_tracker:
        raise UsageError(
            "No tracker is set, so nobody knows which agents have completed everything of ESP.",
            next_step="Nothing was started. Set RPA_TRACKER__FILE, or add --without-tracker if you know it.",
        )
    day = effective or office.today()
    if day < office.today():
        raise UsageError(f"--effective {day} is past.", next_step="Nothing was started.")
    order = transfer_order(office, day, again=again, without_tracker=without_tracker)
    known = None if without_tracker else tracked(office, needs=(TRANSFER,))
    agents = [with_tracker(agent, known) for agent in batch.agents]
    batch = replace(batch, agents=agents)
    plan = _made(office, batch, lambda desk, watcher: transfer(desk, order, watcher))
    office.plans.keep(plan)
    return plan


def plan_undo(run: str) -> Plan:
    """A stored plan that takes a run back."""
    office = Office(load_settings())
    refuse_unfit(office, "undo")
    undo = Undo(undone=office.told(run))
    agents = undo.agents()
    if not agents:
        raise UsageError(
            f"{run} has changed nothing that is known of.", next_step=f"Look with: rpa show {run}"
        )
    plan = _made(
        office, Batch(agents=agents, invalid=(), source=f"undo of {run}"), lambda _desk, _watcher: undo
    )
    office.plans.keep(plan)
    return plan


def _made(office: Office, batch: Batch, flow: Callable[[Desk, TerminalWatcher], AnyFlow]) -> Plan:
    watcher = TerminalWatcher()
    with opened(office, "a plan") as desk:
        planner = Planner(
            portals=desk.portals,
            sessions=desk.sessions,
            clock=desk.clock,
            limits=desk.limits,
            watcher=watcher,
            tenant=desk.tenant,
            lifetime=desk.plan_lifetime,
        )
        return planner.plan(flow(desk, watcher), batch)


def batch_of(file: Path, office: Office) -> Batch:
    """The agents of the file, and its rows that cannot be used; UsageError where the file itself cannot."""
    found = read_batch(file, sites=office.settings.sites, campaigns=frozenset(office.settings.campaigns))
    if not found.agents:
        raise UsageError(
            f"{file}: no row can be used.\n" + "\n".join(str(problem) for problem in found.problems),
            next_step="Nothing was started.",
        )
    return Batch(agents=found.agents, invalid=_invalid(found.problems), source=file.name, notes=found.notes)


def _invalid(problems: Sequence[Problem]) -> list[PlanRow]:
    """One row of the plan for each row of the file that has problems, however many it has."""
    rows: dict[int, list[Problem]] = {}
    for problem in problems:
        rows.setdefault(problem.row or 0, []).append(problem)
    return [
        PlanRow(
            row=row,
            employee_id=next((p.employee_id for p in told if p.employee_id), ""),
            outcome=Outcome.INVALID,
            reason="; ".join(str(problem) for problem in told),
        )
        for row, told in rows.items()
    ]


def _refuse_changed_route(plan: Plan, route: Route, noc_minimum: int) -> None:
    """A batch that shrinks under NOC's minimum would have to go another way: the manager decides."""
    accepted = sum(row.outcome in ACCEPTED for row in plan.rows)
    if accepted == 0 or route_for(accepted, noc_minimum) is route:
        return
    output.show(tables.plan_table(plan)) if not output.wants_json() else None
    refused = "; ".join(
        f"{row.employee_id or f'row {row.row}'}: {row.reason}" for row in plan.rows if row.reason
    )
    raise UsageError(
        f"The file has {len(plan.rows)} agents, but only {accepted} can be extended, and NOC spins up no "
        f"class for fewer than {noc_minimum}. Not accepted: {refused}.",
        next_step=(
            "Nothing was changed and no plan was kept. Mend the file, or say which way to go with "
            "--route end-date or --route uptraining."
        ),
    )


def show_plan(plan: Plan, *, as_json: bool) -> None:
    """The plan for a person, or as JSON."""
    if as_json:
        output.emit(documents.plan_document(plan))
        return
    if output.wants_json():
        return
    output.show(tables.plan_table(plan))
    for note in plan.notes:
        output.talk(note)
    changes = len(plan.to_change)
    output.talk(
        f"Plan {plan.id}: {changes} to change, nothing was changed yet. To do it: rpa apply {plan.id}"
    )


def exit_code(plan: Plan) -> int:
    """0 where every row can be done or is done already, else 1."""
    return 0 if all(row.outcome in ACCEPTED for row in plan.rows) else 1
