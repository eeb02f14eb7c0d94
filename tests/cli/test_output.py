"""What is shown is shown as it is: settings, names and reasons are nobody's markup."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.table import Table

from rpa.cli import output
from rpa.cli.configuration import show_settings
from rpa.settings import load_settings, setting_values

FOREIGN = "[bold]Ada[/b] :smile: [aria-busy=true]"


def test_foreign_text_is_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """Brackets and colons in a line, in a table's cells and in its title come out as they went in."""
    table = Table(FOREIGN, title=FOREIGN)
    table.add_row(FOREIGN)
    output.show(FOREIGN)
    output.show(table)
    assert capsys.readouterr().out.count(FOREIGN) == 4


def test_config_show_prints_every_value_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A locator with an attribute in brackets, and a label that looks like the end of a style."""
    monkeypatch.chdir(tmp_path)
    for name in setting_values(load_settings()):
        monkeypatch.delenv(name, raising=False)
    locator = 'locator("[aria-busy=true]")'
    (tmp_path / "portals.toml").write_text(
        "[adp.labels]\nesp_end_date = 'End [/b]'\n[adp.locators]\n"
        f"\"adp.people_page.busy_grid\" = '{locator}'\n"
    )
    show_settings()
    shown = capsys.readouterr().out
    assert "End [/b]" in shown
    assert "[aria-busy=true]" in shown
