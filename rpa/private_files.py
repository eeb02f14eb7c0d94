"""Files that are whole or not there, for this user alone; and keys that are made once and never half."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.fernet import Fernet

from rpa.domain.errors import UsageError

OTHERS = 0o077
BACK = (
    "Nothing was started. Put it back from a backup of the state folder; without it nothing can be checked."
)


def replace_whole(path: Path, content: bytes, *, shared: bool = False) -> None:
    """Write the file whole, or leave it as it was; a shared one keeps its rights, or gets the usual ones."""
    with _waiting(path, content) as waiting:
        if shared:
            waiting.chmod(_rights(path))
        waiting.replace(path)


def publish(path: Path, content: bytes) -> bool:
    """Put a new file there, whole; False, and nothing changed, where one is there already."""
    with _waiting(path, content) as waiting:
        try:
            os.link(waiting, path)  # unlike a rename, it never takes the place of another's
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            return _published_in_place(path, content)
    return True


def key_in(path: Path, make: Callable[[], bytes], check: Callable[[bytes], bool]) -> bytes:
    """The key in this file, made at the first use; only this user can read it.

    UsageError where it is not what was made: a key that is half would look like a key of its own.
    """
    try:
        if (key := read_key(path, check)) is None:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            publish(path, make())
            key = read_key(path, check)
    except OSError as error:
        raise UsageError(
            f"The key file {path} cannot be used: {error.strerror}.", next_step="Nothing was started."
        ) from error
    assert key is not None
    return key


def read_key(path: Path, check: Callable[[bytes], bool]) -> bytes | None:
    """The key in this file, None where there is no such file; UsageError where it is damaged."""
    try:
        key = path.read_bytes().strip()
    except FileNotFoundError:
        return None
    if not check(key):
        what = "is damaged" if key else "is empty"
        raise UsageError(f"The key file {path} {what}.", next_step=BACK)
    if path.stat().st_mode & OTHERS:
        path.chmod(0o600)
    return key


def fernet_key(path: Path) -> bytes:
    """The key of kept sessions, or of sealed texts, in this file."""
    return key_in(path, Fernet.generate_key, is_fernet_key)


def is_fernet_key(key: bytes) -> bool:
    """Whether Fernet takes this for a key."""
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _rights(path: Path) -> int:
    """Who may read and write the file, or would, were it made now."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        usual = os.umask(OTHERS)  # it tells what it was only while it is set
        os.umask(usual)
        return 0o666 & ~usual


@contextmanager
def _waiting(path: Path, content: bytes) -> Iterator[Path]:
    """The content on the disk under another name; mkstemp gives it to this user alone."""
    # Cut, so that a name of the greatest length has room for what is added to it.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:20]}-", suffix=".tmp")
    waiting = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield waiting
    finally:
        with suppress(FileNotFoundError):
            waiting.unlink()


def _published_in_place(path: Path, content: bytes) -> bool:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return True
