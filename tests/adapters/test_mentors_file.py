"""The mentors list, as managers keep it."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from rpa.adapters.mentors_file import read_mentors
from rpa.domain.errors import UsageError
from rpa.domain.hours import Hours
from rpa.domain.mentors import Mentor

HEADER = "Employee ID,Name,Site,Campaign,Shift,Trusted,In ESP,Agents\n"


def listed(tmp_path: Path, text: str) -> Path:
    """A list with this text."""
    path = tmp_path / "mentors.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_mentor_is_read_whole(tmp_path: Path) -> None:
    """Every column of the list means what it says."""
    found = read_mentors(listed(tmp_path, HEADER + '9001,"Lee, Kim",SLC,Aetna,8:00-17:30,Yes,no,1\n'))
    assert found.problems == ()
    assert found.mentors == (
        Mentor(
            employee_id="9001",  # type: ignore[arg-type]
            row=2,
            name="Lee, Kim",
            site="SLC",
            campaign="Aetna",
            shift=Hours(starts=time(8), ends=time(17, 30)),
            trusted=True,
            agents=1,
        ),
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("9002,,SLC,Aetna,,maybe,no,0", "row 3, column Trusted (F): 'maybe' is neither yes nor no"),
        ("9002,,SLC,Aetna,nine to five,yes,no,0", "row 3, column Shift (E): 'nine to five' are no hours"),
        (
            "9002,,SLC,Aetna,17:00-09:00,yes,no,0",
            "row 3, column Shift (E): '17:00-09:00' end before they begin",
        ),
        ("9002,,SLC,Aetna,,yes,no,some", "row 3, column Agents (H): 'some' is no number"),
        ("nobody,,SLC,Aetna,,yes,no,0", "row 3, column Employee ID (A): 'nobody' is no employee id"),
        (
            "9001,,SLC,Aetna,,yes,no,0",
            "row 3, column Employee ID (A): '9001' stands in an earlier row as well",
        ),
    ],
)
def test_bad_row_is_told_and_costs_no_other(tmp_path: Path, row: str, told: str) -> None:
    """Who cannot be read is told by place and mend, and is trusted by no accident."""
    found = read_mentors(listed(tmp_path, f"{HEADER}9001,,SLC,Aetna,,yes,,\n{row}\n"))
    assert [mentor.employee_id for mentor in found.mentors] == ["9001"]
    assert told in str(found.problems[0])


@pytest.mark.parametrize("header", ["employee id,name\n9001,x\n", "name,trusted\nx,yes\n"])
def test_list_without_ids_or_trust_is_refused(tmp_path: Path, header: str) -> None:
    """Nobody is a mentor by default."""
    with pytest.raises(UsageError, match="names no column"):
        read_mentors(listed(tmp_path, header))
