"""Questions to the journal, and the one thing that a person may add to it."""

from __future__ import annotations

import getpass
from typing import Any

from rpa.cli import documents, output, tables
from rpa.cli.office import Office
from rpa.domain import undos
from rpa.domain.errors import UsageError
from rpa.domain.runs import Event, EventKind, row_end
from rpa.domain.settling import can_be_settled, settled
from rpa.domain.values import label, shown
from rpa.engine import audit
from rpa.settings import load_settings

TOLD = {EventKind.WRITE_INTENDED, EventKind.ROW_ENDED, EventKind.ROW_SETTLED}


def settle_row(run: str, employee: str, *, saved: bool, as_json: bool) -> None:
    """Journal what a person has seen in the portal of a row whose outcome is unknown."""
    office = Office(load_settings())
    told = office.told(run)
    row = next((row for row in told.rows if row.employee_id == employee), None)
    if row is None:
        raise UsageError(f"{run} has no agent {employee!r}.", next_step=f"Look with: rpa show {run}")
    if not can_be_settled(row):
        raise UsageError(
            f"The outcome of {employee} is {row.outcome.value}, so there is nothing to settle.",
            next_step="Only what is unknown, or pending after it was sent, can be settled.",
        )
    who = getpass.getuser()
    undone = office.undos()
    word = settled(
        row,
        saved=saved,
        taken_back=run in undos.taken_back(undone),
        put_back=employee in undos.put_back(told, undone),
    )
    office.journal.append(
        run,
        EventKind.ROW_SETTLED,
        row=row.row,
        employee_id=employee,
        data=row_end(
            word.outcome,
            f"settled by {who}, who looked in ADP: {word.reason}",
            word.next_step,
            word.found,
            not_saved=list(word.not_saved),
            by=who,
        ),
    )
    told = office.told(run)
    if as_json:
        output.emit(documents.run_document(told))
    else:
        output.show(tables.run_table(told))


def show_history(employee: str, *, as_json: bool) -> None:
    """Everything that was intended for an employee, and what came of it."""
    office = Office(load_settings())
    lines = [
        _line(office, run, event) for run, event in office.journal.history_of(employee) if event.kind in TOLD
    ]
    if as_json:
        output.emit({"employee_id": employee, "events": lines})
        return
    if not lines:
        output.talk(f"The journal knows nothing of {employee}.")
    for line in lines:
        change = ", ".join(
            f"{label(field)}: {shown(line['before'].get(field))} → {shown(value)}"
            for field, value in line["after"].items()
        )
        what = change or f"{line['outcome']} {line['reason']}".strip()
        output.show(
            f"{line['at']}  {line['run']}  {line['plan']}  {line['account']}  {line['event']}: {what}"
        )


def _line(office: Office, run: str, event: Event) -> dict[str, Any]:
    about = office.journal.events_of(run)[0].data
    return {
        "at": event.at.isoformat(timespec="seconds"),
        "run": run,
        "plan": about.get("plan", ""),
        "account": about.get("account", ""),
        "event": event.kind.value,
        "before": dict(event.data.get("before", {})),
        "after": dict(event.data.get("after", {})),
        "outcome": event.data.get("outcome", ""),
        "reason": event.data.get("reason", ""),
    }


def verify_journal(*, as_json: bool) -> int:
    """Whether the journal is whole; 0 or 1."""
    found = audit.verify(Office(load_settings()).journal)
    if as_json:
        output.emit(
            {
                "holds": found.holds,
                "events": found.events,
                "broken_at": found.broken_at,
                "reason": found.reason,
            }
        )
    elif found.holds:
        output.show(f"The journal is whole: {found.events} events, each as it was written.")
    else:
        output.show(f"The journal was tampered with at event {found.broken_at}: {found.reason}.")
    return 0 if found.holds else 1
