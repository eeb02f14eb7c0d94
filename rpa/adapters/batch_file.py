"""A batch: the list of agents that a flow works through, from the manager's own CSV or XLSX."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rpa.adapters import cell_values
from rpa.adapters.batch_columns import COLUMNS, ID_COLUMN, Column, Columns, columns_of, is_known
from rpa.adapters.cells import LIMITS, Cell, Limits, Table, refused
from rpa.adapters.tables import read_tables
from rpa.domain.agents import Agent, Unusable
from rpa.domain.errors import UsageError

LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a row cannot be used: where, what stands there, what is wrong with it, the mend.

    `row` is the spreadsheet's own number, `column` the header's name with the letter of the column;
    `employee_id` is what the row has for one, where that is known; `sheet` is given where it matters.
    """

    file: str
    row: int
    column: str
    value: str
    what: str
    mend: str
    employee_id: str = ""
    sheet: str = ""

    def __str__(self) -> str:
        value = self.value if len(self.value) <= LONGEST_SHOWN else f"{self.value[: LONGEST_SHOWN - 1]}…"
        stands = f"{value!r} {self.what}" if value else self.what
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        return f"{self.file}{sheet}, row {self.row}, column {self.column}: {stands}; {self.mend}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFile:
    """The agents of a file, what keeps other rows of it from being used, and what else is to be told."""

    agents: tuple[Agent, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def read_batch(
    path: Path,
    *,
    sites: frozenset[str] | None = None,
    campaigns: frozenset[str] | None = None,
    limits: Limits = LIMITS,
) -> BatchFile:
    """The batch in this file; a row that cannot be used is told by Problems and costs no other row.

    Sites and campaigns are held against the known ones where these are given. UsageError, with
    everything that is wrong, where the file as a whole cannot be used.
    """
    table, notes = _chosen(path, read_tables(path, limits))
    rows = [(number, cells) for number, cells in table.rows if not all(map(cell_values.is_blank, cells))]
    if not rows:
        raise refused(path, "has no content", "Give a row of column names and a row for each agent.")
    (at, header), *body = rows
    columns = columns_of(table, at, header)
    if columns.faults:
        raise UsageError(
            f"{path} cannot be used: {'; '.join(columns.faults)}.",
            next_step="Mend the first row. Nothing was started.",
        )
    reader = _Rows(path.name, table, columns, {"site": sites, "campaign": campaigns})
    drafts = [reader.read(number, cells) for number, cells in body if not reader.is_beside(cells)]
    if not drafts:
        raise refused(path, "has column names, but no agents", "Give a row for each agent.")
    problems = [*(problem for draft in drafts for problem in draft.problems), *_doubled(drafts, reader)]
    invalid = {problem.row for problem in problems}
    beside = [number for number, cells in body if reader.is_beside(cells)]
    return BatchFile(
        agents=tuple(draft.agent() for draft in drafts if draft.row not in invalid),
        problems=tuple(sorted(problems, key=lambda problem: problem.row)),
        notes=(*notes, *table.notes, *columns.notes, *_beside_note(beside)),
    )


def _chosen(path: Path, tables: Sequence[Table]) -> tuple[Table, tuple[str, ...]]:
    """The one sheet whose first row names an employee id; several would be a guess."""
    named = [table for table in tables if _names_ids(table)]
    if len(named) > 1:
        names = ", ".join(table.name for table in named)
        raise refused(path, f"has several sheets of agents: {names}", "Keep one of them in the file.")
    chosen = named[0] if named else tables[0]
    others = ", ".join(table.name for table in tables if table is not chosen)
    return chosen, (f"Only the sheet {chosen.name} was read, not {others}.",) if others else ()


def _names_ids(table: Table) -> bool:
    filled = (cells for _, cells in table.rows if not all(map(cell_values.is_blank, cells)))
    return any(is_known(cell) == ID_COLUMN for cell in next(filled, ()))


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A row on its way to be an agent: values by field, and what is wrong."""

    row: int
    shown_id: str
    values: dict[str, Any]
    problems: list[Problem]

    def agent(self) -> Agent:
        return Agent(row=self.row, **self.values)

    def says_the_same_as(self, other: _Draft) -> bool:
        return not self.problems and not other.problems and self.values == other.values


class _Rows:
    """Reads one row after the other by the columns of the header."""

    def __init__(
        self, file: str, table: Table, columns: Columns, known: Mapping[str, frozenset[str] | None]
    ) -> None:
        self._file = file
        self._ragged = table.ragged
        self._columns = columns
        self._readers: dict[str, Callable[[Cell], Any]] = {
            ID_COLUMN: cell_values.agent_id,
            "name": cell_values.person_name,
            "esp manager": cell_values.person_name,
            "site": partial(cell_values.one_of, known=known["site"], what="site"),
            "campaign": partial(cell_values.one_of, known=known["campaign"], what="campaign"),
            "esp start": partial(cell_values.day, epoch=table.epoch),
            "esp end": partial(cell_values.day, epoch=table.epoch),
            "cxp email": cell_values.email,
            "personal email": cell_values.email,
        }

    def is_beside(self, cells: Sequence[Cell]) -> bool:
        """True for a row with nothing in any known column, such as a remark below the list."""
        blank = all(cell_values.is_blank(_at(cells, column.at)) for column in self._columns.known.values())
        return blank and not self._extra(cells)

    def read(self, number: int, cells: Sequence[Cell]) -> _Draft:
        """The row's values, and everything that is wrong with it."""
        id_cell = _at(cells, self._columns.known[ID_COLUMN].at)
        draft = _Draft(row=number, shown_id=cell_values.shown(id_cell), values={}, problems=[])
        if extra := self._extra(cells):
            draft.problems.append(self._too_many(draft, extra, cells))
        for name, column in self._columns.known.items():
            cell = _at(cells, column.at)
            try:
                draft.values[COLUMNS[name]] = self._readers[name](cell)
            except Unusable as why:
                draft.problems.append(
                    self.problem(draft, column, cell_values.shown(cell), why.what, why.mend)
                )
        self._check_order(draft)
        return draft

    def problem(self, draft: _Draft, column: Column | str, value: str, what: str, mend: str) -> Problem:
        """A problem of this row; a column may be given by its known name."""
        where = self._columns.known[column] if isinstance(column, str) else column
        return Problem(
            file=self._file,
            row=draft.row,
            column=str(where),
            value=value,
            what=what,
            mend=mend,
            employee_id=draft.values.get("employee_id", draft.shown_id),
        )

    def _extra(self, cells: Sequence[Cell]) -> list[int]:
        """Filled cells right of the header, which in a CSV means that the columns have moved."""
        if not self._ragged:
            return []
        width = self._columns.width
        return [at for at, cell in enumerate(cells[width:], start=width) if not cell_values.is_blank(cell)]

    def _too_many(self, draft: _Draft, extra: Sequence[int], cells: Sequence[Cell]) -> Problem:
        return self.problem(
            draft,
            Column(at=extra[0], header=""),
            cell_values.shown(cells[extra[0]]),
            f"stands right of the {self._columns.width} columns that the header names",
            'put a value that has a comma in it between quotation marks ("Last, First")',
        )

    def _check_order(self, draft: _Draft) -> None:
        start, end = draft.values.get("esp_start"), draft.values.get("esp_end")
        if start and end and end < start:
            what = f"is before the ESP start {start}"
            draft.problems.append(
                self.problem(draft, "esp end", str(end), what, "correct one of the two days")
            )


def _doubled(drafts: Sequence[_Draft], reader: _Rows) -> Iterator[Problem]:
    """Rows that repeat an id: the repetition alone where all say the same, else every one of them."""
    by_id: dict[str, list[_Draft]] = {}
    for draft in drafts:
        if "employee_id" in draft.values:
            by_id.setdefault(draft.values["employee_id"].casefold(), []).append(draft)
    for first, *others in by_id.values():
        agree = all(other.says_the_same_as(first) for other in others)
        for draft in others if agree else [first, *others] if others else []:
            rows = [str(other.row) for other in (first, *others) if other is not draft]
            yield reader.problem(
                draft,
                ID_COLUMN,
                draft.values["employee_id"],
                _repeated(rows) if agree else f"{_repeated(rows)} with other values",
                "keep one row for this agent" if agree else "keep the row that is right",
            )


def _repeated(rows: Sequence[str]) -> str:
    return (
        f"stands also in row {rows[0]}" if len(rows) == 1 else f"stands also in rows {', '.join(rows[:10])}"
    )


def _at(cells: Sequence[Cell], at: int) -> Cell:
    return cells[at] if at < len(cells) else None


def _beside_note(rows: Sequence[int]) -> tuple[str, ...]:
    if not rows:
        return ()
    more = f" and {len(rows) - 10} more" if len(rows) > 10 else ""  # noqa: PLR2004 - as many as fit a line
    shown = ", ".join(str(row) for row in rows[:10])
    return (f"Rows that were passed over, as they have nothing in a known column: {shown}{more}.",)
