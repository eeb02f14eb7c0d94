"""Training classes: which one is meant, and what each is called."""

from __future__ import annotations

from rpa.domain.rosters import ClassKey, key_by_dates, named, standing_on, told_apart
from tests.domain.training_classes import AETNA, LONG, SHORT, START, esp


def test_classes_of_one_name_are_called_with_their_dates() -> None:
    """Only where a name repeats are manager and dates told; either way each is called otherwise."""
    assert told_apart([SHORT, LONG, AETNA]) == {
        SHORT: "ESP Ortiz 11/16 of Maria Ortiz, 2026-11-16 to 2026-11-27",
        LONG: "ESP Ortiz 11/16 of Maria Ortiz, 2026-11-16 to 2026-12-04",
        AETNA: "Aetna",
    }


def test_a_class_is_found_by_what_it_is_called() -> None:
    """A name that repeats finds all that have it, in full it finds the one; case does not count."""
    listed = [SHORT, LONG, AETNA]
    assert named(listed, "esp  ortiz 11/16") == [SHORT, LONG]
    assert named(listed, told_apart(listed)[LONG].upper()) == [LONG]
    assert named(listed, "Anthem") == []


def test_every_class_has_a_key_that_means_it() -> None:
    """Also one without an end can be watched."""
    for one in (SHORT, AETNA, esp(None)):
        assert key_by_dates(one).matches(one)
    assert not ClassKey().matches(AETNA)


def test_one_class_is_one_however_its_manager_is_written() -> None:
    """Two spellings of a name mean one class, other dates or another person's do not."""
    key = ClassKey(manager="Maria Ortiz", start=START, end=SHORT.end)
    assert key.is_same(ClassKey(manager="ORTIZ, Maria", start=START, end=SHORT.end))
    assert ClassKey(campaign_class="Aetna").is_same(ClassKey(campaign_class="Aetna"))
    assert not key.is_same(ClassKey(manager="Maria Ortiz", start=START, end=LONG.end))
    assert not key.is_same(ClassKey(manager="Dana Alvarez", start=START, end=SHORT.end))
    assert not key.is_same(ClassKey(start=START, end=SHORT.end))


def test_who_stands_where() -> None:
    """Classes of the same dates are one to those who should leave them; who is not asked for is left out."""
    other = esp(SHORT.end, manager="Dana Alvarez", name="ESP Alvarez 11/16")
    rosters = {
        SHORT: frozenset({"1", "2"}),
        other: frozenset({"3"}),
        LONG: frozenset({"4"}),
        AETNA: frozenset[str](),
    }
    assert standing_on(rosters, frozenset({"1", "3", "5"})) == {
        ClassKey(start=START, end=SHORT.end): frozenset({"1", "3"})
    }
