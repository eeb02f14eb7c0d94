"""Files that are whole or not there, and keys that are made once."""

from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rpa.domain.errors import UsageError
from rpa.private_files import fernet_key, publish, replace_whole


def refuse(*_about: object, **_more: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_many_processes_make_one_key(tmp_path: Path) -> None:
    """Whoever comes first makes the key, and everybody has that one."""
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: fernet_key(tmp_path / "keys" / "a.key"), range(16)))
    assert len(keys) == 1
    assert stat.S_IMODE((tmp_path / "keys" / "a.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["a.key"]


@pytest.mark.parametrize(("content", "said"), [(b"", "is empty"), (b"half a key", "is damaged")])
def test_key_that_is_no_key_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    """An empty or cut file is a sentence with a next step, and no key is made in its place."""
    path = tmp_path / "a.key"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=said):
        fernet_key(path)
    assert path.read_bytes() == content


def test_key_that_others_could_read_is_closed(tmp_path: Path) -> None:
    """A key file that was copied with everybody's rights is this user's alone after the first use."""
    path = tmp_path / "a.key"
    key = fernet_key(path)
    path.chmod(0o644)
    assert fernet_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_key_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A place where no file can be is told by its name."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be used"):
        fernet_key(tmp_path / "file" / "a.key")


def test_full_disk_leaves_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that could not be written to its end is not there at all."""
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", refuse)
        with pytest.raises(UsageError, match="cannot be used"):
            fernet_key(tmp_path / "a.key")
    assert list(tmp_path.iterdir()) == []


def test_without_hard_links_a_file_is_still_published_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a file system without links the first content stays as well."""
    monkeypatch.setattr(os, "link", refuse)
    assert publish(tmp_path / "a", b"first")
    assert not publish(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"


def test_file_that_cannot_be_replaced_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails on the way, the old content is there and nothing beside it."""
    replace_whole(tmp_path / "a", b"old")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="permitted"):
        replace_whole(tmp_path / "a", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"old")]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_only_a_shared_file_can_be_read_by_others(tmp_path: Path) -> None:
    """A file becomes this user's alone; a shared one keeps its rights, a new one gets the usual."""
    private, kept, new, usual = (tmp_path / name for name in ("private", "kept", "new", "usual"))
    usual.touch()
    for path in (private, kept):
        path.touch()
        path.chmod(0o664)
    replace_whole(private, b"x")
    replace_whole(kept, b"x", shared=True)
    replace_whole(new, b"x", shared=True)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (private, kept, new)]
    assert modes == [0o600, 0o664, stat.S_IMODE(usual.stat().st_mode)]


def test_file_of_the_longest_name_can_be_replaced(tmp_path: Path) -> None:
    """The name under which the content waits is not longer than a name can be."""
    path = tmp_path / ("n" * 255)
    replace_whole(path, b"x")
    assert list(tmp_path.iterdir()) == [path]
