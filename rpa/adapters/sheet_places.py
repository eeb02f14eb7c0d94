"""Where in a sheet's XML its cells are, in bytes: so that one can be exchanged and no other byte touched."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from xml.parsers import expat

from rpa.adapters.cells import index, letters
from rpa.adapters.sheet_xml import Malformed

Place = tuple[int, int]
"""A cell: the row as the spreadsheet counts it, from 1, and the column from 0."""

_TAG = re.compile(rb"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
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


@dataclass(slots=True, kw_only=True)
class CellPlace:
    """A cell's bytes, from its `<` to behind its last `>`."""

    begin: int
    end: int = -1
    style: int = 0
    has_formula: bool = False


@dataclass(slots=True, kw_only=True)
class RowPlace:
    """A row: where its tag begins; `after` is the place for a new cell, by column."""

    begin: int
    style: int = 0
    after: dict[int, int] = field(default_factory=dict)


class SheetPlaces:
    """One pass over a sheet for the cells that are wanted."""

    def __init__(self, xml: bytes, wanted: Collection[Place]) -> None:
        self.xml = xml
        self.cells: dict[Place, CellPlace] = {}
        self.rows: dict[int, RowPlace] = {}
        self.styles: dict[int, list[Place]] = defaultdict(list)  # by column: (row, style) of the styled cells
        self.column_styles: dict[int, int] = {}
        self.merged: list[Area] = []
        self.arrays: list[Area] = []
        self.dimension: tuple[int, Area] | None = None
        self.is_protected = False
        self._wanted = set(wanted)
        self._wanted_rows = {row for row, _ in wanted}
        self._leftmost = min((column for _, column in wanted), default=0)
        self._columns = {letters(column): column for _, column in wanted}
        self._row = 0
        self._open_row: RowPlace | None = None
        self._name = ""
        self._open_cell: CellPlace | None = None
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {}
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.XmlDeclHandler = self._declared
        self._parser.StartElementHandler = self._root
        self._parser.EndElementHandler = self._end
        self._parser.Parse(xml, True)  # noqa: FBT003 - expat takes no name: this is the last piece

    def tag(self, begin: int) -> bytes:
        """The tag that begins here, whole."""
        found = _TAG.match(self.xml, begin)
        if found is None:
            raise Malformed("a tag of its XML does not end")
        return found[0]

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "").lower() not in _UTF8:
            raise Malformed(f"its XML is written in {encoding}, which Excel does not do")

    def _root(self, tag: str, _attributes: dict[str, str]) -> None:
        if b"\0" in self.xml[:4]:
            raise Malformed("its XML is written in UTF-16, which Excel does not do")
        namespace = tag.rpartition("}")[0]
        starts = {
            "row": self._start_row,
            "c": self._start_cell,
            "f": self._formula,
            "dimension": self._dimension,
            "sheetProtection": self._protection,
            "col": self._column_style,
            "mergeCell": lambda attributes: self.merged.append(area(attributes["ref"])),
        }
        self._starts = {f"{namespace}}}{name}": start for name, start in starts.items()}
        self._cell_tag, self._row_tag = f"{namespace}}}c", f"{namespace}}}row"
        self._parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if start := self._starts.get(tag):
            start(attributes)

    def _end(self, tag: str) -> None:
        if tag == self._cell_tag:
            if self._open_cell is not None:
                self._open_cell.end = self._behind(self._open_cell.begin)
                self._open_cell = None
        elif tag == self._row_tag and self._open_row is not None:
            for column in self._columns.values():
                self._open_row.after.setdefault(column, self._parser.CurrentByteIndex)

    def _behind(self, begin: int) -> int:
        tag = self.tag(begin)
        if tag.endswith(b"/>"):
            return begin + len(tag)
        closing = self._parser.CurrentByteIndex
        return closing + len(self.tag(closing))

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._name = ""
        self._open_row = None
        if self._row in self._wanted_rows:
            style = int(attributes.get("s", "0")) if attributes.get("customFormat") in {"1", "true"} else 0
            self._open_row = RowPlace(begin=self._parser.CurrentByteIndex, style=style)
            self.rows[self._row] = self._open_row

    def _start_cell(self, attributes: dict[str, str]) -> None:
        # Cells without a reference follow the one before.
        reference = attributes.get("r") or letters(index(self._name) + 1)
        name = self._name = reference.rstrip("0123456789")
        if self._open_row is not None and (column := index(name)) > self._leftmost:
            self._note_place(self._open_row, column)
        if name not in self._columns:
            return
        style = int(attributes.get("s", "0"))
        if style:
            self.styles[self._columns[name]].append((self._row, style))
        place = (self._row, self._columns[name])
        if place in self._wanted:
            self._open_cell = CellPlace(begin=self._parser.CurrentByteIndex, style=style)
            self.cells[place] = self._open_cell

    def _note_place(self, row: RowPlace, column: int) -> None:
        """The first cell right of a wanted one is where that would go."""
        for wanted in self._columns.values():
            if column > wanted and wanted not in row.after:
                row.after[wanted] = self._parser.CurrentByteIndex

    def _formula(self, attributes: dict[str, str]) -> None:
        if self._open_cell is not None:
            self._open_cell.has_formula = True
        if attributes.get("t") in {"array", "dataTable"} and "ref" in attributes:
            self.arrays.append(area(attributes["ref"]))

    def _dimension(self, attributes: dict[str, str]) -> None:
        if "ref" in attributes:
            self.dimension = (self._parser.CurrentByteIndex, area(attributes["ref"]))

    def _protection(self, attributes: dict[str, str]) -> None:
        self.is_protected = attributes.get("sheet") in {"1", "true"}

    def _column_style(self, attributes: dict[str, str]) -> None:
        first, last = int(attributes["min"]) - 1, int(attributes["max"]) - 1
        for column in self._columns.values():
            if first <= column <= last:
                self.column_styles[column] = int(attributes.get("style", "0"))


def area(reference: str) -> Area:
    """The rectangle that a reference such as B2:D4 names."""
    found = _RANGE.fullmatch(reference.upper())
    if found is None:
        raise Malformed(f"it names the cells {reference[:20]!r}")
    left, top, right, bottom = found[1], found[2], found[3] or found[1], found[4] or found[2]
    return Area(top=int(top), left=index(left), bottom=int(bottom), right=index(right))
