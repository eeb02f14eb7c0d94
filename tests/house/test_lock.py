"""The lock file says what pyproject.toml asks for, all of it, with hashes; read from the disk alone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASKED = [Requirement(line) for line in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])]
PIN = r"^([\w.-]+)(?:\[([\w,.-]+)\])?==(\S+)(?: ; [^\\\n]+)? \\\n"
HASHES = r"((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
ENTRIES = re.findall(PIN + HASHES, LOCK, re.MULTILINE)
PINS = {
    canonicalize_name(name): (version, frozenset(filter(None, extras.split(","))))
    for name, extras, version, _ in ENTRIES
}


def locked(requirement: Requirement) -> bool:
    """Whether the lock holds a version that the requirement allows, with the extras that it names.

    To an older pip, a pin without the extra is no pin of the requirement with it: it takes the newest
    version, finds no hash for that, and installs nothing.
    """
    version, extras = PINS.get(canonicalize_name(requirement.name), ("", frozenset()))
    if not version or not extras >= requirement.extras:
        return False
    return requirement.specifier.contains(version, prereleases=True)


def needed() -> Iterator[Requirement]:
    """All that is needed on this machine, directly and by what is needed."""
    waiting, known = list(ASKED), set[str]()
    while waiting:
        requirement = waiting.pop()
        yield requirement
        if requirement.name not in known:
            known.add(requirement.name)
            waiting.extend(_needed_by(requirement))


def _needed_by(requirement: Requirement) -> Iterator[Requirement]:
    try:
        lines = requires(requirement.name) or []
    except PackageNotFoundError:
        return
    for one in map(Requirement, lines):
        extras = {"", *requirement.extras}
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras):
            yield one


@pytest.mark.parametrize("requirement", ASKED, ids=lambda requirement: requirement.name)
def test_what_pyproject_asks_for_is_locked(requirement: Requirement) -> None:
    """Each requirement of pyproject.toml is in the lock with a version it allows; else `make lock`."""
    assert locked(requirement)


def test_what_that_needs_is_locked() -> None:
    """What the requirements need in turn is in the lock, too."""
    assert [str(requirement) for requirement in needed() if not locked(requirement)] == []


@pytest.mark.parametrize("requirement", ASKED, ids=lambda requirement: requirement.name)
def test_versions_are_bounded(requirement: Requirement) -> None:
    """Each requirement names the version it was tried with and the one it has not seen yet."""
    assert {"<", ">="} == {specifier.operator for specifier in requirement.specifier}


def test_every_line_of_the_lock_is_a_pin_with_hashes() -> None:
    """Nothing stands in the lock but comments and pins with their hashes: no addresses, no options."""
    rest = re.sub(PIN + HASHES, "", LOCK, flags=re.MULTILINE)
    assert [line for line in rest.splitlines() if not line.startswith("#")] == []


def test_the_browser_driver_is_locked_for_every_system() -> None:
    """Playwright comes as one wheel for each of eight systems, and the lock knows them all."""
    hashes = next(hashes for name, _, _, hashes in ENTRIES if name == "playwright")
    assert hashes.count("--hash") >= 8
