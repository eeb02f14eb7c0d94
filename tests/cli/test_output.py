"""Nothing is said before it was cleaned, whoever says it; and it is shown as it is, for nothing is markup."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from rich.table import Table
from rich.text import Text

from rpa.cli import main, output, tables
from rpa.cli.configuration import show_settings
from rpa.cli.office import Office
from rpa.domain.errors import RpaError
from rpa.engine.log import Redaction
from rpa.settings import load_settings, setting_values

SECRET = "hunter2!x y"
FOREIGN = "[bold]Ada[/b] :smile: [aria-busy=true]"


def listening(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What comes out from now on, with one secret known."""
    heard = io.StringIO()
    monkeypatch.setattr(sys, "stdout", heard)
    monkeypatch.setattr(sys, "stderr", heard)
    monkeypatch.setattr(output._cleaner, "steps", [])
    output.clean_streams()
    output.hide(Redaction([SECRET]))
    return heard


def test_every_way_of_saying_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables, sentences, JSON, questions and what other libraries write pass the cleaner."""
    said = listening(monkeypatch)
    output.show(f"show {SECRET}")
    output.show(Text(f"text {SECRET}"))
    output.talk(f"talk {SECRET}")
    output.emit({"emit": SECRET})
    typer.echo(f"echo {SECRET}")
    sys.stderr.writelines([f"line {SECRET}\n"])
    assert SECRET not in said.getvalue()
    assert said.getvalue().count("[removed]") == 6


def test_secret_is_gone_before_a_table_cuts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret with a space in it is not left over two lines of a narrow column."""
    listening(monkeypatch)
    assert SECRET not in tables._plain(f"reason {SECRET}").plain


def test_failure_of_the_software_is_one_sentence_and_its_details_are_in_the_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody sees a traceback where the code itself fails; the log has it, without secrets and locals."""
    said = listening(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RPA_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("RPA_ADP__PASSWORD", SECRET)

    def broken(_office: Office) -> None:
        local = "-".join("local")
        raise RuntimeError(f"no {SECRET} of {len(local)}")

    monkeypatch.setattr(Office, "journal", property(broken))
    monkeypatch.setattr(sys, "argv", ["rpa", "runs", "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    log = (tmp_path / "state" / "logs" / "rpa.jsonl").read_text("utf-8")
    assert ended.value.code == RpaError.exit_code
    assert "The software failed: RuntimeError." in said.getvalue()
    assert "Traceback" not in said.getvalue()
    assert "no [removed] of 9" in log
    assert '"name": "broken"' in log
    assert SECRET not in log + said.getvalue()
    assert "l-o-c-a-l" not in log


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


@pytest.mark.parametrize("words", [["show"], ["show", "--json"]])
def test_a_stream_that_is_no_utf8_is_cleaned_too(tmp_path: Path, words: list[str]) -> None:
    """Where Typer writes past the stream, as on a Windows console, secrets stay in all the same."""
    told = subprocess.run(
        [sys.executable, "-m", "rpa", words[0], SECRET, *words[1:]],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONIOENCODING": "ascii",
            "RPA_ADP__PASSWORD": SECRET,
            "RPA_STATE_DIR": "state",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 2
    assert "[removed]" in told.stderr
    assert SECRET not in told.stdout + told.stderr
