"""The exchange of the tracker's file: whole or not at all, whatever happens beside it."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Meddling(Backups):
    """Somebody who does something to the tracker after it was read, and before it is replaced."""

    what: Callable[[Path], object]

    def keep(self, path: Path, content: bytes) -> Path:
        self.what(path)
        return Backups.keep(self, path, content)


def meanwhile(tracker: Tracker, what: Callable[[Path], object]) -> Tracker:
    assert tracker.backups
    return replace(tracker, backups=Meddling(folder=tracker.backups.folder, what=what))


def in_a_process(code: str) -> Callable[[Path], object]:
    """Somebody else's process, which gets the tracker's path."""
    return lambda path: subprocess.run([sys.executable, "-c", f"import sys; {code}", path], check=True)


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """A disk that has no room for more."""
    resource = pytest.importorskip("resource", reason="Windows has no such limits")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    "code",
    [
        "open(sys.argv[1], 'ab').write(b'saved by Dana')",
        "import os, shutil; p = sys.argv[1]; shutil.copy2(p, p + 'x'); os.replace(p + 'x', p)",
    ],
    ids=["changed", "replaced by a copy"],
)
def test_a_tracker_saved_meanwhile_is_not_overwritten(code: str, tracker: Tracker) -> None:
    """Another process's save between our reading and our replacing stays; the write waits."""
    seen: list[bytes] = []

    def save(path: Path) -> None:
        in_a_process(code)(path)
        seen.append(path.read_bytes())

    with pytest.raises(TrackerBusy, match="changed by somebody else"):
        meanwhile(tracker, save).write([CHANGE])
    assert [tracker.path.read_bytes()] == seen
    assert beside(tracker) == ["tracker.xlsx"]


def test_other_bytes_of_the_same_size_and_time_are_noticed(tracker: Tracker) -> None:
    """Other bytes under the same length and time stamp are other bytes."""

    def swap(path: Path) -> None:
        times, content = path.stat(), bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    with pytest.raises(TrackerBusy, match="changed by somebody else"):
        meanwhile(tracker, swap).write([CHANGE])


def test_a_tracker_opened_or_removed_meanwhile_is_noticed(tracker: Tracker) -> None:
    """A lock mark that appears while we work, and a file that goes away, stop the replacement."""
    mark = tracker.path.with_name("~$tracker.xlsx")
    with pytest.raises(TrackerBusy, match="open in Excel"):
        meanwhile(tracker, lambda _: mark.touch()).write([CHANGE])
    mark.unlink()
    with pytest.raises(TrackerBusy, match="cannot be written: No such file"):
        meanwhile(tracker, lambda path: path.unlink()).write([CHANGE])
    assert beside(tracker) == []


@pytest.mark.parametrize(
    ("where", "error", "told"),
    [
        ("mkstemp", PermissionError(errno.EACCES, "Permission denied"), "Permission denied"),
        ("replace", PermissionError(errno.EACCES, "The file is used by another process"), "another process"),
    ],
)
def test_a_disk_that_refuses_leaves_the_original(
    where: str, error: OSError, told: str, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only another user, or Windows, would meet: a closed folder, a file that is held."""

    def fail(*_: object, **__: object) -> None:
        raise error

    owner: object = {"mkstemp": tempfile, "replace": Path}[where]
    monkeypatch.setattr(owner, where, fail)
    refuses(tracker, told)


@pytest.mark.parametrize("with_backups", [True, False])
def test_a_full_disk_leaves_the_original(with_backups: bool, tracker: Tracker, tmp_path: Path) -> None:
    """No room for the copy, or for the new file: told, nothing has changed, and no half file is left."""
    if not with_backups:
        tracker = replace(tracker, backups=None)
    with no_file_beyond(2_000):
        refuses(tracker, "cannot be written: File too large")
    assert list(tmp_path.glob("state/backups/*")) == []


def test_a_read_only_tracker_is_left_alone(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replacing would succeed even where writing is not allowed, so it is asked for."""
    monkeypatch.setattr(os, "access", lambda *_: False)
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
