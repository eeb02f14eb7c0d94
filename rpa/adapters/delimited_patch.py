"""Writes fields into a CSV; delimiter, quotes, line ends, encoding and all other fields stay."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from rpa.adapters.delimited_text import MARKS, decoded, dialect
from rpa.adapters.sheet_places import Place
from rpa.adapters.workbook_xml import Malformed
from rpa.domain.agents import Unusable

_FORMULA_STARTS = tuple("=+-@\t\r")
_CODECS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


def patch_text(
    path: Path, content: bytes, wanted: Mapping[Place, str]
) -> tuple[bytes, dict[Place, Unusable]]:
    """The CSV with these fields written, and why others were left alone."""
    text, _ = decoded(path, content)
    begin, delimiter = dialect(text)
    mark, codec = _encoding(content, text)
    fields = _fields(text, begin, delimiter)
    refused: dict[Place, Unusable] = {}
    edits = []
    for (row, column), value in wanted.items():
        if why := _reason_against(value, codec):
            refused[row, column] = why
            continue
        line = fields[row - 1]
        missing = max(0, column - len(line) + 1)
        start, end = line[column] if not missing else (line[-1][1], line[-1][1])
        is_quoted = text[start:end].startswith('"') and not missing
        edits.append((start, end, column, delimiter * missing + _quoted(value, delimiter, always=is_quoted)))
    pieces, at = [], 0
    for start, end, _, new in sorted(edits):
        pieces += [text[at:start], new]
        at = end
    return mark + "".join([*pieces, text[at:]]).encode(codec), refused


def _encoding(content: bytes, text: str) -> tuple[bytes, str]:
    """The byte order mark and the codec that give exactly these bytes again."""
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    for codec in [_CODECS[mark]] if mark else ["utf-8", "cp1252"]:
        try:
            if mark + text.encode(codec) == content:
                return mark, codec
        except UnicodeEncodeError:
            continue
    raise Malformed("its encoding cannot be written again as it was")


def _fields(text: str, begin: int, delimiter: str) -> list[list[tuple[int, int]]]:
    """Where each field of each record stands; as the reader splits them, or Malformed."""
    between = re.escape(delimiter)
    pattern = re.compile(rf'("(?:[^"]|"")*"|[^{between}\r\n]*)({between}|\r\n|\r|\n|\Z)')
    records: list[list[tuple[int, int]]] = []
    record: list[tuple[int, int]] = []
    at = begin
    while at < len(text):
        found = pattern.match(text, at)
        if found is None or found.end() == at:
            raise Malformed(f"its quotation marks cannot be told apart at character {at}")
        record.append(found.span(1))
        at = found.end()
        if found[2] != delimiter or at == len(text):
            if found[2] == delimiter:
                record.append((at, at))
            records.append(record)
            record = []
    _check_against_reader(text, begin, delimiter, records)
    return records


def _check_against_reader(
    text: str, begin: int, delimiter: str, records: list[list[tuple[int, int]]]
) -> None:
    reader = csv.reader(io.StringIO(text[begin:], newline=""), delimiter=delimiter, strict=True)
    ours = [[_unquoted(text[start:end]) for start, end in record] for record in records]
    if ours != [row or [""] for row in reader]:
        raise Malformed("its fields cannot be told apart with certainty")


def _reason_against(value: str, codec: str) -> Unusable | None:
    if value.startswith(_FORMULA_STARTS):
        return Unusable("cannot hold this text: in a CSV it would be a formula", "keep the tracker as XLSX")
    try:
        value.encode(codec)
    except UnicodeEncodeError:
        return Unusable(f"cannot hold this text in {codec}", "save the tracker as CSV UTF-8")
    return None


def _quoted(value: str, delimiter: str, *, always: bool) -> str:
    needs = always or any(sign in value for sign in (delimiter, '"', "\r", "\n"))
    doubled = value.replace('"', '""')
    return f'"{doubled}"' if needs else value


def _unquoted(field: str) -> str:
    return field[1:-1].replace('""', '"') if field.startswith('"') else field
