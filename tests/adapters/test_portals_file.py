"""portals.toml is written whole, and stays what managers share."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from rpa.adapters.portals_file import keep_locator

BEFORE = "[adp.locators]\n# ours\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A portals.toml that a group shares."""
    path = tmp_path / "portals.toml"
    path.write_text(BEFORE, encoding="utf-8")
    path.chmod(0o664)
    return path


def test_locator_is_kept_and_the_rights_stay(site: Path, tmp_path: Path) -> None:
    """Whoever could read the file can read it afterwards; the version before lies beside it."""
    keep_locator(site, "adp.menu.people_button", "get_by_text('x')", "today", tmp_path / "before")
    assert "people_button" in site.read_text(encoding="utf-8")
    assert (tmp_path / "before").read_text(encoding="utf-8") == BEFORE
    assert os.name == "nt" or stat.S_IMODE(site.stat().st_mode) == 0o664
    assert sorted(path.name for path in tmp_path.iterdir()) == ["before", "portals.toml"]


def test_full_disk_leaves_the_file_as_it_was(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No half of a file, and nothing beside it."""

    def full(*_about: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep_locator(site, "adp.menu.people_button", "get_by_text('x')", "today", tmp_path / "before")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [
        ("portals.toml", BEFORE)
    ]
