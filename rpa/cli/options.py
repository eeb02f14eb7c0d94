"""Options that several commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rpa.domain.errors import UsageError

BatchFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="CSV or XLSX; the first row names the columns.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask; needed where there is no terminal.")]
ApplyNow = Annotated[bool, typer.Option("--apply", help="Plan, ask, and apply in one go.")]


def need_terminal() -> None:
    """UsageError where nobody can answer a question."""
    if not sys.stdin.isatty():
        raise UsageError(
            "There is no terminal to ask on.",
            next_step="Nothing was changed. Add --yes to go on without asking.",
        )


def asked_secret(question: str) -> str:
    """What a person types unseen; where there is no terminal, the first line that is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    typed: str = typer.prompt(question, hide_input=True, err=True)
    return typed.strip()
