"""Working days: counting, moving, and the days on which calendars go wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa.domain.working_days import DayCounting, WorkingDays

THANKSGIVING = date(2026, 11, 26)
SITE = WorkingDays(
    holidays=frozenset({THANKSGIVING, date(2026, 12, 25), date(2027, 1, 1)}),
    open_days=frozenset({date(2026, 12, 5)}),
)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2032, 12, 31))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 28), False),
        (THANKSGIVING, False),
        (date(2026, 12, 5), True),
        (date(2028, 2, 29), True),
    ],
)
def test_a_day_is_worked_unless_weekend_or_holiday_and_an_opened_day_wins(day: date, working: bool) -> None:
    """Monday works, Saturday and a holiday do not, an opened Saturday does, and so does a leap day."""
    assert SITE.is_working(day) is working


@pytest.mark.parametrize(
    ("start", "end", "working", "calendar"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), 0, 0),
        (date(2026, 11, 23), date(2026, 11, 24), 1, 1),
        (date(2026, 11, 25), date(2026, 11, 27), 1, 2),  # over Thanksgiving
        (date(2026, 11, 20), date(2026, 11, 23), 1, 3),  # over a weekend
        (date(2026, 12, 31), date(2027, 1, 4), 1, 4),  # over the year's end
        (date(2028, 2, 28), date(2028, 3, 1), 2, 2),  # over a leap day
        (date(2026, 3, 7), date(2026, 3, 9), 1, 2),  # the clock goes forward on the 8th
        (date(2026, 10, 31), date(2026, 11, 2), 1, 2),  # the clock goes back on the 1st
        (date(2026, 11, 24), date(2026, 11, 23), 0, 0),  # the clock was set back
    ],
)
def test_days_that_have_passed(start: date, end: date, working: int, calendar: int) -> None:
    """Days after the start up to and including the end, in either way of counting."""
    assert SITE.passed(start, end, DayCounting.WORKING) == working
    assert SITE.passed(start, end, DayCounting.CALENDAR) == calendar


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, date(2026, 11, 25)),
        (1, date(2026, 11, 27)),
        (2, date(2026, 11, 30)),
        (-1, date(2026, 11, 24)),
        (-3, date(2026, 11, 20)),
    ],
)
def test_adding_days_passes_over_what_is_not_worked(days: int, expected: date) -> None:
    """Working days are added forwards and backwards over weekend and holiday."""
    assert SITE.add(date(2026, 11, 25), days) == expected


@given(day=DAYS, days=st.integers(min_value=0, max_value=60))
def test_counting_takes_back_adding(day: date, days: int) -> None:
    """However many working days are added, as many are counted."""
    assert SITE.count(day, SITE.add(day, days)) == days


@given(day=DAYS)
def test_next_and_previous_are_each_others_way_back(day: date) -> None:
    """From a working day, the day before the next one is that day again."""
    working = SITE.next(day)
    assert SITE.previous(SITE.next(working)) == working


@pytest.mark.parametrize("weekend", [frozenset(range(7)), frozenset({7})])
def test_a_week_needs_a_working_day(weekend: frozenset[int]) -> None:
    """A weekend of seven days, or with a day that is none, is refused instead of looked through for ever."""
    with pytest.raises(ValueError, match="weekend"):
        WorkingDays(weekend=weekend)
