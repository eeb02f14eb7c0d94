"""The journal on a real SQLite file, read back by connections of its own."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rpa.domain.errors import JournalFailed, UsageError
from rpa.domain.runs import EventKind
from rpa.engine import audit
from rpa.engine.journal import Journal

KEY = b"k" * 32


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", KEY)


def test_event_is_on_the_disk_when_append_returns(journal: Journal, tmp_path: Path) -> None:
    """Another process sees an event as soon as append has returned, with its data whole."""
    journal.append("run-1", EventKind.ROW_STARTED, row=2, employee_id="1001", data={"a": ["é", None]})
    with sqlite3.connect(tmp_path / "journal.sqlite") as other:
        assert other.execute("select run, kind, row, data from events").fetchall() == [
            ("run-1", "row_started", 2, '{"a":["é",null]}')
        ]


def test_events_come_back_in_their_order(journal: Journal) -> None:
    """A run's events come back as they were told, and another run's do not."""
    told = [
        journal.append("run-1", EventKind.ROW_STARTED, row=2, employee_id="1001"),
        journal.append("run-1", EventKind.ROW_ENDED, row=2, employee_id="1001", data={"outcome": "done"}),
    ]
    journal.append("run-2", EventKind.RUN_ENDED, data={"state": "completed"})
    assert journal.events_of("run-1") == told


def test_runs_are_listed_newest_first(journal: Journal) -> None:
    """The newest run is the one that the manager looks for."""
    for run in ("run-1", "run-2"):
        journal.append(run, EventKind.RUN_STARTED, data={"plan": "p"})
    assert journal.runs() == ["run-2", "run-1"]


def test_chain_has_no_fork(journal: Journal) -> None:
    """Writers side by side still make one chain: no event is built on the same event as another."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: journal.append("run-1", EventKind.NOTICE, data={"text": str(n)}), range(64)))
    with journal.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "select seq, run, at, kind, row, employee_id, data, mac from events order by seq"
        ).fetchall()
    previous = ""
    for seq, run, at, kind, row, employee_id, data, mac in rows:
        told = {"run": run, "at": at, "kind": kind, "row": row, "employee_id": employee_id, "data": data}
        assert mac == journal.mac(previous, seq, told)
        previous = mac
    assert len(rows) == 64


def test_transaction_keeps_both_or_neither(journal: Journal) -> None:
    """An event told inside a transaction that fails was never told."""
    with pytest.raises(ZeroDivisionError), journal.transaction() as connection:
        journal.append_in(connection, "run-1", EventKind.NOTICE, data={"text": "lost"})
        raise ZeroDivisionError
    assert journal.events_of("run-1") == []


def test_journal_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    """A folder that is not there is a sentence about the database, not a traceback."""
    with pytest.raises(UsageError, match="cannot be opened"):
        Journal.open(f"sqlite:///{tmp_path / 'missing' / 'journal.sqlite'}", KEY)


def test_full_disk_stops_before_the_next_step(journal: Journal) -> None:
    """An event that cannot be written raises, so that nothing is done which nobody would remember."""
    with journal.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    pool = journal.engine.raw_connection()
    pool.driver_connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[union-attr]
    pool.close()
    with pytest.raises(JournalFailed, match="full"):
        for _ in range(1000):
            journal.append("run-1", EventKind.NOTICE, data={"text": "x" * 1000})


def test_new_journal_has_a_note_of_its_empty_end(tmp_path: Path) -> None:
    """A process that dies between its very first event and the note of it leaves a journal that passes."""
    head = tmp_path / "journal.head"
    journal = Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", KEY, head)
    assert journal.head() == 0
    empty = head.read_text()
    journal.append("run-1", EventKind.NOTICE, data={"text": "first"})
    head.write_text(empty)
    assert audit.verify(Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", KEY, head)).holds


def test_note_that_is_gone_is_not_made_up(tmp_path: Path) -> None:
    """Opening a journal that has events does not replace the note that somebody has deleted."""
    head = tmp_path / "journal.head"
    journal = Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", KEY, head)
    journal.append("run-1", EventKind.NOTICE, data={"text": "first"})
    head.unlink()
    assert not audit.verify(Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", KEY, head)).holds
