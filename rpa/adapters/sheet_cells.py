"""The rows and cells in a sheet's XML, one after the other, each with the bytes that it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rpa.adapters.cells import index, letters
from rpa.adapters.sound_xml import MORE, OPEN, PREFIX, Attributes, Element, SoundXml, attributes, tags_named
from rpa.adapters.workbook_xml import Malformed

# A cell as most programs write it falls into its pieces; of others, the fifth group and the seventh hold the
# rest. A plain one with a value has three tags more than one without.
_PLAIN = re.compile(
    rb"""<c r="([A-Za-z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?"""
    rb"(?:/>|><v>([^<]+)</v></c>)"
)
_TAGS_OF_VALUE, _TAGS_OF_ROW = 3, 2
_CELL = re.compile(
    (
        rb"""<%sc(?: r="([A-Za-z]{1,3})([0-9]{1,7})")?(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?(%s)\s*"""
        rb"(?:/>|%s(?:<v>([^<]+)</v></c>|(.*?)</%sc\s*>))"
    )
    % (PREFIX, MORE, OPEN, PREFIX),
    re.DOTALL,
)
_END_OF_ROW = re.compile(rb"</%srow\s*>\s*" % PREFIX)
_WITHIN = re.compile(rb"<%s(?:c|row)[\s/>]" % PREFIX)
_VALUE = re.compile(rb"<%s(?:[vt]|is)%s\s*(?:/>|%s([^<]*))" % (PREFIX, MORE, OPEN))
_FORMULA = re.compile(rb"<%sf%s\s*(?:/>|%s)" % (PREFIX, MORE, OPEN))
_REFERENCE = re.compile("([A-Za-z]{1,3})([0-9]{1,7})")
_NUMBERED = re.compile(rb"""<row r="([0-9]{1,7})"%s\s*/?>""" % MORE)
_NUMBER = re.compile("[0-9]{1,7}")


class RowTag(NamedTuple):
    """A row: its number from 1, its bytes from `begin` up to `end`, and its tag."""

    number: int
    begin: int
    end: int
    tag: bytes

    @property
    def attributes(self) -> Attributes:
        """What the tag says."""
        return attributes(self.tag)


class PlainRow(NamedTuple):
    """The cells of a row at once, each with its column's letters, its style, its type and its value.

    They are as they stand, and empty where nothing stands.
    """

    letters: tuple[bytes, ...]
    styles: tuple[bytes, ...]
    types: tuple[bytes, ...]
    values: tuple[bytes, ...]


class CellTag(NamedTuple):
    """A cell: its row from 1, its column from 0, and its bytes from `begin` up to `end`.

    `style` and `type` are as they stand, or what their absence means; `value` is None where none is stored,
    and `formula`, the formula's tag, where there is none.
    """

    row: int
    column: int
    style: bytes
    type: bytes
    value: bytes | None
    formula: bytes | None
    begin: int
    end: int


class SheetXml(SoundXml):
    """The XML of one sheet; Malformed where what it says is not what a sheet has."""

    def __init__(self, xml: bytes) -> None:
        super().__init__(xml)
        data = list(tags_named(b"sheetData", self.plain))
        self._begin = data[0].begin + len(self.tag(data[0].begin)) if data else len(xml)
        self._end = data[-1].begin if data else len(xml)

    def elements(self, name: str, *, before_data: bool = False) -> Iterator[Element]:
        """All elements of this name, of any namespace, or those of them that stand before all rows."""
        end = self._begin if before_data else len(self.plain)
        for found in tags_named(name.encode(), self.plain, 0, end):
            if found.opens:
                yield Element(found.begin, name, attributes(self.tag(found.begin)))

    def rows(self) -> Iterator[RowTag]:
        """Every row in its order; Malformed where one stands within another, or cells in none."""
        tags = (tag.begin for tag in tags_named(b"row", self.plain, self._begin, self._end) if tag.opens)
        begins = [*tags, self._end]
        if self.plain[self._begin : begins[0]].strip():
            raise Malformed("cells stand in no row")
        last = 0
        for begin, end in pairwise(begins):
            yield (row := self._row(begin, end, last))
            last = row.number

    def plain_row(self, row: RowTag) -> PlainRow | None:
        """The cells of a row at once; None where there are none, or one is written as few programs do."""
        if not (found := _PLAIN.findall(self.plain, row.begin, row.end)):
            return None
        letters, numbers, styles, types, values = zip(*found, strict=True)
        with_value = len(found) - values.count(b"")
        tags = _TAGS_OF_ROW + len(found) + _TAGS_OF_VALUE * with_value
        if self.plain.count(b"<", row.begin, row.end) != tags or set(numbers) != {b"%d" % row.number}:
            return None
        return PlainRow(letters, styles, types, values)

    def cells(self, row: RowTag) -> Iterator[CellTag]:
        """The cells of a row in their order; one without a name follows the one before."""
        column = -1
        for found in _CELL.finditer(self.plain, row.begin, row.end):
            cell = self._cell(found, row.number, column)
            if cell.row != row.number:
                raise Malformed(f"row {row.number} has a cell of row {cell.row}")
            column = cell.column
            yield cell

    def cell(self, row: RowTag, column: int) -> CellTag | None:
        """The cell of a row in this column; None where there is none."""
        name = b' r="%s%d"' % (letters(column).encode(), row.number)
        at = self.plain.find(name, row.begin, row.end)
        begin = self.plain.rfind(b"<", row.begin, at) if at >= 0 else row.begin
        if found := _CELL.match(self.plain, begin, row.end):
            cell = self._cell(found, row.number, -1)
            if found[1] is not None and cell.column == column:
                return cell
        return next((cell for cell in self.cells(row) if cell.column == column), None)

    def _row(self, begin: int, end: int, last: int) -> RowTag:
        if found := _NUMBERED.match(self.plain, begin):
            tag, number = found[0], int(found[1])
        else:
            tag = self.tag(begin)
            number = self._row_number(attributes(tag), begin, end, last)
        if tag.endswith(b"/>"):
            is_whole = not self.plain[begin + len(tag) : end].strip()
        else:
            is_whole = self.plain.endswith(b"</row>", begin, end) or bool(
                _END_OF_ROW.fullmatch(self.plain, self.plain.rfind(b"<", begin, end), end)
            )
        if not is_whole:
            raise Malformed(f"row {number} does not end before the next one")
        return RowTag(number, begin, end, tag)

    def _row_number(self, has: Attributes, begin: int, end: int, last: int) -> int:
        """The row's own number, or that of its first cell, or the next one."""
        if (number := has.get("r")) is None:
            first = _CELL.search(self.plain, begin, end)
            return self._cell(first, last + 1, -1).row if first else last + 1
        if not _NUMBER.fullmatch(number):
            raise Malformed(f"a row has the number {number[:20]!r}")
        return int(number)

    def _cell(self, found: re.Match[bytes], row: int, column: int) -> CellTag:
        """The cell that was found in this row, behind one in this column."""
        name, number, style, kind, more, value, inside = found.groups()
        if name is None or more or inside:
            return self._rare_cell(found, row, column)
        column = index(name.decode())
        begin, end = found.span()
        return CellTag(int(number), column, style or b"0", kind or b"n", value, None, begin, end)

    def _rare_cell(self, found: re.Match[bytes], row: int, column: int) -> CellTag:
        """The same of any cell, whatever it has and holds."""
        has = attributes(self.tag(found.start()))
        value, inside = found[6], found[7] or b""
        if _WITHIN.search(inside):
            raise Malformed("a cell stands within another")
        if (name := has.get("r")) is None:
            column += 1
        elif reference := _REFERENCE.fullmatch(name):
            row, column = int(reference[2]), index(reference[1])
        else:
            raise Malformed(f"a cell is named {name[:20]!r}")
        if values := _VALUE.findall(inside):
            value = b"".join(values)
        formula = _FORMULA.search(inside)
        style, kind = has.get("s", "0").encode(), has.get("t", "n").encode()
        begin, end = found.span()
        return CellTag(row, column, style, kind, value, formula[0] if formula else None, begin, end)


@lru_cache(maxsize=1)
def sheet_xml(xml: bytes) -> SheetXml:
    """The sheet; the last one is kept, since a sheet is mostly written right after it was read."""
    return SheetXml(xml)
