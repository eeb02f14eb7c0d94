"""Batch files: what is read, what is refused with its mend, and that nothing else can happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rpa.adapters.batch_file import BatchFile, read_batch
from rpa.adapters.cells import Limits
from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.errors import UsageError
from tests.adapters import bad_batches
from tests.adapters.bad_batches import BadFile, BadRows, csv, repacked, sheet_of, workbook

SITES = frozenset({"PRV", "SLC"})
CAMPAIGNS = frozenset({"Aetna", "CareSource"})
DAY = datetime(2026, 12, 5)  # noqa: DTZ001 - Excel knows no zones
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(folder: Path, name: str, content: bytes) -> BatchFile:
    path = folder / name
    path.write_bytes(content)
    return read_batch(path, sites=SITES, campaigns=CAMPAIGNS)


def ids(batch: BatchFile) -> list[str]:
    return [agent.employee_id for agent in batch.agents]


@pytest.mark.parametrize("bad", bad_batches.FILES, ids=lambda bad: bad.name)
def test_bad_file_is_told_whole(bad: BadFile, tmp_path: Path) -> None:
    """A file that cannot be used is refused by name, with the reason, and nothing was started."""
    with pytest.raises(UsageError) as refusal:
        read(tmp_path, bad.name, bad.build())
    for words in (bad.name, *bad.told, "Nothing was started."):
        assert words in str(refusal.value)


@pytest.mark.parametrize("bad", bad_batches.ROWS, ids=lambda bad: bad.name)
def test_bad_row_is_told_and_costs_no_other(bad: BadRows, tmp_path: Path) -> None:
    """A bad row is told by row, column, value and mend in one sentence, and all others are kept."""
    batch = read(tmp_path, bad.name, bad.build())
    found = [(problem.row, problem.column, problem.value) for problem in batch.problems]
    assert found == [(told.row, told.column, told.value) for told in bad.told]
    for problem, told in zip(batch.problems, bad.told, strict=True):
        assert told.mend in problem.mend
        assert str(problem).startswith(f"{bad.name}, row {told.row}, column {told.column}: ")
        assert "\n" not in str(problem)
    assert tuple(ids(batch)) == bad.kept


def test_every_column_is_read(tmp_path: Path) -> None:
    """The nine columns become the agent, with the site's own spelling of its own words."""
    batch = read(
        tmp_path,
        "class.csv",
        b"Employee ID,NAME, Site ,campaign,ESP_Manager,esp-start,ESP  END,cXp Email,PersonalEmail\n"
        b'0042,"Smith, Ann",prv,AETNA,Dana Whitfield,12/1/2026,2026-12-05,ann@cxp.example,ann@home.example\n',
    )
    assert batch == BatchFile(
        agents=(
            Agent(
                employee_id=EmployeeId("0042"),
                row=2,
                name="Smith, Ann",
                site="PRV",
                campaign="Aetna",
                esp_manager="Dana Whitfield",
                esp_start=date(2026, 12, 1),
                esp_end=date(2026, 12, 5),
                cxp_email="ann@cxp.example",
                personal_email="ann@home.example",
            ),
        ),
        problems=(),
        notes=(),
    )


@pytest.mark.parametrize(
    "content",
    [
        csv("1001,José", header="employee id,name"),
        csv("1001,José", header="employee id,name", encoding="utf-8-sig"),
        csv("1001,José", header="employee id,name", encoding="utf-16"),
        csv("1001,José", header="employee id,name", encoding="utf-32"),
        csv("1001,José", header="employee id,name", encoding="cp1252"),
        csv("1001,José", header="employee id,name", end="\r\n"),
        csv("1001,José", header="employee id,name", end="\r"),
        csv("1001;José", header="employee id;name"),
        csv("1001\tJosé", header="employee id\tname"),
        csv("1001|José", header="employee id|name"),
        csv("1001;José", header="sep=;\nemployee id;name"),
        csv('"1001","José"', header='"employee id","name"'),
        csv("1001,José", header='"employee\nid",name'),
        csv("\u200b1001\u00a0,\u00a0José\u200b ", header="\ufeffemployee\u00a0id,name\u200b"),
        csv("1001.0,José,,,", header="employee id,name,,,"),
        workbook([["employee id", "name"], [1001, "José"]]),
        workbook([["employee id", "name"], [" 1001 ", "José\n"]]),
        workbook([["employee id", "name"], ["1001", "José"]], default_date_format="yyyy"),
    ],
)
def test_one_agent_in_every_writing(content: bytes, tmp_path: Path) -> None:
    """Encoding, delimiter, line ends, quotes, odd spaces and numbers do not change who is meant."""
    name = "class.xlsx" if content.startswith(b"PK") else "class.csv"
    batch = read(tmp_path, name, content)
    assert [(agent.employee_id, agent.name) for agent in batch.agents] == [("1001", "José")]
    assert not batch.problems


def test_code_page_is_told_with_a_sample(tmp_path: Path) -> None:
    """A file that is not UTF-8 is read as Windows wrote it, and the manager is shown the accents."""
    batch = read(tmp_path, "class.csv", csv("1001,José Peña", header="employee id,name", encoding="cp1252"))
    assert batch.notes == (
        "The file is not UTF-8 and was read as Windows-1252: check the accents (such as José, Peña).",
    )


@pytest.mark.parametrize("since", [1900, 1904])
def test_days_of_excel(since: int, tmp_path: Path) -> None:
    """A date of Excel, its bare number and a text are the same day, in both of Excel's calendars."""
    number = 46361 if since == 1900 else 46361 - 1462
    days = [DAY, DAY.replace(hour=13, minute=30), number, str(number), "12/05/2026", "2026-12-05 00:00:00"]
    rows: list[list[object]] = [
        ["employee id", "esp end"],
        *([str(1001 + at), day] for at, day in enumerate(days)),
    ]
    batch = read(tmp_path, "class.xlsx", workbook(rows, date_1904=since == 1904))
    assert [agent.esp_end for agent in batch.agents] == [date(2026, 12, 5)] * len(days)


def test_an_id_is_read_with_the_zeros_that_excel_shows(tmp_path: Path) -> None:
    """A number keeps the zeros of its format, and one that is longer than that keeps its digits."""

    def numbers(book: Any, sheet: Any) -> None:
        zeros = book.add_format({"num_format": "000000"})
        for row, number in enumerate((482, 1000482), start=1):
            sheet.write_number(row, 0, number, zeros)
        sheet.write_number(3, 0, 482, book.add_format({"num_format": "0"}))

    batch = read(tmp_path, "class.xlsx", workbook([["Employee ID"]], numbers))
    assert ids(batch) == ["000482", "1000482", "482"]


def test_rows_have_the_spreadsheets_numbers(tmp_path: Path) -> None:
    """Empty rows are passed over and still counted, and so is a quoted line break as one row."""
    lines = ["", '1002,"x",", y', ",,", "10O3"]
    batch = read(
        tmp_path, "class.csv", csv(*lines[:1], '1002,,"PRV\n"', *lines[2:], header="employee id,name,site")
    )
    assert [agent.row for agent in batch.agents] == [3]
    assert [problem.row for problem in batch.problems] == [5]


def test_first_filled_row_is_the_header(tmp_path: Path) -> None:
    """A sheet that begins further down and right is read there, with its own rows and letters."""
    batch = read(
        tmp_path, "class.xlsx", workbook([[], [], [None, "employee id"], [None, "1001"], [None, "x"]])
    )
    assert [agent.row for agent in batch.agents] == [4]
    assert [(problem.row, problem.column) for problem in batch.problems] == [(5, "employee id (B)")]


def test_what_is_not_used_is_told(tmp_path: Path) -> None:
    """Unknown columns, remarks beside the list and likely misspellings are notes, not errors."""
    batch = read(tmp_path, "class.csv", csv("1001,x,", ",remark,", header="employee id,shirt size,campain"))
    assert batch.notes == (
        "Columns that are not used: shirt size (B), campain (C).",
        "If column campain (C) is meant to be 'campaign', rename it.",
        "Rows that were passed over, as they have nothing in a known column: 3.",
    )
    assert ids(batch) == ["1001"]


def test_the_sheet_with_the_ids_is_read(tmp_path: Path) -> None:
    """Of several sheets the one that names an employee id is taken, and the others are told."""
    sheets = {"Read me": [["How to fill this in"]], "Class": [["employee id"], ["1001"]], "Lists": [["PRV"]]}
    batch = read(tmp_path, "class.xlsx", workbook(sheets))
    assert ids(batch) == ["1001"]
    assert batch.notes == ("Only the sheet Class was read, not Read me, Lists.",)


def test_hidden_sheets_do_not_count_and_hidden_rows_do(tmp_path: Path) -> None:
    """Nobody means a sheet that is hidden; rows that a filter hides are read, and told."""

    def hide(book: object, sheet: object) -> None:
        sheet.set_row(2, None, None, {"hidden": True})  # type: ignore[attr-defined]
        book.worksheets()[1].hide()  # type: ignore[attr-defined]

    sheets = {"Class": [["employee id"], ["1001"], ["1002"]], "Old": [["employee id"], ["9"]]}
    batch = read(tmp_path, "class.xlsx", workbook(sheets, hide))
    assert ids(batch) == ["1001", "1002"]
    assert batch.notes == ("Rows that are hidden or filtered out in Excel were read as well: 3.",)


def test_a_workbook_by_any_name(tmp_path: Path) -> None:
    """What a file holds counts, not what it is called, where that leaves no doubt."""
    assert ids(read(tmp_path, "class.csv", bad_batches.good_book())) == ["1001"]


def test_a_lone_dash_is_empty(tmp_path: Path) -> None:
    """ADP shows an empty value as a dash, and copies of its lists have it so."""
    batch = read(tmp_path, "class.csv", csv("1001,-,\u2013,\u2014,-,\u2013,-"))
    assert batch.agents == (Agent(employee_id=EmployeeId("1001"), row=2),)


@pytest.mark.parametrize("limits", [Limits(file_bytes=100), Limits(rows=50), Limits(cells=60)])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_limits(limits: Limits, kind: str, tmp_path: Path) -> None:
    """A file beyond a limit is refused before it is parsed, and the limit is told."""
    rows = [["employee id"], *([str(1000 + at)] for at in range(100))]
    path = tmp_path / f"class.{kind}"
    path.write_bytes(workbook(rows) if kind == "xlsx" else "\n".join(row[0] for row in rows).encode())
    with pytest.raises(UsageError, match=r"more than|larger than"):
        read_batch(path, limits=limits)


def test_empty_cells_count_too(tmp_path: Path) -> None:
    """Cells that hold nothing but a format cost a parser as much as others, and are refused as early."""

    def blank(book: object, sheet: object) -> None:
        bold = book.add_format({"bold": True})  # type: ignore[attr-defined]
        for column in range(1, 400):
            sheet.write_blank(1, column, None, bold)  # type: ignore[attr-defined]

    path = tmp_path / "class.xlsx"
    path.write_bytes(workbook([["employee id"], ["1001"]], blank))
    assert ids(read_batch(path)) == ["1001"]
    with pytest.raises(UsageError, match="more than 60 cells can hold, empty ones included"):
        read_batch(path, limits=Limits(cells=60))


def test_not_there(tmp_path: Path) -> None:
    """A file that is not there is told with the one that may be meant."""
    (tmp_path / "class_dec.xlsx").touch()
    with pytest.raises(UsageError, match=r"not found.*Did you mean class_dec\.xlsx"):
        read_batch(tmp_path / "class-dec.xlsx")
    with pytest.raises(UsageError, match="nor its folder"):
        read_batch(tmp_path / "nowhere" / "class.csv")


def test_not_a_file(tmp_path: Path) -> None:
    """A folder, a device, Excel's lock file and impossible names are refused, not tried."""
    for path, words in {
        tmp_path: "is a folder",
        Path("/dev/null"): "no ordinary file",
        tmp_path / "~$class.xlsx": r"lock file.*class\.xlsx",
        tmp_path / ("x" * 300): "cannot be read",
        tmp_path / "a\0b": "cannot be read|was not found",
    }.items():
        with pytest.raises(UsageError, match=words):
            read_batch(path)


def test_unreadable() -> None:
    """A drive that fails while reading is told as such."""
    broken = Path("/proc/self/mem")
    if not broken.exists():
        pytest.skip("only Linux has a file that fails on reading")
    with pytest.raises(UsageError, match="cannot be read"):
        read_batch(broken)


def told_as_agreed(batch: BatchFile) -> None:
    """What holds of every batch, whatever the file was."""
    rows = [agent.row for agent in batch.agents]
    assert len({agent.employee_id.casefold() for agent in batch.agents}) == len(rows)
    assert not set(rows) & {problem.row for problem in batch.problems}
    for problem in batch.problems:
        assert problem.row >= 2
        assert problem.column
        assert problem.what
        assert problem.mend
        assert "\n" not in str(problem)


def read_or_refused(folder: Path, name: str, content: bytes) -> None:
    """The two ends that any file can come to."""
    try:
        batch = read(folder, name, content)
    except UsageError:
        return
    told_as_agreed(batch)


ENDINGS = st.sampled_from([".csv", ".xlsx", ".txt", ".xls", ""])


@FUZZ
@given(
    content=st.binary(max_size=300),
    ending=ENDINGS,
    start=st.sampled_from([b"", b"PK\x03\x04", b"employee id,name\n", b"\xff\xfe"]),
)
def test_any_bytes(content: bytes, ending: str, start: bytes, tmp_path: Path) -> None:
    """Whatever bytes a file has, it is read or refused, and never anything else."""
    read_or_refused(tmp_path, f"any{ending}", start + content)


WORDS = st.sampled_from(
    ["1001", "10O1", "=1", "#N/A", "12/05/2026", "a@b.co", "\0", "\ufffd", '"', "\r\n", "\u200b", "PRV"]
)
TEXTS = st.one_of(WORDS, st.text(max_size=12))
OTHERS = ["name", "site", "campaign", "esp start", "esp end", "cxp email", "", "x"]
HEADERS = st.lists(st.sampled_from(OTHERS), max_size=8, unique=True).map(
    lambda names: ["employee id", *names]
)
GRIDS = st.lists(st.lists(TEXTS, max_size=8), max_size=6)


@FUZZ
@given(header=HEADERS, grid=GRIDS, delimiter=st.sampled_from(",;\t"))
def test_any_grid_as_csv(
    header: list[str], grid: Sequence[Sequence[str]], delimiter: str, tmp_path: Path
) -> None:
    """Whatever stands in the cells of a CSV, each problem cites its row and column."""
    lines = [header, *grid]
    quoted = "\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    read_or_refused(tmp_path, "any.csv", quoted.encode("utf-8", "replace"))


VALUES = st.one_of(
    TEXTS,
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(DAY.replace(year=1900), DAY.replace(year=9999)),
    st.none(),
)


@FUZZ
@given(header=HEADERS, grid=st.lists(st.lists(VALUES, max_size=8), max_size=6))
def test_any_grid_as_workbook(header: list[str], grid: Sequence[Sequence[object]], tmp_path: Path) -> None:
    """Whatever values a workbook has, each problem cites its row and column."""
    read_or_refused(tmp_path, "any.xlsx", workbook([header, *grid]))


CELLS = st.builds(
    '<c{} {} s="{}"><f>{}</f>{}</c>'.format,
    st.sampled_from(["", ' r="A1"', ' r="C2"', ' r="A99"', ' r="ZZ1"', ' r="a0"']),
    st.sampled_from(['t="s"', 't="n"', 't="b"', 't="e"', 't="str"', 't="d"', 't="inlineStr"', 't="?"']),
    st.sampled_from(["0", "1", "99", "-1"]),
    st.sampled_from(["", "A1", "1+"]),
    st.sampled_from(["", "<v/>", "<v>0</v>", "<v>99</v>", "<v>1e999</v>", "<v>x</v>", "<is><t>y</t></is>"]),
)


@FUZZ
@given(cells=st.lists(CELLS, max_size=6), row=st.sampled_from(["", ' r="1"', ' r="7"', ' r="0"', ' r="x"']))
def test_any_cells_of_a_sheet(cells: list[str], row: str, tmp_path: Path) -> None:
    """Whatever a program has written as cells, the workbook is read or refused."""
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>employee id</t></is></c></row>'
    sheet = sheet_of(f"{header}<row{row}>{''.join(cells)}</row>")
    read_or_refused(tmp_path, "any.xlsx", repacked(bad_batches.good_book(), {bad_batches.SHEET: sheet}))
