"""The ESP tracker, shown and brought up to date."""

from __future__ import annotations

from typing import Any

from rpa.adapters.batch_file import Problem
from rpa.adapters.tracker import Tracker
from rpa.adapters.tracker_rows import TrackerRead
from rpa.cli import output
from rpa.cli.office import Office
from rpa.domain.counted import counted
from rpa.domain.errors import UsageError
from rpa.domain.tracking import TASK_NAMES, Task, TaskState
from rpa.engine.tracker_queue import QueuedCell
from rpa.setting_model import Settings
from rpa.settings import load_settings


def show_tracker(*, as_json: bool) -> None:
    """What is read from the tracker."""
    office = Office(load_settings())
    found = _tracker(office).read(office.today())
    waiting = [_cell(queued) for queued in office.tracker_queue.waiting()]
    if as_json:
        output.emit({**_document(found), "waiting": waiting})
        return
    _show_columns(_match(found))
    for task, number in _open(found).items():
        output.show(f"{task} open: {number} of {len(found.agents)}")
    output.show(f"Transferred to production: {_transferred(found)} of {len(found.agents)}")
    for problem in found.problems:
        output.show(str(problem))
    for note in found.notes:
        output.talk(note)
    if waiting:
        output.talk(
            f"Waiting for the tracker: {counted(len(waiting), 'write')}. `rpa tracker sync` does what waits."
        )


def sync_tracker(*, as_json: bool) -> int:
    """Do what waits; 0 where nothing is left and nothing was refused, else 1."""
    office = Office(load_settings())
    done = office.sync_cells(_tracker(office), "rpa tracker sync")
    if as_json:
        groups = {"written": done.written, "refused": done.refused, "waiting": done.waiting}
        told = {name: [_cell(queued) for queued in cells] for name, cells in groups.items()}
        output.emit({**told, "because": done.because})
        return int(bool(done.refused or done.waiting))
    for word, cells in (("written", done.written), ("refused", done.refused), ("waits", done.waiting)):
        for queued in cells:
            what = f"{queued.change.employee_id}  {queued.change.field} = {queued.change.value}"
            output.show(f"{word}  {what}  {queued.reason}".rstrip())
    if done.because:
        output.talk(done.because)
    elif not done.written and not done.refused:
        output.talk("Nothing waits for the tracker.")
    return int(bool(done.refused or done.waiting))


def matched(settings: Settings) -> dict[str, Any]:
    """What the tracker's columns were matched to, or why they could not be; empty where no tracker is set."""
    office = Office(settings)
    try:
        return _match(office.tracker.read(office.today())) if office.tracker else {}
    except UsageError as error:
        return {"file": str(settings.tracker.file), "error": str(error)}


def show_match(match: dict[str, Any]) -> None:
    """The same for a person."""
    if "error" in match:
        output.talk(match["error"])
    elif match:
        _show_columns(match)


def _tracker(office: Office) -> Tracker:
    if office.tracker is None:
        raise UsageError(
            "No tracker is set.",
            next_step="Set RPA_TRACKER__FILE to the ESP tracker; docs/tracker.md explains it.",
        )
    return office.tracker


def _show_columns(match: dict[str, Any]) -> None:
    sheet = f", sheet {match['sheet']}" if match["sheet"] else ""
    output.show(f"Tracker {match['file']}{sheet}, columns named in row {match['header_row']}:")
    for column in match["columns"]:
        output.show(f"  {column['field']}: {column['header'] or 'not there'}")


def _match(found: TrackerRead) -> dict[str, Any]:
    return {
        "file": found.file,
        "sheet": found.sheet.table.name,
        "header_row": found.sheet.header_row,
        "columns": [{"field": column.field, "header": column.header} for column in found.columns],
    }


def _document(found: TrackerRead) -> dict[str, Any]:
    return {
        "tracker": _match(found),
        "agents": len(found.agents),
        "open": _open(found),
        "transferred": _transferred(found),
        "problems": [_problem(problem) for problem in found.problems],
        "notes": list(found.notes),
    }


def _open(found: TrackerRead) -> dict[str, int]:
    return {
        TASK_NAMES[task]: sum(task in agent.open_tasks for agent in found.agents)
        for task in Task
        if any(task in agent.tasks for agent in found.agents)
    }


def _transferred(found: TrackerRead) -> int:
    return sum(agent.transferred is TaskState.DONE for agent in found.agents)


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "employee_id": problem.employee_id,
        "what": problem.what,
        "mend": problem.mend,
    }


def _cell(queued: QueuedCell) -> dict[str, Any]:
    return {
        "run": queued.run,
        "employee_id": queued.change.employee_id,
        "field": queued.change.field,
        "value": str(queued.change.value),
        "state": queued.state.value,
        "reason": queued.reason,
    }
