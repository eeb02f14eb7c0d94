"""One run at a time for an account, whatever becomes of its owner."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from rpa.domain.errors import Busy
from rpa.domain.runs import EventKind
from rpa.engine.journal import Journal
from rpa.engine.lock import Lock
from rpa.engine.tables import locks

HOLD = """
import sys, time
from rpa.engine.journal import Journal
from rpa.engine.lock import Lock
with Lock(Journal.open(sys.argv[1], b"k"), "adp|manager", doing="works").held("run-other"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'journal.sqlite'}"


def lock(url: str, account: str = "adp|manager") -> Lock:
    return Lock(Journal.open(url, b"k"), account, doing="works with this account")


def test_second_run_is_refused_and_told_who_holds_it(url: str) -> None:
    """A second run of the same account is refused with the first one's name; another account is free."""
    with lock(url).held("run-1"):
        with pytest.raises(Busy, match="run-1"), lock(url).held("run-2"):
            pass
        with lock(url, "adp|other").held("run-3"):
            pass
    with lock(url).held("run-2"):
        pass


def test_dead_owner_holds_nothing(url: str) -> None:
    """A process that was killed with the lock in its hand does not keep it."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Busy, match="run-other"), lock(url).held("run-1"):
            pass
        other.kill()
        other.wait()
        with lock(url).held("run-1"):
            pass


def test_silent_owner_elsewhere_loses_it_and_notices(url: str) -> None:
    """An owner whose heartbeat stopped is replaced, and may not write when it wakes up."""
    mine = lock(url)
    with mine.held("run-1") as check:
        check()
        silent = datetime.now(UTC) - timedelta(minutes=5)
        with Journal.open(url, b"k").transaction() as connection:
            connection.execute(update(locks).values(host="elsewhere", beat_at=silent))
        with lock(url).held("run-2"), pytest.raises(Busy, match="lost"):
            check()


def test_of_many_at_once_exactly_one_runs(url: str) -> None:
    """Of twenty that start together exactly one holds the lock."""
    Journal.open(url, b"k")

    def attempt(number: int) -> bool:
        try:
            with lock(url).held(f"run-{number}"):
                barrier.append(number)
                while len(barrier) + len(refused) < 20:
                    pass
                return True
        except Busy:
            refused.append(number)
            return False

    barrier: list[int] = []
    refused: list[int] = []
    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(20))) == 1


def test_resume_is_told_from_the_process_that_it_replaces(url: str) -> None:
    """Of two processes for one run, the one that slept has lost the lock to the one that resumed."""
    with lock(url).held("run-1") as slept:
        with Journal.open(url, b"k").transaction() as connection:
            connection.execute(update(locks).values(beat_at=datetime.now(UTC) - timedelta(minutes=5)))
        with lock(url).held("run-1") as resumed:
            resumed()
            with pytest.raises(Busy, match="lost"):
                slept()


def test_process_that_slept_does_not_keep_or_free_what_is_not_its_own(url: str) -> None:
    """When the old holder of a run ends, the new one of the same run still holds the account."""
    journal = Journal.open(url, b"k")
    old, new = lock(url).held("run-1"), lock(url).held("run-1")
    old.__enter__()
    with journal.transaction() as connection:
        connection.execute(update(locks).values(beat_at=datetime.now(UTC) - timedelta(minutes=5)))
    with new as resumed:
        old.__exit__(None, None, None)
        resumed()
        with pytest.raises(Busy, match="run-1"), lock(url).held("run-2"):
            pass


def test_process_that_lost_its_account_tells_nothing_more(url: str) -> None:
    """An event of a process whose run another one has taken over does not get into the journal."""
    journal = Journal.open(url, b"k")
    with Lock(journal, "adp|manager", doing="works").held("run-1") as hold, journal.fenced(hold.check_in):
        journal.append("run-1", EventKind.RUN_STARTED)
        with journal.transaction() as connection:
            connection.execute(update(locks).values(beat_at=datetime.now(UTC) - timedelta(minutes=5)))
        with lock(url).held("run-1"), pytest.raises(Busy, match="lost"):
            journal.append("run-1", EventKind.RUN_ENDED)
    assert [event.kind for event in journal.events_of("run-1")] == [EventKind.RUN_STARTED]


def test_process_of_another_container_is_not_asked_for_by_its_number(url: str) -> None:
    """Two containers can have one host name: a number that is free here may well be taken there."""
    with lock(url).held("run-1"):
        with Journal.open(url, b"k").transaction() as connection:
            connection.execute(update(locks).values(host=f"{socket.gethostname()} #elsewhere", pid=2**22 + 1))
        with (
            pytest.raises(Busy, match=rf"on {re.escape(socket.gethostname())}, last"),
            lock(url).held("run-2"),
        ):
            pass
