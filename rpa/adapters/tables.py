"""CSV and XLSX files as rows of cells, refused whole where they cannot be what they say they are."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from rpa.domain.errors import UsageError

Cell = str | float | bool | date | None

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
LARGEST_UNZIPPED = 100 * MEGABYTE
MOST_ROWS = 20_000
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK"
CONTROL = {chr(code) for code in range(32)} - set("\t\r\n")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet by the number that the spreadsheet shows; the first is the header."""

    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    notes: tuple[str, ...] = ()


def read_table(path: Path) -> Table:
    """The table in this file; UsageError where it is none."""
    content = _content(path)
    if content.startswith(OLD_EXCEL):
        raise _refused(
            path, "is an old or password-protected Excel file", "Save it as XLSX without a password."
        )
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".txt", ".tsv", ".xlsx", ".xlsm"}:
        raise _refused(path, f"is neither CSV nor XLSX ({suffix or 'no ending'})", "Save it as CSV or XLSX.")
    table = _workbook(path, content) if content.startswith(ZIP) else _text(path, content, suffix)
    if len(table.rows) > MOST_ROWS:
        raise _refused(path, f"has more than {MOST_ROWS} rows", "A batch is a class; split the file.")
    return table


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise _refused(path, "is a folder", "Name the file in it.")
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            limit = LARGEST_FILE // MEGABYTE
            raise _refused(
                path, f"is larger than {limit} MB", "A batch is a list of agents; take the rest out."
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise _refused(path, "is not there", "Check the name and the folder.") from None
    except OSError as error:
        raise _refused(
            path, f"cannot be read ({error.strerror})", "Check the rights, and close it in Excel."
        ) from None
    if not content.strip():
        raise _refused(path, "is empty", "Give one row of column names, and a row for each agent.")
    return content


def _workbook(path: Path, content: bytes) -> Table:
    _check_zip(path, content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
        filled = [(name, sheet) for name, sheet in sheets if sheet.height]
        if not filled:
            raise _refused(path, "has no rows", "Give one row of column names, and a row for each agent.")
        name, sheet = filled[0]
        start = sheet.start[0] if sheet.start else 0
        cells = sheet.to_python(skip_empty_area=True, nrows=MOST_ROWS + 2)
    except (CalamineError, ValueError, OverflowError) as error:
        raise _refused(
            path, f"cannot be read as XLSX ({error})", "Open it in Excel and save it again."
        ) from None
    rows = tuple(
        (number, tuple(_cell(value) for value in row)) for number, row in enumerate(cells, start=start + 1)
    )
    others = ", ".join(other for other, _ in filled[1:])
    notes = (f"Only the sheet {name} was read, not {others}.",) if others else ()
    return Table(rows, notes)


def _check_zip(path: Path, content: bytes) -> None:
    """Refuse a small file that unpacks to a huge one, by what it says and by what it is."""
    mend = "Save only the list of agents as a new workbook."
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNZIPPED:
                raise _refused(path, "unpacks to more than 100 MB", mend)
            if "xl/workbook.xml" not in {entry.filename.lstrip("/") for entry in archive.infolist()}:
                raise _refused(path, "is a zip file, but no Excel workbook", "Save it as CSV or XLSX.")
            left = LARGEST_UNZIPPED
            for entry in archive.infolist():
                with archive.open(entry) as packed:
                    while chunk := packed.read(MEGABYTE):
                        left -= len(chunk)
                        if left < 0:
                            raise _refused(path, "unpacks to more than 100 MB", mend)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise _refused(path, f"is damaged ({error})", "Open it in Excel and save it again.") from None


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, (str, float, bool, date)):
        return value or None if isinstance(value, str) else value
    return float(value) if isinstance(value, int) else str(value)


def _text(path: Path, content: bytes, suffix: str) -> Table:
    if suffix in {".xlsx", ".xlsm"}:
        raise _refused(path, "is called XLSX, but is none", "Open it in Excel and save it as XLSX.")
    text, notes = _decoded(path, content)
    if CONTROL & set(text):
        raise _refused(path, "holds control characters, so it is no text", "Save it as CSV or XLSX.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows = []
    try:
        # A field may hold line ends, so a row's number is the line that it begins on.
        begins = 1
        for row in reader:
            rows.append((begins, tuple(cell or None for cell in row)))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _refused(
            path,
            f"cannot be read as CSV in line {reader.line_num} ({error})",
            "Look for an open quotation mark.",
        ) from None
    return Table(tuple(rows), notes)


def _decoded(path: Path, content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text, by its byte order mark, else strict UTF-8, else the Windows code page, which is told."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16"), ()
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _refused(path, "has no encoding that is known", "Save it as CSV UTF-8.") from None
    return text, ("The file is not UTF-8; it was read as Windows-1252. Check the accents in the names.",)


def _delimiter(text: str) -> str:
    header = text.lstrip().splitlines()[0]
    return max(",;\t", key=header.count)


def _refused(path: Path, what: str, mend: str) -> UsageError:
    return UsageError(f"{path.name} {what}.", next_step=f"{mend} Nothing was started.")
