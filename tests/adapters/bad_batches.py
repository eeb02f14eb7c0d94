"""The bad input files that people really have, and some that somebody made: built the same every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter

HEADER = "employee id,name,site,campaign,esp start,esp end,cxp email"
GOOD = '1001,"Smith, Ann",PRV,Aetna,2026-12-01,2026-12-05,ann@cxp.example'
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
_SECRET = 0x1


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file that is refused whole, with words that its one message must hold."""

    name: str
    build: Callable[[], bytes]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What one problem must cite: row, column, the value as it stands, words of the mend."""

    row: int
    column: str
    value: str
    mend: str


@dataclass(frozen=True, slots=True)
class BadRows:
    """A file with rows that cannot be used, and the ids of those that still can."""

    name: str
    build: Callable[[], bytes]
    told: tuple[Told, ...]
    kept: tuple[str, ...] = ("1001",)


def csv(*lines: str, header: str = HEADER, end: str = "\n", encoding: str = "utf-8") -> bytes:
    """A CSV of the header, a good row and these lines."""
    return end.join([header, *lines, ""]).encode(encoding)


def workbook(
    rows: Sequence[Sequence[object]] | Mapping[str, Sequence[Sequence[object]]],
    extra: Callable[[Any, Any], None] | None = None,
    **options: object,
) -> bytes:
    """A workbook of these rows, or of these sheets; `extra` gets the workbook and its first sheet."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, **options})
    book.set_properties({"created": datetime(2026, 11, 23)})  # noqa: DTZ001 - Excel knows no zones
    date_format = book.add_format({"num_format": "mm/dd/yyyy"})
    sheets = rows if isinstance(rows, Mapping) else {"Class": rows}
    for name, lines in sheets.items():
        sheet = book.add_worksheet(name)
        for at, line in enumerate(lines):
            for column, value in enumerate(line):
                if isinstance(value, datetime):
                    sheet.write_datetime(at, column, value, date_format)
                elif value is not None:
                    sheet.write(at, column, value)
    if extra:
        extra(book, book.worksheets()[0])
    book.close()
    return buffer.getvalue()


def repacked(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The same zip with parts replaced, added, or left out (None)."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in dict.fromkeys([*old.namelist(), *parts]):
            replaced = parts[name] if name in parts else old.read(name)
            if replaced is not None:
                new.writestr(zipfile.ZipInfo(name), replaced, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these parts."""
    return repacked(b"PK\x05\x06" + bytes(18), parts)


def sheet_of(inside: str, before: str = "") -> bytes:
    """The XML of a sheet by hand, where xlsxwriter would not write it so."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    body = f'<worksheet xmlns="{space}"><sheetData>{inside}</sheetData></worksheet>'
    return f'<?xml version="1.0"?>{before}{body}'.encode()


def good_book() -> bytes:
    return workbook([["employee id", "name"], ["1001", "Smith, Ann"]])


def bomb() -> bytes:
    """30 MB of spaces in some 30 KB."""
    return repacked(good_book(), {SHEET: sheet_of(" " * 30_000_000)})


def lying_bomb() -> bytes:
    """The same, declared as 100 bytes in both of the zip's directories."""
    packed = bomb()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        size = archive.getinfo(SHEET).file_size
    return packed.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))


def sparse_bomb() -> bytes:
    """Two cells, with all the cells of Excel between them."""
    return repacked(
        good_book(),
        {
            SHEET: sheet_of(
                '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
            )
        },
    )


def many_empty_cells() -> bytes:
    return repacked(good_book(), {SHEET: sheet_of("<row>" + "<c/><c />" * 3_000_000 + "</row>")})


def long_text() -> bytes:
    """One text of a megabyte, for any number of cells to share."""
    strings = f"<sst><si><t>employee id</t></si><si><t>{'x' * 1_000_000}</t></si></sst>".encode()
    return repacked(good_book(), {STRINGS: strings})


def broken_styles() -> bytes:
    """Styles in a folder of their own, where no parser reads them at once, that break off."""
    with zipfile.ZipFile(io.BytesIO(good_book())) as archive:
        links = archive.read(RELATIONS).replace(b"styles.xml", b"other/styles.xml")
    return repacked(good_book(), {RELATIONS: links, "xl/other/styles.xml": b"<styleSheet><cellXfs>"})


def announced() -> bytes:
    """A list of texts that says it has four thousand million, for which a parser makes room and dies."""
    strings = b'<sst count="4294967296" uniqueCount="4294967296"><si><t>employee id</t></si></sst>'
    return repacked(good_book(), {STRINGS: strings})


def entities() -> bytes:
    doctype = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    return repacked(
        good_book(), {SHEET: sheet_of('<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>', doctype)}
    )


def locked_zip() -> bytes:
    """A zip whose every part is marked as encrypted."""
    packed = bytearray(good_book())
    at = packed.find(b"PK\x01\x02")
    while at >= 0:
        packed[at + 8] |= _SECRET
        at = packed.find(b"PK\x01\x02", at + 4)
    return bytes(packed)


def old_office(inside: str = "Workbook") -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + inside.encode("utf-16-le") + bytes(512)


def merged() -> bytes:
    """A site merged over three agents, as people do to make a sheet look tidy."""
    rows = [["employee id", "site"], ["1001"], ["1002"], ["1003"]]
    return workbook(rows, lambda _, sheet: sheet.merge_range("B2:B4", "PRV"))


def errors_and_formulas() -> bytes:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_formula("A3", "=VLOOKUP(1,B:C,2)", None, "#N/A")
        sheet.write_formula("B4", "=1/0", None, "#DIV/0!")

    return workbook([["employee id", "esp end"], ["1001"], [None, "2026-12-05"], ["1003"]], fill)


def formula_without_result() -> bytes:
    """As programs write them that cannot calculate."""
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>employee id</t></is></c></row>'
        '<row r="2"><c r="A2"><v>1001</v></c></row><row r="3"><c r="A3"><f>A2+1</f></c></row>'
    )
    return repacked(good_book(), {SHEET: sheet_of(rows)})


def typed_by_excel() -> bytes:
    """Ids that Excel made a date, a yes, a fraction, more digits than it keeps, or negative."""
    ids = ["1001", datetime(2026, 10, 12), True, 1001.5, 1.00123e17, -5]  # noqa: DTZ001 - Excel knows no zones
    return workbook([["Employee ID"], *([value] for value in ids)])


def odd_dates() -> bytes:
    days = [46000.0, 7.0, 4e9, -3.0, True, datetime(1905, 3, 1)]  # noqa: DTZ001 - Excel knows no zones
    return workbook([["employee id", "esp end"], *([str(1001 + at), day] for at, day in enumerate(days))])


FILES = (
    BadFile("empty.csv", lambda: b"", ("is empty",)),
    BadFile("only_white.csv", lambda: b"\xef\xbb\xbf \r\n\t\n", ("is empty",)),
    BadFile("only_commas.csv", lambda: b",,,\n,,,\n", ("has no content",)),
    BadFile("header_only.csv", csv, ("no agents",)),
    BadFile(
        "no_header.csv",
        lambda: b"1001,Smith\n1002,Jones\n",
        ("row 1", "'employee id'", "looks like an agent"),
    ),
    BadFile(
        "other_name.csv", lambda: b"Emp ID,Name\n1001,Ann\n", ("Emp ID (A)", "rename it to 'employee id'")
    ),
    BadFile("misspelt.csv", lambda: b"name,employe id\nAnn,1001\n", ("employe id (B)", "rename it")),
    BadFile("no_ids.csv", lambda: b"name,site\nAnn,PRV\n", ("no column 'employee id'",)),
    BadFile(
        "title_above.csv",
        lambda: csv(GOOD, header=f"Class of December,,\n{HEADER}"),
        ("row 2 does", "delete the rows"),
    ),
    BadFile(
        "twice.csv",
        lambda: csv(header="employee id,Site,SITE,Employee-ID"),
        ("'site' 2 times", "Site (B) and SITE (C)", "Employee-ID (D)"),
    ),
    BadFile(
        "twice_and_none.csv",
        lambda: csv(header="name,Name,site"),
        ("no column 'employee id'", "'name' 2 times"),
    ),
    BadFile(
        "open_quote.csv",
        lambda: csv(GOOD, '1002,"Jones, Bo', "1003,x"),
        ("row 3", "line 3", "quotation mark"),
    ),
    BadFile("stray_quote.csv", lambda: csv(GOOD, '1002,"Bo" Jones'), ("row 3", "quotation mark")),
    BadFile("utf16_no_mark.csv", lambda: csv(GOOD, encoding="utf-16-le"), ("NUL bytes", "CSV UTF-8")),
    BadFile("utf16_cut.csv", lambda: csv(GOOD, encoding="utf-16")[:-1], ("is damaged", "UTF-16")),
    BadFile("utf8_mark_lies.csv", lambda: b"\xef\xbb\xbfemployee id\n\xff1001\n", ("is damaged", "byte")),
    BadFile("no_code_page.csv", lambda: b"employee id,name\n1001,\x81\x8d\xff\n", ("encoding", "0x81")),
    BadFile("binary.csv", lambda: bytes(range(256)) * 4 + bytes(900), ("is no text",)),
    BadFile("page.csv", lambda: b"<html><table><tr><td>employee id", ("web page",)),
    BadFile("export.xls", lambda: b"<table><tr><td>employee id</td></tr></table>", (".xls", "XLSX")),
    BadFile("scan.pdf", lambda: b"%PDF-1.7 ...", ("is a PDF",)),
    BadFile("photo.csv", lambda: b"\x89PNG\r\n\x1a\n", ("is a picture",)),
    BadFile("packed.csv", lambda: b"\x1f\x8b\x08...", ("gzip",)),
    BadFile("list.json", lambda: b'{"employee id": 1001}', ("neither CSV nor XLSX",)),
    BadFile("text.xlsx", lambda: csv(GOOD), ("named as a workbook",)),
    BadFile("old.xls", old_office, ("old Excel workbook", "Save it as XLSX")),
    BadFile("locked.xlsx", lambda: old_office("EncryptedPackage"), ("password",)),
    BadFile("locked_zip.xlsx", locked_zip, ("password",)),
    BadFile("cut.xlsx", lambda: good_book()[:2000], ("damaged",)),
    BadFile("starts_like_zip.xlsx", lambda: b"PK\x03\x04 and nothing more", ("damaged",)),
    BadFile("plain.zip", lambda: zipped({"class.csv": csv(GOOD)}), ("no workbook", "Unpack it")),
    BadFile("letter.docx", lambda: zipped({"word/document.xml": b"<w/>"}), ("Word",)),
    BadFile("libre.ods", lambda: zipped({"mimetype": b"x", "content.xml": b"<x/>"}), ("OpenDocument",)),
    BadFile("binary.xlsb", lambda: zipped({"xl/workbook.bin": b"x"}), (".xlsb",)),
    BadFile("no_sheet_part.xlsx", lambda: repacked(good_book(), {SHEET: None}), ("damaged", "missing")),
    BadFile(
        "broken_xml.xlsx", lambda: repacked(good_book(), {SHEET: b"<worksheet><sheetData><row"}), ("damaged",)
    ),
    BadFile(
        "strange_encoding.xlsx",
        lambda: repacked(good_book(), {SHEET: b'<?xml version="1.0" encoding="UTF-99"?><worksheet/>'}),
        ("damaged", "UTF-99"),
    ),
    BadFile(
        "strange_cell.xlsx",
        lambda: repacked(good_book(), {SHEET: sheet_of('<row><c r="?"><v>1</v></c></row>')}),
        ("damaged", "'?'"),
    ),
    BadFile("bomb.xlsx", bomb, ("unpacks to more than",)),
    BadFile("lying_bomb.xlsx", lying_bomb, ("unpacks to more than",)),
    BadFile("sparse_bomb.xlsx", sparse_bomb, ("too big", "rows")),
    BadFile("many_empty_cells.xlsx", many_empty_cells, ("unpacks to more than",)),
    BadFile(
        "many_parts.xlsx", lambda: repacked(good_book(), {f"x{at}": b"" for at in range(5_000)}), ("unpacks",)
    ),
    BadFile("long_text.xlsx", long_text, ("too big", "longer than Excel can hold")),
    BadFile("broken_styles.xlsx", broken_styles, ("damaged", "XML cannot be read")),
    BadFile("announced.xlsx", announced, ("damaged", "announces '4294967296' sst entries")),
    BadFile("entities.xlsx", entities, ("document type",)),
    BadFile("blank.xlsx", lambda: workbook([]), ("no visible sheet with content",)),
    BadFile(
        "two_lists.xlsx",
        lambda: workbook({"A": [["employee id"], ["1"]], "B": [["Employee ID"], ["2"]]}),
        ("several sheets", "A, B"),
    ),
    BadFile(
        "no_ids.xlsx",
        lambda: workbook({"Read me": [["How to"]], "Class": [["EID"], ["1"]]}),
        ("Read me", "'employee id'"),
    ),
)

ROWS = (
    BadRows("no_id.csv", lambda: csv(GOOD, ",Bo,PRV"), (Told(3, "employee id (A)", "", "fill in"),)),
    BadRows(
        "letter_o.csv",
        lambda: csv(GOOD, "1OO2", "l003", "EMP1O4"),
        (
            Told(3, "employee id (A)", "1OO2", "write 1002"),
            Told(4, "employee id (A)", "l003", "write 1003"),
            Told(5, "employee id (A)", "EMP1O4", "write EMP104"),
        ),
    ),
    BadRows(
        "shortened.csv",
        lambda: csv(GOOD, "1.00123E+14"),
        (Told(3, "employee id (A)", "1.00123E+14", "as Text"),),
    ),
    BadRows("amount.csv", lambda: csv(GOOD, '"1,002"'), (Told(3, "employee id (A)", "1,002", "write 1002"),)),
    BadRows(
        "strange_id.csv",
        lambda: csv(GOOD, "10#02", "10/02", "١٠٠٢"),
        (
            Told(3, "employee id (A)", "10#02", "only its letters"),
            Told(4, "employee id (A)", "10/02", "only its letters"),
            Told(5, "employee id (A)", "١٠٠٢", "ADP"),
        ),
    ),
    BadRows(
        "long_id.csv", lambda: csv(GOOD, "1" * 17), (Told(3, "employee id (A)", "1" * 17, "the id alone"),)
    ),
    BadRows(
        "name_for_id.csv",
        lambda: csv(GOOD, "Jones"),
        (Told(3, "employee id (A)", "Jones", "as ADP shows it"),),
    ),
    BadRows(
        "formulas.csv",
        lambda: csv(GOOD, "=cmd|'/c calc'!A0", "1003,@SUM(1)", "1004,\uff1d1+1", "1005,\t+1"),
        (
            Told(3, "employee id (A)", "=cmd|'/c calc'!A0", "remove the ="),
            Told(4, "name (B)", "@SUM(1)", "remove the @"),
            Told(5, "name (B)", "\uff1d1+1", "remove the \uff1d"),
            Told(6, "name (B)", "+1", "remove the +"),
        ),
    ),
    BadRows(
        "excel_errors.csv",
        lambda: csv(GOOD, "#N/A", "1003,,,,########"),
        (
            Told(3, "employee id (A)", "#N/A", "type the value"),
            Told(4, "esp start (E)", "########", "type the value"),
        ),
    ),
    BadRows(
        "dates.csv",
        lambda: csv(
            GOOD,
            *(
                f"{1002 + at},,,,,{day}"
                for at, day in enumerate(
                    (
                        "12/05/26",
                        "25/12/2026",
                        "04.12.2026",
                        "04-12-2026",
                        "5-Dec-2026",
                        "20261205",
                        "2026-02-30",
                        "soon",
                        "3026-12-05",
                        "12/05",
                    )
                )
            ),
        ),
        (
            Told(3, "esp end (F)", "12/05/26", "whole year"),
            Told(4, "esp end (F)", "25/12/2026", "YYYY-MM-DD"),
            Told(5, "esp end (F)", "04.12.2026", "YYYY-MM-DD"),
            Told(6, "esp end (F)", "04-12-2026", "YYYY-MM-DD"),
            Told(7, "esp end (F)", "5-Dec-2026", "write 2026-12-05"),
            Told(8, "esp end (F)", "20261205", "write 2026-12-05"),
            Told(9, "esp end (F)", "2026-02-30", "YYYY-MM-DD"),
            Told(10, "esp end (F)", "soon", "YYYY-MM-DD or MM/DD/YYYY"),
            Told(11, "esp end (F)", "3026-12-05", "correct the year"),
            Told(12, "esp end (F)", "12/05", "YYYY-MM-DD"),
        ),
    ),
    BadRows(
        "end_before_start.csv",
        lambda: csv(GOOD, "1002,,,,12/05/2026,12/01/2026"),
        (Told(3, "esp end (F)", "2026-12-01", "correct one of the two"),),
    ),
    BadRows(
        "emails.csv",
        lambda: csv(GOOD, "1002,,,,,,bo", "1003,,,,,,Bo <bo@cxp.example>", "1004,,,,,,a@b@c.de"),
        (
            Told(3, "cxp email (G)", "bo", "correct it"),
            Told(4, "cxp email (G)", "Bo <bo@cxp.example>", "write bo@cxp.example alone"),
            Told(5, "cxp email (G)", "a@b@c.de", "correct it"),
        ),
    ),
    BadRows(
        "unknown_words.csv",
        lambda: csv(GOOD, "1002,,PRW,Etna", "1003,,LAX,Zzz"),
        (
            Told(3, "site (C)", "PRW", "did you mean PRV"),
            Told(3, "campaign (D)", "Etna", "did you mean Aetna"),
            Told(4, "site (C)", "LAX", "one of PRV, SLC"),
            Told(4, "campaign (D)", "Zzz", "settings"),
        ),
    ),
    BadRows(
        "garbled.csv",
        lambda: csv(GOOD, "1002,JosÃ© Diaz", "1003,Ren\ufffde"),
        (
            Told(3, "name (B)", "JosÃ© Diaz", "write José Diaz"),
            Told(4, "name (B)", "Ren\ufffde", "type it again"),
        ),
    ),
    BadRows(
        "unquoted_comma.csv",
        lambda: csv(GOOD, "1002,Jones, Bo,PRV,Aetna,12/01/2026,12/05/2026,b@cxp.example"),
        (
            Told(3, "H", "b@cxp.example", "between quotation marks"),
            Told(3, "site (C)", "Bo", "one of"),
            Told(3, "campaign (D)", "PRV", "one of"),
            Told(3, "esp start (E)", "Aetna", "YYYY-MM-DD"),
            Told(3, "cxp email (G)", "12/05/2026", "correct it"),
        ),
    ),
    BadRows(
        "line_break.csv",
        lambda: csv(GOOD, '1002,"Jones\n1003"', "10O4"),
        (
            Told(3, "name (B)", "Jones 1003", "one line"),
            Told(4, "employee id (A)", "10O4", "write 1004"),
        ),
    ),
    BadRows(
        "control_signs.csv",
        lambda: csv(GOOD, "10\x0002", "1003,B\x07o"),
        (
            Told(3, "employee id (A)", "10 02", "type the value again"),
            Told(4, "name (B)", "B o", "type the value again"),
        ),
    ),
    BadRows(
        "no_name.csv", lambda: csv(GOOD, "1002,12345"), (Told(3, "name (B)", "12345", "write the name"),)
    ),
    BadRows(
        "long_name.csv", lambda: csv(GOOD, f"1002,{'x' * 101}"), (Told(3, "name (B)", "x" * 101, "shorten"),)
    ),
    BadRows("same_twice.csv", lambda: csv(GOOD, GOOD), (Told(3, "employee id (A)", "1001", "keep one row"),)),
    BadRows(
        "told_twice.csv",
        lambda: csv(GOOD, "1002,Bo", "1002,Ed"),
        (
            Told(3, "employee id (A)", "1002", "the row that is right"),
            Told(4, "employee id (A)", "1002", "the row that is right"),
        ),
    ),
    BadRows(
        "twice_once_bad.csv",
        lambda: csv(GOOD, "a1,Bo", "A1,Bo,XX"),
        (
            Told(3, "employee id (A)", "a1", "the row that is right"),
            Told(4, "site (C)", "XX", "one of"),
            Told(4, "employee id (A)", "A1", "the row that is right"),
        ),
    ),
    BadRows(
        "typed_by_excel.xlsx",
        typed_by_excel,
        (
            Told(3, "Employee ID (A)", "2026-10-12", "as Text"),
            Told(4, "Employee ID (A)", "True", "as Text"),
            Told(5, "Employee ID (A)", "1001.5", "as Text"),
            Told(6, "Employee ID (A)", "100123000000000000", "as Text"),
            Told(7, "Employee ID (A)", "-5", "as Text"),
        ),
    ),
    BadRows(
        "odd_dates.xlsx",
        odd_dates,
        (
            Told(3, "esp end (B)", "7", "YYYY-MM-DD"),
            Told(4, "esp end (B)", "4000000000", "YYYY-MM-DD"),
            Told(5, "esp end (B)", "-3", "YYYY-MM-DD"),
            Told(6, "esp end (B)", "True", "YYYY-MM-DD"),
            Told(7, "esp end (B)", "1905-03-01", "correct the year"),
        ),
    ),
    BadRows(
        "merged.xlsx",
        merged,
        (
            Told(3, "site (B)", "", "unmerge"),
            Told(4, "site (B)", "", "unmerge"),
        ),
    ),
    BadRows(
        "errors_and_formulas.xlsx",
        errors_and_formulas,
        (
            Told(3, "employee id (A)", "#N/A", "mend the formula"),
            Told(4, "esp end (B)", "#DIV/0!", "mend the formula"),
        ),
    ),
    BadRows(
        "formula_without_result.xlsx",
        formula_without_result,
        (Told(3, "employee id (A)", "", "open the file in Excel"),),
    ),
)
