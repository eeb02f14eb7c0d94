"""What a resumed run still has to do, judged by how each row stands in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rpa.domain.outcomes import Outcome
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.runs import Run, RunRow


class How(StrEnum):
    """How a row is taken up again."""

    WRITE = "write"
    LOOK = "look"
    LOOK_THEN_WRITE = "look, then write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left to do for a row, and what the portal had answered to it, if it had."""

    how: How
    answer: Answer | None = None


def left_to_do(run: Run) -> dict[int, Left]:
    """The rows that are not at their end, by row number.

    Nothing was written for skipped and failed rows, so they are done as planned. An outcome that is
    unknown or pending is only looked at: it is never written again. A row that the run died in is looked
    at first, and written when the old values still stand; but for one that the portal had said it took.
    """
    left = {row.row: _left(row) for row in run.rows}
    return {number: one for number, one in left.items() if one}


def _left(row: RunRow) -> Left | None:
    match row.outcome:
        case Outcome.SKIPPED | Outcome.FAILED:
            return Left(how=How.WRITE)
        case Outcome.PENDING:
            return Left(how=How.LOOK, answer=Answer(kind=AnswerKind.APPROVAL))
        case Outcome.UNKNOWN:
            was_taken = row.answer is not None and row.answer.kind is not AnswerKind.REJECTED
            how = How.LOOK if row.ended_at or was_taken else How.LOOK_THEN_WRITE
            return Left(how=how, answer=row.answer)
        case _:
            return None
