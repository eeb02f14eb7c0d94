"""`rpa nightly`, `rpa reports` and `rpa schedule`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rpa.adapters.schedule import Kind
from rpa.cli.options import AsJson

Scheduler = Annotated[
    Kind | None, typer.Option("--kind", help="Which scheduler; this machine's own by default.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(nightly)
    app.command()(reports)
    schedule = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="The nightly check and the reports, by themselves."
    )
    schedule.command("install")(schedule_install)
    schedule.command("show")(schedule_show)
    schedule.command("remove")(schedule_remove)
    schedule.command("run")(schedule_run)
    app.add_typer(schedule, name="schedule")


def nightly(
    no_mail: Annotated[bool, typer.Option("--no-mail", help="Make the report, mail nobody.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find every stuck agent: why, since when, and what to do. Read-only; exit 1 where a source was missing.

    Example: rpa nightly --no-mail
    """
    from rpa.cli import nightly_check

    raise typer.Exit(nightly_check.nightly(mail=not no_mail, as_json=as_json))


def reports(
    send: Annotated[bool, typer.Option("--send", help="Mail each to its team, once a business day.")] = False,
    only: Annotated[str, typer.Option("--only", metavar="NAME", help="This report alone.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Show every row; write the workbooks.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make the five daily reports from the tracker. Sends nothing without --send.

    Example: rpa reports --preview
    """
    from rpa.cli import daily_reports

    raise typer.Exit(daily_reports.reports(send=send, only=only, preview=preview, as_json=as_json))


def schedule_install(kind: Scheduler = None, as_json: AsJson = False) -> None:
    """Have this machine start them each day. A start that was missed is caught up.

    Example: rpa schedule install
    """
    from rpa.cli import scheduling

    scheduling.install(kind, as_json=as_json)


def schedule_show(kind: Scheduler = None, as_json: AsJson = False) -> None:
    """Print what install would write, and what was done today.

    Example: rpa schedule show --kind cron
    """
    from rpa.cli import scheduling

    scheduling.show(kind, as_json=as_json)


def schedule_remove(kind: Scheduler = None, as_json: AsJson = False) -> None:
    """Take it away again.

    Example: rpa schedule remove
    """
    from rpa.cli import scheduling

    scheduling.remove(kind, as_json=as_json)


def schedule_run(
    log: Annotated[
        Path | None, typer.Option("--log", metavar="FILE", help="Add what it says to this file, too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Do what is due today, once: the reports, then the check. What the scheduler starts.

    Example: rpa schedule run
    """
    from rpa.cli import scheduling

    raise typer.Exit(scheduling.run(as_json=as_json, log=log))
