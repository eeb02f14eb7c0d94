"""Workbooks of the daily reports: nothing runs in them, and ids stay texts."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook

from rpa.adapters.report_workbook import workbook

PAYLOADS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\uff1d1+1",
    "{=1+1}",
    '=HYPERLINK("http://example.invalid","x")',
    "http://example.invalid",
    "mailto:a@example.invalid",
    "internal:Sheet1!A1",
    'DDE("cmd")',
)


def cells(content: bytes) -> list[list[object]]:
    """Every cell as a spreadsheet reads it."""
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_can_run(payload: str) -> None:
    """Whatever a name looks like, its cell is a text: no formula, no link, no external part."""
    content = workbook(payload, ["Name"], [[payload]])
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
        assert not [name for name in parts.namelist() if "externalLink" in name or "sheet1.xml.rels" in name]
    assert not any(b"<f>" in sheet or b"<f " in sheet or b"<hyperlink" in sheet for sheet in sheets)
    cell = load_workbook(io.BytesIO(content)).worksheets[0]["A2"]
    assert cell.data_type == "s"


@pytest.mark.parametrize("text", ["000123", "1E5", "2026-11-23", "TRUE", "9007199254740993", "1/2"])
def test_ids_and_dates_stay_as_they_are(text: str) -> None:
    """Leading zeros, long numbers and what looks like a date come back letter by letter."""
    assert cells(workbook("Report", ["Employee ID", "x"], [[text, "y"]])) == [
        ["Employee ID", "x"],
        [text, "y"],
    ]


def test_an_empty_report_is_a_workbook() -> None:
    """No rows make a header, and a file that opens."""
    assert cells(workbook("Report", ["Employee ID"], [])) == [["Employee ID"]]


@pytest.mark.parametrize("title", ["AHIP/Aetna incompletions", "x" * 60, "[]:*?/\\", "'quoted'", ""])
def test_any_title_names_a_sheet(title: str) -> None:
    """Signs that a sheet's name cannot have, and too many letters, are left out."""
    name = load_workbook(io.BytesIO(workbook(title, ["a"], []))).sheetnames[0]
    assert 0 < len(name) <= 31
    assert not set(name) & set("[]:*?/\\")
