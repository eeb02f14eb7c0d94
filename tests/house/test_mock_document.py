"""docs/mock-portals.md names each quirk with a test that shows it, and every effect that a fault can have."""

from __future__ import annotations

import re
from pathlib import Path

from mock_portals.faults import EFFECTS

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "mock-portals.md").read_text(encoding="utf-8")


def test_every_named_test_exists() -> None:
    """A test that the document names for a quirk is there to be run."""
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", DOCUMENT)) - {"test_"}
    missing = {name for name in named if f"def {name}(" not in tests}
    assert named
    assert missing == set()


def test_every_effect_is_explained() -> None:
    """An effect that a fault can have stands in the table of effects, and no other does."""
    table = DOCUMENT.split("| effect |")[1].split("\n## ")[0]
    told = {
        name
        for line in table.splitlines()
        for name in re.findall(r"`(\w+)`", line.split("|")[1:2][0] if "|" in line else "")
    }
    assert told == set(EFFECTS)
