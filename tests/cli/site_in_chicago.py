"""A site in Chicago without portals, for commands that run in the test's own process."""

from __future__ import annotations

from pathlib import Path

import pytest


def settle_in_chicago(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the folder the site's: its state, its `tracker.csv` and its clocks are what settings say."""
    settings = {
        "RPA_STATE_DIR": str(folder / "state"),
        "RPA_TRACKER__FILE": "tracker.csv",
        "RPA_DAYS__TIME_ZONE": "America/Chicago",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
