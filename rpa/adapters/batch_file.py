"""A batch: the list of agents that a flow works through, from the manager's own CSV or XLSX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rpa.adapters.tables import Cell, read_table
from rpa.domain.agents import Agent, EmployeeId, employee_id
from rpa.domain.errors import UsageError

ID_COLUMN = "employee id"
COLUMNS = {
    ID_COLUMN: "employee_id",
    "name": "name",
    "site": "site",
    "campaign": "campaign",
    "esp manager": "esp_manager",
    "esp start": "esp_start",
    "esp end": "esp_end",
    "cxp email": "cxp_email",
    "personal email": "personal_email",
}
LETTERS_FOR_DIGITS = str.maketrans("OoIl", "0011")
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_DAYS = range(36_526, 73_051)  # 2000 to 2099
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one cell or row cannot be used: where it is, what stands there, and how to mend it."""

    file: str
    row: int
    column: str
    value: str
    what: str
    mend: str
    employee_id: str = ""

    def __str__(self) -> str:
        shown = self.value if len(self.value) <= 40 else f"{self.value[:37]}…"
        return f"{self.file}, row {self.row}, column {self.column}, {shown!r}: {self.what}. {self.mend}"


@dataclass(frozen=True, slots=True)
class BatchFile:
    """The agents of a file, the rows that cannot be used, and what else there is to say."""

    agents: tuple[Agent, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


class _Unusable(Exception):
    """A cell's value cannot be used."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


def read_batch(
    path: Path, *, sites: frozenset[str] | None = None, campaigns: frozenset[str] | None = None
) -> BatchFile:
    """The batch in this file; a row that cannot be used is a Problem and costs no other row.

    Sites and campaigns are checked where the known ones are given. UsageError where the file as a whole
    cannot be used.
    """
    table = read_table(path)
    rows = [(number, cells) for number, cells in table.rows if any(_text(cell) for cell in cells)]
    if not rows:
        raise UsageError(
            f"{path.name} has no rows.", next_step="Give one row of column names, then the agents."
        )
    header, *body = rows
    columns, notes = _columns(path.name, header[1])
    if not body:
        raise UsageError(
            f"{path.name} has column names, but no agents.", next_step="Give a row for each agent."
        )
    reader = _Rows(path.name, columns, header[1], {"site": sites, "campaign": campaigns})
    found = [reader.read(number, cells) for number, cells in body]
    agents = [one for one in found if isinstance(one, Agent)]
    problems = [problem for one in found if not isinstance(one, Agent) for problem in one]
    doubled = list(_doubled(agents, reader))
    dropped = {problem.row for problem in doubled}
    return BatchFile(
        agents=tuple(agent for agent in agents if agent.row not in dropped),
        problems=tuple(sorted([*problems, *doubled], key=lambda problem: problem.row)),
        notes=(*table.notes, *notes),
    )


def _columns(file: str, header: Sequence[Cell]) -> tuple[dict[int, str], tuple[str, ...]]:
    """Which column holds what; a doubled or missing one is an error, an unknown one is told."""
    columns: dict[int, str] = {}
    unknown: list[str] = []
    for index, cell in enumerate(header):
        name = _column_name(cell)
        if name in columns.values():
            raise UsageError(f"{file} has two columns {name!r}.", next_step="Keep one. Nothing was started.")
        if name in COLUMNS:
            columns[index] = name
        elif name:
            unknown.append(_text(cell))
    if ID_COLUMN not in columns.values():
        near = get_close_matches(ID_COLUMN, [_column_name(cell) for cell in header], n=1)
        meant = f"Is it {near[0]!r}? Call it 'employee id'." if near else "Call the column with the ids so."
        raise UsageError(f"{file} has no column 'employee id' in its first row.", next_step=meant)
    notes = (f"Columns not used: {', '.join(unknown)}.",) if unknown else ()
    return columns, notes


def _column_name(cell: Cell) -> str:
    return re.sub(r"[\s_-]+", " ", _text(cell)).strip().casefold()


class _Rows:
    """Reads one row after the other by the columns of the header."""

    def __init__(
        self,
        file: str,
        columns: Mapping[int, str],
        header: Sequence[Cell],
        allowed: Mapping[str, frozenset[str] | None],
    ) -> None:
        self._file = file
        self._columns = columns
        self._names = {name: f"{_letter(at)} ({_text(header[at])})" for at, name in columns.items()}
        self._readers: dict[str, Callable[[Cell], Any]] = {
            ID_COLUMN: _id,
            "site": lambda cell: _one_of(cell, allowed["site"], "site"),
            "campaign": lambda cell: _one_of(cell, allowed["campaign"], "campaign"),
            "esp start": _date,
            "esp end": _date,
            "cxp email": _email,
            "personal email": _email,
        }

    def read(self, number: int, cells: Sequence[Cell]) -> Agent | list[Problem]:
        """The agent of a row, or everything that is wrong with it."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        given = {name: cells[at] if at < len(cells) else None for at, name in self._columns.items()}
        for name, cell in given.items():
            try:
                values[COLUMNS[name]] = self._readers.get(name, _plain)(cell)
            except _Unusable as why:
                shown = _text(given[ID_COLUMN])
                problems.append(self.problem(number, name, _text(cell), why.what, why.mend, shown))
        return problems or Agent(row=number, **values)

    def problem(self, row: int, name: str, value: str, what: str, mend: str, shown_id: str) -> Problem:
        """A problem in this column."""
        return Problem(self._file, row, self._names[name], value, what, mend, shown_id)


def _doubled(agents: Iterable[Agent], reader: _Rows) -> Iterable[Problem]:
    """The rows that repeat an id: only the repetition of a row that says the same, else all of them."""
    by_id: dict[EmployeeId, list[Agent]] = {}
    for agent in agents:
        by_id.setdefault(agent.employee_id, []).append(agent)
    for agent_id, same in by_id.items():
        first, *others = same
        agree = all(_said(other) == _said(first) for other in others)
        for agent in others if agree else same if others else ():
            rows = ", ".join(str(other.row) for other in same if other is not agent)
            what = f"the id is also in row {rows}" + ("" if agree else ", which says something else of it")
            yield reader.problem(agent.row, ID_COLUMN, agent_id, what, "Keep one row an agent.", agent_id)


def _said(agent: Agent) -> tuple[object, ...]:
    return tuple(getattr(agent, field) for field in COLUMNS.values())


def _text(cell: Cell) -> str:
    """The cell as a person reads it: no odd spaces, and whole numbers without a decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = "" if cell is None else str(cell)
    visible = "".join(" " if sign.isspace() else sign for sign in text if unicodedata.category(sign) != "Cf")
    return " ".join(visible.split())


def _plain(cell: Cell) -> str:
    text = _text(cell)
    if text.startswith(("=", "+", "@", "#")):
        raise _Unusable("this is a formula or an error, not a text", "Type the text itself.")
    if len(text) > LONGEST_TEXT:
        raise _Unusable(f"this is longer than {LONGEST_TEXT} characters", "Check the column.")
    return text


def _id(cell: Cell) -> EmployeeId:
    if isinstance(cell, (bool, date)):
        raise _Unusable(
            "this is no id; Excel has turned it into something else", "Format the column as text."
        )
    text = _plain(cell)
    if not text:
        raise _Unusable("the employee id is missing", "Fill it in, or delete the row.")
    if re.fullmatch(r"[0-9.,]+[eE][+-]?[0-9]+", text) or re.fullmatch(r"-?[0-9]+[.,][0-9]+", text):
        raise _Unusable(
            "Excel has turned the id into a number", "Format the column as text and type it again."
        )
    if found := employee_id(text):
        return found
    digits = text.translate(LETTERS_FOR_DIGITS)
    hint = f"Did you mean {digits}?" if digits != text and employee_id(digits) else "Check it in ADP."
    raise _Unusable(
        "this is no employee id: letters, digits and hyphens, at most 16, at least one digit", hint
    )


def _one_of(cell: Cell, allowed: frozenset[str] | None, what: str) -> str:
    text = _plain(cell)
    if not text or allowed is None:
        return text
    known = {name.casefold(): name for name in allowed}
    if text.casefold() not in known:
        names = ", ".join(sorted(allowed))
        raise _Unusable(f"this is no {what} that is known", f"Known are {names}; others are a setting.")
    return known[text.casefold()]


def _date(cell: Cell) -> date | None:
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and cell.is_integer() and int(cell) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(days=int(cell))
    text = _plain(cell)
    if not text:
        return None
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", text)
    american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        if iso:
            return date(*(int(part) for part in iso.groups()))
        if american:
            month, day, year = (int(part) for part in american.groups())
            return date(year, month, day)
    except ValueError:
        raise _Unusable("there is no such day", "Write it as YYYY-MM-DD.") from None
    raise _Unusable("this is no date that can be read in only one way", "Write it as YYYY-MM-DD.")


def _email(cell: Cell) -> str:
    text = _plain(cell)
    if text and not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", text):
        raise _Unusable("this is no e-mail address", "Correct it, or leave the cell empty.")
    return text


def _letter(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
