"""On which class an agent should be, by what ADP shows."""

from __future__ import annotations

from datetime import date

import pytest

from rpa.domain.records import CustomFields
from rpa.domain.rosters import ClassKey
from rpa.domain.verification import Standing, expected_class, place
from tests.domain.training_classes import AETNA, LONG, SHORT

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("end", "is_counted", "is_expected"),
    [
        (TODAY, False, True),
        (TODAY, True, False),
        (date(2026, 11, 24), True, True),
        (date(2026, 11, 22), False, False),
    ],
)
def test_esp_class_is_expected_to_its_last_day(end: date, is_counted: bool, is_expected: bool) -> None:
    """Up to the last day, on which a head that is counted in production already stands on no class."""
    fields = CustomFields(esp_start=date(2026, 11, 16), esp_end=end, graduation=None, uptraining="")
    found = expected_class(fields, "", TODAY, is_counted_in_production=is_counted)
    assert (found is not None) is is_expected


KEY = ClassKey(manager="Maria Ortiz", start=date(2026, 11, 16), end=date(2026, 12, 4))
ROSTERS = {SHORT: frozenset({"1", "2"}), LONG: frozenset({"3"}), AETNA: frozenset({"4"})}


@pytest.mark.parametrize(
    ("agent", "expected", "standing"),
    [
        ("3", KEY, Standing.LISTED),
        ("1", KEY, Standing.MISPLACED),
        ("9", KEY, Standing.MISSING),
        ("4", None, Standing.MISPLACED),
        ("9", None, Standing.PRODUCTION),
        ("4", ClassKey(campaign_class="Aetna"), Standing.LISTED),
    ],
)
def test_standing(agent: str, expected: ClassKey | None, standing: Standing) -> None:
    """A class is right by manager and dates: another one of the same name is not."""
    assert place(agent, expected, ROSTERS).standing is standing


def test_the_sites_own_uptraining_class_is_expected() -> None:
    """The word of the uptraining route is a setting."""
    fields = CustomFields(esp_start=None, esp_end=None, graduation=None, uptraining="Anthem")
    assert expected_class(fields, "", TODAY, uptraining_class="Anthem") == ClassKey(campaign_class="Anthem")
    assert expected_class(fields, "", TODAY) is None
