"""What the stuck rules are told of a tracker that cannot be read in full."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rpa.adapters.tracker import Tracker
from rpa.adapters.tracker_columns import Layout
from rpa.adapters.tracker_seen import tracker_seen
from rpa.domain.stuck_judging import judge
from rpa.domain.stuck_subjects import TrackerSeen, subjects
from rpa.domain.tracking import TaskState
from tests.domain.stuck_people import RUNNING, night

HEADER = "Employee ID,ESP Start,ESP End,AHIP/Aetna,Call Cert,Transfer to Production"


def seen(folder: Path, *rows: str, header: str = HEADER) -> TrackerSeen:
    """What is seen of a tracker with these rows."""
    path = folder / "tracker.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return tracker_seen(Tracker(path=path, layout=Layout()).read(date(2026, 11, 23)))


def test_a_tracker_in_order_leaves_no_doubt(tmp_path: Path) -> None:
    """Every cell read: nobody in doubt, nothing blind."""
    told = seen(tmp_path, "1001,2026-11-16,2026-11-20,Done,,")
    assert [agent.employee_id for agent in told.agents] == ["1001"]
    assert (told.doubt, told.blind, told.rows_without_id, told.problems) == ({}, frozenset(), (), ())


@pytest.mark.parametrize(
    ("row", "doubt"),
    [
        ("1001,2026-11-16,someday,Done,,", {"esp_end"}),
        ("1001,2026-11-16,2026-11-20,Done,maybe,", {"call_cert"}),
        ("1001,2026-11-16,2026-11-20,maybe,,", {"ahip_aetna", "ahip", "aetna"}),
        ("1001,2026-11-16,2026-11-20,Done,,perhaps", {"transfer_to_production"}),
    ],
)
def test_a_bad_cell_is_in_doubt_by_its_field(tmp_path: Path, row: str, doubt: set[str]) -> None:
    """A cell that cannot be read is named as the rules know it; both tasks of a shared column are."""
    told = seen(tmp_path, row)
    assert told.doubt == {"1001": frozenset(doubt)}
    assert len(told.problems) == 1


def test_a_row_whose_id_cannot_be_read_is_nobodys(tmp_path: Path) -> None:
    """Its number is told, so that nobody on a roster is said to be missing because of it."""
    told = seen(tmp_path, "O1001,2026-11-16,2026-11-20,Done,,", "1002,2026-11-16,2026-11-20,Done,,")
    assert told.rows_without_id == (2,)
    assert [agent.employee_id for agent in told.agents] == ["1002"]


def test_doubles_are_no_bad_cells(tmp_path: Path) -> None:
    """One id in two rows could be read; it is the matter of a rule, not a gap."""
    told = seen(tmp_path, "1001,,,Done,,", "1001,,,Done,,")
    assert told.doubled == {"1001": (2, 3)}
    assert (told.rows_without_id, told.problems) == ((), ())


def test_a_missing_column_makes_blind(tmp_path: Path) -> None:
    """Without its column a rule would be wrong, not silent: that is told."""
    told = seen(tmp_path, "1001,Done", header="Employee ID,Producer World")
    assert told.blind == {"call_cert", "transfer_to_production"}
    assert told.untold == {"ahip", "aetna", "tbt"}
    assert told.agents[0].transferred is TaskState.OPEN


def test_who_may_be_complete_is_in_doubt_without_a_column(tmp_path: Path) -> None:
    """Complete but for a task without a column: neither stuck at the transfer nor fine, but not judged."""
    header = "Employee ID,Producer World,AHIP/Aetna,Call Cert,Transfer to Production"
    told = seen(tmp_path, "1001,Done,Done,Done,", "1002,Done,Open,Done,", header=header)
    findings, unchecked = judge(subjects(told, {RUNNING: frozenset({"1001", "1002"})}, {}).values(), night())
    assert [one.rule.name for one in findings if one.rule.name == "complete-on-roster"] == []
    assert [one.subject for one in unchecked if one.rule.name == "complete-on-roster"] == ["1001"]
