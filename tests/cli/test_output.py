"""Nothing is said before it was cleaned, whoever says it."""

from __future__ import annotations

import io
import sys

import pytest
import typer
from rich.text import Text

from rpa.cli import output, tables
from rpa.engine.log import Redaction

SECRET = "hunter2!x y"


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
