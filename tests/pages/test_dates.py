from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa.domain.errors import UsageError
from rpa.pages.dates import DateFormat

PATTERNS = ["MM/DD/YYYY", "DD.MM.YYYY", "YYYY-MM-DD", "M/D/YYYY", "D. M. YYYY", "DDMMYYYY"]


@given(day=st.dates(), pattern=st.sampled_from(PATTERNS))
def test_a_date_survives_writing_and_reading(day: date, pattern: str) -> None:
    """What a format writes it reads back as the same day."""
    form = DateFormat(pattern)
    assert form.parse(form.format(day)) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\u2013",
        "12/4/2026",
        "2026-12-04",
        "13/01/2026",
        "02/30/2026",
        "12/04/26",
        " 12/04/2026",
        "\uff112/04/2026",
    ],
)
def test_reading_is_strict(text: str) -> None:
    """Nothing but a day that exists, in exactly the site's form, is a date."""
    with pytest.raises(ValueError, match=r"day is out of range|must be in|not a date as"):
        DateFormat("MM/DD/YYYY").parse(text)


@pytest.mark.parametrize(
    "pattern", ["", "MM/DD", "MM/DD/YY", "MM/MM/YYYY", "MMM DD YYYY", "%m/%d/%Y", "MM/DD/YYYY x"]
)
def test_a_format_names_each_part_once(pattern: str) -> None:
    """A format that leaves something open is refused before it is used."""
    with pytest.raises(UsageError, match="date format"):
        DateFormat(pattern)
