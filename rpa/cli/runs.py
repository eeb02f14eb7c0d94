"""What is done with a run that has begun: shown, resumed, undone, settled, told of, proven, purged."""

from __future__ import annotations

from typing import Annotated

import typer

from rpa.cli.options import AsJson

RunName = Annotated[str, typer.Argument(metavar="RUN", help="A run's id.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(runs)
    app.command()(show)
    app.command()(resume)
    app.command()(undo)
    app.command()(settle)
    app.command()(history)
    app.command()(purge)
    audit = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The journal, checked.")
    audit.callback()(_audit)
    audit.command("verify")(audit_verify)
    app.add_typer(audit, name="audit")


def runs(as_json: AsJson = False) -> None:
    """List all runs, newest first.

    Example: rpa runs
    """
    from rpa.cli import documents, output
    from rpa.cli.office import Office
    from rpa.settings import load_settings

    office = Office(load_settings())
    told = [office.told(run) for run in office.journal.runs()]
    if as_json:
        output.emit({"runs": [documents.run_document(run) for run in told]})
        return
    if not told:
        output.talk("No runs yet.")
    for run in told:
        words = ", ".join(f"{number} {word}" for word, number in run.counts.items())
        output.show(f"{run.id}  {run.flow} ({run.route})  {run.state}: {words}")


def show(
    run: RunName,
    open_report: Annotated[bool, typer.Option("--open", help="Open the report in the browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what became of each agent of RUN. Writes its report anew.

    Example: rpa show run-20261123-084012-1f0c --open
    """
    from rpa.cli import applying, documents, output, tables
    from rpa.cli.office import Office
    from rpa.settings import load_settings

    office = Office(load_settings())
    told = office.told(run)
    report = office.report(told)
    if as_json:
        output.emit(
            {
                **documents.run_document(told),
                "tracker": applying.tracker_cells(office, told),
                "report": str(report),
            }
        )
    else:
        output.show(tables.run_table(told))
        output.talk(f"Report: {report}")
    if open_report:
        typer.launch(report.as_uri())


def resume(run: RunName, as_json: AsJson = False) -> None:
    """Do what is left of RUN. For after a kill, a crash or a stop; what is done is not touched again.

    Example: rpa resume run-20261123-084012-1f0c
    """
    from rpa.cli import applying

    raise typer.Exit(applying.resume_run(run, as_json=as_json))


def undo(run: RunName, as_json: AsJson = False) -> None:
    """Plan to take RUN back. Every agent it changed gets the values from before, once that is applied.

    Example: rpa undo run-20261123-084012-1f0c
    """
    from rpa.cli import planning

    plan = planning.plan_undo(run)
    planning.show_plan(plan, as_json=as_json)
    raise typer.Exit(planning.exit_code(plan))


def settle(
    run: RunName,
    employee: Annotated[str, typer.Argument(metavar="EMPLOYEE", help="An employee id.", show_default=False)],
    saved: Annotated[
        bool, typer.Option("--saved/--not-saved", help="What ADP shows when you look.", show_default=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Decide an outcome that is unknown. Look in ADP first: was it saved?

    Example: rpa settle run-20261123-084012-1f0c 100482 --saved
    """
    from rpa.cli import settling

    settling.settle_row(run, employee, saved=saved, as_json=as_json)


def history(
    employee: Annotated[str, typer.Argument(metavar="EMPLOYEE", help="An employee id.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Show who changed what of EMPLOYEE. When, from what to what, and by which plan.

    Example: rpa history 100482
    """
    from rpa.cli import settling

    settling.show_history(employee, as_json=as_json)


def purge(
    older_than: Annotated[
        int,
        typer.Option(help="Only what is older than so many days.", min=1, metavar="DAYS", show_default=False),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it they are only named.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete old pictures and reports. Plan copies, mail files and logs too; the journal stays whole.

    Example: rpa purge --older-than 90
    """
    from rpa.cli import purging

    purging.purge(older_than, yes=yes, as_json=as_json)


def _audit() -> None:
    """The journal, checked."""


def audit_verify(as_json: AsJson = False) -> None:
    """Check that no event of the journal was edited, deleted, put in, moved or cut off.

    Example: rpa audit verify
    """
    from rpa.cli import settling

    raise typer.Exit(settling.verify_journal(as_json=as_json))
