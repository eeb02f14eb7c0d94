"""What the journal knows of each agent, for the rules of stuck agents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from rpa.domain.open_uptraining import open_uptraining
from rpa.domain.outcomes import Outcome
from rpa.domain.records import AnswerKind
from rpa.domain.runs import COMPLETED, Run, RunRow
from rpa.domain.stuck_facts import LastRow, Remembered
from rpa.domain.undoing import waiting

# After one of these it is known what ADP shows, or that nobody knows.
_TELLING = {Outcome.DONE, Outcome.UNCHANGED, Outcome.PENDING, Outcome.UNKNOWN}


def remembered(
    runs: Sequence[Run],
    cells: Iterable[tuple[str, str]],
    taken_back: Collection[str] = (),
    going_on: Collection[str] = (),
) -> dict[str, Remembered]:
    """What the runs, and the tracker's waiting cells (employee id, column), tell of each agent.

    `taken_back` are the runs that an undo has ended, `going_on` those that may be at work right now.
    """
    told: dict[str, Remembered] = {}
    for run, row in _in_order(runs):
        before = told.get(row.employee_id, Remembered())
        last = _last(
            run,
            row,
            taken_back=run.id in taken_back,
            unfinished=run.state != COMPLETED and run.id not in going_on,
        )
        told[row.employee_id] = replace(
            before,
            last=before.last if run.flow == "undo" and _outlives_its_undo(before.last) else last,
            extended_at=_at(run, row) if _is_extension(run, row) else None,
            extended_to=_extended_to(row) if _is_extension(run, row) else None,
        )
    for employee_id, uptraining in open_uptraining(runs).items():
        told[employee_id] = replace(told.get(employee_id, Remembered()), uptraining=uptraining)
    for employee_id, column in cells:
        before = told.get(employee_id, Remembered())
        told[employee_id] = replace(before, cells=(*before.cells, column))
    return told


def _in_order(runs: Iterable[Run]) -> list[tuple[Run, RunRow]]:
    telling = [(run, row) for run in runs for row in run.rows if row.outcome in _TELLING]
    return sorted(telling, key=lambda one: _at(*one))


def _at(run: Run, row: RunRow) -> datetime:
    """When the row ended; one that was interrupted, when its run wrote last."""
    at = row.ended_at or run.last_write_at or row.started_at or run.started_at
    assert at is not None
    return at


def _shows_from(row: RunRow) -> date | None:
    effective = row.after.get("home_department_effective") if row.outcome is Outcome.PENDING else None
    return date.fromisoformat(effective) if effective else None


def _outlives_its_undo(last: LastRow | None) -> bool:
    """Whether ADP has still something to come of a row, whatever an undo has changed back meanwhile."""
    return last is not None and last.taken_back and last.is_to_come


def _last(run: Run, row: RunRow, *, taken_back: bool, unfinished: bool) -> LastRow:
    to_come = waiting(row)
    answers = [answer.kind for field in to_come if (answer := row.pressed[field]) is not None]
    return LastRow(
        run=run.id,
        flow=run.flow,
        outcome=row.outcome,
        on=row.ended_on or _at(run, row).date(),
        reason=row.reason,
        waits_for_approval=row.outcome is Outcome.PENDING and AnswerKind.APPROVAL in answers,
        shows_from=_shows_from(row),
        is_to_come=bool(to_come),
        unfinished=unfinished,
        taken_back=taken_back,
    )


def _is_extension(run: Run, row: RunRow) -> bool:
    return run.flow == "extend" and row.outcome in {Outcome.DONE, Outcome.PENDING}


def _extended_to(row: RunRow) -> date | None:
    """The end date that was written; None on the other route."""
    until = row.after.get("esp_end_date")
    return date.fromisoformat(until) if until else None
