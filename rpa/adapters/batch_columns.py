"""Which column of a batch file holds what, by the names in its first row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from rpa.adapters.cell_values import is_blank, shown
from rpa.adapters.cells import Cell, Table, letters

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
MOST_SHOWN = 10
LONGEST_SHOWN = 40

_KEYS = {name.replace(" ", ""): name for name in COLUMNS}
# What such a column is called elsewhere; offered as a suggestion, never taken for it.
_OTHER_NAMES = {
    "employee id": "id eid emp empid employee employeeno employeenumber agentid associateid fileno",
    "name": "agent agentname employeename fullname",
    "esp manager": "manager supervisor reportsto",
    "esp start": "start startdate espstartdate",
    "esp end": "end enddate espenddate",
    "cxp email": "email workemail cxp",
    "personal email": "privateemail homeemail",
    "site": "location office",
    "campaign": "client lob",
}
_MEANT = {other: name for name, others in _OTHER_NAMES.items() for other in others.split()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the file: its place from 0, and its name as the file writes it."""

    at: int
    header: str

    def __str__(self) -> str:
        return f"{self.header} ({letters(self.at)})" if self.header else letters(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What the header says: the known columns, what makes the file unusable, what is only told."""

    known: dict[str, Column]
    width: int
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def is_known(cell: Cell) -> str | None:
    """The known column that a header's cell names, in any case, spacing, with underscores or hyphens."""
    return _KEYS.get(header_key(cell))


def columns_of(table: Table, row: int, header: Sequence[Cell]) -> Columns:
    """The columns that this row names."""
    places: dict[str, list[Column]] = {}
    unknown: list[Column] = []
    for at, cell in enumerate(header):
        column = Column(at=at, header=_cut(shown(cell)))
        if name := is_known(cell):
            places.setdefault(name, []).append(column)
        elif not is_blank(cell):
            unknown.append(column)
    faults = [_doubled(row, name, found) for name, found in places.items() if len(found) > 1]
    if ID_COLUMN not in places:
        faults.insert(0, _missing(table, row, unknown))
    known = {name: found[0] for name, found in places.items()}
    return Columns(
        known=known,
        width=max((at for at, cell in enumerate(header) if not is_blank(cell)), default=-1) + 1,
        faults=tuple(faults),
        notes=_told(unknown, known),
    )


def _doubled(row: int, name: str, found: Sequence[Column]) -> str:
    places = " and ".join(str(column) for column in found)
    return f"row {row} names the column {name!r} {len(found)} times, {places}: keep one of them"


def _missing(table: Table, row: int, unknown: Sequence[Column]) -> str:
    """Why there is no column of ids, and which one it may be."""
    where = f" of the sheet {table.name}" if table.name else ""
    what = f"row {row}{where} names no column {ID_COLUMN!r}"
    below = (number for number, cells in table.rows if any(is_known(cell) == ID_COLUMN for cell in cells))
    if (found := next(below, None)) is not None and found > row:
        return f"{what}, row {found} does: delete the rows above it"
    for column in unknown:
        if _nearest(column.header) == ID_COLUMN:
            return f"{what}: if {column} is meant, rename it to {ID_COLUMN!r}"
    if any(any(sign.isdigit() for sign in column.header) for column in unknown):
        return f"{what}: the first row must name the columns, this one looks like an agent"
    return f"{what}: name the column with the ids so"


def _told(unknown: Sequence[Column], known: dict[str, Column]) -> tuple[str, ...]:
    if not unknown:
        return ()
    shown_ones, more = unknown[:MOST_SHOWN], len(unknown) - MOST_SHOWN
    rest = f" and {more} more" if more > 0 else ""
    notes = [f"Columns that are not used: {', '.join(str(column) for column in shown_ones)}{rest}."]
    for column in shown_ones:
        near = _nearest(column.header)
        if near and near not in known:
            notes.append(f"If column {column} is meant to be {near!r}, rename it.")
    return tuple(notes)


def _nearest(header: str) -> str | None:
    key = header_key(header)
    if key in _MEANT:
        return _MEANT[key]
    near = get_close_matches(key, _KEYS, n=1, cutoff=0.75)
    return _KEYS[near[0]] if near else None


def header_key(cell: Cell) -> str:
    """A header without what does not count in it: case, spacing, punctuation."""
    folded = unicodedata.normalize("NFKC", shown(cell)).casefold()
    return re.sub(r"[\W_]+", "", folded)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
