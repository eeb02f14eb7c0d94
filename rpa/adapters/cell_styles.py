"""The styles of a workbook: what decides how a cell may be written, and with which zeros a number shows."""

from __future__ import annotations

import re

from rpa.adapters.workbook_xml import new_parser, parse

# The number formats that Excel knows by number alone: days, with and without times, in all languages.
_BUILT_IN_DAYS = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_ZEROS = re.compile("0{2,}")
_NOT_SHOWN = re.compile(r"_.|\[[^\]]*\]")
_NO_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


class CellStyles:
    """The formats that cells refer to by their number."""

    def __init__(self, xml: bytes) -> None:
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []
        self._unlocked: set[int] = set()
        self._dates: dict[int, bool] = {}
        self._inside: list[str] = []
        parser = new_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = lambda _tag: self._inside.pop() and None
        parse(parser, xml)

    def is_date(self, style: int) -> bool:
        """Whether a number with this style is shown as a day."""
        if style not in self._dates:
            self._dates[style] = 0 <= style < len(self._formats) and self._is_day(self._formats[style])
        return self._dates[style]

    def _is_day(self, number: int) -> bool:
        code = _NO_CODE.sub("", self._codes.get(number, "").split(";")[0]).casefold()
        return number in _BUILT_IN_DAYS or ("general" not in code and ("d" in code or "y" in code))

    def padded(self) -> dict[int, int]:
        """The styles that show a number with leading zeros, and the digits that each has at least."""
        codes = {number: _NOT_SHOWN.sub("", code.split(";")[0]) for number, code in self._codes.items()}
        return {
            style: len(codes[number])
            for style, number in enumerate(self._formats)
            if _ZEROS.fullmatch(codes.get(number, ""))
        }

    def is_locked(self, style: int) -> bool:
        """Whether a protected sheet keeps a cell of this style from being changed."""
        return style not in self._unlocked

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._inside.append(name)
        # Conditional formats declare formats of their own, which can have the same numbers.
        if name == "numFmt" and "numFmts" in self._inside and "numFmtId" in attributes:
            self._codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif "cellXfs" in self._inside and name == "xf":
            self._formats.append(int(attributes.get("numFmtId", "0")))
        elif "cellXfs" in self._inside and attributes.get("locked") in {"0", "false"}:
            self._unlocked.add(len(self._formats) - 1)
