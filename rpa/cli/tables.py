"""Plans and runs as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from rpa.domain.outcomes import MEANINGS, Outcome
from rpa.domain.plans import Plan, PlanRow
from rpa.domain.runs import Run, RunRow
from rpa.domain.values import label, shown

STYLES = {
    Outcome.PLANNED: "bold",
    Outcome.DONE: "green",
    Outcome.UNCHANGED: "dim",
    Outcome.PENDING: "yellow",
    Outcome.UNKNOWN: "bold red",
}


def plan_table(plan: Plan) -> RenderableType:
    """What the plan will change, refuse and leave."""
    return Group(_table(plan.rows), counts_line(plan.counts))


def run_table(run: Run) -> RenderableType:
    """What became of each agent, and of the rosters."""
    return Group(_table(run.rows), counts_line(run.counts), *roster_lines(run))


def counts_line(counts: Mapping[str, int]) -> Text:
    """How many rows ended with which word, and what the word means."""
    lines = [f"{number:>4} {word}: {MEANINGS[Outcome(word)]}" for word, number in counts.items()]
    return Text("\n".join(lines))


def roster_lines(run: Run) -> list[Text]:
    """What BlackDash showed of each class."""
    return [
        Text(
            f"BlackDash, {roster.name}: {len(roster.listed)} listed"
            + (f", missing {', '.join(roster.missing)}" if roster.missing else "")
        )
        for roster in run.rosters
    ]


def _table(rows: Iterable[PlanRow | RunRow]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Row", justify="right", no_wrap=True)
    table.add_column("Employee", no_wrap=True)
    table.add_column("Name")
    table.add_column("Change, and why")
    table.add_column("Outcome", no_wrap=True)
    for row in rows:
        style = STYLES.get(row.outcome, "red")
        told = Text("\n".join(filter(None, [_change(row), row.reason])))
        table.add_row(str(row.row), row.employee_id, Text(row.name), told, Text(row.outcome.value, style))
    return table


def _change(row: PlanRow | RunRow) -> str:
    return "\n".join(
        f"{label(field)}: {shown(row.before.get(field))} → {shown(value)}"
        for field, value in row.after.items()
    )
