"""Where in a sheet's XML its cells are, in bytes: so that one can be exchanged and no other byte touched."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from rpa.adapters.cells import index
from rpa.adapters.sheet_cells import CellTag, RowTag, sheet_xml
from rpa.adapters.workbook_xml import YES, Malformed

Place = tuple[int, int]
"""A cell: the row as the spreadsheet counts it, from 1, and the column from 0."""

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_UTF8 = {"", "utf-8", "utf8", "us-ascii", "ascii"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle of cells, its ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, place: Place) -> bool:
        return self.top <= place[0] <= self.bottom and self.left <= place[1] <= self.right


class SheetPlaces:
    """A sheet with the places of the cells that are wanted."""

    def __init__(self, xml: bytes, wanted: Collection[Place]) -> None:
        self._sheet = sheet_xml(xml)
        if self._sheet.encoding not in _UTF8:
            raise Malformed(f"its XML is written in {self._sheet.encoding}, which Excel does not do")
        self.cells: dict[Place, CellTag] = {}
        self._columns = {column for _, column in wanted}
        # An empty row without an end tag has no place for a cell.
        self._rows = {row.number: row for row in self._sheet.rows() if not row.tag.endswith(b"/>")}
        for place in wanted:
            row = self._rows.get(place[0])
            if row and (cell := self._sheet.cell(row, place[1])):
                self.cells[place] = cell
        self.merged = [area(merge.attributes["ref"]) for merge in self._sheet.elements("mergeCell")]
        self.arrays = [
            area(found.attributes["ref"])
            for found in self._sheet.having("ref")
            if found.name == "f" and found.attributes.get("t") in {"array", "dataTable"}
        ]
        self.column_styles = self._styles_of_columns()
        protections = (found.attributes for found in self._sheet.elements("sheetProtection"))
        self.is_protected = any(protection.get("sheet") in YES for protection in protections)

    def tag(self, begin: int) -> bytes:
        """The tag that begins here, whole."""
        return self._sheet.tag(begin)

    def row(self, number: int) -> RowTag | None:
        """The row of this number, where there is one that can have cells."""
        return self._rows.get(number)

    def dimension(self) -> tuple[int, Area] | None:
        """Where the sheet's extent is told, and what it is."""
        for found in self._sheet.elements("dimension", before_data=True):
            if "ref" in found.attributes:
                return found.begin, area(found.attributes["ref"])
        return None

    def after(self, row: RowTag, column: int) -> int:
        """Where a cell that is not there yet goes: before the first one right of it, or behind the last."""
        at = row.begin + len(row.tag)
        for cell in self._sheet.cells(row):
            if cell.column > column:
                return cell.begin
            at = cell.end
        return at

    @cached_property
    def styles(self) -> Mapping[int, list[Place]]:
        """By column: the rows of the styled cells, with their styles."""
        styles = defaultdict(list)
        for row in self._rows.values():
            for cell in self._sheet.cells(row):
                if cell.column in self._columns and cell.style != b"0":
                    styles[cell.column].append((cell.row, int(cell.style)))
        return styles

    def _styles_of_columns(self) -> dict[int, int]:
        styles = {}
        for found in self._sheet.elements("col", before_data=True):
            first, last = int(found.attributes["min"]) - 1, int(found.attributes["max"]) - 1
            for column in self._columns:
                if first <= column <= last:
                    styles[column] = int(found.attributes.get("style", "0"))
        return styles


def area(reference: str) -> Area:
    """The rectangle that a reference such as B2:D4 names."""
    found = _RANGE.fullmatch(reference.upper())
    if found is None:
        raise Malformed(f"it names the cells {reference[:20]!r}")
    left, top, right, bottom = found[1], found[2], found[3] or found[1], found[4] or found[2]
    return Area(top=int(top), left=index(left), bottom=int(bottom), right=index(right))
