"""`rpa tracker show`, `rpa tracker sync` and the tracker's part of `rpa config show`, without portals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from rpa.cli.office import Office
from rpa.domain.agents import EmployeeId
from rpa.domain.tracker_cells import TRANSFER, CellChange
from rpa.settings import load_settings
from tests.adapters.rich_workbooks import charts, written


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tracker of ten agents that is set as the site's own."""
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(written(charts))
    for name in [name for name in os.environ if name.startswith("RPA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RPA_TRACKER__FILE", str(path))
    monkeypatch.setenv("RPA_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("RPA_TODAY", "2026-11-23")
    return path


def rpa(*words: str) -> tuple[int, dict[str, Any], str]:
    """The command's exit code, its JSON and its talk."""
    done = subprocess.run(
        [sys.executable, "-m", "rpa", *words, "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    return done.returncode, json.loads(done.stdout), done.stderr


def test_show_and_config_tell_what_was_found(tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns, numbers and problems of the tracker; `rpa config show` has the columns as well."""
    code, told, _ = rpa("tracker", "show")
    assert (code, told["agents"], told["open"], told["transferred"]) == (0, 10, {"TBT": 0, "Call Cert": 0}, 3)
    columns = {column["field"]: column["header"] for column in told["tracker"]["columns"]}
    assert (columns[TRANSFER], columns["site"]) == ("Transfer to Production (F)", "")
    assert rpa("config", "show")[1]["tracker"] == told["tracker"]
    monkeypatch.setenv("RPA_TRACKER__SHEET", "Nowhere")
    code, told, _ = rpa("config", "show")
    assert code == 0
    assert "no visible sheet 'Nowhere'" in told["tracker"]["error"]


def test_sync_waits_for_excel_and_then_writes(tracker: Path) -> None:
    """While it is open the write waits and exit code 1 says so; then it is written, once, with a backup."""
    office = Office(load_settings())
    for nth, seen in ((1001, ""), (1003, "")):
        change = CellChange(
            employee_id=EmployeeId(str(nth)), field=TRANSFER, value=date(2026, 11, 23), seen=seen
        )
        assert office.tracker_queue.queue("run-1", change, datetime.now(UTC))
    mark = tracker.with_name("~$tracker.xlsx")
    mark.touch()
    code, told, _ = rpa("tracker", "sync")
    assert (code, len(told["waiting"])) == (1, 2)
    assert "open in Excel" in told["because"]
    mark.unlink()
    code, told, _ = rpa("tracker", "sync")
    assert code == 1
    assert [one["employee_id"] for one in told["written"]] == ["1001"]
    assert "holds '2026-11-20' now" in told["refused"][0]["reason"]
    row = CalamineWorkbook.from_path(tracker).get_sheet_by_index(0).to_python()[1]
    assert row[5] == date(2026, 11, 23)
    assert len(list((office.settings.state_dir / "backups").iterdir())) == 1
    assert rpa("tracker", "sync")[:2] == (
        0,
        {"schema_version": 1, "written": [], "refused": [], "waiting": [], "because": ""},
    )


def test_without_a_tracker_the_commands_say_so(tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no tracker is set, nothing is guessed: exit code 2, and the setting's name."""
    monkeypatch.delenv("RPA_TRACKER__FILE")
    code, told, _ = rpa("tracker", "sync")
    assert code == 2
    assert "RPA_TRACKER__FILE" in told["error"]["next_step"]
