"""`rpa mentors` and `rpa teams`: the people around a class."""

from __future__ import annotations

from typing import Annotated

import typer

from rpa.cli.options import AsJson, BatchFile


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(mentors)
    app.command()(teams)


def mentors(
    file: BatchFile,
    name: Annotated[
        str, typer.Option("--name", help="What the class is called; the file's name by default.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say who can mentor the class in FILE, whether there are enough, and who gets whom.

    Example: rpa mentors class-1123.xlsx
    """
    from rpa.cli import mentoring

    raise typer.Exit(mentoring.mentors(file, name or file.stem, as_json=as_json))


def teams(as_json: AsJson = False) -> None:
    """Say which team updates which columns of the tracker by when, and which one is behind.

    Example: rpa teams
    """
    from rpa.cli import team_updates

    raise typer.Exit(team_updates.teams(as_json=as_json))
