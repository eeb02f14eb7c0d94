"""Writing into workbooks: the cells that were asked for change, and no other byte does."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from rpa.adapters import sheet_patch, workbook_patch
from rpa.adapters.cell_styles import CellStyles
from rpa.adapters.sheet_patch import Sheet, SheetPatch
from rpa.adapters.sheet_places import Place
from rpa.adapters.tracker import Tracker
from rpa.adapters.tracker_columns import Layout
from rpa.domain.agents import EmployeeId
from rpa.domain.errors import TrackerBusy
from rpa.domain.tracker_cells import TRANSFER, CellChange, CellOutcome
from tests.adapters.bad_batches import repacked, workbook
from tests.adapters.rich_workbooks import (
    AGENTS,
    HEADERS,
    RICH,
    SHEET,
    TRANSFERRED,
    Rich,
    formulas,
    prefixed,
    protected,
    strict,
    written,
)

NOTE = "=2+5 <& moved>"
WORKBOOK = "xl/workbook.xml"
HAS_DESCRIPTOR = 0x8
rich_ones = pytest.mark.parametrize("rich", RICH, ids=lambda rich: rich.name)


def change(nth: int, value: str | date, field: str = TRANSFER, seen: str | None = None) -> CellChange:
    return CellChange(employee_id=EmployeeId(str(1000 + nth)), field=field, value=value, seen=seen)


def patched(folder: Path, content: bytes, *changes: CellChange, name: str = "tracker.xlsx") -> Path:
    """The tracker with these cells written."""
    path = folder / name
    path.write_bytes(content)
    results = Tracker(path=path, layout=Layout()).write(changes)
    assert [result.outcome for result in results] == [CellOutcome.WRITTEN] * len(changes)
    return path


def rich_patched(folder: Path, rich: Rich) -> tuple[bytes, Path]:
    """Before, and after a day for agents 4 and 5 and a text for agent 7 were written."""
    content = rich.build()
    name = "tracker.xlsm" if rich.name == "macros" else "tracker.xlsx"
    note = change(7, NOTE, "Notes")
    return content, patched(folder, content, change(4, TRANSFERRED), change(5, TRANSFERRED), note, name=name)


def raw_parts(content: bytes) -> dict[str, tuple[Any, ...]]:
    """Each part as it is packed, with everything that the directory says of it, in order."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for one in archive.infolist():
            sizes = int.from_bytes(content[one.header_offset + 26 : one.header_offset + 28], "little")
            extra = int.from_bytes(content[one.header_offset + 28 : one.header_offset + 30], "little")
            begin = one.header_offset + 30 + sizes + extra
            header = content[one.header_offset : begin]
            data = content[begin : begin + one.compress_size]
            about = (one.date_time, one.compress_type, one.comment, one.extra, one.external_attr)
            found[one.filename] = (header, data, about, one.create_system, one.flag_bits, one.CRC)
    return found


def packed_but_for(content: bytes, names: set[str]) -> bytes:
    """Everything before the zip's directory, without these parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        begins = sorted((one.header_offset, one.filename) for one in archive.infolist())
        ends = [*(begin for begin, _ in begins[1:]), archive.start_dir]
    pieces = zip(begins, ends, strict=True)
    return b"".join(content[begin:end] for (begin, name), end in pieces if name not in names)


def without_cells(xml: bytes, *references: str) -> bytes:
    """The sheet's XML with these cells cut out."""
    for reference in references:
        one = rb'<(x:)?c r="%s"(?:[^>]*/>|.*?</(x:)?c>)' % reference.encode()
        xml = re.sub(one, b"", xml, flags=re.DOTALL)
    return xml


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def plain(value: object) -> object:
    return value.date() if isinstance(value, datetime) else value


def values(path: Path, reader: str) -> dict[str, list[list[object]]]:
    """Everything in the workbook, by sheet."""
    if reader == "calamine":
        book = CalamineWorkbook.from_path(path)
        return {
            name: [[plain(value) for value in row] for row in book.get_sheet_by_name(name).to_python()]
            for name in book.sheet_names
        }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = openpyxl.load_workbook(path, data_only=True)
    return {
        sheet.title: [
            [plain("" if value is None else value) for value in row]
            for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in loaded.worksheets
    }


@rich_ones
def test_other_parts_are_the_same_bytes(rich: Rich, tmp_path: Path) -> None:
    """Order, packing, times and packed bytes of all parts but the sheet stay; formulas add one mark."""
    before, path = rich_patched(tmp_path, rich)
    old, new = raw_parts(before), raw_parts(path.read_bytes())
    assert list(new) == list(old)
    changed = {name for name in old if new[name] != old[name]}
    needs_mark = rich.formulas and b"fullCalcOnLoad" not in part(before, WORKBOOK)
    assert changed == {rich.part, *([WORKBOOK] if needs_mark else [])}
    for name in changed:
        assert new[name][2] == old[name][2]
        assert not new[name][4] & HAS_DESCRIPTOR
    assert packed_but_for(path.read_bytes(), changed) == packed_but_for(before, changed)
    if rich.formulas:
        marked = part(path.read_bytes(), WORKBOOK)
        assert marked.count(b'fullCalcOnLoad="1"') == 1
        mark = rb' fullCalcOnLoad="1"'
        assert re.sub(mark, b"", marked) == re.sub(mark, b"", part(before, WORKBOOK))
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.comment == zipfile.ZipFile(io.BytesIO(before)).comment


@rich_ones
def test_the_sheet_is_the_same_but_for_the_cells(rich: Rich, tmp_path: Path) -> None:
    """Outside of the patched cells every byte of the sheet's XML stays."""
    before, path = rich_patched(tmp_path, rich)
    cells = [f"F{rich.row(4)}", f"F{rich.row(5)}", f"G{rich.row(7)}"]
    old, new = part(before, rich.part), part(path.read_bytes(), rich.part)
    if b'r="' not in old.split(b"sheetData", 2)[1]:
        pytest.skip("its cells cannot be found by their names; the next test reads them")
    assert new != old
    assert without_cells(new, *cells) == without_cells(old, *cells)


@rich_ones
@pytest.mark.parametrize("reader", ["calamine", "openpyxl"])
def test_readers_see_the_new_values_and_the_old_ones(rich: Rich, reader: str, tmp_path: Path) -> None:
    """Two readers find the day and the text in their cells, and everything else as it was."""
    if reader == "openpyxl" and rich.name in {"strict", "prefixes"}:
        pytest.skip("openpyxl cannot read such workbooks")
    before, path = rich_patched(tmp_path, rich)
    original = path.with_name(f"original{path.suffix}")
    original.write_bytes(before)
    old, new = values(original, reader), values(path, reader)
    sheet = new[next(iter(new))]
    expected = old[next(iter(old))]
    # Readers begin at the first cell, or the first row, that has something in it.
    head = next(at for at, row in enumerate(sheet) if "Employee ID" in row)
    left = sheet[head].index("Employee ID")
    for nth, at, value in ((4, 5, TRANSFERRED), (5, 5, TRANSFERRED), (7, 6, NOTE)):
        assert sheet[head + nth][left + at] == value
        expected[head + nth][left + at] = value
    assert new == old


@rich_ones
def test_writing_again_changes_nothing(rich: Rich, tmp_path: Path) -> None:
    """A cell that holds the value already is unchanged, and the file is not even touched."""
    _, path = rich_patched(tmp_path, rich)
    stamp, content = path.stat(), path.read_bytes()
    results = Tracker(path=path, layout=Layout()).write([change(4, TRANSFERRED), change(7, NOTE, "Notes")])
    assert [result.outcome for result in results] == [CellOutcome.UNCHANGED] * 2
    assert path.read_bytes() == content
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (stamp.st_mtime_ns, stamp.st_ino)


@pytest.mark.soak
@rich_ones
def test_libreoffice_reads_it(rich: Rich, tmp_path: Path) -> None:
    """LibreOffice opens each patched workbook and shows the new values."""
    if not (soffice := shutil.which("soffice")):
        pytest.skip("LibreOffice is not installed")
    _, path = rich_patched(tmp_path, rich)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76"]
    subprocess.run([*command, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=170)
    with (tmp_path / "tracker.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    by_id = {row[0]: row for row in rows}
    assert by_id["1004"][5] in {"11/23/2026", "2026-11-23"}
    assert by_id["1005"][5] in {"11/23/2026", "2026-11-23"}
    assert by_id["1007"][6] == NOTE
    assert by_id["1002"][1].startswith("Agent")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "\t=1", " two  blanks "])
def test_a_text_is_never_a_formula(text: str, tmp_path: Path) -> None:
    """What begins like a formula is written as a text: no formula element, and readers give it back."""
    path = patched(tmp_path, written(), change(1, text, "Notes"))
    assert b"<f" not in part(path.read_bytes(), SHEET)
    cell = openpyxl.load_workbook(path).worksheets[0]["G2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_cell_keeps_its_style_and_a_new_one_gets_its_neighbours(tmp_path: Path) -> None:
    """An empty bordered cell stays bordered; where there was no cell, the one above shows the way."""
    content = written()
    notes = change(7, "moved", "Notes")
    path = patched(tmp_path, content, change(1, TRANSFERRED), change(4, TRANSFERRED), change(3, "Yes"), notes)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    for reference in ("F2", "F5", "F4"):
        assert sheet[reference].number_format == "mm/dd/yyyy"
        assert sheet[reference].border.left.style == "thin"
    assert sheet["F4"].value == "Yes"
    assert sheet["G1"].font.bold
    assert not sheet["G8"].has_style


def test_a_day_is_a_text_where_the_column_shows_no_dates(tmp_path: Path) -> None:
    """Without a date style a number would show as 46349, so the day is a text as the column writes days."""
    rows = [["Employee ID", "Transfer to Production"], ["1001", ""], ["1002", "11/02/2026"]]
    american = patched(tmp_path, workbook(rows), change(1, TRANSFERRED))
    assert openpyxl.load_workbook(american).worksheets[0]["B2"].value == "11/23/2026"
    iso = patched(tmp_path, workbook(rows[:2]), change(1, TRANSFERRED))
    assert openpyxl.load_workbook(iso).worksheets[0]["B2"].value == "2026-11-23"


def test_days_count_from_1904_where_the_workbook_does(tmp_path: Path) -> None:
    """The stored number is that of the workbook's own calendar."""
    for mac, number in ((False, b"46349"), (True, b"44887")):
        path = patched(tmp_path, written(date_1904=mac), change(1, TRANSFERRED))
        assert b"<v>%s</v></c>" % number in part(path.read_bytes(), SHEET)


@pytest.mark.parametrize("code", ["000000", "000000;-000000", "000000_)", "[$-409]000000"])
def test_an_id_that_is_shown_with_its_zeros_is_found_by_them(code: str, tmp_path: Path) -> None:
    """The number 482 in the format 000000 is the id 000482 for who looks at it; 482 is somebody else's."""

    def numbers(book: Any, sheet: Any) -> None:
        sheet.write_number("A2", 482, book.add_format({"num_format": code}))
        often = {
            "type": "cell",
            "criteria": ">",
            "value": 9,
            "format": book.add_format({"num_format": "0.00"}),
        }
        sheet.conditional_format("A2", often)

    rows: list[list[object]] = [
        ["Employee ID", "Name", "Notes"],
        [None, "Smith, Ann"],
        ["482", "Ortiz, Maria"],
    ]
    path = patched(
        tmp_path,
        workbook(rows, numbers),
        CellChange(employee_id=EmployeeId("000482"), field="Notes", value="moved"),
    )
    read = Tracker(path=path, layout=Layout()).read(TRANSFERRED)
    assert [(agent.employee_id, agent.name) for agent in read.agents] == [
        ("000482", "Smith, Ann"),
        ("482", "Ortiz, Maria"),
    ]
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert (sheet["A2"].value, sheet["C2"].value, sheet["C3"].value) == (482, "moved", None)


def test_a_conditional_format_is_no_cells_format() -> None:
    """Excel numbers the formats of conditions by themselves: 164 there is not the 164 of a cell."""
    styles = CellStyles(
        b'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="000000"/></numFmts>'
        b'<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
        b'<dxfs><dxf><numFmt numFmtId="164" formatCode="0.00"/></dxf></dxfs></styleSheet>'
    )
    assert styles.padded() == {1: 6}


def test_an_attribute_that_only_looks_like_another_stays(tmp_path: Path) -> None:
    """What is about the old value goes; the same letters within something else do not."""
    content = written()
    kept = b"""x="a t='s' s='1'" """
    xml = part(content, SHEET)
    (cell,) = re.findall(rb'<c r="E5"[^>]*>', xml)
    content = repacked(content, {SHEET: xml.replace(cell, cell.replace(b"r=", kept + b"r="))})
    new = part(patched(tmp_path, content, change(4, "9", "Score")).read_bytes(), SHEET)
    assert kept.strip() in new


def test_a_new_cell_stands_in_its_order(tmp_path: Path) -> None:
    """Excel mistrusts a row whose cells are not in order: a new one goes between its neighbours."""
    content = written(lambda _, sheet: sheet.write("G5", "see NOC"))
    xml = part(patched(tmp_path, content, change(4, TRANSFERRED)).read_bytes(), SHEET)
    assert re.findall(rb'r="([A-Z]5)"', xml) == [b"A5", b"B5", b"C5", b"D5", b"E5", b"F5", b"G5"]


def test_a_cell_beyond_the_extent_widens_it(tmp_path: Path) -> None:
    """A first note right of all others widens the sheet's extent and the row's span, and nothing else."""

    def lean(xml: bytes) -> bytes:
        return xml.replace(b'ref="A1:G11"', b'ref="A1:F11"').replace(b'spans="1:7"', b'spans="1:6"')

    content = written()
    content = repacked(content, {SHEET: lean(part(content, SHEET))})
    xml = part(patched(tmp_path, content, change(7, "moved", "Notes")).read_bytes(), SHEET)
    assert b'<dimension ref="A1:G11"/>' in xml
    assert xml.count(b'spans="1:7"') == 1
    assert re.search(rb'<row r="8" spans="1:7"', xml)


@pytest.mark.parametrize(
    ("extra", "changes", "why"),
    [
        (lambda _, sheet: sheet.write_formula("F3", "=TODAY()", None, 0), change(2, TRANSFERRED), "formula"),
        (lambda _, s: s.write_array_formula("F2:F4", "{=E2:E4}", None, 0), change(2, "x"), "formula"),
        (lambda _, s: s.merge_range("F3:F4", ""), change(2, TRANSFERRED), "merged"),
        (lambda _, s: s.merge_range("F3:F4", ""), change(3, "x"), "merged"),
        (lambda _, s: s.merge_range("E3:F3", ""), change(2, "x"), "merged"),
        (lambda _, s: s.write("A4", "1002"), change(2, "x"), "stands in rows 3, 4"),
        (None, change(77, "x"), "is not in the tracker"),
        (None, change(1, "a\x01b"), "control characters"),
        (None, change(1, "a_x0041_"), "control characters"),
        (None, change(1, "x" * 40_000), "too long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_person_could_not_type_is_refused(
    extra: Any, changes: CellChange, why: str, tmp_path: Path
) -> None:
    """A formula, a merged cell, a doubled or unknown id: refused with what to do, other cells are written."""
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(written(extra) if extra else written())
    refused, done = Tracker(path=path, layout=Layout()).write([changes, change(9, "moved", "Notes")])
    assert refused.outcome is CellOutcome.REFUSED
    assert why in refused.reason
    assert refused.next_step
    assert done.outcome is CellOutcome.WRITTEN


def test_a_cell_that_changed_meanwhile_is_left(tmp_path: Path) -> None:
    """A cell that holds something else than was seen is not overwritten; one that holds the value is fine."""
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(written(lambda _, sheet: sheet.write("F2", "on leave")))
    tracker = Tracker(path=path, layout=Layout())
    changed, done = tracker.write([change(1, TRANSFERRED, seen=""), change(2, TRANSFERRED, seen="")])
    assert (changed.outcome, done.outcome) == (CellOutcome.CHANGED_MEANWHILE, CellOutcome.WRITTEN)
    assert "'on leave' now, not ''" in changed.reason
    assert tracker.write([change(2, TRANSFERRED, seen="")])[0].outcome is CellOutcome.UNCHANGED
    assert tracker.write([change(1, "moved", seen="On leave ")])[0].outcome is CellOutcome.CHANGED_MEANWHILE
    assert tracker.write([change(1, "moved", seen=" on  leave")])[0].outcome is CellOutcome.WRITTEN


def test_an_empty_value_clears_the_cell(tmp_path: Path) -> None:
    """A transfer that was taken back leaves an empty cell in its style."""
    path = patched(tmp_path, written(), change(3, "", seen="2026-11-20"))
    assert b'<c r="F4" s="2"/>' in part(path.read_bytes(), SHEET)


def test_the_column_of_two_tasks_is_not_written_for_one(tmp_path: Path) -> None:
    """AHIP/Aetna can be read for either task, but what it says of both is nobody's to change for one."""
    path = tmp_path / "tracker.xlsx"
    before = workbook([["Employee ID", "AHIP/Aetna"], ["1001", ""]])
    path.write_bytes(before)
    (told,) = Tracker(path=path, layout=Layout()).write([change(1, "done", "ahip")])
    assert told.outcome is CellOutcome.NO_COLUMN
    assert "no column for 'ahip'" in told.reason
    assert path.read_bytes() == before


def test_xml_that_is_not_understood_is_left_alone(tmp_path: Path) -> None:
    """What readers pass over but the patch would have to understand stops it, and nothing is changed."""
    content = written()
    xml = part(content, SHEET).replace(b"<sheetData>", b'<cols><col style="1"/></cols><sheetData>')
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(repacked(content, {SHEET: xml}))
    before = path.read_bytes()
    with pytest.raises(TrackerBusy, match="cannot be written"):
        Tracker(path=path, layout=Layout()).write([change(1, "x")])
    assert path.read_bytes() == before


def test_a_patch_that_is_not_sound_never_reaches_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers pass over some faults that Excel offers to repair, so the new XML is proven once more."""
    whole = sheet_patch.patched

    def broken(sheet: Sheet, wanted: Mapping[Place, str | date]) -> SheetPatch:
        patch = whole(sheet, wanted)
        patch.xml += b"<more/>"
        return patch

    monkeypatch.setattr(workbook_patch, "patched", broken)
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(before := written())
    with pytest.raises(TrackerBusy, match="cannot be written: its XML cannot be read"):
        Tracker(path=path, layout=Layout()).write([change(1, "x")])
    assert path.read_bytes() == before


def test_two_changes_of_one_cell_are_taken_in_order(tmp_path: Path) -> None:
    """The second finds what the first has left, as if both had been written one after the other."""
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(written())
    results = Tracker(path=path, layout=Layout()).write(
        [change(1, "first", "Notes"), change(1, "first", "Notes"), change(1, "other", "Notes", seen="")]
    )
    outcomes = [CellOutcome.WRITTEN, CellOutcome.UNCHANGED, CellOutcome.CHANGED_MEANWHILE]
    assert [result.outcome for result in results] == outcomes


def test_a_protected_sheet_is_respected(tmp_path: Path) -> None:
    """A locked cell of a protected sheet makes the write wait; nothing is changed."""
    content = written(protected)
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(content)
    with pytest.raises(TrackerBusy, match="protected, and E2 is locked"):
        Tracker(path=path, layout=Layout()).write([change(1, "9", "Score")])
    assert path.read_bytes() == content


def test_a_signed_workbook_is_respected(tmp_path: Path) -> None:
    """A change would break the signature, so nothing is written."""
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(repacked(written(), {"_xmlsignatures/sig1.xml": b"<Signature/>"}))
    with pytest.raises(TrackerBusy, match="digitally signed"):
        Tracker(path=path, layout=Layout()).write([change(1, "x")])


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252"])
def test_xml_in_an_encoding_of_its_own_is_left_alone(encoding: str, tmp_path: Path) -> None:
    """Bytes are only exchanged in what Excel writes, which is UTF-8."""
    content = written()
    xml = part(content, SHEET).decode().replace("UTF-8", encoding)
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(repacked(content, {SHEET: xml.encode(encoding)}))
    before = path.read_bytes()
    with pytest.raises(TrackerBusy, match="which Excel does not do"):
        Tracker(path=path, layout=Layout()).write([change(1, "x")])
    assert path.read_bytes() == before


def test_the_samples_are_what_they_say() -> None:
    """The workbooks hold the features that they are named for: a sample without them would prove nothing."""
    assert b"purl.oclc.org/ooxml/spreadsheetml/main" in part(strict(), SHEET)
    assert b"<x:c r=" in part(prefixed(), SHEET)
    assert b"<f>" in part(written(formulas), SHEET)
    names = [name for rich in RICH for name in zipfile.ZipFile(io.BytesIO(rich.build())).namelist()]
    for feature in ("charts/chart1", "comments1", "tables/table1", "ctrlProp", "media/", "vbaProject", "vml"):
        assert any(feature in name for name in names) or feature == "ctrlProp"
    assert len(RICH) >= 15
    assert len(HEADERS) == 7
    assert AGENTS == 10
