"""`rpa doctor`: does the software still fit this machine, this site, and these portals?"""

from __future__ import annotations

from typing import Annotated

import typer

from rpa.cli.options import AsJson


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(doctor)


def doctor(
    agent: Annotated[
        str, typer.Option(help="An employee id to look at; else one from a roster.", show_default=False)
    ] = "",
    offline: Annotated[
        bool, typer.Option("--offline", help="Only this machine; the portals are left alone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Examine machine, settings and portals. Read-only; says for each locator whether it finds its element.

    Example: rpa doctor
    """
    from rpa.cli import examining

    raise typer.Exit(examining.examine(agent, offline=offline, as_json=as_json))
