"""What the repository may hold, and what its Makefile must."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Put together here, so that this file does not hold what it forbids.
FORBIDDEN = (
    "/" + "work/",
    "/" + "tmp/team",
    "." + "library",
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "--" + "index-url",
    "--" + "extra-index-url",
    "--" + "find-links",
    "deb.debian" + ".org",
)
MADE_AGAIN = (
    ".venv/bin/python",
    "rpa/__pycache__/a.pyc",
    ".env",
    "portals.toml",
    ".mypy_cache/a",
    ".coverage",
)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def git(*words: str) -> str:
    """What git says; the tests of this module need a checkout."""
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), *words]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")


def texts() -> dict[str, str]:
    """The repository's text files by name."""
    held = {}
    for name in git("ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            held[name] = content.decode("utf-8")
    return held


def test_no_file_names_an_index_or_a_place_of_the_makers() -> None:
    """No package index, no mirror and no folder of the machine it was made on stands anywhere."""
    found = [(name, word) for name, text in texts().items() for word in FORBIDDEN if word in text]
    assert found == []


@pytest.mark.parametrize("name", MADE_AGAIN)
def test_what_is_private_or_can_be_made_again_is_ignored(name: str) -> None:
    """Secrets, the site's own settings and what tools leave behind never reach a commit."""
    assert git("check-ignore", "--no-index", name).strip() == name


def test_no_ignored_file_is_held() -> None:
    """Nothing is in the repository that .gitignore keeps out."""
    assert git("ls-files", "--cached", "--ignored", "--exclude-standard") == ""


def test_every_target_says_what_it_does() -> None:
    """Each target of the Makefile that a person types has a line in `make help`."""
    typed = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert typed is not None
    helped = re.findall(r"^([a-z]+):.*## \S", MAKEFILE, re.MULTILINE)
    assert sorted(typed[1].split()) == sorted(helped)
    assert {"setup", "demo", "test", "check", "bench", "soak", "lock", "clean", "help"} <= set(helped)
