"""`rpa doctor` and `rpa calibrate`: does the software fit this site, and how it is made to."""

from __future__ import annotations

from typing import Annotated

import typer

from rpa.cli.options import AsJson, Yes


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(doctor)
    app.command()(calibrate)


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


def calibrate(
    target: Annotated[
        str,
        typer.Argument(
            metavar="[PORTAL|SCREEN|LOCATOR]",
            help="What to show anew, such as adp.menu; without it, whatever is missing.",
            show_default=False,
        ),
    ] = "",
    agent: Annotated[
        str, typer.Option(help="An employee id to look at; else one from a roster.", show_default=False)
    ] = "",
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Show by clicks what cannot be found. Opens a browser, asks for one click each, writes portals.toml.

    Example: rpa calibrate adp.custom_fields_panel.done
    """
    from rpa.cli import calibrating

    raise typer.Exit(calibrating.calibrate(target, agent, yes=yes, as_json=as_json))
