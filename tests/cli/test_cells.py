"""The tracker's cells of a run, from the reading of the tracker to its writing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from rpa.adapters.tracker import Tracker
from rpa.adapters.tracker_columns import Layout
from rpa.cli.flow_table import Cells
from rpa.domain.tracker_cells import TRANSFER
from rpa.domain.tracking import TaskState
from rpa.engine.journal import Journal
from rpa.engine.tracker_queue import TrackerQueue
from tests.engine.stand_ins import JumpingClock

TODAY = date(2026, 11, 23)
HEADER = "Employee ID,Call Cert,Transfer to Production\n"


class Desk:
    """A CSV tracker with its queue."""

    def __init__(self, folder: Path, cell: str) -> None:
        self.path = folder / "tracker.csv"
        self.path.write_text(f"{HEADER}1001,done,{cell}\n1002,done,11/20/2026\n")
        self.tracker = Tracker(path=self.path, layout=Layout())
        self.queue = TrackerQueue(Journal.open(f"sqlite:///{folder / 'journal.sqlite'}", b"k"))
        office = SimpleNamespace(tracker_queue=self.queue)
        self.cells = Cells(office, JumpingClock(), self.tracker.read(TODAY))  # type: ignore[arg-type]

    def cell(self) -> str:
        return self.path.read_text().splitlines()[1].split(",")[2]


def test_a_cell_that_changes_during_the_wait_is_left_alone(tmp_path: Path) -> None:
    """What counts is what stood there when the run read the tracker, not when it has done waiting."""
    desk = Desk(tmp_path, "")
    desk.path.write_text(desk.path.read_text().replace("1001,done,", "1001,done,11/20/2026"))
    desk.cells.queue("run-1", "1001", TRANSFER, TODAY)
    done = desk.queue.sync(desk.tracker, "rpa")
    assert len(done.refused) == 1
    assert "holds '11/20/2026' now" in done.refused[0].reason
    assert desk.cell() == "11/20/2026"


def test_a_tracker_that_has_gone_does_not_stop_the_run(tmp_path: Path) -> None:
    """The file is not read again for a cell: the write waits."""
    desk = Desk(tmp_path, "")
    desk.path.unlink()
    desk.cells.queue("run-1", "1001", TRANSFER, TODAY)
    assert len(desk.queue.sync(desk.tracker, "rpa").waiting) == 1


def test_the_day_is_written_and_cleared_as_the_column_writes_days(tmp_path: Path) -> None:
    """An undone run's day goes again, though the column shows it otherwise than it was queued."""
    desk = Desk(tmp_path, "open")
    desk.cells.queue("run-1", "1001", TRANSFER, TODAY)
    assert len(desk.queue.sync(desk.tracker, "rpa").written) == 1
    assert desk.cell() == "11/23/2026"
    assert "cleared" in desk.cells.take_back("run-1", {"1001"}, "undo-1")
    assert len(desk.queue.sync(desk.tracker, "rpa").written) == 1
    assert desk.cell() == ""


@pytest.mark.parametrize("text", ["DO NOT MOVE - HR hold", "12/24/2026", "#N/A"])
def test_a_cell_that_nobody_can_read_is_named(tmp_path: Path, text: str) -> None:
    """Its place and its text are told, so that a person can decide."""
    (agent, _) = Desk(tmp_path, text).tracker.read(TODAY).agents
    assert agent.transferred is TaskState.UNREADABLE
    assert agent.transfer_cell == f"row 2, column Transfer to Production (C): {text!r}"
