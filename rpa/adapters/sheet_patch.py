"""Writes single cells into a sheet's XML; every byte beside them stays as it was."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape

from rpa.adapters.cell_styles import CellStyles
from rpa.adapters.cells import LONGEST_IN_CELL, Value, letters
from rpa.adapters.sheet_places import Area, Place, SheetPlaces
from rpa.adapters.sound_xml import prefix_of, without_attributes
from rpa.adapters.workbook_xml import YES
from rpa.domain.agents import Unusable
from rpa.domain.errors import TrackerBusy

_OF_THE_VALUE = frozenset({b"t", b"s", b"vm", b"cm"})
# What XML cannot hold, and what Excel reads as a code for it.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


@dataclass(slots=True, kw_only=True)
class SheetPatch:
    """The sheet's new XML, the value that each written cell holds now, and why others were left alone."""

    xml: bytes
    written: dict[Place, Value] = field(default_factory=dict)
    refused: dict[Place, Unusable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What has to be known of a sheet beside its XML.

    `below` is the row of the header, whose styles are not those of the values; `as_text` writes a day for
    a column that holds no dates.
    """

    xml: bytes
    below: int
    styles: CellStyles
    epoch: date
    as_text: Callable[[date, int], str]


def patched(sheet: Sheet, wanted: Mapping[Place, str | date]) -> SheetPatch:
    """The sheet with these cells written, as far as they may be; TrackerBusy where it is protected."""
    places = SheetPlaces(sheet.xml, wanted)
    patch = SheetPatch(xml=sheet.xml)
    edits: list[tuple[int, int, int, bytes]] = []
    for place, value in wanted.items():
        if why := _reason_against(places, place, value):
            patch.refused[place] = why
            continue
        style = _style(places, sheet, place, value)
        _refuse_protected(places, sheet, place, style)
        written = _written(sheet, place, value, style)
        patch.written[place] = written
        edits.append(_edit(places, place, written, style, sheet.epoch))
    edits += _grown(places, [place for place in patch.written if place not in places.cells])
    patch.xml = _spliced(sheet.xml, edits)
    return patch


def _reason_against(places: SheetPlaces, place: Place, value: str | date) -> Unusable | None:
    by_hand = "look at the cell, and type the value by hand where that is right"
    cell = places.cells.get(place)
    if places.row(place[0]) is None:
        return Unusable("has no row in the sheet's XML", by_hand)
    if (cell and cell.formula is not None) or any(array.holds(place) for array in places.arrays):
        return Unusable("holds a formula, which would be destroyed", by_hand)
    for merge in places.merged:
        if merge.holds(place) and (merge.bottom > merge.top or place != (merge.top, merge.left)):
            return Unusable("is one of merged cells", f"unmerge them; {by_hand}")
    if isinstance(value, str) and (_UNWRITABLE.search(value) or len(value) > LONGEST_IN_CELL):
        return Unusable("cannot hold this text: it is too long or has control characters", by_hand)
    return None


def _style(places: SheetPlaces, sheet: Sheet, place: Place, value: str | date) -> int:
    """The cell's own style; a cell that has none is styled as its neighbours above and below."""
    cell = places.cells.get(place)
    if cell and (cell.style != b"0" or isinstance(value, str)):
        return int(cell.style)
    near = _neighbour(places.styles[place[1]], place[0], sheet.below)
    if near is None:
        near = _style_of_row(places, place[0]) or places.column_styles.get(place[1], 0)
    return 0 if cell and not sheet.styles.is_date(near) else near


def _style_of_row(places: SheetPlaces, number: int) -> int:
    row = places.row(number)
    custom = row and row.attributes.get("customFormat") in YES
    return int(row.attributes.get("s", "0")) if row and custom else 0


def _neighbour(column: list[tuple[int, int]], row: int, below: int) -> int | None:
    above = bisect_left(column, (row, 0)) - 1
    if above >= 0 and column[above][0] > below:
        return column[above][1]
    under = bisect_right(column, (row, 1 << 30))
    return column[under][1] if under < len(column) else None


def _refuse_protected(places: SheetPlaces, sheet: Sheet, place: Place, style: int) -> None:
    if places.is_protected and sheet.styles.is_locked(style):
        raise TrackerBusy(
            f"The tracker's sheet is protected, and {letters(place[1])}{place[0]} is locked in it.",
            next_step="Nothing was changed. Unprotect the sheet or unlock the column; then: rpa tracker sync",
        )


def _written(sheet: Sheet, place: Place, value: str | date, style: int) -> str | date:
    if isinstance(value, str) or sheet.styles.is_date(style):
        return value
    return sheet.as_text(value, place[1])


def _edit(
    places: SheetPlaces, place: Place, value: str | date, style: int, epoch: date
) -> tuple[int, int, int, bytes]:
    """Where to cut, where to go on, the column for the order, and what comes in between."""
    cell = places.cells.get(place)
    if cell:
        tag = places.tag(cell.begin)
        return cell.begin, cell.end, place[1], _cell(tag, value, style, epoch)
    row = places.row(place[0])
    assert row is not None
    prefix = prefix_of(row.tag)
    tag = b'<%sc r="%s%d">' % (prefix, letters(place[1]).encode(), place[0])
    new = _cell(tag, value, style, epoch)
    at = places.after(row, place[1])
    return at, at, place[1], new


def _cell(tag: bytes, value: str | date, style: int, epoch: date) -> bytes:
    """The cell anew: its start tag keeps what is not about the old value."""
    prefix = prefix_of(tag)
    start = without_attributes(tag.rstrip(b"/>").rstrip(), _OF_THE_VALUE)
    if style:
        start += b' s="%d"' % style
    if not value:
        return start + b"/>"
    if isinstance(value, date):
        inside = b"><%sv>%d</%sv></%sc>" % (prefix, (value - epoch).days, prefix, prefix)
        return start + inside
    kept = b' xml:space="preserve"' if value != value.strip() or "\n" in value or "  " in value else b""
    text = escape(value, {"\r": "&#13;"}).encode()
    return b'%s t="inlineStr"><%sis><%st%s>%s</%st></%sis></%sc>' % (
        start, prefix, prefix, kept, text, prefix, prefix, prefix,
    )  # fmt: skip


def _grown(places: SheetPlaces, new: list[Place]) -> list[tuple[int, int, int, bytes]]:
    """The sheet's extent and the rows' spans, where a new cell lies outside of them."""
    edits = []
    if new and (dimension := places.dimension()):
        begin, extent = dimension
        rows, columns = [row for row, _ in new], [column for _, column in new]
        whole = Area(
            top=min(extent.top, *rows),
            left=min(extent.left, *columns),
            bottom=max(extent.bottom, *rows),
            right=max(extent.right, *columns),
        )
        if whole != extent:
            first, last = f"{letters(whole.left)}{whole.top}", f"{letters(whole.right)}{whole.bottom}"
            edits.append(_with_attribute(places, begin, b"ref", f"{first}:{last}".encode()))
    by_row: dict[int, list[int]] = defaultdict(list)
    for number, column in new:
        by_row[number].append(column)
    for number, of_row in by_row.items():
        edits += _widened(places, number, of_row)
    return edits


def _widened(places: SheetPlaces, number: int, columns: list[int]) -> list[tuple[int, int, int, bytes]]:
    row = places.row(number)
    assert row is not None
    found = re.search(rb"""\sspans\s*=\s*["']([0-9]+):([0-9]+)["']""", row.tag)
    if found is None:
        return []
    first, last = (
        min(int(found[1]), *(column + 1 for column in columns)),
        max(int(found[2]), *(column + 1 for column in columns)),
    )
    if (first, last) == (int(found[1]), int(found[2])):
        return []
    return [_with_attribute(places, row.begin, b"spans", b"%d:%d" % (first, last))]


def _with_attribute(
    places: SheetPlaces, begin: int, name: bytes, value: bytes
) -> tuple[int, int, int, bytes]:
    tag = places.tag(begin)
    changed = re.sub(rb"""(\s%s\s*=\s*)(["'])[^"']*["']""" % name, rb"\g<1>\g<2>%s\g<2>" % value, tag)
    return begin, begin + len(tag), -1, changed


def _spliced(xml: bytes, edits: list[tuple[int, int, int, bytes]]) -> bytes:
    pieces, at = [], 0
    for begin, end, _, new in sorted(edits):
        pieces += [xml[at:begin], new]
        at = end
    return b"".join([*pieces, xml[at:]])
