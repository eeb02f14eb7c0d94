"""Writes cells into a workbook: one sheet's XML, and at most the mark that Excel is to calculate anew."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rpa.adapters.sheet_patch import Sheet, SheetPatch, patched
from rpa.adapters.sheet_places import Place
from rpa.adapters.sound_xml import tags_named
from rpa.adapters.workbook_check import RELATIONS, Parts, cell_styles, inside
from rpa.adapters.workbook_xml import Malformed, relations, sound, workbook_sheets
from rpa.adapters.zip_patch import with_parts
from rpa.domain.errors import TrackerBusy

WORKBOOK = "xl/workbook.xml"

_TAG = rb"""<(?:[\w.-]+:)?%s(?=[\s/>])[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>"""
# The children of a workbook that stand before its calcPr, in the order that the format demands.
_BEFORE_CALCULATION = (b"definedNames", b"externalReferences", b"functionGroups", b"sheets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The sheet that is written to, by its name, and what its values need."""

    sheet: str
    header_row: int
    epoch: date
    as_text: Callable[[date, int], str]


def patch_workbook(
    content: bytes, target: Target, wanted: Mapping[Place, str | date]
) -> tuple[bytes, SheetPatch]:
    """The workbook with these cells written, and what became of each of them.

    All other parts stay as they are packed, byte for byte. Malformed where the workbook cannot be
    understood, TrackerBusy where it must not be written to (protected, digitally signed).
    """
    try:
        return _patch(content, target, wanted)
    except (zipfile.BadZipFile, struct.error, KeyError, ValueError) as error:
        raise error if isinstance(error, Malformed) else Malformed(str(error)) from error


def _patch(content: bytes, target: Target, wanted: Mapping[Place, str | date]) -> tuple[bytes, SheetPatch]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = Parts(archive)
        if any(name.startswith("_xmlsignatures/") for name in archive.namelist()):
            raise TrackerBusy(
                "The tracker is digitally signed, and any change would break the signature.",
                next_step="Nothing was changed. Save it without the signature, and run `rpa tracker sync`.",
            )
        part = parts.name(_sheet_part(parts, target.sheet))
        patch = patched(
            Sheet(
                xml=parts.read(part),
                below=target.header_row,
                styles=cell_styles(parts),
                epoch=target.epoch,
                as_text=target.as_text,
            ),
            wanted,
        )
        changed = {part: patch.xml}
        book = parts.read(WORKBOOK)
        has_formulas = any(any(tags_named(b"f", xml)) for xml in _sheets(archive))
        if has_formulas and (marked := calculating(book)) != book:
            changed[parts.name(WORKBOOK)] = marked
    for xml in changed.values():
        sound(xml)
    return with_parts(content, changed), patch


def calculating(xml: bytes) -> bytes:
    """The workbook's XML with the mark that Excel calculates everything when it opens the file."""
    found = re.search(_TAG % b"calcPr", xml)
    if found:
        if re.search(rb"""\sfullCalcOnLoad\s*=\s*["'](?:1|true)["']""", found[0]):
            return xml
        without = re.sub(rb"""\sfullCalcOnLoad\s*=\s*(?:"[^"]*"|'[^']*')""", b"", found[0])
        ending = b"/>" if without.endswith(b"/>") else b">"
        marked = without[: -len(ending)].rstrip() + b' fullCalcOnLoad="1"' + ending
        return xml[: found.start()] + marked + xml[found.end() :]
    for name in _BEFORE_CALCULATION:
        end = re.search(rb"</((?:[\w.-]+:)?)%s\s*>|<((?:[\w.-]+:)?)%s\s*/>" % (name, name), xml)
        if end:
            mark = b'<%scalcPr fullCalcOnLoad="1"/>' % (end[1] or end[2] or b"")
            return xml[: end.end()] + mark + xml[end.end() :]
    raise Malformed("it lists no sheets")


def _sheet_part(parts: Parts, name: str) -> str:
    targets = relations(parts.read(RELATIONS))
    for sheet, relation in workbook_sheets(parts.read(WORKBOOK)).visible:
        if sheet == name and relation in targets:
            return inside(targets[relation])
    raise Malformed(f"the sheet {name} is missing")


def _sheets(archive: zipfile.ZipFile) -> Iterator[bytes]:
    for name in archive.namelist():
        if "worksheets/" in name and name.endswith(".xml"):
            yield archive.read(name)
