"""On which class an agent should be, by what ADP shows."""

from __future__ import annotations

from datetime import date

import pytest

from rpa.domain.records import CustomFields
from rpa.domain.verification import expected_class

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
