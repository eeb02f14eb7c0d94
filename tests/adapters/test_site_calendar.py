"""The site's days: public holidays, its own file, and what is wrong with either."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rpa.adapters.site_calendar import working_days
from rpa.domain.errors import UsageError

AROUND = date(2026, 11, 23)


def file(folder: Path, text: str) -> Path:
    """A calendar of the site."""
    path = folder / "days.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("country", "state", "day", "working"),
    [
        ("US", "", date(2026, 11, 26), False),  # Thanksgiving
        ("US", "", date(2026, 11, 27), True),
        ("US", "", date(2027, 12, 31), False),  # New Year's Day 2028 is a Saturday: observed on Friday
        ("US", "", date(2026, 7, 24), True),
        ("US", "UT", date(2026, 7, 24), False),  # Pioneer Day in Utah alone
        ("", "", date(2026, 11, 26), True),
        ("DE", "BY", date(2026, 11, 26), True),
    ],
)
def test_public_holidays_are_those_of_the_place(country: str, state: str, day: date, working: bool) -> None:
    """Country and state decide; without a country there are no holidays."""
    assert working_days(country, state, None, around=AROUND).is_working(day) is working


def test_the_sites_own_days_have_the_last_word(tmp_path: Path) -> None:
    """A closed Friday, an opened Saturday, and a holiday on which the site works."""
    own = file(
        tmp_path,
        "Date,Open,Note\n2026-11-27,closed,bridge\n12/05/2026,OPEN,season\n2026-11-26,yes,\n\n2026-12-24,No,\n",
    )
    days = working_days("US", "", own, around=AROUND)
    asked = ((11, 26), (11, 27), (12, 5), (12, 24), (12, 25))
    assert [days.is_working(date(2026, *day)) for day in asked] == [True, False, True, False, False]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("day,open\n2026-11-27,closed\n", "first row must name the columns"),
        ("date,open\n2026-13-01,closed\n", "row 2"),
        ("date,open\n2026-11-27,perhaps\n", "row 2: a day needs a date, and open or closed"),
        ("date,open\n2026-11-26,closed\n,closed\n", "row 3"),
        ("date,open\n2026-11-27\n", "row 2"),
    ],
)
def test_a_bad_row_is_told(tmp_path: Path, text: str, told: str) -> None:
    """A calendar with a mistake is not used in part: a wrong day would move every deadline."""
    with pytest.raises(UsageError, match=told):
        working_days("US", "", file(tmp_path, text), around=AROUND)


@pytest.mark.parametrize(("country", "state"), [("USA!", ""), ("US", "Utah!")])
def test_unknown_places_are_told(country: str, state: str) -> None:
    """A country or state that nobody knows is an error, not a year without holidays."""
    with pytest.raises(UsageError, match="RPA_DAYS__COUNTRY"):
        working_days(country, state, None, around=AROUND)


def test_a_week_of_seven_days_off_is_told() -> None:
    """A site that never works has no next working day."""
    with pytest.raises(UsageError, match="RPA_DAYS__WEEKEND"):
        working_days("US", "", None, around=AROUND, weekend=frozenset(range(7)))


def test_other_weekends() -> None:
    """A site may rest on Friday and Saturday."""
    days = working_days("", "", None, around=AROUND, weekend=frozenset({4, 5}))
    assert [days.is_working(date(2026, 11, day)) for day in (26, 27, 28, 29)] == [True, False, False, True]
