"""The mentors list: the manager's own CSV or XLSX of agents who may be trusted with call shadowing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import partial
from pathlib import Path
from typing import Any

from rpa.adapters import cell_values
from rpa.adapters.batch_columns import Column, header_key
from rpa.adapters.batch_file import Problem
from rpa.adapters.cells import BadCell, Cell, refused
from rpa.adapters.tables import read_tables
from rpa.domain.agents import Unusable
from rpa.domain.hours import Hours, parse_hours
from rpa.domain.mentors import Mentor

Readers = Mapping[str, tuple[str, Callable[[Cell], Any]]]

YES = frozenset({"yes", "y", "true", "x", "1"})
NO = frozenset({"", "no", "n", "false", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorsFile:
    """The mentors of a file, and what keeps other rows of it from being used."""

    mentors: tuple[Mentor, ...]
    problems: tuple[Problem, ...]


def read_mentors(
    path: Path, *, sites: frozenset[str] | None = None, campaigns: frozenset[str] | None = None
) -> MentorsFile:
    """The mentors in this file; a row that cannot be used is told, and costs no other row.

    Sites and campaigns are held against the known ones where these are given, and get their spelling.
    UsageError where the file has no column `employee id`, or none `trusted`.
    """
    table = read_tables(path)[0]
    rows = [(number, cells) for number, cells in table.rows if not all(map(cell_values.is_blank, cells))]
    if not rows:
        raise refused(path, "has no content", "Give a row of column names and a row for each mentor.")
    (_, header), *body = rows
    readers: Readers = {
        **_READERS,
        "site": ("site", partial(cell_values.one_of, known=sites, what="site")),
        "campaign": ("campaign", partial(cell_values.one_of, known=campaigns, what="campaign")),
    }
    columns = _columns(header)
    for needed in ("employee id", "trusted"):
        if needed not in columns:
            raise refused(path, f"names no column {needed!r}", "Name it so in the first row.")
    mentors: dict[str, Mentor] = {}
    problems: list[Problem] = []
    for number, cells in body:
        values, wrong = _read(path.name, number, cells, columns, readers)
        if not wrong and values["employee_id"] in mentors:
            wrong = [_repeated(path.name, number, columns, values["employee_id"])]
        problems += wrong
        if not wrong:
            mentors[values["employee_id"]] = Mentor(row=number, **values)
    return MentorsFile(mentors=tuple(mentors.values()), problems=tuple(problems))


def _columns(header: Sequence[Cell]) -> dict[str, Column]:
    known = {header_key(name): name for name in _READERS}
    return {
        known[header_key(cell)]: Column(at=at, header=cell_values.shown(cell))
        for at, cell in reversed(list(enumerate(header)))
        if header_key(cell) in known
    }


def _read(
    file: str, number: int, cells: Sequence[Cell], columns: dict[str, Column], readers: Readers
) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, column in columns.items():
        cell = cells[column.at] if column.at < len(cells) else None
        field, reader = readers[name]
        try:
            values[field] = reader(cell)
        except Unusable as why:
            problems.append(
                Problem(
                    file=file,
                    row=number,
                    column=str(column),
                    value=cell_values.shown(cell),
                    what=why.what,
                    mend=why.mend,
                )
            )
    return values, problems


def _repeated(file: str, number: int, columns: dict[str, Column], employee_id: str) -> Problem:
    return Problem(
        file=file,
        row=number,
        column=str(columns["employee id"]),
        value=employee_id,
        what="stands in an earlier row as well",
        mend="keep one row for this mentor",
    )


def _yes_or_no(cell: Cell) -> bool:
    """A yes or a no; whoever cannot be read is not trusted by accident."""
    if isinstance(cell, bool):
        return cell
    word = cell_values.shown(cell).casefold()
    if word not in YES | NO:
        raise Unusable("is neither yes nor no", "write yes or no")
    return word in YES


def _shift(cell: Cell) -> Hours | None:
    if isinstance(cell, (BadCell, time)) or not (found := cell_values.text(cell)):
        if cell_values.is_blank(cell):
            return None
        raise Unusable("are no hours", "write them as 09:00-17:00")
    try:
        return parse_hours(found)
    except ValueError as why:
        raise Unusable(str(why).removeprefix(repr(found)).strip(), "write them as 09:00-17:00") from None


def _number(cell: Cell) -> int:
    word = cell_values.shown(cell) or "0"
    if not word.isdecimal():
        raise Unusable("is no number", "write how many agents the mentor has from elsewhere")
    return int(word)


_READERS: Readers = {
    "employee id": ("employee_id", cell_values.agent_id),
    "name": ("name", cell_values.person_name),
    "site": ("site", cell_values.plain_text),
    "campaign": ("campaign", cell_values.plain_text),
    "shift": ("shift", _shift),
    "trusted": ("trusted", _yes_or_no),
    "in esp": ("in_esp", _yes_or_no),
    "agents": ("agents", _number),
}
