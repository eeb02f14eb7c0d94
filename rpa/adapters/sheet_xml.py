"""The XML inside a workbook, read as a stream: no entities, no tree, a limit to everything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from rpa.adapters.cells import BadCell, Limits, index

LONGEST_TEXT = 32_767
MOST_SHEETS = 200
ELEMENTS_PER_CELL = 5

_REFERENCE = re.compile("([A-Za-z]{1,3})([0-9]{1,7})")
_NO_RESULT = ("is a formula without a stored result", "open the file in Excel and save it, or type the value")
_ERROR = ("is an Excel error", "mend the formula, or type the value")


class Malformed(ValueError):
    """The XML is not what a workbook has."""


class _TooBig(Exception):
    pass


@dataclass(frozen=True, slots=True)
class BookSheets:
    """The visible sheets' names with their relations, in order."""

    visible: tuple[tuple[str, str], ...]
    date1904: bool


Heard = Callable[[dict[str, str]], None]


class _Stream:
    """Elements as they come, by their local names; who hears of one that begins, and of one that ends."""

    def __init__(
        self, starts: Mapping[str, Heard] | None = None, ends: Mapping[str, Callable[[], None]] | None = None
    ) -> None:
        self._starts = starts or {}
        self._ends = ends or {}

    def read(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        # A sheet has a million of them: nobody is called who does not listen.
        if self._ends:
            parser.EndElementHandler = self._end
        if type(self).text is not _Stream.text:
            parser.CharacterDataHandler = self.text
        try:
            parser.Parse(xml, True)  # noqa: FBT003 - expat takes no name: this is the last piece
        except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that nobody knows
            raise Malformed(f"its XML cannot be read ({error})") from None

    def text(self, text: str) -> None: ...

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        """Hand the element on, unless it announces more than there can be: parsers make room for that."""
        if "count" in attributes or "uniqueCount" in attributes:
            for number in (attributes.get("count", "0"), attributes.get("uniqueCount", "0")):
                if not re.fullmatch("[0-9]{1,6}", number):
                    raise Malformed(f"it announces {number[:20]!r} {tag[:20]} entries")
        if heard := self._starts.get(tag) or self._starts.get(_local(tag)):
            heard(attributes)

    def _end(self, tag: str) -> None:
        if heard := self._ends.get(tag) or self._ends.get(_local(tag)):
            heard()

    @staticmethod
    def _refuse_doctype(*_: object) -> None:
        raise Malformed("its XML declares a document type, which Excel never does")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


class _Workbook(_Stream):
    def __init__(self) -> None:
        super().__init__({"workbookPr": self._properties, "sheet": self._sheet})
        self.names: list[str] = []
        self.visible: list[tuple[str, str]] = []
        self.date1904 = False

    def _properties(self, attributes: dict[str, str]) -> None:
        self.date1904 = attributes.get("date1904", "0") in {"1", "true"}

    def _sheet(self, attributes: dict[str, str]) -> None:
        self.names.append(attributes.get("name", ""))
        if attributes.get("state", "visible") == "visible":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.visible.append((attributes.get("name", ""), relation))


class _Relations(_Stream):
    def __init__(self) -> None:
        super().__init__({"Relationship": self._relation})
        self.targets: dict[str, str] = {}

    def _relation(self, attributes: dict[str, str]) -> None:
        self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _SharedLengths(_Stream):
    def __init__(self) -> None:
        super().__init__({"si": lambda _: self.lengths.append(0)})
        self.lengths: list[int] = []

    def text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


class SheetScan(_Stream):
    """One pass over a sheet: where its content ends, which cells lost their value, which rows hide.

    `zeros` are the styles that show numbers with leading zeros, with their digits; `padded` has the cells of
    such a style. `too_big` says what there is too much of, and is empty where all is within the limits.
    """

    def __init__(self, shared: list[int], limits: Limits, zeros: Mapping[int, int]) -> None:
        super().__init__(
            {
                "row": self._start_row,
                "c": self._start_cell,
                "f": self._start_formula,
                "v": self._start_value,
                "t": self._start_value,
            },
            {"c": self._end_cell, "v": self._end_value, "t": self._end_value},
        )
        self._shared = shared
        self._zeros = {str(style): digits for style, digits in zeros.items()}
        self._longest_index = len(str(len(shared)))
        self._limits = limits
        self._characters = 0
        self._row = self._column = -1
        self._type = ""
        self._style: str | None = None
        self._value = ""
        self._in_value = self._has_value = self._has_formula = False
        self.last_row = self.last_column = 0
        self.hidden_rows: list[int] = []
        self.bad: dict[tuple[int, int], BadCell] = {}
        self.padded: dict[tuple[int, int], int] = {}
        self.too_big = ""

    def read(self, xml: bytes) -> None:
        try:
            self._check_elements(xml)
            super().read(xml)
        except _TooBig as reason:
            self.too_big = str(reason)

    def text(self, text: str) -> None:
        if self._in_value:
            self._value += text

    def _start_value(self, _attributes: dict[str, str]) -> None:
        self._in_value = self._has_value = True

    def _end_value(self) -> None:
        self._in_value = False

    def _start_formula(self, _attributes: dict[str, str]) -> None:
        self._has_formula = True

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", str(self._row + 2))
        if not re.fullmatch("[0-9]{1,7}", number):
            raise Malformed(f"a row has the number {number[:20]!r}")
        self._row, self._column = int(number) - 1, -1
        if attributes.get("hidden") in {"1", "true"}:
            self.hidden_rows.append(self._row + 1)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._type, self._value = attributes.get("t", "n"), ""
        self._style = attributes.get("s")
        self._has_value = self._has_formula = self._in_value = False
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            return
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise Malformed(f"a cell is named {reference[:20]!r}")
        name, number = found.groups()
        self._row, self._column = int(number) - 1, index(name)

    def _end_cell(self) -> None:
        if not self._has_value and not self._has_formula:
            return
        if self._row >= self.last_row or self._column >= self.last_column:
            self.last_row = max(self.last_row, self._row + 1)
            self.last_column = max(self.last_column, self._column + 1)
            self._check_extent()
        self._check_text()
        if self._type == "e":
            self.bad[self._row, self._column] = BadCell(self._value[:LONGEST_TEXT], *_ERROR)
        elif self._has_formula and not self._has_value:
            self.bad[self._row, self._column] = BadCell("", *_NO_RESULT)
        elif self._style in self._zeros and self._type == "n":
            self.padded[self._row, self._column] = self._zeros[self._style]

    def _check_elements(self, xml: bytes) -> None:
        """Empty cells cost as much as filled ones, so what begins is counted before a parser is asked."""
        if xml.count(b"<") - xml.count(b"</") > self._limits.cells * ELEMENTS_PER_CELL:
            raise _TooBig(f"more than {self._limits.cells:,} cells can hold, empty ones included")

    def _check_extent(self) -> None:
        if self.last_row > self._limits.rows:
            raise _TooBig(f"more than {self._limits.rows:,} rows")
        if self.last_row * self.last_column > self._limits.cells:
            raise _TooBig(f"more than {self._limits.cells:,} cells")

    def _check_text(self) -> None:
        length = len(self._value)
        if self._type == "s" and length <= self._longest_index and self._value.isdecimal():
            at = int(self._value)
            length = self._shared[at] if at < len(self._shared) else length
        self._characters += length
        if length > LONGEST_TEXT:
            raise _TooBig("a cell longer than Excel can hold")
        if self._characters > self._limits.text:
            raise _TooBig("too much text")


def workbook_sheets(xml: bytes) -> BookSheets:
    """The visible sheets that xl/workbook.xml lists."""
    found = _Workbook()
    found.read(xml)
    if len(found.visible) > MOST_SHEETS:
        raise Malformed(f"it has more than {MOST_SHEETS} sheets")
    if len(set(found.names)) < len(found.names):
        raise Malformed("two sheets have the same name")
    return BookSheets(tuple(found.visible), found.date1904)


def relations(xml: bytes) -> dict[str, str]:
    """Targets by relation id."""
    found = _Relations()
    found.read(xml)
    return found.targets


def check_announcements(xml: bytes) -> None:
    """Malformed where the XML declares what no workbook has."""
    _Stream().read(xml)


def shared_lengths(xml: bytes) -> list[int]:
    """How long each shared text is."""
    found = _SharedLengths()
    found.read(xml)
    return found.lengths
