"""What a resumed run still has to do, judged by how each row stands in the journal."""

from __future__ import annotations

from enum import StrEnum

from rpa.domain.outcomes import Outcome
from rpa.domain.runs import Run, RunRow


class How(StrEnum):
    """How a row is taken up again."""

    WRITE = "write"
    LOOK = "look"
    LOOK_FOR_APPROVAL = "look for the approval"
    LOOK_THEN_WRITE = "look, then write"


def left_to_do(run: Run) -> dict[int, How]:
    """The rows that are not at their end, by row number.

    Nothing was written for skipped and failed rows, so they are done as planned. An outcome that is
    unknown or pending is only looked at: it is never written again. A row that the run died in is looked
    at first, and written when the old values still stand.
    """
    how = {row.row: _how(row) for row in run.rows}
    return {number: one for number, one in how.items() if one}


def _how(row: RunRow) -> How | None:
    match row.outcome:
        case Outcome.SKIPPED | Outcome.FAILED:
            return How.WRITE
        case Outcome.UNKNOWN:
            return How.LOOK if row.ended_at else How.LOOK_THEN_WRITE
        case Outcome.PENDING:
            return How.LOOK_FOR_APPROVAL
        case _:
            return None
