"""Rehearses a plan and shows what would have come of it."""

from __future__ import annotations

from rpa.cli import documents, output, tables
from rpa.cli.desk import opened
from rpa.cli.flow_table import flow_of
from rpa.cli.office import Office
from rpa.cli.watching import TerminalWatcher
from rpa.domain.outcomes import Outcome
from rpa.domain.runs import Run
from rpa.engine.rehearsal import Rehearsal
from rpa.settings import load_settings


def rehearse_plan(name: str, *, as_json: bool) -> int:
    """Rehearse the plan; 0 where every form could be sent, else 1."""
    office = Office(load_settings())
    plan = office.plans.load(name)
    watcher = TerminalWatcher()
    with opened(office, f"a rehearsal of {plan.id}"[:32]) as desk:
        plan.check_usable(now=desk.clock.now(), today=desk.clock.today(), tenant=desk.tenant)
        rehearsal = Rehearsal(
            flow=flow_of(desk, plan, watcher),
            portals=desk.portals,
            sessions=desk.sessions,
            clock=desk.clock,
            limits=desk.limits,
            watcher=watcher,
        )
        rows = rehearsal.rehearse(plan)
    told = Run(id="", plan=plan.id, flow=plan.flow, route=plan.route, state="rehearsed", rows=tuple(rows))
    if as_json:
        output.emit({**documents.run_document(told), "run": None})
    else:
        output.show(tables.run_table(told))
        output.talk("Nothing was changed; the plan can be applied.")
    return 0 if all(row.outcome is Outcome.REHEARSED for row in rows) else 1
