"""Plans and runs as tables for a terminal of 80 columns or more."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from rpa.cli import output
from rpa.domain.outcomes import MEANINGS, Outcome
from rpa.domain.plans import Plan, PlanRow
from rpa.domain.runs import Run, RunRow
from rpa.domain.values import label, shown

STYLES = {
    Outcome.PLANNED: "bold",
    Outcome.DONE: "green",
    Outcome.UNCHANGED: "dim",
    Outcome.PENDING: "yellow",
    Outcome.DRIFTED: "yellow",
    Outcome.SKIPPED: "yellow",
    Outcome.UNKNOWN: "bold red",
}
WIDEST_NAME = 24
GAP = 2


@dataclass(frozen=True, slots=True)
class _Layout:
    """The widths of the fixed columns, the same in all rows, and the field where there is only one."""

    row: int
    employee: int
    name: int
    outcome: int
    field: str

    @classmethod
    def of(cls, rows: Sequence[PlanRow | RunRow]) -> _Layout:
        fields = {field for row in rows for field in row.after}
        return cls(
            row=_widest("Row", (str(row.row) for row in rows)),
            employee=_widest("Employee", (row.employee_id for row in rows)),
            name=min(WIDEST_NAME, _widest("Name", (row.name for row in rows))),
            outcome=_widest("Outcome", (row.outcome.value for row in rows)),
            field=fields.pop() if len(fields) == 1 else "",
        )

    def line(self, *cells: Text, style: str = "") -> Table:
        """One line of the table; the last cell has the rest of the width."""
        grid = Table.grid(padding=(0, GAP, 0, 0))
        grid.add_column(width=self.row, justify="right", no_wrap=True)
        for width in (self.employee, self.name, self.outcome):
            grid.add_column(width=width, overflow="fold")
        grid.add_column(overflow="fold")
        grid.add_row(*cells, style=style)
        return grid

    def below(self, text: Text, style: str = "") -> Table:
        """Words below a line, from the column of names to the right edge."""
        grid = Table.grid()
        grid.add_column(width=self.row + self.employee + 2 * GAP)
        grid.add_column(overflow="fold")
        grid.add_row("", text, style=style)
        return grid


def plan_table(plan: Plan) -> RenderableType:
    """What the plan will change, refuse and leave."""
    return Group(*_lines(plan.rows), Text(), counts_line(plan.counts))


def run_table(run: Run) -> RenderableType:
    """What became of each agent, and of the rosters."""
    return Group(*_lines(run.rows), Text(), counts_line(run.counts), *roster_lines(run))


def counts_line(counts: Mapping[str, int]) -> Text:
    """How many rows ended with which word, and what the word means."""
    told = [(number, Outcome(word)) for word, number in counts.items()]
    widest = max((len(outcome.value) for _, outcome in told), default=0)
    return Text("\n").join(
        Text.assemble(
            f"{number:>4} ",
            (f"{outcome.value:<{widest}}", _style(outcome)),
            f"  {MEANINGS[outcome]}",
        )
        for number, outcome in told
    )


def roster_lines(run: Run) -> list[Text]:
    """What BlackDash showed of each class; who is missing is named."""
    names = {row.employee_id: row.name for row in run.rows}
    lines = []
    for roster in run.rosters:
        done, trouble = ("listed", "missing") if roster.gone is None else ("gone", "still listed")
        wanted = len(roster.right) + len(roster.wrong)
        line = f"BlackDash, {roster.name}: {len(roster.right)} of {wanted} {done}"
        if roster.wrong:
            told = [f"{employee} {names.get(employee, '')}".strip() for employee in roster.wrong]
            line += f"; {trouble}: {'; '.join(told)}"
        lines.append(_plain(line))
    return lines


def _lines(rows: Sequence[PlanRow | RunRow]) -> list[RenderableType]:
    layout = _Layout.of(rows)
    change = label(layout.field) if layout.field else ""
    titles = map(Text, ("Row", "Employee", "Name", "Outcome", change))
    lines: list[RenderableType] = [layout.line(*titles, style="bold")]
    for row in rows:
        lines += _row(layout, row)
    return lines


def _row(layout: _Layout, row: PlanRow | RunRow) -> list[RenderableType]:
    """The row's line, and below it what does not fit a column."""
    dim = "dim" if row.outcome is Outcome.UNCHANGED else ""
    changes = [(field, _change(row, field)) for field in row.after]
    beside, below = "", []
    if layout.field:
        beside = "".join(change for _, change in changes)
    else:
        below = [f"{label(field)}: {change}" for field, change in changes]
    below += [row.reason] if row.reason else []
    if isinstance(row, RunRow) and row.next_step:
        below.append(f"Next: {row.next_step}")
    outcome = Text(row.outcome.value, _style(row.outcome))
    line = layout.line(
        Text(str(row.row)), _plain(row.employee_id), _plain(row.name), outcome, _plain(beside), style=dim
    )
    return [line, *(layout.below(_plain(text), dim) for text in below)]


def _change(row: PlanRow | RunRow, field: str) -> str:
    return f"{shown(row.before.get(field))} → {shown(row.after[field])}"


def _style(outcome: Outcome) -> str:
    return STYLES.get(outcome, "red")


def _plain(text: str) -> Text:
    """The text without signs that would steer the terminal."""
    text = output.clean(text)  # before it is cut into the lines of a column
    steering = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return Text("".join(" " if unicodedata.category(sign) in steering else sign for sign in text))


def _widest(title: str, texts: Iterable[str]) -> int:
    return max(map(cell_len, [title, *texts]))
