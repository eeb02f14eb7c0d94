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
TRIES = 25


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
    for number in range(TRIES):
        (tmp_path / "journal.sqlite").write_bytes(original)
        with sqlite3.connect(tmp_path / "journal.sqlite") as database:
            change(database, random.Random(number).randint(1, EVENTS))
        database.close()
        journal = journal_in(tmp_path)
        assert not verify(journal).holds
        journal.engine.dispose()


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
