"""Who is meant: employee ids, and names that two systems write differently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa.domain.agents import Unusable, employee_id, same_person_name


@pytest.mark.parametrize("text", ["1001", "00123", "A1", "EO123", "10-12", "X4B010001", "1" * 16])
def test_employee_id_is_kept_as_it_is(text: str) -> None:
    """An id is taken literally, leading zeros and all."""
    assert employee_id(text) == text


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("1OO1", "write 1001"),
        ("1o01", "write 1001"),
        ("l001", "write 1001"),
        ("I0-1", "write 10-1"),
        ("EMP1O4", "write EMP104"),
        ("", "as ADP shows it"),
        ("Smith", "as ADP shows it"),
        ("1" * 17, "alone"),
        ("10 01", "only its letters"),
        ("1001\n", "only its letters"),
        ("１００１", "as ADP shows it"),  # noqa: RUF001 - full-width digits are the case
        ("1001;DROP", "only its letters"),
    ],
)
def test_what_is_no_employee_id_has_a_mend(text: str, mend: str) -> None:
    """What cannot be an id is refused with what to do, a look-alike letter with the id that is meant."""
    with pytest.raises(Unusable) as refusal:
        employee_id(text)
    assert mend in refusal.value.mend


@given(st.text(max_size=20))
def test_employee_id_is_plain_or_refused(text: str) -> None:
    """No text gets through as an id but plain letters, digits and hyphens with a digit among them."""
    try:
        found = employee_id(text)
    except Unusable:
        return
    assert found == text
    assert found.replace("-", "").isascii()
    assert found.replace("-", "").isalnum()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Ann Smith", "Smith, Ann"),
        ("ANN  SMITH", "smith,ann"),
        ("José Díaz", "Diaz, Jose"),
        ("Müller, Renée", "Renee Muller"),
        ("Søren Łuk", "Luk, Soren"),
        ("O'Brien, Mia", "Mia O\u2019Brien"),
        ("Anne-Marie Lee", "Lee, Anne Marie"),
        ("Ann B. Smith", "Smith, Ann"),
        ("Smith, Ann B", "Smith, Ann Beth"),
        ("Ann Beth Smith", "Smith, Ann B."),
        ("Maria De La Cruz", "De La Cruz, Maria"),
        ("John Smith Jr.", "Smith, John Jr"),
        ("Smith Jr., John", "John Smith Jr"),
        ("Smith, Jr., John", "Smith, John, Jr."),
        ("Smith, John, III", "John Smith III"),
        ("John Smith, Jr.", "Smith, John Jr."),
        ("Cher", "cher"),
        ("Kim Jr", "Jr, Kim"),
    ],
)
def test_one_person_in_two_writings(left: str, right: str) -> None:
    """Order with a comma, case, accents, spacing, hyphens and a middle initial do not make another person."""
    assert same_person_name(left, right)
    assert same_person_name(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Ann Smith", "Anna Smith"),
        ("Ann Smith", "Smith Ann"),
        ("Ann Smith", "A. Smith"),
        ("Smith, Ann", "Ann, Smith"),
        ("Ann B. Smith", "Smith, Ann C."),
        ("Ann Beth Smith", "Ann Smith"),
        ("Ann B Smith", "Ann Carol Smith"),
        ("Maria De La Cruz", "Cruz, Maria"),
        ("John Smith Jr.", "John Smith"),
        ("John Smith Jr.", "John Smith Sr."),
        ("Lee, Kim Ann", "Ann Lee, Kim"),
        ("Müller, Eva", "Mueller, Eva"),
        ("Smith", "Ann Smith"),
        ("", ""),
        (",", ","),
        ("", "Ann Smith"),
    ],
)
def test_another_person(left: str, right: str) -> None:
    """What can be somebody else is somebody else."""
    assert not same_person_name(left, right)
    assert not same_person_name(right, left)


@given(st.text(max_size=30), st.text(max_size=30))
def test_sameness_does_not_depend_on_the_order(left: str, right: str) -> None:
    """Comparing is symmetric for any two texts."""
    assert same_person_name(left, right) == same_person_name(right, left)


WORD = st.text("abcdefghijklmnopqrstuvwxyzé", min_size=2, max_size=8)


@given(WORD, WORD)
def test_both_writings_of_any_name(first: str, last: str) -> None:
    """A name and its form with a comma are always the same person."""
    assert same_person_name(f"{first} {last}", f"{last.upper()}, {first}")
