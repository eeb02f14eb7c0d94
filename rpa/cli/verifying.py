"""Shows what BlackDash's rosters say of a batch or a class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rpa.cli import output
from rpa.cli.desk import Desk, opened
from rpa.cli.fitness import refuse_unfit
from rpa.cli.office import Office
from rpa.cli.planning import batch_of
from rpa.cli.watching import TerminalWatcher
from rpa.domain.errors import UsageError
from rpa.engine.reading import Reader
from rpa.flows.verify import Verification, VerifiedAgent, Verifier
from rpa.settings import load_settings

SENTENCES = {
    "listed": "on the right class",
    "production": "on no class, as ADP has it",
    "missing": "not listed: BlackDash may lag up to 10 minutes, look again",
    "misplaced": "on a class that ADP does not mean",
}


def verify(file: Path | None, class_name: str, *, wait: bool, as_json: bool) -> int:
    """Verify a batch or a class, waiting for rosters that lag where asked; 0 where all agree with ADP."""
    if bool(file) is bool(class_name):
        raise UsageError(
            "Verify either the agents of a FILE or, with --class, those of a class.",
            next_step="Nothing was started.",
        )
    office = Office(load_settings())
    batch = batch_of(file, office) if file else None
    refuse_unfit(office, "verify")
    with opened(office, "a verification") as desk:
        desk.sessions.guard.prove(desk.portals.page())
        verifier = _verifier(office, desk)
        agents = batch.agents if batch else verifier.on_class(class_name)
        found = verifier.verify(agents, patience=office.patience if wait else None)
    if as_json:
        output.emit(_document(found))
    else:
        _show(found)
    invalid = batch.invalid if batch else ()
    for row in invalid:
        output.talk(row.reason)
    return 0 if found.is_right and not invalid else 1


def _verifier(office: Office, desk: Desk) -> Verifier:
    extension = office.settings.extension
    return Verifier(
        portals=desk.portals,
        reader=Reader(desk.portals, desk.clock, desk.limits),
        departments=office.departments,
        manager=extension.esp_manager,
        uptraining_class=extension.uptraining_class,
        today=desk.clock.today(),
        clock=desk.clock,
        watcher=TerminalWatcher(),
    )


def _show(found: Verification) -> None:
    if not found.agents:
        output.show("Nobody stands on this class.")
    for agent in found.agents:
        output.show(f"{agent.employee_id}  {agent.name}: {_sentence(agent)}")
    for roster in found.rosters:
        missing = f", missing: {', '.join(roster.missing)}" if roster.missing else ""
        others = f", not of the batch: {', '.join(roster.others)}" if roster.others else ""
        output.show(f"{roster.name}: {len(roster.listed)} of the batch listed{missing}{others}")


def _sentence(agent: VerifiedAgent) -> str:
    if agent.placement is None:
        return f"not compared: {agent.reason}"
    on = f" ({', '.join(agent.placement.found)})" if agent.placement.found else ""
    note = f"; note: {agent.reason}" if agent.reason else ""
    return f"{SENTENCES[agent.placement.standing.value]}{on}{note}"


def _document(found: Verification) -> dict[str, Any]:
    return {
        "flow": "verify",
        "rows": [
            {
                "employee_id": agent.employee_id,
                "name": agent.name,
                "outcome": agent.placement.standing.value if agent.placement else "failed",
                "expected": str(agent.placement.expected or "") if agent.placement else "",
                "classes": list(agent.placement.found) if agent.placement else [],
                "reason": agent.reason,
            }
            for agent in found.agents
        ],
        "rosters": [
            {
                "class": roster.name,
                "listed": list(roster.listed),
                "missing": list(roster.missing),
                "others": list(roster.others),
            }
            for roster in found.rosters
        ],
    }
