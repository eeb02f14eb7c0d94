"""Makes a plan of a batch file, and shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from rpa.adapters.batch_file import Problem, read_batch
from rpa.cli import documents, flow_table, output, tables
from rpa.cli.desk import Desk, opened
from rpa.cli.fitness import refuse_unfit
from rpa.cli.office import Office
from rpa.cli.watching import TerminalWatcher
from rpa.domain.counted import counted
from rpa.domain.errors import PlanRefused, UsageError
from rpa.domain.examination import UNDO_TRANSFER
from rpa.domain.extension import ExtensionOrder, Route, check_until, route_for, why_route
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Plan, PlanRow
from rpa.domain.undoing import left_out
from rpa.domain.undos import half_undone, put_back
from rpa.engine.flow import Flow
from rpa.engine.planner import Batch, Planner
from rpa.flows.portals import Portals
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
    plan = made(office, batch, lambda desk, watcher: flow_table.extend(desk, order, watcher))
    if asked is Route.AUTO:
        _refuse_changed_route(plan, route, rules.noc_minimum)
    accepted = sum(row.outcome in ACCEPTED for row in plan.rows)
    told = replace(plan, notes=(why_route(route, asked, accepted, rules.noc_minimum), *plan.notes))
    office.plans.keep(told)
    return told


def plan_undo(run: str) -> Plan:
    """A stored plan that takes a run back."""
    office = Office(load_settings())
    undone, undos = office.told(run), office.undos()
    if unfinished := half_undone(undos).get(run):
        raise PlanRefused(
            f"An undo that concerns {run} has not ended: {unfinished}.",
            next_step=f"Nothing was planned. `rpa resume {unfinished}` goes on with it.",
        )
    undo = Undo(undone=undone, put_back=put_back(undone, undos))
    refuse_unfit(office, UNDO_TRANSFER if undo.has_headcount else "undo")
    agents = undo.agents()
    if not agents:
        raise UsageError(
            " ".join([f"{run} has changed nothing that can still be taken back.", *left_out(undo.undone)]),
            next_step=f"Look with: rpa show {run}",
        )
    plan = made(
        office, Batch(agents=agents, invalid=(), source=f"undo of {run}"), lambda _desk, _watcher: undo
    )
    office.plans.keep(plan)
    return plan


def made(office: Office, batch: Batch, flow: Callable[[Desk, TerminalWatcher], Flow[Portals]]) -> Plan:
    """The plan of a flow for a batch, not stored yet."""
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
    if not output.wants_json():
        output.show(tables.plan_table(plan))
    refused = "; ".join(
        f"{row.employee_id or f'row {row.row}'}: {row.reason}" for row in plan.rows if row.reason
    )
    raise UsageError(
        f"The file has {counted(len(plan.rows), 'agent')}, but only {accepted} can be extended, and NOC "
        f"spins up no class for fewer than {noc_minimum}. Not accepted: {refused}.",
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
