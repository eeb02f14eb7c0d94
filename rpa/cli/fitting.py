"""`rpa doctor`, `calibrate`, `login`, `support-bundle`: does the software fit this site, and if not, why."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rpa.cli.options import AsJson, Yes


class PortalName(StrEnum):
    """The portals that a session can be kept of."""

    ADP = "adp"
    BLACKDASH = "blackdash"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(doctor)
    app.command()(calibrate)
    app.command()(login)
    app.command("support-bundle")(support_bundle)


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


def login(
    portal: Annotated[PortalName, typer.Argument(show_default=False)],
    with_password: Annotated[
        bool,
        typer.Option("--with-password", help="No window: use the password that is set; ask for a code only."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Sign in once by hand, in a browser window. The session is kept, encrypted, for the runs of the day.

    Example: rpa login adp
    """
    from rpa.cli import signing_in

    raise typer.Exit(signing_in.sign_in(portal.value, with_password=with_password, as_json=as_json))


def support_bundle(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Pack log, settings, portals.toml and the last examination into a zip, without secrets and people.

    Example: rpa support-bundle
    """
    from rpa.cli import bundling

    bundling.bundle(file, as_json=as_json)
