"""The demo's commands are the demo's own: nothing of the real site reaches them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rpa.cli.demonstration import Stage, _environment


def test_the_sites_env_file_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Started where the real `.env` lies, the demo writes to no real NOC and into no real journal."""
    site, folder = tmp_path / "site", tmp_path / "demo"
    site.mkdir()
    folder.mkdir()
    (site / ".env").write_text(
        "RPA_MAIL__SMTP_URL=smtp://mail.example.com\nRPA_MAIL__NOC=noc@example.com\n"
        "RPA_DATABASE_URL=postgresql+psycopg://db.example.com/esp\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(site)
    access = {"url": "http://127.0.0.1:9", "username": "me", "password": "secret"}
    portals = {"adp": access, "blackdash": access}
    stage = Stage(portals, folder, _environment(portals, folder, headed=False))
    assert stage.command("config", "show", "--json") == 0
    told = json.loads(capfd.readouterr().out)["settings"]
    assert "example.com" not in json.dumps(told)
    assert told["RPA_STATE_DIR"] == str(folder / "state")
