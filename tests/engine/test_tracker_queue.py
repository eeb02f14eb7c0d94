"""The queue of writes into the tracker: once each, never lost, and nothing twice after a kill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rpa.domain.agents import EmployeeId
from rpa.domain.errors import TrackerBusy, UsageError
from rpa.domain.runs import EventKind
from rpa.domain.tracker_cells import CellChange, CellOutcome, CellResult
from rpa.engine import audit
from rpa.engine.journal import Journal
from rpa.engine.lock import Lock
from rpa.engine.tracker_queue import HELD_AS, CellState, TrackerQueue

NOWHERE = "a column that is not there"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CHANGE = CellChange(
    employee_id=EmployeeId("1001"), field="transfer_to_production", value=date(2026, 11, 23), seen=""
)


class PaperTracker:
    """A tracker of one column on paper, which can be held by somebody."""

    def __init__(self) -> None:
        self.cells: dict[str, str | date] = {}
        self.writes: list[CellChange] = []
        self.before: Callable[[], object] = lambda: None
        self.after: Callable[[], object] = lambda: None

    def write(self, changes: Sequence[CellChange]) -> Sequence[CellResult]:
        self.before()
        results = [self._one(change) for change in changes]
        self.after()
        return results

    def _one(self, change: CellChange) -> CellResult:
        if change.field == NOWHERE:
            return CellResult(
                change=change, outcome=CellOutcome.NO_COLUMN, reason="it has none", next_step="Name it."
            )
        stands = self.cells.get(change.employee_id, "")
        if stands == change.value:
            return CellResult(change=change, outcome=CellOutcome.UNCHANGED)
        if change.seen is not None and stands != change.seen:
            return CellResult(
                change=change,
                outcome=CellOutcome.CHANGED_MEANWHILE,
                reason=f"holds {stands}",
                next_step="look at it",
            )
        self.cells[change.employee_id] = change.value
        self.writes.append(change)
        return CellResult(change=change, outcome=CellOutcome.WRITTEN)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", b"key", tmp_path / "head")


@pytest.fixture
def queue(journal: Journal) -> TrackerQueue:
    return TrackerQueue(journal)


@pytest.fixture
def paper() -> PaperTracker:
    return PaperTracker()


def raising(error: BaseException) -> Callable[[], object]:
    def fail() -> None:
        raise error

    return fail


def test_a_write_is_queued_once_for_its_run(queue: TrackerQueue) -> None:
    """Repeating a step, tomorrow too, queues nothing new; another run or field does."""
    assert queue.queue("run-1", CHANGE, NOW)
    assert not queue.queue("run-1", CHANGE, NOW)
    assert not queue.queue("run-1", replace(CHANGE, seen="other"), NOW)
    assert queue.queue("run-2", CHANGE, NOW)
    assert not queue.queue("run-1", replace(CHANGE, value=date(2026, 11, 24)), NOW)
    assert queue.queue("run-1", replace(CHANGE, field="Notes"), NOW)
    waiting = queue.waiting()
    assert [one.change for one in waiting] == [
        CHANGE,
        CHANGE,
        replace(CHANGE, field="Notes"),
    ]
    assert [one.run for one in queue.of_run("run-2")] == ["run-2"]


def test_a_sync_writes_what_waits_and_then_nothing(
    queue: TrackerQueue, journal: Journal, paper: PaperTracker
) -> None:
    """What is written is marked and journalled; the next sync has nothing to do."""
    queue.queue("run-1", CHANGE, NOW)
    done = queue.sync(paper, "test")
    assert [one.state for one in done.written] == [CellState.WRITTEN]
    assert paper.writes == [CHANGE]
    assert queue.waiting() == []
    assert queue.of_run("run-1")[0].state is CellState.WRITTEN
    kinds = [event.kind for event in journal.events_of("run-1")]
    assert kinds == [EventKind.CELL_QUEUED, EventKind.CELL_SETTLED]
    assert audit.verify(journal).holds
    paper.before = raising(AssertionError("an empty queue asks nothing of the tracker"))
    assert not queue.sync(paper, "test").written


@pytest.mark.parametrize(
    "error", [TrackerBusy("It is open in Excel."), UsageError("It was not found.")], ids=["busy", "missing"]
)
def test_a_tracker_that_cannot_be_written_makes_them_wait(
    error: Exception, queue: TrackerQueue, paper: PaperTracker
) -> None:
    """Nothing is lost and nothing raised: the reason is told, and the next sync does it."""
    queue.queue("run-1", CHANGE, NOW)
    paper.before = raising(error)
    done = queue.sync(paper, "test")
    assert ([one.change for one in done.waiting], done.because) == ([CHANGE], str(error))
    assert not done.written
    paper.before = lambda: None
    assert len(queue.sync(paper, "test").written) == 1


def test_killed_between_the_writing_and_the_note_of_it(queue: TrackerQueue, paper: PaperTracker) -> None:
    """The next sync finds the value there and notes it; it is not written twice."""
    queue.queue("run-1", CHANGE, NOW)
    paper.after = raising(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        queue.sync(paper, "test")
    assert len(queue.waiting()) == 1
    paper.after = lambda: None
    assert [one.state for one in queue.sync(paper, "test").written] == [CellState.WRITTEN]
    assert paper.writes == [CHANGE]


def test_a_cell_that_somebody_filled_is_refused_for_good(queue: TrackerQueue, paper: PaperTracker) -> None:
    """The person's value stays, the reason is kept, and the others are written."""
    paper.cells["1001"] = "on leave"
    queue.queue("run-1", CHANGE, NOW)
    queue.queue("run-1", replace(CHANGE, employee_id=EmployeeId("1002")), NOW)
    done = queue.sync(paper, "test")
    assert [one.change.employee_id for one in done.written] == ["1002"]
    assert [one.reason for one in done.refused] == ["holds on leave; look at it"]
    assert paper.cells["1001"] == "on leave"
    assert queue.of_run("run-1")[0] == done.refused[0]
    assert queue.waiting() == []


def test_a_run_that_is_undone_takes_its_cells_back(queue: TrackerQueue, paper: PaperTracker) -> None:
    """What waits is not written, what was written is cleared; what others wrote stays."""
    queue.queue("run-1", CHANGE, NOW)
    mine = replace(CHANGE, employee_id=EmployeeId("1002"), value="Yes")
    changed = replace(mine, employee_id=EmployeeId("1003"))
    others = replace(mine, employee_id=EmployeeId("1004"))
    for one in (mine, changed, others):
        queue.queue("run-1", one, NOW)
    paper.cells["1001"] = "held"
    queue.sync(paper, "rpa")
    queue.queue("run-2", replace(CHANGE, seen=None), NOW)
    paper.cells["1003"] = "No"

    taken = queue.take_back("run-2", {"1001"}, "undo-2", NOW)
    assert [cell.change.employee_id for cell in taken.cancelled] == ["1001"]
    taken = queue.take_back("run-1", {"1001", "1002", "1003"}, "undo-1", NOW)
    assert [cell.change.employee_id for cell in taken.clearing] == ["1002", "1003"]
    queue.take_back("run-1", {"1001", "1002", "1003"}, "undo-1", NOW)
    done = queue.sync(paper, "rpa")
    assert [cell.change.employee_id for cell in done.written] == ["1002"]
    assert [cell.change.employee_id for cell in done.refused] == ["1003"]
    assert paper.cells == {"1001": "held", "1002": "", "1003": "No", "1004": "Yes"}


def test_a_cell_without_a_column_waits_alone(queue: TrackerQueue, paper: PaperTracker) -> None:
    """The others are written; it waits for the setting that names its column, and says so."""
    queue.queue("run-1", replace(CHANGE, field=NOWHERE), NOW)
    queue.queue("run-1", CHANGE, NOW)
    done = queue.sync(paper, "test")
    assert [one.change for one in done.written] == [CHANGE]
    assert ([one.change.field for one in done.waiting], done.because) == ([NOWHERE], "it has none. Name it.")
    assert [one.change.field for one in queue.waiting()] == [NOWHERE]


def test_one_process_at_a_time(queue: TrackerQueue, journal: Journal, paper: PaperTracker) -> None:
    """While another process writes into the tracker, ours waits and says who it is."""
    queue.queue("run-1", CHANGE, NOW)
    with Lock(journal, HELD_AS, doing="writes the tracker").held("run-9"):
        done = queue.sync(paper, "test")
    assert paper.writes == []
    assert "run-9" in done.because
    assert len(queue.sync(paper, "test").written) == 1


def test_same_value_is_queued_once_whatever_was_seen(queue: TrackerQueue, paper: PaperTracker) -> None:
    """A run that goes on and finds the cell otherwise than before wants the same write, which was done."""
    assert queue.queue("run-1", CHANGE, NOW)
    queue.sync(paper, "run-1")
    assert not queue.queue("run-1", replace(CHANGE, seen="somebody's"), NOW)
