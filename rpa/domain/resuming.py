"""What a resumed run still has to do, judged by how each row stands in the journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from rpa.domain.outcomes import Outcome
from rpa.domain.plans import PlanRow
from rpa.domain.records import AnswerKind, Pressed
from rpa.domain.runs import Run, RunRow
from rpa.domain.values import Values, differences, only, still_missing


class How(StrEnum):
    """How a row is taken up again."""

    WRITE = "write"
    LOOK = "look"
    LOOK_THEN_WRITE = "look, then write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left to do for a row; `pressed` is what was sent for it, with the portal's answers."""

    how: How
    pressed: Pressed = field(default_factory=dict)

    @property
    def sent(self) -> Pressed:
        """What must not be sent once more: all that was, or all but what had not been taken at the crash."""
        if self.how is How.LOOK:
            return self.pressed
        return {
            field: answer
            for field, answer in self.pressed.items()
            if answer is not None and answer.kind is not AnswerKind.REJECTED
        }

    def goes_on(self, row: PlanRow, found: Values) -> bool:
        """Whether the rest of the row may be written, now that its record was read.

        Each field must show its old or its new value, and none of the old ones may have been sent.
        """
        missing = still_missing(row.after, found)
        is_old = not differences(only(row.before, missing), only(found, missing))
        return bool(missing) and is_old and not missing.keys() & self.sent.keys()


def left_to_do(run: Run) -> dict[int, Left]:
    """The rows that are not at their end, by row number.

    Nothing was written for skipped and failed rows, or a part that shows, so they are done as planned. An
    outcome that is unknown or pending is only looked at: what was sent is never sent again. Pending without
    anything sent are rows that were so already, and are compared with their plan. A row that the
    run died in is looked at first, and written when the old values still stand; but for what the portal
    had said it took. A part that was never sent is done in any case. What is done by a person's word is
    read, for the rest of the run goes by what the record shows.
    """
    left = {row.row: _left(row) for row in run.rows}
    return {number: one for number, one in left.items() if one}


def _left(row: RunRow) -> Left | None:
    match row.outcome:
        case Outcome.SKIPPED | Outcome.FAILED:
            return Left(how=How.WRITE, pressed=row.pressed)
        case Outcome.PENDING:
            # Where nothing was sent the row was so already: it is compared with its plan again.
            return Left(how=How.LOOK if row.pressed else How.WRITE, pressed=row.pressed)
        case Outcome.DONE if row.is_settled:
            # A person has looked, and told of what was sent; rosters and mails need the whole record.
            return Left(how=How.LOOK, pressed=row.pressed)
        case Outcome.UNKNOWN:
            return Left(how=How.LOOK if row.ended_at else How.LOOK_THEN_WRITE, pressed=row.pressed)
        case _:
            return None
