"""`rpa tracker show` and `rpa tracker sync`."""

from __future__ import annotations

import typer

from rpa.cli.options import AsJson


def register(app: typer.Typer) -> None:
    """Add the commands."""
    tracker = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The ESP tracker.")
    tracker.command("show")(show)
    tracker.command("sync")(sync)
    app.add_typer(tracker, name="tracker")


def show(as_json: AsJson = False) -> None:
    """Print what is read from the tracker: its columns, open tasks, and cells that cannot be read.

    Example: rpa tracker show
    """
    from rpa.cli import tracking

    tracking.show_tracker(as_json=as_json)


def sync(as_json: AsJson = False) -> None:
    """Write what waits for the tracker. For after it was open in Excel while a run wanted to write.

    Example: rpa tracker sync
    """
    from rpa.cli import tracking

    raise typer.Exit(tracking.sync_tracker(as_json=as_json))
