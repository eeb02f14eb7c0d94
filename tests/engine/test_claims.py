"""A day's job is done once: however often it is started, by however many, and whatever dies in between."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from rpa.domain.errors import Busy
from rpa.engine.claims import Claims, ClaimState
from rpa.engine.journal import Journal

DAY = date(2026, 11, 23)
PROCESS = Path(__file__).with_name("claiming_process.py")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A journal of its own."""
    return Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", b"0" * 32)


def start(folder: Path, how: str) -> subprocess.Popen[str]:
    """A real process that claims the job."""
    return subprocess.Popen(
        [sys.executable, str(PROCESS), str(folder / "journal.sqlite"), str(folder / "log"), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROCESS.parents[2],
    )


def said(process: subprocess.Popen[str]) -> str:
    """All that a process said, at its end."""
    return process.communicate(timeout=60)[0].strip()


def sent(folder: Path) -> int:
    """How often the job was done."""
    return (folder / "log").read_text(encoding="utf-8").count("sent")


def test_a_job_is_done_once_a_day(journal: Journal) -> None:
    """The second start of a day finds it done; the next day, and another job, are their own."""
    claims = Claims(journal)
    for expected in (True, False, False):
        with claims.held(DAY, "tbt", "a") as done:
            assert (done is not None) is expected
            if done:
                done()
    for day, job in ((date(2026, 11, 24), "tbt"), (DAY, "transfer")):
        with claims.held(day, job, "a") as done:
            assert done is not None
    assert [(one.job, one.state) for one in claims.of_day(DAY)] == [
        ("tbt", ClaimState.DONE),
        ("transfer", ClaimState.CLAIMED),
    ]


def test_a_job_that_failed_is_taken_over(journal: Journal) -> None:
    """A block that raises, or does not say that it is done, leaves the job to the next start."""
    claims = Claims(journal)
    with pytest.raises(OSError, match="disk"), claims.held(DAY, "tbt", "a"):
        raise OSError("disk")
    with claims.held(DAY, "tbt", "b") as done:
        assert done is not None
    with claims.held(DAY, "tbt", "c") as done:
        assert done is not None
        done()
    assert [one.holder for one in claims.of_day(DAY)] == ["c"]


def test_of_two_processes_at_once_one_does_it(tmp_path: Path, journal: Journal) -> None:
    """While one holds the job another is told so, and does nothing; after it, a third finds it done."""
    first = start(tmp_path, "wait")
    assert first.stdout is not None
    assert first.stdout.readline() == "held\n"
    assert said(start(tmp_path, "go")) == "busy"
    with pytest.raises(Busy, match="process"), Claims(journal).held(DAY, "report tbt", "test"):
        pass
    first.communicate("\n", timeout=60)
    assert said(start(tmp_path, "go")) == "done before"
    assert sent(tmp_path) == 1


def test_eight_processes_in_a_race_do_it_once(tmp_path: Path, journal: Journal) -> None:
    """Started together, exactly one writes, whoever it is."""
    del journal
    racing = [start(tmp_path, "go") for _ in range(8)]
    words = [said(process) for process in racing]
    assert words.count("held") == 1
    assert sent(tmp_path) == 1


def test_a_dead_claimer_is_taken_over(tmp_path: Path, journal: Journal) -> None:
    """A process that died holding the job costs nothing: the next start does it, once."""
    dead = start(tmp_path, "die")
    assert said(dead) == "held"
    assert [one.state for one in Claims(journal).of_day(DAY)] == [ClaimState.CLAIMED]
    assert said(start(tmp_path, "go")) == "held"
    assert said(start(tmp_path, "go")) == "done before"
    assert sent(tmp_path) == 1


def test_the_clock_set_back_does_not_do_it_again(journal: Journal) -> None:
    """What was done for a day stays done when the clock comes by that day a second time."""
    claims = Claims(journal)
    with (
        time_machine.travel(datetime(2026, 11, 23, 8, tzinfo=UTC), tick=False),
        claims.held(DAY, "tbt", "a") as done,
    ):
        assert done is not None
        done()
    with (
        time_machine.travel(datetime(2026, 11, 23, 2, tzinfo=UTC), tick=False),
        claims.held(DAY, "tbt", "b") as done,
    ):
        assert done is None
