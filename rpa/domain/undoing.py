"""Taking a run back: what it wrote, and whether that still stands."""

from __future__ import annotations

from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision
from rpa.domain.records import AnswerKind
from rpa.domain.runs import Run, RunRow
from rpa.domain.values import Values, label, labels, only, shown, still_missing

ENDED = {Outcome.DONE, Outcome.UNCHANGED, Outcome.PENDING, Outcome.FAILED, Outcome.REFUSED, Outcome.DRIFTED}
TAKEN = {AnswerKind.SAVED, AnswerKind.SILENT, AnswerKind.APPROVAL}
# ADP keeps none of these empty.
NEVER_EMPTY = ("home_department", "home_department_effective")


def written(row: RunRow) -> dict[str, str | None]:
    """What the run changed in the record and has seen there: all of it, or the part that was saved.

    What stood there already when the row was taken up once more is somebody else's, unless ADP had taken
    ours.
    """
    if row.outcome not in ENDED:
        return {}
    return {
        field: value
        for field, value in row.after.items()
        if field in row.pressed
        and field in row.found
        and row.found[field] == value
        and (row.outcome is not Outcome.UNCHANGED or _was_taken(row, field))
    }


def waiting(row: RunRow) -> list[str]:
    """The fields that ADP has taken, and that did not show when the record was last read.

    They wait for an approval or for their day, and nothing can take back what does not show yet.
    """
    if row.outcome is not Outcome.PENDING:
        return []
    return [
        field
        for field in row.pressed
        if field in row.after and _was_taken(row, field) and row.found.get(field) != row.after[field]
    ]


def left_out(run: Run) -> list[str]:
    """A sentence for each agent whom an undo of the run cannot take back whole, with what to do."""
    told = []
    for row in run.rows:
        if row.outcome is Outcome.UNKNOWN or _is_nobodys(row):
            told.append(
                f"{row.employee_id} is left out: nobody knows whether the run has changed this record."
            )
        elif fields := waiting(row):
            told.append(
                f"{row.employee_id}: ADP has taken a change of {labels(fields)} and does not show it yet, so "
                f"this undo leaves it out. Cancel it in ADP; else it comes to be after all."
            )
    return told


def _is_nobodys(row: RunRow) -> bool:
    """Whether the values stand, and ours had no answer: it may have been us or somebody else."""
    return row.outcome is Outcome.UNCHANGED and None in row.pressed.values()


def _was_taken(row: RunRow, field: str) -> bool:
    answer = row.pressed[field]
    return answer is not None and answer.kind in TAKEN


def was_written(row: RunRow) -> bool:
    """True where the run changed the record and read back at least a part of it."""
    return bool(written(row))


def decide(row: RunRow, seen: Values) -> Decision:
    """The values from before the run, where they are not back already; `drifted` where somebody changed one.

    Asked again in the middle of an undo, one panel is back and the other still to be done.
    """
    after = written(row)
    missing = still_missing(only(row.before, after), seen)
    if not missing:
        return Decision.unchanged("the values from before the run stand already")
    if empty := [label(field) for field in NEVER_EMPTY if field in missing and not missing[field]]:
        return Decision.refuse(
            f"{' and '.join(empty)} was empty before the run, and ADP keeps none empty: undo this one by hand"
        )
    if changed := [field for field in missing if seen.get(field) != after[field]]:
        told = ", ".join(f"{label(field)} is now {shown(seen.get(field))}" for field in changed)
        return Decision(outcome=Outcome.DRIFTED, reason=f"changed by someone since the run: {told}")
    return Decision.change(missing)
