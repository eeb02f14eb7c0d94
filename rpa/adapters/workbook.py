"""XLSX workbooks: values from calamine, and what calamine hides told for the cells concerned."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from rpa.adapters.cells import (
    EXCEL_EPOCH,
    BadCell,
    Cell,
    Limits,
    PaddedNumber,
    Table,
    Value,
    letters,
    refused,
)
from rpa.adapters.workbook_check import SheetLook, WorkbookLook, look_into
from rpa.adapters.workbook_xml import Malformed

MAC_EPOCH = date(1904, 1, 1)

_SAVE_AGAIN = "Open it in Excel and save it again as XLSX."


def read_workbook(path: Path, content: bytes, limits: Limits) -> tuple[Table, ...]:
    """The visible sheets with content, looked through before the parser sees them."""
    look = look_into(path, content, limits)
    filled = [sheet for sheet in look.sheets if sheet.last_row]
    if not filled:
        raise refused(
            path, "has no visible sheet with content", "Give a row of column names, then the agents."
        )
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return tuple(
            _table(path, book.get_sheet_by_name(sheet.name), sheet, look, limits) for sheet in filled
        )
    except PasswordError:
        raise refused(path, "is protected with a password", "Save it without a password.") from None
    except (CalamineError, ValueError, OverflowError) as error:
        raise refused(path, f"is damaged: {error}", _SAVE_AGAIN) from None


def values_alone(content: bytes, sheet: str) -> tuple[tuple[Cell, ...], ...]:
    """A sheet's rows from the first on as the parser has them, of a workbook that was looked through before.

    Malformed where the parser cannot read it.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OverflowError) as error:
        raise Malformed(str(error)) from None
    return tuple(map(_cells, rows))


def _table(path: Path, sheet: CalamineSheet, seen: SheetLook, look: WorkbookLook, limits: Limits) -> Table:
    bad = dict(seen.bad)
    bad.update(_covered(path, sheet, seen, limits))
    strange = {row for row, _ in (*bad, *seen.padded)}
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    for at, values in enumerate(sheet.to_python(skip_empty_area=False)):
        cells = _cells(values)
        if at in strange:
            cells = tuple(_strange(cell, (at, i), bad, seen.padded) for i, cell in enumerate(cells))
        rows.append((at + 1, cells))
    # A row that holds nothing but errors at its end is cut off by the parser.
    rows.extend(_beyond(len(rows), bad))
    return Table(
        name=seen.name,
        rows=tuple(rows),
        notes=_hidden_note(seen),
        epoch=MAC_EPOCH if look.date1904 else EXCEL_EPOCH,
    )


def _beyond(height: int, bad: dict[tuple[int, int], BadCell]) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    for row in sorted({row for row, _ in bad if row >= height}):
        columns = {column: cell for (at, column), cell in bad.items() if at == row}
        yield row + 1, tuple(columns.get(column) for column in range(max(columns) + 1))


def _covered(
    path: Path, sheet: CalamineSheet, seen: SheetLook, limits: Limits
) -> Iterator[tuple[tuple[int, int], BadCell]]:
    """The cells under merged ones: they are empty in the file, though they do not look so."""
    left = limits.cells
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
        name = f"{letters(first)}{top + 1}:{letters(last)}{bottom + 1}"
        cell = BadCell(
            "", f"is one of the merged cells {name}", "unmerge them and fill in each row", covered=True
        )
        for row in range(top, min(bottom + 1, seen.last_row)):
            for column in range(first, min(last + 1, seen.last_column)):
                left -= 1
                if left < 0:
                    raise refused(path, "has too many merged cells", _SAVE_AGAIN)
                if (row, column) != (top, first) and (row, column) not in seen.bad:
                    yield (row, column), cell


def _hidden_note(seen: SheetLook) -> tuple[str, ...]:
    if not seen.hidden_rows:
        return ()
    shown = _list_of(seen.hidden_rows)
    return (f"Rows that are hidden or filtered out in Excel were read as well: {shown}.",)


def _list_of(numbers: Sequence[int], most: int = 10) -> str:
    more = f" and {len(numbers) - most} more" if len(numbers) > most else ""
    return ", ".join(str(number) for number in numbers[:most]) + more


def _strange(
    cell: Cell,
    place: tuple[int, int],
    bad: Mapping[tuple[int, int], BadCell],
    padded: Mapping[tuple[int, int], int],
) -> Cell:
    """The cell as the user sees it, where that is not what the parser makes of it."""
    if place in padded and isinstance(cell, float):
        cell = PaddedNumber(cell, padded[place])
    return bad.get(place, cell)


def _cells(values: Iterable[Value]) -> tuple[Cell, ...]:
    cells = [None if value == "" else value for value in values]
    if datetime in map(type, cells):
        cells = [cell.date() if isinstance(cell, datetime) else cell for cell in cells]
    return tuple(cells)
