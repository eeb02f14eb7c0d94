"""The exchange of the tracker's file: whole or not at all, whatever happens beside it."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rpa.adapters import tracker_file
from rpa.adapters.tracker import Tracker
from rpa.adapters.tracker_columns import Layout
from rpa.adapters.tracker_file import Backups, TrackerFile
from rpa.domain.agents import EmployeeId
from rpa.domain.errors import RpaError, TrackerBusy, UsageError
from rpa.domain.tracker_cells import TRANSFER, CellChange, CellOutcome
from tests.adapters.rich_workbooks import written

CHANGE = CellChange(employee_id=EmployeeId("1001"), field=TRANSFER, value=date(2026, 11, 23))


@pytest.fixture
def tracker(tmp_path: Path) -> Tracker:
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "tracker.xlsx").write_bytes(written())
    return Tracker(
        path=folder / "tracker.xlsx",
        layout=Layout(),
        backups=Backups(folder=tmp_path / "state" / "backups", kept=3),
    )


def beside(tracker: Tracker) -> list[str]:
    """The names in the tracker's folder."""
    return sorted(path.name for path in tracker.path.parent.iterdir())


def refuses(tracker: Tracker, told: str, error: type[RpaError] = TrackerBusy) -> None:
    """Nothing is written, nothing is left beside the tracker, and the reason is told."""
    before, names = tracker.path.read_bytes(), beside(tracker)
    with pytest.raises(error, match=told) as refusal:
        tracker.write([CHANGE])
    assert "Nothing was changed" in str(refusal.value)
    assert tracker.path.read_bytes() == before
    assert beside(tracker) == names


@pytest.mark.parametrize(
    ("mark", "program"),
    [("~$tracker.xlsx", "Excel"), ("~$acker.xlsx", "Excel"), (".~lock.tracker.xlsx#", "Libre")],
)
def test_an_open_tracker_is_left_alone(mark: str, program: str, tracker: Tracker) -> None:
    """While Excel or LibreOffice has it open nothing is written, and the mark is named; later it is."""
    tracker.path.with_name(mark).touch()
    refuses(tracker, f"open in {program}")
    with pytest.raises(TrackerBusy) as told:
        tracker.write([CHANGE])
    assert mark in told.value.next_step
    tracker.path.with_name(mark).unlink()
    assert tracker.write([CHANGE])[0].outcome is CellOutcome.WRITTEN


def test_reading_does_not_mind_an_open_tracker(tracker: Tracker) -> None:
    """Only writing waits: a report can be made while somebody has the tracker open."""
    tracker.path.with_name("~$tracker.xlsx").touch()
    assert len(tracker.read(date(2026, 11, 23)).agents) == 10


def meanwhile(monkeypatch: pytest.MonkeyPatch, what: Callable[[Path], object]) -> None:
    """Have something happen to the tracker after it was read, and before it is replaced."""
    keep = Backups.keep

    def kept(self: Backups, path: Path, content: bytes) -> Path:
        copy = keep(self, path, content)
        what(path)
        return copy

    monkeypatch.setattr(Backups, "keep", kept)


def test_a_tracker_saved_meanwhile_is_not_overwritten(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody's save between our reading and our replacing stays; the write waits."""
    others = written(lambda _, sheet: sheet.write("G2", "saved by Dana"))
    meanwhile(monkeypatch, lambda path: path.write_bytes(others))
    with pytest.raises(TrackerBusy, match="changed by somebody else"):
        tracker.write([CHANGE])
    assert tracker.path.read_bytes() == others
    assert beside(tracker) == ["tracker.xlsx"]


def test_a_tracker_replaced_by_the_same_size_and_time_is_noticed(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other bytes under the same length and time stamp are other bytes."""

    def swap(path: Path) -> None:
        times, content = path.stat(), bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    meanwhile(monkeypatch, swap)
    with pytest.raises(TrackerBusy, match="changed by somebody else"):
        tracker.write([CHANGE])


def test_a_tracker_opened_or_removed_meanwhile_is_noticed(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock mark that appears while we work, and a file that goes away, stop the replacement."""
    with monkeypatch.context() as patch:
        meanwhile(patch, lambda path: path.with_name("~$tracker.xlsx").touch())
        with pytest.raises(TrackerBusy, match="open in Excel"):
            tracker.write([CHANGE])
    tracker.path.with_name("~$tracker.xlsx").unlink()
    meanwhile(monkeypatch, lambda path: path.unlink())
    with pytest.raises(TrackerBusy, match="cannot be written: No such file"):
        tracker.write([CHANGE])
    assert beside(tracker) == []


@pytest.mark.parametrize(
    ("where", "error", "told"),
    [
        ("fsync", OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        ("mkstemp", PermissionError(errno.EACCES, "Permission denied"), "Permission denied"),
        ("replace", PermissionError(errno.EACCES, "The file is used by another process"), "another process"),
    ],
)
def test_a_disk_that_refuses_leaves_the_original(
    where: str, error: OSError, told: str, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Disk full, a folder that may not be written, a file held by Windows: told, and nothing has changed."""

    def fail(*_: object, **__: object) -> None:
        raise error

    owner: object = {"mkstemp": tracker_file.tempfile, "fsync": tracker_file.os, "replace": Path}[where]
    monkeypatch.setattr(owner, where, fail)
    refuses(tracker, told)


def test_a_read_only_tracker_is_left_alone(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replacing would succeed even where writing is not allowed, so it is asked for."""
    monkeypatch.setattr(tracker_file.os, "access", lambda *_: False)
    refuses(tracker, "read-only")


def test_what_does_not_read_back_is_not_put_in_place(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new file is read from the disk before it replaces the old one: other values, no exchange."""
    write = TrackerFile._beside

    def damaged(self: TrackerFile, _: bytes) -> Path:
        return write(self, written(lambda __, sheet: sheet.write("B5", "Somebody else")))

    monkeypatch.setattr(TrackerFile, "_beside", damaged)
    refuses(tracker, "would not read the same")
    monkeypatch.setattr(TrackerFile, "_beside", lambda self, _: write(self, b"PK, and no more"))
    refuses(tracker, "cannot be written")


def test_a_missing_tracker_is_a_matter_of_settings(tmp_path: Path) -> None:
    """There is nothing to wait for where the file does not exist."""
    with pytest.raises(UsageError, match="was not found"):
        Tracker(path=tmp_path / "none.xlsx", layout=Layout()).write([CHANGE])


def test_backups_are_private_whole_and_few(tracker: Tracker) -> None:
    """Each version before a change is kept for this user alone; beyond the number the oldest go."""
    assert tracker.backups
    versions = []
    for text in ("a", "b", "c", "d"):
        versions.append(tracker.path.read_bytes())
        tracker.write([CellChange(employee_id=EmployeeId("1002"), field="Notes", value=text)])
    copies = sorted(tracker.backups.folder.iterdir())
    assert [copy.read_bytes() for copy in copies] == versions[1:]
    assert {stat.S_IMODE(copy.stat().st_mode) for copy in copies} == {0o600}
    assert stat.S_IMODE(tracker.backups.folder.stat().st_mode) == 0o700


def test_permissions_and_links_stay(tracker: Tracker) -> None:
    """The new file has the old one's permissions, and a link to the tracker stays a link."""
    tracker.path.chmod(0o640)
    link = tracker.path.with_name("link.xlsx")
    link.symlink_to(tracker.path)
    results = Tracker(path=link, layout=Layout()).write([CHANGE])
    assert results[0].outcome is CellOutcome.WRITTEN
    assert link.is_symlink()
    assert stat.S_IMODE(tracker.path.stat().st_mode) == 0o640
    assert tracker.write([CHANGE])[0].outcome is CellOutcome.UNCHANGED
