"""Reading the tracker: any site's headers, and nothing unreadable that counts as done."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from rpa.adapters.tracker import Tracker
from rpa.adapters.tracker_columns import Layout
from rpa.adapters.tracker_rows import TrackerRead
from rpa.adapters.tracker_words import TaskWords
from rpa.domain.agents import EmployeeId
from rpa.domain.errors import UsageError
from rpa.domain.tracker_cells import TRANSFER
from rpa.domain.tracking import Task, TaskState, TrackedAgent
from tests.adapters.bad_batches import SHEET, bomb, lying_bomb, repacked, sparse_bomb, workbook

TODAY = date(2026, 11, 23)
Rows = Sequence[Sequence[object]]


def read(
    folder: Path, rows: Rows | Mapping[str, Rows], layout: Layout | None = None, needs: Sequence[str] = ()
) -> TrackerRead:
    path = folder / "tracker.xlsx"
    path.write_bytes(workbook(rows))
    return Tracker(path=path, layout=layout or Layout()).read(TODAY, needs)


def states(folder: Path, header: str, *values: object) -> list[TaskState]:
    """How the cells below this header are read, as Call Cert."""
    rows: Rows = [["Employee ID", header], *([str(1000 + nth), value] for nth, value in enumerate(values))]
    return [agent.tasks[Task.CALL_CERT] for agent in read(folder, rows).agents]


def day(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - Excel knows no zones


def test_a_whole_row_is_read(tmp_path: Path) -> None:
    """Titles above the header, headers in any case: everything that the rules need comes out of it."""
    found = read(
        tmp_path,
        [
            ["ESP tracker - November"],
            [],
            [
                *("ADP ID", "Agent Name", "Site", "LOB", "ESP Manager", "esp start date", "ESP End"),
                *("cXp E-mail Address", "Personal Email", "Producer World", "AHIP / Aetna", "TBTs"),
                *("CALL CERTS Completed", "Call Shadow", "Transfer to Production", "Training updated"),
            ],
            [
                *("0042", "Smith, Ann", "PRV", "Aetna", "Dana Whitfield", day(2026, 11, 16), "2026-11-20"),
                *("a@cxp.example", "ann@home.example", "Done", day(2026, 11, 17), "n/a"),
                *("", "in progress", day(2026, 11, 20), "11/22/2026"),
            ],
        ],
        Layout(teams={"Training": "training updated"}),
    )
    assert found.problems == ()
    assert found.sheet.header_row == 3
    assert found.agents == (
        TrackedAgent(
            employee_id=EmployeeId("0042"),
            row=4,
            name="Smith, Ann",
            site="PRV",
            campaign="Aetna",
            esp_manager="Dana Whitfield",
            esp_start=date(2026, 11, 16),
            esp_end=date(2026, 11, 20),
            cxp_email="a@cxp.example",
            personal_email="ann@home.example",
            tasks={
                Task.PRODUCER_WORLD: TaskState.DONE,
                Task.AHIP: TaskState.DONE,
                Task.AETNA: TaskState.DONE,
                Task.TBT: TaskState.NOT_NEEDED,
                Task.CALL_CERT: TaskState.OPEN,
                Task.CALL_SHADOWING: TaskState.OPEN,
            },
            transferred=TaskState.DONE,
            transferred_on=date(2026, 11, 20),
            updated={"Training": date(2026, 11, 22)},
        ),
    )
    assert found.text(found.agents[0], "call_shadowing") == "in progress"
    assert found.text(found.agents[0], "lob") == "Aetna"


def test_only_dates_that_have_come_and_known_words_are_done(tmp_path: Path) -> None:
    """Done is a date up to today or a word of the list; blank is open; the rest is unreadable."""
    done = ("Done", " YES ", "x", "✓", day(2026, 11, 23), "11/20/2026", 46346, True)
    assert set(states(tmp_path, "Call Cert", *done)) == {TaskState.DONE}
    assert set(states(tmp_path, "Call Cert", "", None, "No", "-", "In  Progress")) == {TaskState.OPEN}
    strange = ("almost", "done?", day(2026, 11, 24), "11/20/26", "20.11.2026", 3, "50%", "#N/A", "=done")
    assert set(states(tmp_path, "Call Cert", *strange)) == {TaskState.UNREADABLE}


def test_the_time_of_a_day_does_not_count(tmp_path: Path) -> None:
    """A cell that was filled in by a formula or a form, with its time, shows the day."""
    found = read(tmp_path, [["Employee ID", "Updated"], ["1001", day(2026, 11, 20, 14, 30)]])
    assert found.text(found.agents[0], "Updated") == "2026-11-20"


def test_unreadable_cells_are_told_and_cost_no_other(tmp_path: Path) -> None:
    """A bad id loses its own row, a bad cell its own value; both are told with the place and the mend."""
    found = read(
        tmp_path,
        {
            "Class 12": [
                ["Employee ID", "ESP End", "TBT"],
                ["1001", "soon", "done"],
                ["Total", None, None],
                ["1002", "2026-11-20", "nearly"],
                [None, None, None],
            ],
        },
    )
    assert [(agent.employee_id, agent.esp_end) for agent in found.agents] == [
        ("1001", None),
        ("1002", date(2026, 11, 20)),
    ]
    told = [(one.sheet, one.row, one.column, one.value, one.employee_id) for one in found.problems]
    assert told == [
        ("Class 12", 2, "ESP End (B)", "soon", "1001"),
        ("Class 12", 3, "Employee ID (A)", "Total", ""),
        ("Class 12", 4, "TBT (C)", "nearly", "1002"),
    ]
    assert str(found.problems[0]).startswith(
        "tracker.xlsx, sheet Class 12, row 2, column ESP End (B): 'soon'"
    )
    assert all(one.mend for one in found.problems)


def test_a_doubled_id_is_told_and_neither_row_is_used(tmp_path: Path) -> None:
    """Nobody can say which of two rows is right, so the agent is not there; others are."""
    found = read(tmp_path, [["Employee ID", "TBT"], ["A1", "done"], ["1002", ""], ["a1", ""]])
    assert [agent.employee_id for agent in found.agents] == ["1002"]
    assert found.doubled == {"A1": (2, 4)}
    assert [(one.row, one.what) for one in found.problems] == [
        (2, "stands also in row 4"),
        (4, "stands also in row 2"),
    ]


def test_errors_and_merged_cells_are_not_done(tmp_path: Path) -> None:
    """An Excel error or a formula without a result is unreadable; a cell under a merged one is blank."""
    path = tmp_path / "tracker.xlsx"

    def fill(_: Any, sheet: Any) -> None:
        sheet.write_formula("B2", "=VLOOKUP(1,D:E,2)", None, "#N/A")
        sheet.write_formula("B3", '="do"&"ne"', None, "done")
        sheet.write_formula("B4", '=""', None, "")

        sheet.write_formula("B5", "=B4", None, "")

    content = workbook([["Employee ID", "TBT"], ["1001"], ["1002"], ["1003"], ["1004"]], fill)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(SHEET)
    # Excel says of an empty result that it is a text; who cannot calculate leaves the value empty.
    path.write_bytes(repacked(content, {SHEET: xml.replace(b'<c r="B4">', b'<c r="B4" t="str">')}))
    found = Tracker(path=path, layout=Layout()).read(TODAY)
    assert [agent.tasks[Task.TBT] for agent in found.agents] == [
        TaskState.UNREADABLE,
        TaskState.DONE,
        TaskState.OPEN,
        TaskState.UNREADABLE,
    ]
    assert [problem.value for problem in found.problems] == ["#N/A", ""]
    path.write_bytes(
        workbook(
            [["Employee ID", "TBT"], ["1001", ""], ["1002", ""]],
            lambda _, sheet: sheet.merge_range("B2:B3", "done"),
        )
    )
    agents = Tracker(path=path, layout=Layout()).read(TODAY).agents
    assert [agent.tasks[Task.TBT] for agent in agents] == [TaskState.DONE, TaskState.OPEN]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("CALL  cert", "call_cert"),
        ("Call Certs - Completed", "call_cert"),
        ("Call_Certification Date", "call_cert"),
        ("T.B.T. Status", "tbt"),
        ("Transferred to Production?", TRANSFER),
        ("Aetna/AHIP", "ahip_aetna"),
        ("Producer World (done)", "producer_world"),
        ("E-ID", "employee_id"),
    ],
)
def test_headers_are_found_as_people_write_them(header: str, field: str, tmp_path: Path) -> None:
    """Case, spaces, punctuation and a state behind the name do not count."""
    rows = [[header, "" if field == "employee_id" else "Employee ID"], ["1", "1"]]
    assert read(tmp_path, rows).sheet.fields[field].at == 0


def test_the_plain_header_wins_over_the_one_with_a_state(tmp_path: Path) -> None:
    """TBT beside TBT Date is TBT; two of the same standing are an error that names both."""
    found = read(tmp_path, [["Employee ID", "TBT Date", "TBT"], ["1001", "", "x"]])
    assert found.agents[0].tasks[Task.TBT] is TaskState.DONE
    with pytest.raises(UsageError, match=r"'tbt': TBT Date \(B\), TBT Status \(C\)"):
        read(tmp_path, [["Employee ID", "TBT Date", "TBT Status"], ["1001", "", "x"]])


def test_a_column_of_its_own_wins_over_the_shared_one(tmp_path: Path) -> None:
    """AHIP beside AHIP/Aetna is read from its own column, Aetna from the shared one."""
    found = read(tmp_path, [["Employee ID", "AHIP/Aetna", "AHIP"], ["1001", "done", ""]])
    assert found.agents[0].tasks == {Task.AHIP: TaskState.OPEN, Task.AETNA: TaskState.DONE}
    columns = {column.field: column.header for column in found.columns}
    assert (columns["ahip"], columns["aetna"], columns["tbt"]) == ("AHIP (C)", "AHIP/Aetna (B)", "")


def test_the_site_names_its_own_columns_and_words(tmp_path: Path) -> None:
    """Headers and words of the settings take the place of the usual ones."""
    layout = Layout(
        columns={"employee_id": ["File #"], "tbt": ["Brokers"]}, words=TaskWords(done=("ok",), open=("nope",))
    )
    found = read(tmp_path, [["File #", "Brokers", "TBT"], ["1", "OK", "x"], ["2", "done", "x"]], layout)
    assert [agent.tasks for agent in found.agents] == [
        {Task.TBT: TaskState.DONE},
        {Task.TBT: TaskState.UNREADABLE},
    ]


def test_the_sheet_is_the_one_with_ids_and_tasks(tmp_path: Path) -> None:
    """Of several sheets with ids the one with tasks is the tracker; two such must be told apart by name."""
    listed, tracked = [["Employee ID", "Name"], ["9", "A"]], [["Employee ID", "TBT"], ["1", ""]]
    assert read(tmp_path, {"All": listed, "Now": tracked, "Notes": [["x"]]}).sheet.table.name == "Now"
    two = {"October": tracked, "November": tracked}
    with pytest.raises(UsageError, match=r"October, November.*RPA_TRACKER__SHEET"):
        read(tmp_path, two)
    assert read(tmp_path, two, Layout(sheet="november")).sheet.table.name == "November"
    with pytest.raises(UsageError, match="no visible sheet 'December', but October, November"):
        read(tmp_path, two, Layout(sheet="December"))


def test_a_missing_column_is_told_with_the_near_ones(tmp_path: Path) -> None:
    """A needed column that is not there: which headers there are, which come near, which setting helps."""
    rows = [["Employee ID", "Moved to Production", "Cert Calls"], ["1001", "", ""]]
    with pytest.raises(UsageError) as told:
        read(tmp_path, rows, needs=[TRANSFER, "call_cert"])
    near = "'transfer_to_production' (is it Moved to Production (B)?)"
    for words in (near, "'call_cert'", "Cert Calls (C)", "RPA_TRACKER__COLUMNS"):
        assert words in str(told.value)
    assert read(tmp_path, [["Employee ID", "AHIP/Aetna"], ["1", ""]], needs=["ahip"]).agents
    with pytest.raises(UsageError, match=r"no column of employee ids.*begins with Agent, TBT"):
        read(tmp_path, [["Agent", "TBT"], ["Ann", ""]])


@pytest.mark.parametrize(
    ("layout", "told"),
    [
        (lambda: Layout(columns={"callcert": ["CC"]}), "'callcert' is no field.*Did you mean 'call_cert'"),
        (lambda: Layout(words=TaskWords(done=("ok",), open=("OK ",))), "ok would mean two things"),
    ],
)
def test_a_wrong_layout_is_told(layout: object, told: str) -> None:
    """A field that does not exist and a word with two meanings are told before anything is read."""
    with pytest.raises(UsageError, match=told):
        layout()  # type: ignore[operator]


@pytest.mark.parametrize("content", [bomb, lying_bomb, sparse_bomb, lambda: b"PK" + bytes(100 * 2**20)])
def test_bombs_are_refused_for_reading_and_writing(content: object, tmp_path: Path) -> None:
    """A bomb or a workbook of 100 MB is refused before any parser sees it."""
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(content())  # type: ignore[operator]
    tracker = Tracker(path=path, layout=Layout())
    for work in (lambda: tracker.read(TODAY), lambda: tracker.write([])):
        with pytest.raises(UsageError, match=r"MB|too big|damaged"):
            work()
