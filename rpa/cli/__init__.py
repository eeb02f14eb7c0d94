"""The command line: one module a group of commands, wired together in `office.py` and `desk.py`.

Commands import what they need when they run, so that `rpa --help` answers at once.
"""

from __future__ import annotations

import sys

import typer

from rpa.cli import (
    configuration,
    crew,
    demo,
    fitting,
    flows,
    nights,
    outbox,
    portals,
    runs,
    tracker,
    trainings,
)
from rpa.cli.crash import report_crash
from rpa.cli.output import clean_streams, report_error
from rpa.domain.errors import RpaError

app = typer.Typer(
    name="rpa",
    help=(
        "Moves agents between training and production in ADP and BlackDash: plan first, look at it, "
        "then apply exactly that plan."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (flows, nights, trainings, crew, runs, tracker, outbox, fitting, configuration, demo, portals):
    group.register(app)


def main() -> None:
    """Run one command; errors become one message and the exit code that belongs to them."""
    clean_streams()
    try:
        app()
    except RpaError as error:
        sys.exit(report_error(error))
    except Exception as error:  # noqa: BLE001  the last resort: a sentence for the person, details to the log
        sys.exit(report_crash(error))
