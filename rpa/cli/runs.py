"""`rpa runs` and `rpa show`."""

from __future__ import annotations

from typing import Annotated

import typer

from rpa.cli.options import AsJson

RunName = Annotated[str, typer.Argument(metavar="RUN", help="A run's id.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(runs)
    app.command()(show)


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
    """Show what became of each agent of RUN, and write its report.

    Example: rpa show run-20261123-084012-1f0c --open
    """
    from rpa.cli import documents, output, tables
    from rpa.cli.office import Office
    from rpa.settings import load_settings

    office = Office(load_settings())
    told = office.told(run)
    report = office.report(told)
    if as_json:
        output.emit({**documents.run_document(told), "report": str(report)})
    else:
        output.show(tables.run_table(told))
        output.talk(f"Report: {report}")
    if open_report:
        typer.launch(report.as_uri())
