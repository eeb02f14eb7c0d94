"""A table as a workbook in which no cell can run anything, and ids stay what they are."""

from __future__ import annotations

import io
from collections.abc import Sequence

from xlsxwriter import Workbook

WIDEST = 48
# Excel would make a formula, a link or a number of a text; an id such as 000123 is none of them.
_AS_TYPED = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_NAME = 31


def workbook(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The table as XLSX: one sheet, a filter over a frozen header, every cell a text."""
    content = io.BytesIO()
    book = Workbook(content, _AS_TYPED)
    text = book.add_format({"num_format": "@", "valign": "top"})
    head = book.add_format({"bold": True, "bg_color": "#E9EDF3", "bottom": 1, "num_format": "@"})
    sheet = book.add_worksheet(title.translate(_NOT_IN_A_NAME)[:_LONGEST_NAME].strip() or "Report")
    for at, name in enumerate(columns):
        widest = max((len(row[at]) for row in rows), default=0)
        sheet.set_column(at, at, min(max(len(name), widest) + 2, WIDEST), text)
        sheet.write_string(0, at, name, head)
    for number, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            sheet.write_string(number, at, cell, text)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{chr(ord('A') + len(columns) - 1)}{len(rows) + 1}"})
    book.close()
    return content.getvalue()
