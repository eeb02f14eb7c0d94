"""`rpa demo`: a class of made-up agents is extended in mock portals, from the plan to the report."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    headed: Annotated[bool, typer.Option("--headed", help="Show the browser while it works.")] = False,
) -> None:
    """Try everything without credentials. Mock portals, a made-up class, plan, apply, report.

    Example: rpa demo --headed
    """
    from rpa.cli import demonstration

    raise typer.Exit(demonstration.run(headed=headed))
