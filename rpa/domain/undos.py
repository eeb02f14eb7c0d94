"""What undos have come to: which runs are taken back, which only half, and who of a run is back already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rpa.domain.outcomes import STANDING, Outcome
from rpa.domain.runs import COMPLETED, Run, RunRow


@dataclass(frozen=True, slots=True)
class UndoRun:
    """A run that takes back another one, `undone`."""

    undone: str
    run: Run

    @property
    def has_begun(self) -> bool:
        """Whether it has changed a record, or may have: then the run that it undoes is over."""
        return any(row.pressed or row.outcome is Outcome.DONE for row in self.run.rows)


def taken_back(undos: Sequence[UndoRun]) -> dict[str, str]:
    """The runs that are over as one of these has undone them, for one agent at least, each with that one."""
    return {undo.undone: undo.run.id for undo in undos if undo.has_begun}


def half_undone(undos: Sequence[UndoRun]) -> dict[str, str]:
    """The runs whose undo has begun and is to go on, each with the undo that has to.

    What such a run wants to tell others, and the tracker, is not true any more. Where an undo is being taken
    back itself, that one has to go on.
    """
    begun = [undo for undo in undos if undo.has_begun]
    return {undo.undone: last for undo in begun if (last := _to_finish(undo, begun))}


def _to_finish(undo: UndoRun, begun: Sequence[UndoRun]) -> str:
    """The undo that has to go on before what this one did is decided; empty where none has."""
    if later := [one for one in begun if one.undone == undo.run.id]:
        return _to_finish(later[-1], begun)
    return "" if undo.run.state == COMPLETED else undo.run.id


def put_back(run: Run, undos: Sequence[UndoRun]) -> frozenset[str]:
    """The agents of this run whom undos have brought back: what they have now is another run's.

    Not those whom an undo of the undo has moved again, nor those of whom the run, or a person, has said
    something else since.
    """
    ended = {row.employee_id: row.ended_at for row in run.rows}
    return frozenset(
        row.employee_id
        for undo in undos
        if undo.undone == run.id
        for row in undo.run.rows
        if row.outcome in STANDING
        and _is_later(row, ended.get(row.employee_id))
        and row.employee_id not in _moved(undo.run.id, undos)
    )


def _moved(run: str, undos: Sequence[UndoRun]) -> frozenset[str]:
    """The agents of a run whom its undos have moved, or may have, and who were not moved again since."""
    return frozenset(
        row.employee_id
        for undo in undos
        if undo.undone == run
        for row in undo.run.rows
        if (row.pressed or row.outcome is Outcome.DONE) and row.employee_id not in _moved(undo.run.id, undos)
    )


def _is_later(row: RunRow, last: datetime | None) -> bool:
    return row.ended_at is not None and (last is None or row.ended_at > last)
