"""The rows of the tracker as agents; what cannot be read is told, and costs no other row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

from rpa.adapters import cell_values
from rpa.adapters.batch_columns import Column
from rpa.adapters.batch_file import Problem
from rpa.adapters.cells import BadCell, Cell
from rpa.adapters.tracker_columns import HEADERS, ID_FIELD, SHARED, TASKS_OF, Layout, TrackerSheet
from rpa.domain.agents import EmployeeId, Unusable
from rpa.domain.tracker_cells import TRANSFER
from rpa.domain.tracking import REQUIRED, Task, TaskState, TrackedAgent

_TEXTS: Mapping[str, Callable[[Cell], Any]] = {
    "name": cell_values.person_name,
    "esp_manager": cell_values.person_name,
    "site": cell_values.plain_text,
    "campaign": cell_values.plain_text,
    "cxp_email": cell_values.email,
    "personal_email": cell_values.email,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMatch:
    """A field, and the header that it was found under; empty where the tracker has none for it."""

    field: str
    header: str


@dataclass(frozen=True, kw_only=True)
class TrackerRead:
    """What the tracker says.

    An id that stands in several rows is in `doubled` with their numbers and not among the agents, since
    nobody can say which row is right.
    """

    file: str
    sheet: TrackerSheet
    agents: tuple[TrackedAgent, ...]
    problems: tuple[Problem, ...]
    doubled: Mapping[EmployeeId, tuple[int, ...]]
    not_tracked: frozenset[Task] = frozenset()
    notes: tuple[str, ...] = ()

    def agent(self, employee_id: EmployeeId) -> TrackedAgent | None:
        """The agent with this id; the case of its letters does not count."""
        return self._by_id.get(employee_id.casefold())

    def text(self, agent: TrackedAgent, name: str) -> str:
        """What the agent's cell under a field or header shows; empty where there is none."""
        column = self.sheet.column(name)
        return cell_values.shown(cell_at(self._by_row[agent.row], column.at)) if column else ""

    def without_column(self) -> tuple[Task, ...]:
        """The required tasks that the tracker has no column for."""
        return tuple(task for task in REQUIRED if self.sheet.column_for(task.value) is None)

    @cached_property
    def _by_id(self) -> Mapping[str, TrackedAgent]:
        return {agent.employee_id.casefold(): agent for agent in self.agents}

    @cached_property
    def _by_row(self) -> Mapping[int, Sequence[Cell]]:
        return dict(self.sheet.table.rows)

    @property
    def columns(self) -> tuple[ColumnMatch, ...]:
        """Every field and team with its header; tasks that share a column both have it."""
        found = [(name, self.sheet.column_for(name)) for name in HEADERS if name not in SHARED]
        found += [(f"updated by {team}", column) for team, column in self.sheet.teams.items()]
        return tuple(ColumnMatch(field=name, header=str(column or "")) for name, column in found)


def cell_at(cells: Sequence[Cell], at: int) -> Cell:
    """The cell in this place; rows may be shorter than the header."""
    return cells[at] if at < len(cells) else None


def rows_by_id(sheet: TrackerSheet) -> dict[str, list[int]]:
    """The numbers of the rows in which an id stands, by the id in lower case."""
    at = sheet.fields[ID_FIELD].at
    found: dict[str, list[int]] = defaultdict(list)
    for number, cells in sheet.rows():
        try:
            found[cell_values.agent_id(cell_at(cells, at)).casefold()].append(number)
        except Unusable:
            continue
    return found


def read_rows(file: str, sheet: TrackerSheet, layout: Layout, today: date) -> TrackerRead:
    """The agents of the sheet, and the problems of its rows."""
    reader = _Rows(file, sheet, layout, today)
    agents = [agent for number, cells in sheet.rows() if (agent := reader.read(number, cells))]
    doubled = {}
    by_id: dict[str, list[TrackedAgent]] = defaultdict(list)
    for agent in agents:
        by_id[agent.employee_id.casefold()].append(agent)
    for same in by_id.values():
        if len(same) > 1:
            doubled[same[0].employee_id] = tuple(agent.row for agent in same)
            reader.tell_doubled(same)
    missing = [team for team in layout.teams if team not in sheet.teams]
    return TrackerRead(
        file=file,
        sheet=sheet,
        agents=tuple(agent for same in by_id.values() if len(same) == 1 for agent in same),
        problems=tuple(sorted(reader.problems, key=lambda problem: problem.row)),
        doubled=doubled,
        not_tracked=layout.not_tracked,
        notes=(
            *sheet.table.notes,
            *(f"The column {layout.teams[team]!r} of the team {team} is not there." for team in missing),
        ),
    )


class _Rows:
    """Reads one row after the other, and keeps what is wrong with them."""

    def __init__(self, file: str, sheet: TrackerSheet, layout: Layout, today: date) -> None:
        self._file = file
        self._sheet = sheet
        self._layout = layout
        self._today = today
        self._day = partial(cell_values.day, epoch=sheet.table.epoch)
        self._wanted = [*sheet.fields.values(), *sheet.teams.values()]
        self.problems: list[Problem] = []

    def read(self, number: int, cells: Sequence[Cell]) -> TrackedAgent | None:
        """The agent of this row; None where the row has none or its id cannot be read."""
        if all(cell_values.is_blank(cell_at(cells, column.at)) for column in self._wanted):
            return None
        row = _Row(self, number, cells)
        employee_id = row.value(ID_FIELD, cell_values.agent_id)
        if employee_id is None:
            return None
        row.employee_id = employee_id
        transferred, transferred_on = row.state(TRANSFER)
        return TrackedAgent(
            employee_id=employee_id,
            row=number,
            **row.texts(),
            esp_start=row.value("esp_start", self._day),
            esp_end=row.value("esp_end", self._day),
            tasks=self._tasks(row),
            not_tracked=self._layout.not_tracked,
            transferred=transferred,
            transferred_on=transferred_on,
            transfer_cell=row.told(TRANSFER) if transferred is TaskState.UNREADABLE else "",
            updated={
                team: found
                for team, column in self._sheet.teams.items()
                if (found := row.read(column, self._day))
            },
        )

    def _tasks(self, row: _Row) -> dict[Task, TaskState]:
        states = {name: row.state(name)[0] for name in TASKS_OF if name in self._sheet.fields}
        return {task: state for name, state in states.items() for task in TASKS_OF[name]}

    def words(self, cell: Cell) -> tuple[TaskState, date | None]:
        return self._layout.words.state(cell, epoch=self._sheet.table.epoch, today=self._today)

    def column(self, name: str) -> Column | None:
        return self._sheet.fields.get(name)

    def tell(self, row: int, column: Column, value: str, why: Unusable, employee_id: str) -> None:
        self.problems.append(
            Problem(
                file=self._file,
                sheet=self._sheet.table.name,
                row=row,
                column=str(column),
                value=value,
                what=why.what,
                mend=why.mend,
                employee_id=employee_id,
            )
        )

    def tell_doubled(self, same: Sequence[TrackedAgent]) -> None:
        for agent in same:
            others = ", ".join(str(other.row) for other in same if other is not agent)
            why = Unusable(f"stands also in row {others}", "keep the row that is right")
            self.tell(agent.row, self._sheet.fields[ID_FIELD], agent.employee_id, why, agent.employee_id)


class _Row:
    """One row while it is read."""

    def __init__(self, rows: _Rows, number: int, cells: Sequence[Cell]) -> None:
        self._rows = rows
        self._number = number
        self._cells = cells
        self.employee_id = ""

    def read(self, column: Column | None, reader: Callable[[Cell], Any]) -> Any:  # noqa: ANN401 - the reader's
        """What the reader makes of the cell; None where there is no such column, or it cannot be read."""
        if column is None:
            return None
        cell = cell_at(self._cells, column.at)
        if isinstance(cell, BadCell) and cell.covered:
            cell = None
        try:
            return reader(cell)
        except Unusable as why:
            self._rows.tell(self._number, column, cell_values.shown(cell), why, self.employee_id)
            return None

    def value(self, name: str, reader: Callable[[Cell], Any]) -> Any:  # noqa: ANN401 - the reader's
        return self.read(self._rows.column(name), reader)

    def texts(self) -> dict[str, Any]:
        return {name: self.value(name, reader) or "" for name, reader in _TEXTS.items()}

    def told(self, name: str) -> str:
        """Where the cell is, and what it shows."""
        column = self._rows.column(name)
        assert column is not None
        return f"row {self._number}, column {column}: {cell_values.shown(cell_at(self._cells, column.at))!r}"

    def state(self, name: str) -> tuple[TaskState, date | None]:
        column = self._rows.column(name)
        if column is None:
            return TaskState.OPEN, None
        found = self.read(column, self._rows.words)
        return found or (TaskState.UNREADABLE, None)
