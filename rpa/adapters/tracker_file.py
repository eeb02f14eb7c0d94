"""The tracker's file while it is exchanged: not open elsewhere, a copy kept, changed whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from rpa.adapters.tables import read_content
from rpa.domain.errors import TrackerBusy

LATER = "Nothing was changed in it. The write waits in the queue: `rpa tracker sync` does it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """Copies of the tracker from before each change; the oldest beyond `kept` go."""

    folder: Path
    kept: int = 30

    def keep(self, path: Path, content: bytes) -> Path:
        """A dated copy that this user alone can read."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        at = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        copy = self.folder / f"{path.stem}-{at}{path.suffix}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(copy, flags, 0o600), "wb") as file:
                _store(file, content)
        except OSError:
            copy.unlink(missing_ok=True)
            raise
        for old in sorted(self.folder.glob("*"), key=lambda one: one.stat().st_mtime_ns)[: -self.kept]:
            old.unlink(missing_ok=True)
        return copy


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerFile:
    """The file as it was read, and how to tell that it is still the same."""

    path: Path
    content: bytes
    stamp: tuple[int, int, int]

    @classmethod
    def opened(cls, path: Path) -> TrackerFile:
        """The file read for a change; TrackerBusy where a program says that it has it open."""
        path = path.resolve()
        _refuse_open(path)
        stamp = _stamp(path)
        return cls(path=path, content=read_content(path), stamp=stamp)

    def exchange(self, new: bytes, check: Callable[[Path], None], backups: Backups | None) -> None:
        """Put the new content in the file's place, after `check` has read it back from the disk.

        TrackerBusy where that cannot be done, or the file has changed since it was read.
        """
        waiting: Path | None = None
        try:
            if not os.access(self.path, os.W_OK):
                raise _not_now(self.path, "may not be written: it is read-only for you")
            if backups:
                backups.keep(self.path, self.content)
            waiting = self._beside(new)
            check(waiting)
            _refuse_open(self.path)
            self._refuse_changed()
            waiting.replace(self.path)
        except OSError as error:
            raise _not_now(self.path, f"cannot be written: {error.strerror or error}") from error
        finally:
            if waiting:
                waiting.unlink(missing_ok=True)
        _sync_folder(self.path.parent)

    def _beside(self, new: bytes) -> Path:
        """The new content on the disk, in the same folder, so that replacing is one step."""
        descriptor, name = tempfile.mkstemp(prefix=".rpa-", suffix=self.path.suffix, dir=self.path.parent)
        waiting = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                _store(file, new)
            shutil.copymode(self.path, waiting)
            _keep_owner(self.path, waiting)
        except OSError:
            waiting.unlink(missing_ok=True)
            raise
        return waiting

    def _refuse_changed(self) -> None:
        now = hashlib.sha256(self.path.read_bytes()).digest()
        if _stamp(self.path) != self.stamp or now != hashlib.sha256(self.content).digest():
            raise _not_now(self.path, "was changed by somebody else just now")


def _refuse_open(path: Path) -> None:
    """Excel and LibreOffice leave such a file beside one that they have open."""
    for name in (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#"):
        if (mark := path.with_name(name)).exists():
            raise TrackerBusy(
                f"The tracker {path} is open in {'LibreOffice' if name.startswith('.') else 'Excel'}.",
                next_step=f"{LATER} If nobody has it open, delete {mark.name} beside it.",
            )


def _store(file: BinaryIO, content: bytes) -> None:
    """Write it all, and have it on the disk."""
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (-1, -1, -1)  # reading it will say why
    return (found.st_size, found.st_mtime_ns, found.st_ino)


def _not_now(path: Path, what: str) -> TrackerBusy:
    return TrackerBusy(f"The tracker {path} {what}.", next_step=LATER)


def _keep_owner(path: Path, waiting: Path) -> None:
    """The same owner and group where this user may give them; a plain user owns what he writes."""
    if hasattr(os, "chown"):
        owner = path.stat()
        with suppress(PermissionError):
            os.chown(waiting, owner.st_uid, owner.st_gid)


def _sync_folder(folder: Path) -> None:
    """Have the exchange itself on the disk; systems without folder handles do that by themselves."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
