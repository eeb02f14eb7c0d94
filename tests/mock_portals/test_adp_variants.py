"""The editions of the ADP mock: other words, other dates, stricter rules."""

from __future__ import annotations

from datetime import date

import pytest

from mock_portals.adp.labels import VARIANTS, variant_named


def test_every_variant_has_every_word() -> None:
    """A page of any variant finds each word it asks for, with the same places to fill."""
    modern = VARIANTS["modern"].words
    for variant in VARIANTS.values():
        assert variant.words.keys() == modern.keys()
        for key, words in variant.words.items():
            assert words.count("{") == modern[key].count("{")


def test_dates_are_shown_in_the_variants_own_way() -> None:
    """The same day is written with slashes in one variant and with dots in another."""
    day = date(2026, 2, 1)
    assert VARIANTS["modern"].show_date(day) == "02/01/2026"
    assert VARIANTS["renamed"].show_date(day) == "01.02.2026"


def test_an_unknown_variant_is_refused_by_name() -> None:
    """The error names what there is, so that a slip of the keys is mended at once."""
    with pytest.raises(ValueError, match="unknown variant 'classic': choose one of modern, renamed, strict"):
        variant_named("classic")
