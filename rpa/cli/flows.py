"""`rpa extend`, `clear-uptraining`, `transfer`, `verify`, `apply` and `rehearse`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from rpa.cli.options import ApplyNow, AsJson, BatchFile, Yes
from rpa.domain.extension import Route

if TYPE_CHECKING:
    from rpa.domain.plans import Plan

PlanName = Annotated[
    str, typer.Argument(metavar="PLAN", help="A plan's id, or its JSON file.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(extend)
    app.command("clear-uptraining")(clear_uptraining)
    app.command()(transfer)
    app.command()(verify)
    app.command()(apply)
    app.command()(rehearse)


def extend(
    file: BatchFile,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The new ESP End Date.", metavar="DATE", show_default=False),
    ] = None,
    route: Annotated[Route, typer.Option(help="end-date from five agents on, else uptraining.")] = Route.AUTO,
    apply_now: ApplyNow = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Plan to keep agents in training. Changes nothing without --apply.

    Example: rpa extend class-1123.xlsx --until 2026-12-04
    """
    from rpa.cli import planning

    plan = planning.plan_extension(file, until.date() if until else None, route)
    _plan_or_apply(plan, apply_now=apply_now, yes=yes, as_json=as_json)


def clear_uptraining(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="CSV or XLSX; without it all that are open.", show_default=False
        ),
    ] = None,
    even_if_open: Annotated[
        bool, typer.Option("--even-if-open", help="Also those whose Call Certs the tracker shows as open.")
    ] = False,
    apply_now: ApplyNow = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Plan to erase the Uptraining Class. Without FILE: of all whom `extend` put there and nobody took off.

    Example: rpa clear-uptraining
    """
    from rpa.cli import moving

    plan = moving.plan_clearing(file, even_if_open=even_if_open)
    if plan is None:
        moving.show_nothing_open(as_json=as_json)
        raise typer.Exit(0)
    _plan_or_apply(plan, apply_now=apply_now, yes=yes, as_json=as_json)


def transfer(
    file: BatchFile,
    effective: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Headcount from then; today.", metavar="DATE", show_default=False
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also those whom the tracker shows as transferred.")
    ] = False,
    without_tracker: Annotated[
        bool, typer.Option("--without-tracker", help="You have checked yourself that all is complete.")
    ] = False,
    apply_now: ApplyNow = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Plan to move agents to production. Out of training, then headcount; the tracker comes last.

    Example: rpa transfer class-1123.xlsx
    """
    from rpa.cli import moving

    plan = moving.plan_transfer(
        file, effective.date() if effective else None, again=again, without_tracker=without_tracker
    )
    _plan_or_apply(plan, apply_now=apply_now, yes=yes, as_json=as_json)


def _plan_or_apply(plan: Plan, *, apply_now: bool, yes: bool, as_json: bool) -> NoReturn:
    """Show the plan, and apply it where that was asked for; ends the command."""
    from rpa.cli import applying, planning

    if not (apply_now and as_json):
        planning.show_plan(plan, as_json=as_json)
    if apply_now:
        raise typer.Exit(applying.apply_plan(plan.id, yes=yes, as_json=as_json))
    raise typer.Exit(planning.exit_code(plan))


def verify(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="CSV or XLSX; the first row names the columns.", show_default=False
        ),
    ] = None,
    class_name: Annotated[
        str,
        typer.Option(
            "--class",
            help="Instead of FILE: all on this class of BlackDash.",
            metavar="NAME",
            show_default=False,
        ),
    ] = "",
    wait: Annotated[
        bool, typer.Option("--wait", help="Look until all are right, up to RPA_ROSTER__TIMEOUT.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the class rosters with ADP. Read-only: who is listed, missing, or on a wrong class.

    Example: rpa verify class-1123.xlsx --wait
    """
    from rpa.cli import verifying

    raise typer.Exit(verifying.verify(file, class_name, wait=wait, as_json=as_json))


def apply(plan: PlanName, yes: Yes = False, as_json: AsJson = False) -> None:
    """Do exactly what PLAN says. Each agent is re-read, changed, and read back.

    Example: rpa apply plan-20261123-1f0c3a
    """
    from rpa.cli import applying

    raise typer.Exit(applying.apply_plan(plan, yes=yes, as_json=as_json))


def rehearse(plan: PlanName, as_json: AsJson = False) -> None:
    """Fill every form of PLAN, and cancel. Writing is blocked; it proves rights and fields.

    Example: rpa rehearse plan-20261123-1f0c3a
    """
    from rpa.cli import rehearsing

    raise typer.Exit(rehearsing.rehearse_plan(plan, as_json=as_json))
