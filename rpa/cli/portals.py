"""`rpa portals`: the mock portals, to try everything on."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(portals)


def portals(context: typer.Context) -> None:
    """Serve mock portals on this machine. `rpa portals -- --help` lists their options.

    Example: rpa portals --agents 240 --lag 60
    """
    import subprocess
    import sys

    # A process of its own: the mock portals and the robot never share a line of code.
    raise typer.Exit(subprocess.call([sys.executable, "-m", "mock_portals", *context.args]))  # noqa: S603
