"""One pass over a sheet: where its content ends, which cells lost their value, which rows hide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress

from rpa.adapters.cells import LONGEST_IN_CELL, BadCell, Limits, index
from rpa.adapters.sheet_cells import CellTag, PlainRow, RowTag, SheetXml, sheet_xml
from rpa.adapters.sound_xml import characters, text_of
from rpa.adapters.workbook_xml import YES

ELEMENTS_PER_CELL = 5
MOST_DIGITS = 10

_NO_RESULT = ("is a formula without a stored result", "open the file in Excel and save it, or type the value")
_ERROR = ("is an Excel error", "mend the formula, or type the value")


class _TooBig(Exception):
    pass


class SheetScan:
    """What a parser of workbooks would hide; Malformed where the sheet cannot be understood.

    `shared` has the lengths of the shared texts. `zeros` are the styles that show numbers with leading
    zeros, with their digits; `padded` has the cells of such a style. `too_big` says what there is too much
    of, and is empty where all is within the limits.
    """

    def __init__(self, xml: bytes, shared: Sequence[int], limits: Limits, zeros: Mapping[int, int]) -> None:
        self._shared = shared
        self._longest = max(shared, default=0)
        self._zeros = {str(style).encode(): digits for style, digits in zeros.items()}
        self._limits = limits
        self._text = 0
        self._columns = _Columns()
        self.last_row = self.last_column = 0
        self.hidden_rows: list[int] = []
        self.bad: dict[tuple[int, int], BadCell] = {}
        self.padded: dict[tuple[int, int], int] = {}
        self.too_big = ""
        try:
            self._check_elements(xml)
            sheet = sheet_xml(xml)
            for row in sheet.rows():
                self._read(sheet, row)
        except _TooBig as reason:
            self.too_big = str(reason)

    def _read(self, sheet: SheetXml, row: RowTag) -> None:
        if b"hidden" in row.tag and row.attributes.get("hidden") in YES:
            self.hidden_rows.append(row.number)
        plain = sheet.plain_row(row)
        if plain is None or not self._took(row, plain):
            for cell in sheet.cells(row):
                self._take(cell)

    def _took(self, row: RowTag, cells: PlainRow) -> bool:
        """Whether the row has nothing to tell of but its extent and its text, which is all that most have."""
        of_shared = tuple(compress(cells.values, map(b"s".__eq__, cells.types)))
        if of_shared and not b"".join(of_shared).isdigit():
            return False
        try:
            text = sum(map(self._shared.__getitem__, map(int, of_shared)))
        except (ValueError, IndexError):
            return False
        lengths = list(map(len, cells.values))
        longest = max(lengths)
        strange = self._longest > LONGEST_IN_CELL or longest > LONGEST_IN_CELL or b"e" in cells.types
        if strange or not self._zeros.keys().isdisjoint(cells.styles):
            return False
        if longest:
            column = max(map(self._columns.__getitem__, compress(cells.letters, cells.values)))
            self._extend(row.number, column)
            self._count(text + sum(lengths) - sum(map(len, of_shared)))
        return True

    def _take(self, cell: CellTag) -> None:
        if cell.value is None and cell.formula is None:
            return
        place = (cell.row - 1, cell.column)
        self._extend(cell.row, cell.column)
        self._count(self._length(cell.value or b"", cell.type))
        if cell.type == b"e":
            self.bad[place] = BadCell(text_of(cell.value or b"")[:LONGEST_IN_CELL], *_ERROR)
        elif cell.formula is not None and not cell.value and cell.type != b"str":
            self.bad[place] = BadCell("", *_NO_RESULT)
        elif cell.style in self._zeros and cell.type == b"n":
            self.padded[place] = self._zeros[cell.style]

    def _check_elements(self, xml: bytes) -> None:
        """Empty cells cost as much as filled ones, so what begins is counted before a parser is asked."""
        if xml.count(b"<") - xml.count(b"</") > self._limits.cells * ELEMENTS_PER_CELL:
            raise _TooBig(f"more than {self._limits.cells:,} cells can hold, empty ones included")

    def _extend(self, row: int, column: int) -> None:
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column + 1)
        if self.last_row > self._limits.rows:
            raise _TooBig(f"more than {self._limits.rows:,} rows")
        if self.last_row * self.last_column > self._limits.cells:
            raise _TooBig(f"more than {self._limits.cells:,} cells")

    def _count(self, text: int) -> None:
        self._text += text
        if self._text > self._limits.text:
            raise _TooBig("too much text")

    def _length(self, value: bytes, kind: bytes) -> int:
        """How many characters the cell has."""
        length = characters(value)
        if kind == b"s":
            # What is no number of a text, a parser takes for any of them.
            is_number = length < MOST_DIGITS and value.isdigit() and int(value) < len(self._shared)
            length = self._shared[int(value)] if is_number else max(length, self._longest)
        if length > LONGEST_IN_CELL:
            raise _TooBig("a cell longer than Excel can hold")
        return length


class _Columns(dict[bytes, int]):
    """The numbers of columns by their letters, each counted once."""

    def __missing__(self, letters: bytes) -> int:
        self[letters] = number = index(letters.decode())
        return number
