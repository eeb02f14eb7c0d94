"""The audit of the journal finds every change that somebody makes behind its back."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from rpa.domain.runs import EventKind
from rpa.engine.audit import verify
from rpa.engine.journal import Journal

EVENTS = 30
TRIES = 100


def journal_in(folder: Path) -> Journal:
    return Journal.open(f"sqlite:///{folder / 'journal.sqlite'}", b"key", folder / "journal.head")


def filled(folder: Path) -> Path:
    journal = journal_in(folder)
    for number in range(EVENTS):
        data = {"outcome": "done", "n": number}
        journal.append("run-1", EventKind.ROW_ENDED, row=number, employee_id=f"10{number:02}", data=data)
    journal.engine.dispose()
    return folder / "journal.sqlite"


def edit(database: sqlite3.Connection, at: int) -> None:
    column = random.Random(at).choice(["run", "at", "kind", "employee_id", "data"])
    database.execute(f"update events set {column} = {column} || 'x' where seq = ?", (at,))


def remove(database: sqlite3.Connection, at: int) -> None:
    database.execute("delete from events where seq = ?", (at,))


def remove_and_close_the_gap(database: sqlite3.Connection, at: int) -> None:
    remove(database, at)
    for seq in range(at + 1, EVENTS + 1):
        database.execute("update events set seq = seq - 1 where seq = ?", (seq,))


def insert(database: sqlite3.Connection, at: int) -> None:
    for seq in range(EVENTS, at - 1, -1):
        database.execute("update events set seq = seq + 1 where seq = ?", (seq,))
    database.execute(
        "insert into events select ?, run, at, kind, row, employee_id, data, mac from events where seq = ?",
        (at, at + 1),
    )


def reorder(database: sqlite3.Connection, at: int) -> None:
    other = at % EVENTS + 1
    for old, new in ((at, 1000), (other, at), (1000, other)):
        database.execute("update events set seq = ? where seq = ?", (new, old))


def truncate(database: sqlite3.Connection, at: int) -> None:
    database.execute("delete from events where seq >= ?", (at,))


@pytest.mark.parametrize(
    "change", [edit, remove, remove_and_close_the_gap, insert, reorder, truncate], ids=lambda c: c.__name__
)
def test_every_change_is_found(tmp_path: Path, change: Callable[[sqlite3.Connection, int], None]) -> None:
    """An event that was edited, removed, put in, moved or cut off is found, wherever in the journal."""
    original = filled(tmp_path).read_bytes()
    noted = (tmp_path / "journal.head").read_bytes()
    for number in range(TRIES):
        (tmp_path / "journal.sqlite").write_bytes(original)
        (tmp_path / "journal.head").write_bytes(noted)
        with sqlite3.connect(tmp_path / "journal.sqlite") as database:
            change(database, random.Random(number).randint(1, EVENTS))
        database.close()
        journal = journal_in(tmp_path)
        for _ in range(number % 3):
            journal.append("run-2", EventKind.NOTICE, data={"text": "life goes on"})
        assert not verify(journal).holds
        journal.engine.dispose()


def changed(folder: Path, *statements: str) -> Journal:
    """The journal after somebody has worked on its database."""
    with sqlite3.connect(folder / "journal.sqlite") as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    return journal_in(folder)


@pytest.mark.parametrize("note_too", [False, True])
@pytest.mark.parametrize("left", [EVENTS - 1, 10, 0])
def test_cut_end_is_told_for_good(tmp_path: Path, left: int, note_too: bool) -> None:
    """However much is appended after it, by whichever process, a tail that was cut off stays found."""
    filled(tmp_path)
    if note_too:
        (tmp_path / "journal.head").unlink()
    journal = changed(tmp_path, f"delete from events where seq > {left}")
    assert not verify(journal).holds
    for _ in range(EVENTS + 5):
        journal.append("run-2", EventKind.NOTICE, data={"text": "later"})
    audit = verify(journal_in(tmp_path))
    assert audit.broken_at == left + 1
    assert "cut off" in audit.reason
    told = [event for _, event in journal.history_of("") if event.kind is EventKind.JOURNAL_CUT]
    assert [event.data for event in told] == [{"found": left, "noted": None if note_too else EVENTS}]


def test_cut_under_a_running_process_is_told(tmp_path: Path) -> None:
    """A tail that goes while a process works, and is written over with as many events, is found too."""
    filled(tmp_path)
    journal = journal_in(tmp_path)
    journal.append("run-2", EventKind.NOTICE, data={"text": "before"})
    changed(tmp_path, "delete from events where seq > 20").engine.dispose()
    for _ in range(EVENTS):
        journal.append("run-2", EventKind.NOTICE, data={"text": "after"})
    assert verify(journal).broken_at == 21


def test_cut_event_cannot_be_cut_in_turn(tmp_path: Path) -> None:
    """Who takes the telling of a cut away has cut the end once more."""
    filled(tmp_path)
    journal = changed(tmp_path, "delete from events where seq > 20")
    journal.append("run-2", EventKind.NOTICE, data={"text": "after"})
    journal = changed(tmp_path, "delete from events where seq > 20")
    assert not verify(journal).holds
    journal.append("run-2", EventKind.NOTICE, data={"text": "after"})
    assert verify(journal).broken_at == 21


def test_note_that_is_behind_is_no_cut(tmp_path: Path) -> None:
    """A process that dies between an event and the note of it leaves nothing that looks like a cut."""
    filled(tmp_path)
    noted = (tmp_path / "journal.head").read_bytes()
    journal_in(tmp_path).append("run-2", EventKind.NOTICE, data={"text": "killed over it"})
    (tmp_path / "journal.head").write_bytes(noted)
    journal_in(tmp_path).append("run-3", EventKind.NOTICE, data={"text": "the next process"})
    assert verify(journal_in(tmp_path)).holds


def test_note_is_never_taken_back(tmp_path: Path) -> None:
    """Of two processes the one that notes last may have told the earlier event; the note stays ahead."""
    filled(tmp_path)
    slow, fast = journal_in(tmp_path), journal_in(tmp_path)
    with slow.transaction() as connection:
        slow.append_in(connection, "run-2", EventKind.NOTICE, data={"text": "first"})
    fast.append("run-3", EventKind.NOTICE, data={"text": "second"})
    slow.note_head()
    head = slow.head()
    assert head is not None
    assert head.seq == EVENTS + 2


@pytest.mark.parametrize(
    "statement",
    [
        "update events set data = x'00ff' where seq = 3",
        "update events set mac = x'00' where seq = 3",
        "update events set mac = '\u00e9' where seq = 3",
        "update events set data = cast(x'fffe' as text) where seq = 3",
        "update events set row = 'abc' where seq = 3",
    ],
)
def test_what_no_event_holds_is_a_finding(tmp_path: Path, statement: str) -> None:
    """Bytes, letters and numbers that no event has are told as an event that was changed, with its place."""
    filled(tmp_path)
    assert verify(changed(tmp_path, statement)).broken_at == 3


def test_note_of_bytes_is_none(tmp_path: Path) -> None:
    """A note that is no text is not ours."""
    filled(tmp_path)
    (tmp_path / "journal.head").write_bytes(b"\xff\xfe")
    assert "note" in verify(journal_in(tmp_path)).reason


def test_database_that_is_damaged_in_the_middle_is_a_finding(tmp_path: Path) -> None:
    """Where the database cannot be read any further, the audit says so and from where on."""
    path = filled(tmp_path)
    with sqlite3.connect(path) as database:
        database.execute("pragma wal_checkpoint(truncate)")
        (root,) = database.execute("select rootpage from sqlite_master where name = 'events'").fetchone()
        (size,) = database.execute("pragma page_size").fetchone()
    database.close()
    content = bytearray(path.read_bytes())
    content[size * (root - 1) : size * root] = b"\xaa" * size
    path.write_bytes(content)
    audit = verify(journal_in(tmp_path))
    assert audit.broken_at == 1
    assert "malformed" in audit.reason


def test_untouched_journal_holds(tmp_path: Path) -> None:
    """A journal that nobody has touched is found whole, and an empty one too."""
    assert verify(journal_in(tmp_path)).holds
    filled(tmp_path)
    audit = verify(journal_in(tmp_path))
    assert audit.holds
    assert audit.events == EVENTS


def test_lost_note_of_the_end_is_told(tmp_path: Path) -> None:
    """Without the note of its end nobody can say that nothing was cut off, so that is not taken for whole."""
    filled(tmp_path)
    (tmp_path / "journal.head").unlink()
    assert "note" in verify(journal_in(tmp_path)).reason


def test_forged_note_of_the_end_is_found(tmp_path: Path) -> None:
    """A note of the end that somebody else has written does not cover for a tail that was cut off."""
    filled(tmp_path)
    (tmp_path / "journal.head").write_text("3 " + "0" * 64)
    assert not verify(journal_in(tmp_path)).holds


def test_other_key_finds_nothing_in_order(tmp_path: Path) -> None:
    """A journal that was written anew with another key does not pass for the real one."""
    filled(tmp_path)
    assert not verify(Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}", b"other")).holds
