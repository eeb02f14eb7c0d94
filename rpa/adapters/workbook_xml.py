"""The XML inside a workbook, read as a stream: no entities, no tree, a limit to everything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from xml.parsers import expat

MOST_SHEETS = 200
ANNOUNCING = ("count", "uniqueCount")
YES = frozenset({"1", "true"})


class Malformed(ValueError):
    """The XML is not what a workbook has."""


@dataclass(frozen=True, slots=True)
class BookSheets:
    """The visible sheets' names with their relations, in order."""

    visible: tuple[tuple[str, str], ...]
    date1904: bool


Heard = Callable[[dict[str, str]], None]


class _Stream:
    """Elements as they come; who listens to a local name hears of each that begins."""

    def __init__(self, starts: Mapping[str, Heard] | None = None) -> None:
        self._starts = starts or {}

    def read(self, xml: bytes) -> None:
        parser = new_parser()
        parser.StartElementHandler = self._start
        parse(parser, xml)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        """Hand the element on, unless it announces more than there can be."""
        for name in ANNOUNCING:
            if name in attributes:
                check_announced(_local(tag), attributes[name])
        if heard := self._starts.get(_local(tag)):
            heard(attributes)


class Sound(NamedTuple):
    """XML that can be read: the encoding that it declares, in lower case, or nothing.

    `has_tags_alone` where it has no comments, instructions or marked sections.
    """

    encoding: str
    has_tags_alone: bool


def sound(xml: bytes) -> Sound:
    """What the XML is written like; Malformed where it cannot be read.

    In all encodings that can be read the letters of ASCII have the bytes of ASCII.
    """
    declared, others = [""], list[bool]()
    parser = new_parser()
    parser.XmlDeclHandler = lambda _version, encoding, _standalone: declared.append((encoding or "").lower())
    for other in ("Comment", "ProcessingInstruction", "StartCdataSection"):
        setattr(parser, f"{other}Handler", lambda *_: others.append(True))
    if b"\0" in xml[:4]:
        raise Malformed("its XML is written in UTF-16, which Excel does not do")
    parse(parser, xml)
    return Sound(declared[-1], not others)


def check_announced(name: str, number: str) -> None:
    """Malformed where an element announces more entries than there can be: parsers make room for them."""
    if not re.fullmatch("[0-9]{1,6}", number):
        raise Malformed(f"it announces {number[:20]!r} {name[:20]} entries")


def new_parser() -> expat.XMLParserType:
    """A parser that refuses document types, and with them entities."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def parse(parser: expat.XMLParserType, xml: bytes) -> None:
    """Have the parser call out the whole XML; Malformed where it is not sound."""
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - expat takes no name: this is the last piece
    except Malformed:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: its encoding
        raise Malformed(f"its XML cannot be read ({error})") from None


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
        self.date1904 = attributes.get("date1904", "0") in YES

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
