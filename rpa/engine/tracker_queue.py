"""Writes into the tracker: queued with the run's journal, once each, and done when it can be written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import ColumnElement, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from rpa.domain.agents import EmployeeId
from rpa.domain.errors import Busy, TrackerBusy, UsageError
from rpa.domain.runs import EventKind
from rpa.domain.tracker_cells import CellChange, CellOutcome, CellResult
from rpa.engine.database import failed
from rpa.engine.journal import Journal
from rpa.engine.lock import Lock
from rpa.engine.tables import tracker_cells

HELD_AS = "tracker"


class CellWriter(Protocol):
    """The tracker as the queue needs it.

    A value that is there already must come back as `unchanged`: the process may have been killed between
    the writing and the note of it.
    """

    def write(self, changes: Sequence[CellChange]) -> Sequence[CellResult]:
        """What became of each change; TrackerBusy or UsageError where nothing could be written."""
        ...


class CellState(StrEnum):
    """Where a queued write stands."""

    QUEUED = "queued"
    WRITTEN = "written"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedCell:
    """A write as it stands in the queue; `reason` says why it was refused, with the next step."""

    id: int
    run: str
    change: CellChange
    state: CellState
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What one sync came to; `because` says why the waiting ones had to wait."""

    written: tuple[QueuedCell, ...] = ()
    refused: tuple[QueuedCell, ...] = ()
    waiting: tuple[QueuedCell, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What became of a run's cells when it was undone: never written, or queued to be cleared."""

    cancelled: tuple[QueuedCell, ...] = ()
    clearing: tuple[QueuedCell, ...] = ()


class TrackerQueue:
    """The wanted writes, in the journal's database."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def queue(self, run: str, change: CellChange, now: datetime) -> bool:
        """Queue a write; False where the run has queued the same before, or has this cell waiting already.

        A run that goes on tomorrow would else queue tomorrow's day behind today's.
        """
        if any(one.run == run and _cell(one.change) == _cell(change) for one in self.waiting()):
            return False
        is_date = isinstance(change.value, date)
        value = change.value.isoformat() if isinstance(change.value, date) else change.value
        try:
            with self._journal.transaction() as connection:
                connection.execute(
                    insert(tracker_cells).values(
                        run=run,
                        employee_id=change.employee_id,
                        field=change.field,
                        value=value,
                        is_date=is_date,
                        seen=change.seen,
                        state=CellState.QUEUED.value,
                        reason="",
                        created_at=now,
                    )
                )
                told = {"field": change.field, "value": value, "seen": change.seen}
                self._journal.append_in(
                    connection, run, EventKind.CELL_QUEUED, employee_id=change.employee_id, data=told
                )
        except IntegrityError as clash:
            if any(_write(one.change) == _write(change) for one in self.of_run(run)):
                return False
            raise failed(f"the tracker's cell was not queued ({clash.orig})") from clash
        self._journal.note_head()
        return True

    def waiting(self) -> list[QueuedCell]:
        """The writes that are still to be done, oldest first."""
        return self._find(tracker_cells.c.state == CellState.QUEUED.value)

    def _waiting_but_of(self, runs: Collection[str]) -> list[QueuedCell]:
        return [cell for cell in self.waiting() if cell.run not in runs]

    def of_run(self, run: str) -> list[QueuedCell]:
        """The run's writes, as they stand now."""
        return self._find(tracker_cells.c.run == run)

    def take_back(self, undone: str, employees: Collection[str], by: str, now: datetime) -> TakenBack:
        """What the undone run wrote for these agents is cleared, and what it has waiting is not written.

        A cell is cleared only where it still holds what that run wrote. `by` is the run that undoes it.
        """
        with Lock(self._journal, HELD_AS, doing="writes the tracker").held(by):
            cells = [cell for cell in self.of_run(undone) if cell.change.employee_id in employees]
            cancelled = [
                self._settled(cell, CellState.CANCELLED, "cancelled", f"taken back by {by}")
                for cell in cells
                if cell.state is CellState.QUEUED
            ]
            written = [cell for cell in cells if cell.state is CellState.WRITTEN]
            for cell in written:
                wrote = cell.change.value
                seen = wrote.isoformat() if isinstance(wrote, date) else wrote
                self.queue(by, replace(cell.change, value="", seen=seen), now)
        return TakenBack(cancelled=tuple(cancelled), clearing=tuple(written))

    def sync(self, cells: CellWriter, holder: str, *, but_of: Collection[str] = ()) -> Synced:
        """Do what waits, as far as the tracker lets us; never raises for a tracker that cannot be written.

        One process at a time: `holder` is told to another that comes meanwhile. `but_of` are runs whose cells
        are not to be written now.
        """
        waiting = self._waiting_but_of(but_of)
        if not waiting:
            return Synced()
        try:
            with Lock(self._journal, HELD_AS, doing="writes the tracker").held(holder):
                waiting = self._waiting_but_of(but_of)
                results = cells.write([queued.change for queued in waiting])
                told = list(zip(waiting, results, strict=True))
                settled = [self._settle(*one) for one in told if one[1].outcome is not CellOutcome.NO_COLUMN]
        except (TrackerBusy, Busy, UsageError) as error:
            return Synced(waiting=tuple(waiting), because=str(error))
        columnless = [one for one in told if one[1].outcome is CellOutcome.NO_COLUMN]
        return Synced(
            written=tuple(queued for queued in settled if queued.state is CellState.WRITTEN),
            refused=tuple(queued for queued in settled if queued.state is CellState.REFUSED),
            waiting=tuple(queued for queued, _ in columnless),
            because=" ".join(dict.fromkeys(f"{one.reason}. {one.next_step}" for _, one in columnless)),
        )

    def _settle(self, queued: QueuedCell, result: CellResult) -> QueuedCell:
        state = CellState.WRITTEN if result.outcome.is_there else CellState.REFUSED
        reason = f"{result.reason}; {result.next_step}" if result.reason else ""
        return self._settled(queued, state, result.outcome.value, reason)

    def _settled(self, queued: QueuedCell, state: CellState, outcome: str, reason: str) -> QueuedCell:
        with self._journal.transaction() as connection:
            connection.execute(
                update(tracker_cells)
                .where(tracker_cells.c.id == queued.id)
                .values(state=state.value, reason=reason)
            )
            self._journal.append_in(
                connection,
                queued.run,
                EventKind.CELL_SETTLED,
                employee_id=queued.change.employee_id,
                data={"field": queued.change.field, "outcome": outcome, "reason": reason},
            )
        self._journal.note_head()
        return replace(queued, state=state, reason=reason)

    def _find(self, condition: ColumnElement[bool]) -> list[QueuedCell]:
        query = select(tracker_cells).where(condition).order_by(tracker_cells.c.id)
        with self._journal.engine.connect() as connection:
            return [_queued(found) for found in connection.execute(query).mappings()]


def _cell(change: CellChange) -> tuple[str, str]:
    return change.employee_id, change.field


def _write(change: CellChange) -> tuple[str, str, str]:
    """What a run queues once, whatever it has seen in the cell."""
    return *_cell(change), str(change.value)


def _queued(found: RowMapping) -> QueuedCell:
    value = date.fromisoformat(found["value"]) if found["is_date"] else found["value"]
    change = CellChange(
        employee_id=EmployeeId(found["employee_id"]), field=found["field"], value=value, seen=found["seen"]
    )
    return QueuedCell(
        id=found["id"],
        run=found["run"],
        change=change,
        state=CellState(found["state"]),
        reason=found["reason"],
    )
