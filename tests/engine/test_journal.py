"""The journal on a real SQLite file, read back by connections of its own."""

from __future__ import annotations

import errno
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rpa.domain.errors import JournalFailed, UsageError
from rpa.domain.runs import EventKind
from rpa.engine import audit
from rpa.engine.journal import End, Journal, KeyFile

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
    assert journal.head() == End()
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


def begun(folder: Path) -> Journal:
    """The journal of a state folder, its key in a file beside it."""
    url = f"sqlite:///{folder / 'journal.sqlite'}"
    return Journal.open(url, KeyFile(folder / "journal.key"), folder / "journal.head")


def test_two_first_processes_have_one_key(tmp_path: Path) -> None:
    """However many processes begin a state folder at once, all sign with the same key."""
    with ThreadPoolExecutor(8) as pool:
        journals = list(pool.map(lambda _: begun(tmp_path), range(8)))
    assert len({journal.mac("x") for journal in journals}) == 1
    assert (tmp_path / "journal.key").stat().st_mode & 0o077 == 0
    assert audit.verify(begun(tmp_path)).holds


def test_key_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    """Where the database has events a missing key is refused: another one would call all of them forged."""
    begun(tmp_path).append("run-1", EventKind.NOTICE, data={"text": "first"})
    (tmp_path / "journal.key").unlink()
    with pytest.raises(UsageError, match=r"key .* is gone"):
        begun(tmp_path)


def test_journal_that_was_emptied_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    """With the key still there, neither an emptied nor a removed database without its note is a beginning."""
    begun(tmp_path).append("run-1", EventKind.NOTICE, data={"text": "first"})
    for name in ("journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm", "journal.head"):
        (tmp_path / name).unlink(missing_ok=True)
    journal = begun(tmp_path)
    assert not audit.verify(journal).holds
    journal.append("run-2", EventKind.NOTICE, data={"text": "later"})
    assert not audit.verify(begun(tmp_path)).holds


def test_beginning_that_was_killed_before_the_key_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first command that dies between the note of the empty end and the key has begun nothing."""

    def die(*_about: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("rpa.engine.journal.publish", die)
        with pytest.raises(KeyboardInterrupt):
            begun(tmp_path)
    begun(tmp_path).append("run-1", EventKind.NOTICE, data={"text": "first"})
    assert audit.verify(begun(tmp_path)).holds


@pytest.mark.parametrize("text", ["", "abc", "z" * 64])
def test_damaged_key_is_refused(tmp_path: Path, text: str) -> None:
    """A key file that is empty or cut short is told, and never used."""
    (tmp_path / "journal.key").write_text(text)
    with pytest.raises(UsageError, match=r"journal\.key is (empty|damaged)"):
        begun(tmp_path)


def test_full_disk_at_the_note_is_the_journals_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The note of the end that cannot be written stops the run as an event that cannot be written does."""
    journal = begun(tmp_path)

    def full(*_about: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("rpa.engine.journal.replace_whole", full)
    with pytest.raises(JournalFailed, match="No space left"):
        journal.append("run-1", EventKind.NOTICE, data={"text": "x"})


def test_damaged_database_is_the_journals_failure(tmp_path: Path) -> None:
    """What the database refuses in reading has a name and a next step, as what it refuses in writing."""
    journal = begun(tmp_path)
    journal.append("run-1", EventKind.RUN_STARTED, data={"plan": "p"})
    with journal.transaction() as connection:
        connection.exec_driver_sql("update events set data = x'00', kind = 'nonsense'")
    with pytest.raises(JournalFailed, match="Event 1"):
        journal.events_of("run-1")
    with journal.transaction() as connection:
        connection.exec_driver_sql("drop table events")
    for read in (journal.runs, lambda: journal.events_of("run-1"), lambda: journal.history_of("1")):
        with pytest.raises(JournalFailed, match="no such table") as failure:
            read()
        assert failure.value.next_step


def test_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """Something else at the database's place is a sentence, not a traceback."""
    (tmp_path / "journal.sqlite").write_bytes(b"not a database " * 100)
    with pytest.raises(UsageError, match="not a database"):
        begun(tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:s3cret@h/db",
        "postgresql+psycopg://u:s3cret@h/db",
        "postgresql+pg8000://u:s3cret@h/db",
        "postgresql+nonsense://u:s3cret@h/db",
        "postgresql://u:s3cret@h:port/db",
        "no address at all s3cret",
    ],
)
def test_address_that_cannot_be_used_is_told_without_its_password(url: str) -> None:
    """An address of another kind, misspelt or without its driver names the setting and the next step."""
    with pytest.raises(UsageError, match="RPA_DATABASE_URL") as error:
        Journal.open(url, KEY)
    assert "s3cret" not in str(error.value)
    assert error.value.next_step


def test_sentences_are_kept_without_secrets_and_values_as_they_are(tmp_path: Path) -> None:
    """What a portal said loses its secrets; a value that an undo would write back is never touched."""
    url = f"sqlite:///{tmp_path / 'journal.sqlite'}"
    journal = Journal.open(url, KEY, clean=lambda text: text.replace("Aetna", "[removed]"))
    data = {"reason": "no Aetna", "before": {"uptraining_class": "Aetna"}, "notes": ["Aetna"]}
    journal.append("run-1", EventKind.ROW_ENDED, row=1, employee_id="1001", data=data)
    (event,) = journal.events_of("run-1")
    assert event.data == {
        "reason": "no [removed]",
        "before": {"uptraining_class": "Aetna"},
        "notes": ["[removed]"],
    }


def test_half_a_sign_is_no_reason_to_lose_an_event(tmp_path: Path) -> None:
    """A page that cuts a text in the middle of an emoji gives what no file can hold: it is told with a ?."""
    journal = Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", b"k")
    journal.append("run-1", EventKind.RUN_STARTED, data={"flow": "extend"})
    journal.append("run-1", EventKind.WRITE_ANSWERED, row=2, data={"sentence": "Saved \ud83d"})
    assert journal.events_of("run-1")[1].data["sentence"] == "Saved ?"
    assert audit.verify(journal).holds
