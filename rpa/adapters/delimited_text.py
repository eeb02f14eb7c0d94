"""CSV and its kin: encoding and delimiter found out, rows numbered as a spreadsheet numbers them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rpa.adapters.cells import Limits, Table, refused

DELIMITERS = ",;\t|"
LINES_LOOKED_AT = 20
LOOKED_AT = 100_000

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SAVE_UTF8 = "In Excel: Save As, `CSV UTF-8`."


def read_text(path: Path, content: bytes, limits: Limits) -> Table:
    """The rows of a CSV; a row's number is the one that a spreadsheet shows beside it."""
    text, notes = decoded(path, content)
    begin, delimiter = dialect(text)
    rows: list[tuple[int, tuple[str | None, ...]]] = []
    left = limits.cells
    for number, row in _records(path, text[begin:], delimiter):
        if number > limits.rows:
            raise refused(path, f"has more than {limits.rows:,} rows", "Keep only the agents of this batch.")
        left -= len(row)
        if left < 0:
            raise refused(
                path, f"has more than {limits.cells:,} cells", "Keep only the list of agents in it."
            )
        rows.append((number, tuple(cell or None for cell in row)))
    return Table(name="", rows=tuple(rows), notes=notes, ragged=True)


def _records(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with its number: a quoted line break stays in its row, an empty line is a row."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins, number = 1, 0
    try:
        for number, row in enumerate(reader, start=1):
            yield number, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise refused(
            path,
            f"cannot be read from row {number + 1} on (line {begins}): {error}",
            'Look there for a quotation mark (") that is not closed, or that stands amid a text.',
        ) from None


def dialect(text: str) -> tuple[int, str]:
    """Where the rows begin, behind Excel's own `sep=` line where there is one, and what divides them."""
    told = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    return (told.end(), told[1]) if told else (0, _delimiter(text))


def _delimiter(text: str) -> str:
    """What splits most of the first lines into the same number of cells; quoted ones do not count.

    A title above the header has none, or another one; a comma in the names is not in the header.
    """
    unquoted = re.sub(r'"[^"]*"', "", text[:LOOKED_AT])
    lines = [line for line in unquoted.splitlines() if line.strip()][:LINES_LOOKED_AT]
    return max(DELIMITERS, key=lambda sign: _weight([line.count(sign) for line in lines]))


def _weight(counts: Sequence[int]) -> tuple[int, int, int]:
    """How many lines agree, on how many cells, and what the first of them says."""
    often = Counter(count for count in counts if count)
    lines, count = max(((lines, count) for count, lines in often.items()), default=(0, 0))
    return lines, count, counts[0] if counts else 0


def decoded(path: Path, content: bytes) -> tuple[str, tuple[str, ...]]:
    """By the byte order mark, else strict UTF-8, else the Windows code page, which is told."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            try:
                return content.decode(encoding).removeprefix("\ufeff"), ()
            except UnicodeDecodeError as error:
                what = f"is damaged: from byte {error.start} on it is not {encoding.upper()}"
                raise refused(path, what, _SAVE_UTF8) from None
    if _is_binary(content):
        raise refused(path, "is no text: it has NUL bytes all over", _SAVE_UTF8)
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _windows(path, content)


def _windows(path: Path, content: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        what = f"has an encoding that is not known (byte {error.start}: 0x{content[error.start]:02x})"
        raise refused(path, what, _SAVE_UTF8) from None
    words = dict.fromkeys(word for word in re.split(r"[^\w'-]+", text) if not word.isascii())
    sample = ", ".join(word[:40] for word in list(words)[:3])
    example = f" (such as {sample})" if sample else ""
    return text, (f"The file is not UTF-8 and was read as Windows-1252: check the accents{example}.",)


def _is_binary(content: bytes) -> bool:
    """UTF-16 without its mark, or no text at all; a stray NUL is the matter of its own row."""
    return content.count(0) > len(content) // 10
