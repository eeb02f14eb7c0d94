"""The XML inside a workbook, read as a stream: no entities, no tree, a limit to everything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
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


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


class _Stream:
    """Elements by their local names, as they come."""

    def read(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        # A sheet has a million of them: nobody is called who does not listen.
        if type(self).end is not _Stream.end:
            parser.EndElementHandler = self._end
        if type(self).text is not _Stream.text:
            parser.CharacterDataHandler = self.text
        try:
            parser.Parse(xml, True)  # noqa: FBT003 - expat takes no name: this is the last piece
        except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that nobody knows
            raise Malformed(f"its XML cannot be read ({error})") from None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        """Hand the element on, unless it announces more than there can be: parsers make room for that."""
        if "count" in attributes or "uniqueCount" in attributes:
            for number in (attributes.get("count", "0"), attributes.get("uniqueCount", "0")):
                if not re.fullmatch("[0-9]{1,6}", number):
                    raise Malformed(f"it announces {number[:20]!r} {tag[:20]} entries")
        self.start(_local(tag), attributes)

    def _end(self, tag: str) -> None:
        self.end(_local(tag))

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...

    def end(self, tag: str) -> None: ...

    def text(self, text: str) -> None: ...

    @staticmethod
    def _refuse_doctype(*_: object) -> None:
        raise Malformed("its XML declares a document type, which Excel never does")


class _Workbook(_Stream):
    def __init__(self) -> None:
        self.names: list[str] = []
        self.visible: list[tuple[str, str]] = []
        self.date1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr":
            self.date1904 = attributes.get("date1904", "0") in {"1", "true"}
        if tag == "sheet":
            self.names.append(attributes.get("name", ""))
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.visible.append((attributes.get("name", ""), relation))


class _Relations(_Stream):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _SharedLengths(_Stream):
    def __init__(self) -> None:
        self.lengths: list[int] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - expat's own shape
        if tag == "si":
            self.lengths.append(0)

    def text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


class SheetScan(_Stream):
    """One pass over a sheet: where its content ends, which cells lost their value, which rows hide.

    `zeros` are the styles that show numbers with leading zeros, with their digits; `padded` has the cells of
    such a style. `too_big` says what there is too much of, and is empty where all is within the limits.
    """

    def __init__(self, shared: list[int], limits: Limits, zeros: Mapping[int, int]) -> None:
        self._shared = shared
        self._zeros = {str(style): digits for style, digits in zeros.items()}
        self._longest_index = len(str(len(shared)))
        self._limits = limits
        self._most_elements = limits.cells * ELEMENTS_PER_CELL
        self._elements = 0
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
            super().read(xml)
        except _TooBig as reason:
            self.too_big = str(reason)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > self._most_elements:
            raise _TooBig("too many cells, empty ones included")
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "row":
            self._start_row(attributes)
        elif tag in {"v", "t"}:
            self._in_value = self._has_value = True
        elif tag == "f":
            self._has_formula = True

    def text(self, text: str) -> None:
        if self._in_value:
            self._value += text

    def end(self, tag: str) -> None:
        if tag in {"v", "t"}:
            self._in_value = False
        elif tag == "c":
            self._end_cell()

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
        self._column += 1
        if "r" not in attributes:
            return
        found = _REFERENCE.fullmatch(attributes["r"])
        if found is None:
            raise Malformed(f"a cell is named {attributes['r'][:20]!r}")
        self._row, self._column = int(found[2]) - 1, index(found[1])

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
