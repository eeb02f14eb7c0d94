"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

BatchFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="CSV or XLSX; the first row names the columns.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask; needed where there is no terminal.")]
ApplyNow = Annotated[bool, typer.Option("--apply", help="Plan, ask, and apply in one go.")]
