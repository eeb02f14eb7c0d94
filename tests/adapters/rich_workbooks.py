"""Trackers as people make them: with charts, macros, comments and whatever else a patch could lose."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table as ExcelTable

from tests.adapters.bad_batches import repacked

HEADERS = ("Employee ID", "Name", "TBT", "Call Cert", "Score", "Transfer to Production", "Notes")
DAY_COLUMN, NOTES_COLUMN = 5, 6
AGENTS = 10
DAY = datetime(2026, 11, 20)  # noqa: DTZ001 - Excel knows no zones
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MADE_BY_LIBREOFFICE = Path(__file__).parent / "workbooks"
SHEET = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True)
class Rich:
    """A workbook with the row of its header, its sheet's part, and whether it calculates."""

    name: str
    build: Callable[[], bytes]
    header: int = 1
    part: str = SHEET
    formulas: bool = False

    def row(self, nth: int) -> int:
        """The row of the nth agent, whose id is 1000 + nth."""
        return self.header + nth


def filled(book: Any, sheet: Any, top: int = 0) -> None:
    """Ten agents below a header; the transfer's column holds a date here and there, and is bordered."""
    head = book.add_format({"bold": True, "border": 2})
    day = book.add_format({"num_format": "mm/dd/yyyy", "border": 1})
    for at, header in enumerate(HEADERS):
        sheet.write_string(top, at, header, head)
    for nth in range(1, AGENTS + 1):
        row = top + nth
        sheet.write_string(row, 0, str(1000 + nth))
        sheet.write_string(row, 1, f"Agent & <{nth}>")
        sheet.write_string(row, 2, "done")
        sheet.write_datetime(row, 3, DAY, day)
        sheet.write_number(row, 4, nth * 1.5)
        if nth % 3 == 0:
            sheet.write_datetime(row, DAY_COLUMN, DAY, day)
        elif nth != 4:
            sheet.write_blank(row, DAY_COLUMN, None, day)


def written(
    extra: Callable[[Any, Any], None] = lambda _book, _sheet: None, top: int = 0, **options: Any
) -> bytes:
    """A workbook by xlsxwriter; `extra` gets it with its first sheet."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    sheet = book.add_worksheet("ESP Tracker")
    filled(book, sheet, top)
    extra(book, sheet)
    book.close()
    return buffer.getvalue()


def charts(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='ESP Tracker'!$E$2:$E$11"})
    sheet.insert_chart("J2", chart)
    sheet.add_sparkline("I2", {"range": "'ESP Tracker'!E2:E11"})


def conditions(book: Any, sheet: Any) -> None:
    red = book.add_format({"bg_color": "#FFC7CE"})
    sheet.conditional_format("F2:F11", {"type": "blanks", "format": red})
    sheet.conditional_format("E2:E11", {"type": "data_bar", "data_bar_2010": True})
    sheet.data_validation("C2:C11", {"validate": "list", "source": ["done", "open", "n/a"]})


def controls(_book: Any, sheet: Any) -> None:
    sheet.write_comment("F5", "Ask NOC first")
    sheet.insert_textbox("J2", "Updated by all teams, daily")
    sheet.insert_button("J8", {"caption": "Refresh"})


def table(_book: Any, sheet: Any) -> None:
    columns = [{"header": header} for header in HEADERS]
    sheet.add_table("A1:G11", {"columns": columns, "name": "Agents", "style": "Table Style Medium 9"})


def titles(book: Any, sheet: Any) -> None:
    sheet.merge_range("A1:G1", "ESP tracker, November", book.add_format({"align": "center"}))
    sheet.merge_range("A2:C2", "Kept by all teams", book.add_format())
    sheet.freeze_panes(3, 1)
    sheet.set_row(6, None, None, {"hidden": True})
    other = book.add_worksheet("Notes for us")
    other.write("A1", "Employee notes")


def formulas(book: Any, sheet: Any) -> None:
    summary = book.add_worksheet("Summary")
    summary.write_formula("A1", "=COUNTA('ESP Tracker'!F2:F11)", None, 3)
    sheet.write_formula("H2", '=IF(F2="","open","moved")', None, "open")
    book.define_name("Transferred", "='ESP Tracker'!$F$2:$F$11")


def arrays(_book: Any, sheet: Any) -> None:
    sheet.write_dynamic_array_formula("I2:I11", "=SORT(A2:A11)", None, "1001")
    sheet.write_array_formula("J2:J4", "{=E2:E4*2}", None, 3)


def macros(book: Any, _sheet: Any) -> None:
    book.add_vba_project(io.BytesIO(b"\xd0\xcf\x11\xe0 not a real one, and nobody looks"), is_stream=True)


def pictures(book: Any, sheet: Any) -> None:
    sheet.insert_image("J2", "dot.png", {"image_data": io.BytesIO(PICTURE)})
    sheet.write_url("I2", "https://blackdash.example.invalid/classes", string="BlackDash")
    sheet.write_rich_string("I3", "Team ", book.add_format({"bold": True}), "Training", " updated")
    sheet.set_footer("&P of &N")


def protected(book: Any, sheet: Any) -> None:
    """The sheet is protected, but for the two columns that anybody fills in."""
    free = book.add_format({"locked": False, "num_format": "mm/dd/yyyy"})
    for row in range(1, AGENTS + 1):
        sheet.write_blank(row, DAY_COLUMN, None, free)
        sheet.write_blank(row, NOTES_COLUMN, None, free)
    sheet.protect("secret")


def by_openpyxl(*, mac: bool = False) -> bytes:
    book = openpyxl.Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.title = "ESP Tracker"
    sheet.append(HEADERS)
    for nth in range(1, AGENTS + 1):
        transferred = DAY.date() if nth % 3 == 0 else None
        sheet.append((str(1000 + nth), f"Agent {nth}", "done", DAY.date(), nth * 1.5, transferred))
    sheet["F5"].comment = Comment("Ask NOC first", "Dana")
    rule = CellIsRule(operator="lessThan", formula=["3"], fill=PatternFill("solid", bgColor="FFC7CE"))
    sheet.conditional_formatting.add("E2:E11", rule)
    validation = DataValidation(type="list", formula1='"done,open"')
    validation.add("C2:C11")
    sheet.add_data_validation(validation)
    sheet.add_table(ExcelTable(displayName="Agents", ref="A1:G11"))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=5, min_row=2, max_row=11))
    sheet.add_chart(chart, "J2")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def strict() -> bytes:
    """The same format with the namespaces and days of the strict standard, as Excel saves it on demand."""
    places = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
            b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
        b"><v>46346</v>": b' t="d"><v>2026-11-20</v>',
    }
    return _rewritten(written(charts), lambda _name, xml: _replaced(xml, places))


def prefixed() -> bytes:
    """Every element with a prefix, as the Open XML SDK writes them, with comments and odd spaces."""

    def change(name: str, xml: bytes) -> bytes:
        if name not in {SHEET, "xl/workbook.xml", "xl/styles.xml"}:
            return xml
        with_prefix = re.sub(rb"<(/?)(?=[a-zA-Z])(?!x14|mc:|r:)", rb"<\1x:", xml)
        named = with_prefix.replace(b'xmlns="http', b'xmlns:x="http', 1)
        return named.replace(b"<x:sheetData>", b"<x:sheetData ><!-- <x:c r='F5'><x:v>1</x:v></x:c> -->")

    return _rewritten(written(), change)


def without_references() -> bytes:
    """Rows and cells that do not say where they are, which the format allows."""
    return _rewritten(
        written(),
        lambda name, xml: re.sub(rb'<(c|row) r="[A-Z]*[0-9]+"', rb"<\1", xml) if name == SHEET else xml,
    )


def streamed() -> bytes:
    """Packed as a stream: sizes behind the parts, some parts not packed at all, and a comment on the zip."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.bytes = b""

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.bytes += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(io.BytesIO(written(formulas))) as old, zipfile.ZipFile(pipe, "w") as new:
        new.comment = b"made by a stream"
        for at, name in enumerate(old.namelist()):
            packing = zipfile.ZIP_DEFLATED if at % 2 else zipfile.ZIP_STORED
            new.writestr(zipfile.ZipInfo(name, (2026, 11, 23, 8, 0, 2)), old.read(name), packing)
    return pipe.bytes


def calculated() -> bytes:
    """Formulas, in a workbook that its program calculated itself, as Excel leaves it."""

    def change(name: str, xml: bytes) -> bytes:
        return xml.replace(b' fullCalcOnLoad="1"', b"") if name == "xl/workbook.xml" else xml

    return _rewritten(written(formulas), change)


def made_by_libreoffice(name: str) -> Callable[[], bytes]:
    return (MADE_BY_LIBREOFFICE / name).read_bytes


def _rewritten(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return repacked(content, {name: change(name, archive.read(name)) for name in archive.namelist()})


def _replaced(xml: bytes, places: Mapping[bytes, bytes]) -> bytes:
    for old, new in places.items():
        xml = xml.replace(old, new)
    return xml


RICH = (
    Rich("charts and sparklines", lambda: written(charts)),
    Rich("conditional formats and validation", lambda: written(conditions)),
    Rich("comments, a text box and a button", lambda: written(controls)),
    Rich("a table", lambda: written(table)),
    Rich("merged titles and several sheets", lambda: written(titles, top=2), header=3),
    Rich("formulas with stored results", calculated, formulas=True),
    Rich("arrays that spill", lambda: written(arrays), formulas=True),
    Rich("days from 1904", lambda: written(date_1904=True)),
    Rich("macros", lambda: written(macros)),
    Rich("pictures, links and rich texts", lambda: written(pictures)),
    Rich("texts in the cells", lambda: written(constant_memory=True)),
    Rich("a protected sheet with free columns", lambda: written(protected)),
    Rich("openpyxl", by_openpyxl),
    Rich("openpyxl, days from 1904", lambda: by_openpyxl(mac=True)),
    Rich("strict", strict),
    Rich("prefixes", prefixed),
    Rich("no references", without_references),
    Rich("streamed", streamed, formulas=True),
    Rich("LibreOffice", made_by_libreoffice("plain.xlsx")),
    Rich("LibreOffice, with charts and formulas", made_by_libreoffice("rich.xlsx"), formulas=True),
)
TRANSFERRED = date(2026, 11, 23)
