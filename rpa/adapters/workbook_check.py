"""Looks through a workbook before a parser does: is it one, is it a bomb, and what would a parser hide?

A parser of workbooks allocates every cell between the first and the last, and unpacks what it is given:
files of a few kilobytes have taken gigabytes. It also gives errors (#N/A) and formulas without a stored
result as empty cells, and does not tell which rows are hidden.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from rpa.adapters.cell_styles import CellStyles
from rpa.adapters.cells import MEGABYTE, BadCell, Limits, refused
from rpa.adapters.shared_texts import shared_lengths
from rpa.adapters.sheet_scan import SheetScan
from rpa.adapters.workbook_xml import Malformed, check_announcements, relations, workbook_sheets

RELATIONS = "xl/_rels/workbook.xml.rels"
MOST_PARTS = 5_000
SMALL = 5 * MEGABYTE

_LOCAL_HEADER = 30
_ENCRYPTED_FLAG = 0x1
_SAVE_AGAIN = "Open it in Excel and save it again as XLSX."
_TOO_BIG = "Copy only the list of agents into a new workbook."


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLook:
    """A visible sheet: the extent of its content, its unusable cells by (row, column) from 0.

    `padded` are the numbers that are shown with leading zeros, by place, with their digits.
    """

    name: str
    last_row: int
    last_column: int
    hidden_rows: tuple[int, ...] = ()
    bad: dict[tuple[int, int], BadCell] = field(default_factory=dict)
    padded: dict[tuple[int, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookLook:
    """The visible sheets of a workbook in their order."""

    sheets: tuple[SheetLook, ...]
    date1904: bool


def look_into(path: Path, content: bytes, limits: Limits) -> WorkbookLook:
    """What is in the workbook; UsageError where it is none, is damaged or is too big to read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_kind(path, archive)
            _check_sizes(path, archive, content, limits)
            return _look(path, Parts(archive), limits)
    except Malformed as error:
        raise refused(path, f"is damaged: {error}", _SAVE_AGAIN) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise refused(path, f"is a damaged workbook ({error})", _SAVE_AGAIN) from None


def _check_kind(path: Path, archive: zipfile.ZipFile) -> None:
    names = {entry.filename.lstrip("/").lower() for entry in archive.infolist()}
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in archive.infolist()):
        raise refused(path, "is protected with a password", "Save it without a password.")
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise refused(path, "is a binary workbook (.xlsb)", "Save it as XLSX.")
    if "mimetype" in names and "content.xml" in names:
        raise refused(path, "is an OpenDocument file (.ods)", "Save it as XLSX.")
    if "word/document.xml" in names:
        raise refused(path, "is a Word document", "Give the list of agents as XLSX or CSV.")
    raise refused(path, "is a zip file, but no workbook", "Unpack it, and name the XLSX or CSV in it.")


def _check_sizes(path: Path, archive: zipfile.ZipFile, content: bytes, limits: Limits) -> None:
    """Refuse a bomb by what it declares, then by what it really unpacks to, without keeping that."""
    parts = archive.infolist()
    declared = sum(part.file_size for part in parts)
    most = min(limits.unzipped_bytes, max(SMALL, len(content) * limits.ratio))
    too_big = f"unpacks to more than {most / MEGABYTE:.3g} MB, far too much for a list of agents"
    if len(parts) > MOST_PARTS or declared > most:
        raise refused(path, too_big, _TOO_BIG)
    left = most
    for part in parts:
        size = 0
        for chunk in _unpacked(part, content):
            size += chunk
            if size > left:
                raise refused(path, too_big, _TOO_BIG)
        if size != part.file_size:
            raise Malformed(f"{part.filename} is not as long as it says")
        left -= size


def _unpacked(part: zipfile.ZipInfo, content: bytes) -> Iterator[int]:
    """The lengths of the pieces that a part really unpacks to, whatever it declares."""
    header = content[part.header_offset : part.header_offset + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER:
        raise Malformed(f"{part.filename} is missing")
    names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    begin = part.header_offset + _LOCAL_HEADER + names
    packed = content[begin : begin + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield len(packed)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise Malformed(f"{part.filename} is packed in a way that Excel does not use")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not unpacker.eof:
        chunk = unpacker.decompress(packed, MEGABYTE)
        yield len(chunk)
        packed = unpacker.unconsumed_tail


class Parts:
    """The parts of the zip by name, in any case, as workbooks refer to them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lstrip("/").lower(): name for name in archive.namelist()}
        if len(self._names) < len(archive.namelist()):
            raise Malformed("it has two parts of one name")

    def name(self, name: str) -> str:
        """The part's name as the zip spells it."""
        if name.lower() not in self._names:
            raise Malformed(f"{name} is missing")
        return self._names[name.lower()]

    def read(self, name: str) -> bytes:
        return self._archive.read(self.name(name))

    def beside_the_sheets(self) -> Iterator[str]:
        """The names of texts, formats and what else a parser reads at once."""
        for name in self._names:
            if name.startswith("xl/") and name.count("/") == 1 and name.endswith(".xml"):
                yield name


def _look(path: Path, parts: Parts, limits: Limits) -> WorkbookLook:
    targets = relations(parts.read(RELATIONS))
    strings = next((inside(to) for to in targets.values() if to.lower().endswith("sharedstrings.xml")), "")
    lengths = shared_lengths(parts.read(strings)) if strings else []
    for name in parts.beside_the_sheets():
        if name != strings.lower():  # these have just been read
            check_announcements(parts.read(name))
    book = workbook_sheets(parts.read("xl/workbook.xml"))
    zeros = cell_styles(parts).padded()
    sheets = []
    for name, relation in book.visible:
        if relation not in targets:
            raise Malformed(f"the sheet {name} is missing")
        if "chartsheets/" not in targets[relation]:
            scan = SheetScan(parts.read(inside(targets[relation])), lengths, limits, zeros)
            sheets.append(_seen(path, name, scan))
    return WorkbookLook(sheets=tuple(sheets), date1904=book.date1904)


def _seen(path: Path, name: str, scan: SheetScan) -> SheetLook:
    if scan.too_big:
        raise refused(path, f"is too big: its sheet {name} has {scan.too_big}", _TOO_BIG)
    return SheetLook(
        name=name,
        last_row=scan.last_row,
        last_column=scan.last_column,
        hidden_rows=tuple(row for row in scan.hidden_rows if row <= scan.last_row),
        bad=scan.bad,
        padded=scan.padded,
    )


def cell_styles(parts: Parts) -> CellStyles:
    """The styles of a workbook; none where it has no such part."""
    targets = relations(parts.read(RELATIONS)).values()
    found = next((target for target in targets if target.lower().endswith("styles.xml")), None)
    return CellStyles(parts.read(inside(found)) if found else b"<styleSheet/>")


def inside(target: str) -> str:
    """A relation's target as the name of a part: relative to the workbook, or from the root."""
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
