"""`rpa trainings`: plan, show, send, link, todo, cancel, meeting."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from rpa.cli.options import AsJson, BatchFile, Yes, asked_secret

Out = Annotated[
    Path | None, typer.Option("--out", metavar="FOLDER", help="Write files there, and nothing else.")
]
ClassName = Annotated[
    str, typer.Argument(metavar="CLASS", help="A planned class's name.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The online trainings of a class.")
    for command in (plan, show, send, link, todo, cancel, meeting):
        group.command(command.__name__)(command)
    app.add_typer(group, name="trainings")


def plan(
    file: BatchFile,
    start: Annotated[
        datetime,
        typer.Option(
            "--start", formats=["%Y-%m-%d"], metavar="DATE", help="The class's first day.", show_default=False
        ),
    ],
    name: Annotated[
        str, typer.Option("--name", help="What the class is called; the file's name by default.")
    ] = "",
    fix: Annotated[
        list[str] | None,
        typer.Option(
            "--fix",
            metavar="SESSION=DATE",
            help="A session's first day, where it cannot follow on; kept until SESSION= is given.",
        ),
    ] = None,
    zone: Annotated[
        str,
        typer.Option(
            "--time-zone",
            metavar="ZONE",
            help="By whose clocks; else those of the plan before, or of most.",
        ),
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Where the picture goes.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Plan every session of the class in FILE, and show it as a table and a picture. Sends nothing.

    Example: rpa trainings plan class-1123.xlsx --start 2026-12-07
    """
    from rpa.cli import training_commands
    from rpa.cli.class_planning import Order

    order = Order(
        name=name or file.stem,
        start=start.date(),
        fixed=dict(map(training_commands.fixed, fix or [])),
        zone=training_commands.zone(zone),
    )
    raise typer.Exit(training_commands.plan(file, order, out, as_json=as_json))


def show(
    name: Annotated[str, typer.Argument(metavar="[CLASS]", help="A planned class; all by default.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show the planned classes that are not over, and draw the picture anew.

    Example: rpa trainings show
    """
    from rpa.cli import training_commands

    training_commands.show(name, as_json=as_json)


def send(name: ClassName, out: Out = None, yes: Yes = False, as_json: AsJson = False) -> None:
    """Invite the class to every session that has a link; who has the newest invite gets no mail.

    Asks before it changes or cancels what is in calendars. Exit code 6: of some mails nobody knows.

    Example: rpa trainings send class-1123
    """
    from rpa.cli import training_sending

    raise typer.Exit(training_sending.send(name, out, yes=yes, as_json=as_json))


def link(
    session: Annotated[
        str, typer.Argument(metavar="SESSION", help="As `rpa trainings todo` names it.", show_default=False)
    ],
    url: Annotated[
        str, typer.Argument(metavar="[URL]", help="The join link; asked for where it is left out.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Keep the join link of SESSION, encrypted; it is told in invites alone.

    Example: rpa trainings link class-1123/onboarding
    """
    from rpa.cli import training_commands

    training_commands.link(session, url.strip() or asked_secret("Join link"), as_json=as_json)


def todo(as_json: AsJson = False) -> None:
    """List what a person must do: rooms to create, invites to send, slow agents, the leaders' meeting.

    Example: rpa trainings todo
    """
    from rpa.cli import training_commands

    training_commands.todo(as_json=as_json)


def cancel(name: ClassName, yes: Yes = False, as_json: AsJson = False) -> None:
    """Take every invite of a class back, and forget its plan and links.

    Example: rpa trainings cancel class-1123
    """
    from rpa.cli import training_sending

    raise typer.Exit(training_sending.cancel(name, yes=yes, as_json=as_json))


def meeting(
    season: Annotated[
        datetime,
        typer.Option(
            "--season",
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="The season's first day.",
            show_default=False,
        ),
    ],
    off: Annotated[bool, typer.Option("--cancel", help="Take the invites of this season back.")] = False,
    out: Out = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Invite the leaders of the teams to their meeting before the season.

    Example: rpa trainings meeting --season 2027-01-11
    """
    from rpa.cli import training_sending

    raise typer.Exit(training_sending.meeting(season.date(), out, off=off, yes=yes, as_json=as_json))
