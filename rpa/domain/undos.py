"""What undos have come to: which runs are taken back, which only half, and who of a run is back already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rpa.domain.outcomes import Outcome
from rpa.domain.runs import COMPLETED, Run, RunRow

BACK = frozenset({Outcome.DONE, Outcome.UNCHANGED})


@dataclass(frozen=True, slots=True)
class Undo:
    """A run that takes back another one, `undone`."""

    undone: str
    run: Run

    @property
    def has_begun(self) -> bool:
        """Whether it has changed a record, or may have: then the run that it undoes is over."""
        return any(row.pressed or row.outcome is Outcome.DONE for row in self.run.rows)


def taken_back(undos: Sequence[Undo]) -> dict[str, str]:
    """The runs that are over as one of these has undone them, for one agent at least, each with that one."""
    return {undo.undone: undo.run.id for undo in undos if undo.has_begun}


def half_undone(undos: Sequence[Undo]) -> dict[str, str]:
    """The runs whose undo has begun and is to go on, each with that undo.

    What such a run wants to tell others, and the tracker, is not true any more. An undo that was taken back
    itself does not go on.
    """
    over = taken_back(undos)
    return {
        undo.undone: undo.run.id
        for undo in undos
        if undo.has_begun and undo.run.state != COMPLETED and undo.run.id not in over
    }


def put_back(run: Run, undos: Sequence[Undo]) -> frozenset[str]:
    """The agents of this run whom undos have brought back: what they have now is another run's.

    An undo that was taken back itself has brought nobody back; nor has one after which the run, or a person,
    said something else of the agent.
    """
    over = taken_back(undos)
    ended = {row.employee_id: row.ended_at for row in run.rows}
    rows = [
        row for undo in undos if undo.undone == run.id and undo.run.id not in over for row in undo.run.rows
    ]
    return frozenset(
        row.employee_id for row in rows if row.outcome in BACK and _is_later(row, ended.get(row.employee_id))
    )


def _is_later(row: RunRow, last: datetime | None) -> bool:
    return row.ended_at is not None and (last is None or row.ended_at > last)
