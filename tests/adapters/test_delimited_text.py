"""CSV and its kin: what divides the cells."""

from __future__ import annotations

import pytest

from rpa.adapters.delimited_text import dialect

HEADER = "Employee ID;Name;Site;TBT"
ROWS = ["1001;Smith, Ann;PRV;done", "1002;Lee, Bo;PRV;open"]


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["ESP tracker", HEADER, *ROWS], ";"),
        (["ESP tracker, week 48, PRV", "", HEADER, *ROWS], ";"),
        ([HEADER, *ROWS], ";"),
        (["employee id;name", "1001;Smith, Ann, Jr."], ";"),
        (["employee id,notes", "1001,a;b;c;d", "1002,e"], ","),
        (['"Name; first, last";employee id', "x;1001"], ";"),
        (["employee id", "1001"], ","),
        ([], ","),
    ],
)
def test_what_most_lines_agree_on_divides(lines: list[str], delimiter: str) -> None:
    """Neither a title above the header nor commas in the names decide; the lines that are alike do."""
    assert dialect("\n".join(lines)) == (0, delimiter)
