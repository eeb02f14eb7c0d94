"""The ESP tracker: the user's own workbook or CSV, read as agents, and written one cell at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import zip_longest
from pathlib import Path

from rpa.adapters import tracker_rows
from rpa.adapters.cell_values import day, shown
from rpa.adapters.cells import BadCell, Cell, Table, Value
from rpa.adapters.delimited_patch import patch_text
from rpa.adapters.sheet_places import Place
from rpa.adapters.tables import read_content, tables_in
from rpa.adapters.tracker_columns import Layout, TrackerSheet, find_sheet, lacking, require
from rpa.adapters.tracker_file import Backups, TrackerFile
from rpa.adapters.tracker_rows import TrackerRead, cell_at, rows_by_id
from rpa.adapters.workbook import values_alone
from rpa.adapters.workbook_patch import Target, patch_workbook
from rpa.adapters.workbook_xml import Malformed
from rpa.domain.agents import Unusable
from rpa.domain.errors import TrackerBusy
from rpa.domain.tracker_cells import CellChange, CellOutcome, CellResult

_AMERICAN = re.compile("[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """The tracker at its place, with the site's layout; without `backups` no copies are kept."""

    path: Path
    layout: Layout
    backups: Backups | None = None

    def read(self, today: date, needs: Sequence[str] = ()) -> TrackerRead:
        """Everybody in the tracker; UsageError where it cannot be read, or lacks a needed column.

        Fields are needed by their names (`call_cert`, `transfer_to_production`); the employee id always is.
        """
        sheet = self._sheet(read_content(self.path))
        require(self.path, sheet, needs)
        return tracker_rows.read_rows(self.path.name, sheet, self.layout, today)

    def write(self, changes: Sequence[CellChange]) -> tuple[CellResult, ...]:
        """Write these cells and nothing else; what became of each, in the order given.

        UsageError where the tracker cannot be read; TrackerBusy where it cannot be written now. In both
        cases nothing was changed.
        """
        file = TrackerFile.opened(self.path)
        sheet = self._sheet(file.content)
        edit = _Edit(sheet)
        for change in changes:
            edit.take(change)
        if edit.wanted:
            try:
                self._patch(file, sheet, edit)
            except Malformed as error:
                raise TrackerBusy(
                    f"The tracker {self.path} cannot be written: {error}.",
                    next_step="Nothing was changed in it. Save it again as XLSX, and run `rpa tracker sync`.",
                ) from error
        return tuple(edit.results)

    def _sheet(self, content: bytes) -> TrackerSheet:
        return find_sheet(self.path, tables_in(self.path, content), self.layout)

    def _patch(self, file: TrackerFile, sheet: TrackerSheet, edit: _Edit) -> None:
        as_text = partial(_day_as_text, sheet)
        if file.content.startswith(b"PK"):
            target = Target(
                sheet=sheet.table.name, header_row=sheet.header_row, epoch=sheet.table.epoch, as_text=as_text
            )
            new, patch = patch_workbook(file.content, target, edit.wanted)
            refused, written = patch.refused, patch.written
        else:
            texts = {
                place: as_text(value, place[1]) if isinstance(value, date) else value
                for place, value in edit.wanted.items()
            }
            new, refused = patch_text(self.path, file.content, texts)
            written = {place: value for place, value in texts.items() if place not in refused}
        edit.refuse(refused)
        if written:
            file.exchange(new, partial(_check, self.path, sheet.table, written), self.backups)


class _Edit:
    """The changes against the sheet as it is now: what is to be written, and what became of the others."""

    def __init__(self, sheet: TrackerSheet) -> None:
        self._sheet = sheet
        self._ids = rows_by_id(sheet)
        self._cells = dict(sheet.rows())
        self.wanted: dict[Place, str | date] = {}
        self.results: list[CellResult] = []
        self._places: list[Place | None] = []

    def take(self, change: CellChange) -> None:
        """Add one change; the cell as an earlier one leaves it is what a later one finds."""
        result, place = self._judged(change)
        self.results.append(result)
        self._places.append(place if result.outcome is CellOutcome.WRITTEN else None)
        if place and result.outcome is CellOutcome.WRITTEN:
            self.wanted[place] = change.value

    def refuse(self, refused: dict[Place, Unusable]) -> None:
        """Take back what the file does not allow."""
        for at, place in enumerate(self._places):
            if place in refused:
                change, why = self.results[at].change, refused[place]
                self.results[at] = _left(
                    change, CellOutcome.REFUSED, f"{self._told(place)} {why.what}", why.mend
                )

    def _judged(self, change: CellChange) -> tuple[CellResult, Place | None]:
        rows = self._ids.get(change.employee_id.casefold(), [])
        if len(rows) != 1:
            numbers = ", ".join(map(str, rows))
            what = f"stands in rows {numbers} of the tracker" if rows else "is not in the tracker"
            return _left(change, CellOutcome.REFUSED, f"{change.employee_id} {what}", _by_hand(change)), None
        # A column that two tasks share can be read for either, and written for none.
        column = self._sheet.column(change.field)
        if column is None:
            lack = lacking(self._sheet, [change.field])
            return _left(change, CellOutcome.NO_COLUMN, f"the tracker {lack.what}", lack.mend), None
        place = (rows[0], column.at)
        stands = self.wanted.get(place, cell_at(self._cells[rows[0]], column.at))
        if _holds(stands, change.value, self._sheet.table):
            return _left(change, CellOutcome.UNCHANGED), place
        if change.seen is not None and not _is_as_seen(stands, change.seen, self._sheet.table):
            what = f"{self._told(place)} holds {shown(stands)!r} now, not {change.seen!r} as before"
            return _left(change, CellOutcome.CHANGED_MEANWHILE, what, _by_hand(change)), place
        return CellResult(change=change, outcome=CellOutcome.WRITTEN), place

    def _told(self, place: Place) -> str:
        column = next(column for column in self._sheet.headers if column.at == place[1])
        return f"row {place[0]}, column {column}"


def _by_hand(change: CellChange) -> str:
    return f"type {change.value} into {change.field!r} by hand where that is right"


def _left(change: CellChange, outcome: CellOutcome, reason: str = "", next_step: str = "") -> CellResult:
    return CellResult(change=change, outcome=outcome, reason=reason, next_step=next_step)


def _holds(cell: Cell, value: str | date, table: Table) -> bool:
    """Whether the cell says this already, in whatever form."""
    if isinstance(value, date):
        with suppress(Unusable):
            return day(cell, table.epoch) == value
        return False
    return shown(cell) == shown(value)


def _is_as_seen(cell: Cell, seen: str, table: Table) -> bool:
    """Whether the cell shows what was seen there; a day is the same in whatever form."""
    if shown(cell) == shown(seen):
        return True
    with suppress(Unusable):
        return (found := day(cell, table.epoch)) is not None and found == day(seen, table.epoch)
    return False


def _day_as_text(sheet: TrackerSheet, value: date, column: int) -> str:
    """The day as the column's other texts write days; YYYY-MM-DD where there are none."""
    texts = (cell_at(cells, column) for _, cells in sheet.rows())
    if any(isinstance(text, str) and _AMERICAN.fullmatch(text) for text in texts):
        return f"{value:%m/%d/%Y}"
    return value.isoformat()


def _check(original: Path, before: Table, written: dict[Place, Value], waiting: Path) -> None:
    """TrackerBusy unless the file on the disk holds the written values, and all others as before."""
    content = waiting.read_bytes()
    if content.startswith(b"PK"):
        found = dict(enumerate(values_alone(content, before.name), start=1))
    else:
        found = dict(tables_in(waiting, content)[0].rows)
    expected = {number: list(cells) for number, cells in before.rows}
    for (row, column), value in written.items():
        cells = expected[row]
        cells += [None] * (column + 1 - len(cells))
        cells[column] = value or None
    for number, cells in expected.items():
        if not _same(found.get(number, ()), cells):
            raise TrackerBusy(
                f"The tracker {original} would not read the same after the change (row {number}).",
                next_step="Nothing was changed in it. Please report this, and which program made it.",
            )


def _same(found: Sequence[Cell], expected: list[Cell]) -> bool:
    """Whether two rows are the same; cells without a usable value and empty ones at the end do not count."""
    return [*found] == expected or all(
        one == other or isinstance(other, BadCell) for one, other in zip_longest(found, expected)
    )
