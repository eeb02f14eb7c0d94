"""Agents: who is meant, by employee id, and when two written names can be the same person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NewType

EmployeeId = NewType("EmployeeId", str)

LONGEST_ID = 16

_ID = re.compile(rf"(?=.*[0-9])[A-Za-z0-9-]{{1,{LONGEST_ID}}}")
_LOOK_ALIKES = str.maketrans("OolI", "0011")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i", "-": " ", ".": " "}
)
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u0060\u00b4]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """One row of a batch file; `row` is the spreadsheet's own number, texts are empty where not given."""

    employee_id: EmployeeId
    row: int
    name: str = ""
    site: str = ""
    campaign: str = ""
    esp_manager: str = ""
    esp_start: date | None = None
    esp_end: date | None = None
    cxp_email: str = ""
    personal_email: str = ""


class Unusable(ValueError):
    """A value that cannot be taken as it is: what is wrong with it, and the mend."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}; {mend}")
        self.what = what
        self.mend = mend


def employee_id(text: str) -> EmployeeId:
    """The text as an employee id, leading zeros and all; Unusable where it cannot be one."""
    digits = text.translate(_LOOK_ALIKES)
    if digits != text and _typed_for_digits(text, digits):
        raise Unusable("has a letter (O, l or I) where a digit belongs", f"write {digits}")
    if _ID.fullmatch(text):
        return EmployeeId(text)
    if len(text) > LONGEST_ID:
        raise Unusable(
            f"is longer than an employee id ({LONGEST_ID} characters)", "write the id alone as ADP shows it"
        )
    if not re.search("[0-9]", text):
        raise Unusable("is no employee id: it has no digit", "write the id as ADP shows it")
    strange = "".join(dict.fromkeys(letter for letter in text if not re.match("[A-Za-z0-9-]", letter)))
    raise Unusable(
        f"has characters that no employee id has ({strange!r})", "write only its letters, digits and hyphens"
    )


def _typed_for_digits(text: str, digits: str) -> bool:
    """An id of digits but for look-alikes, or an O amid the digits of any id."""
    only_digits = re.search("[0-9]", text) is not None and re.fullmatch("[0-9-]+", digits) is not None
    return only_digits or re.search("[0-9][Oo]+[0-9]", text) is not None


def same_person_name(a: str, b: str) -> bool:
    """Whether two names can be one person's, each as "First Last" or as "Last, First".

    Case, accents, spacing and hyphens do not count, and a middle initial may be missing or stand for
    the middle name. Another middle initial, a missing middle name, a Jr. on one side only, or first and
    last name in the other order without a comma are somebody else.
    """
    left, right = _Name.of(a), _Name.of(b)
    if not left.words or not right.words or left.suffixes != right.suffixes:
        return False
    if left.family and right.family and left.family != right.family:
        return False
    if len(left.words) == 1 or len(right.words) == 1:
        return left.words == right.words
    ends_agree = left.words[0] == right.words[0] and left.words[-1] == right.words[-1]
    return ends_agree and _middles_agree(left.words[1:-1], right.words[1:-1])


def spoken(name: str) -> str:
    """First and last name in one form, whichever way they were written; empty for none."""
    one = _Name.of(name)
    return " ".join((*one.words[:1], *one.words[1:][-1:], *sorted(one.suffixes)))


@dataclass(frozen=True, slots=True)
class _Name:
    """A name's words in spoken order; `family` is known only from the form with a comma."""

    words: tuple[str, ...]
    family: tuple[str, ...]
    suffixes: frozenset[str]

    @classmethod
    def of(cls, name: str) -> _Name:
        before, comma, after = _folded(name).partition(",")
        family, given = (before.split(), after.replace(",", " ").split()) if comma else ([], before.split())
        if len(family) > 1 and set(given) <= _SUFFIXES:
            family, given = [], [*family, *given]
        if family and len(given) > 1 and given[0] in _SUFFIXES:
            given = [*given[1:], given[0]]
        suffixes = {word for word in (*given[1 if family else 2 :], *family[1:]) if word in _SUFFIXES}
        family = [word for word in family if word not in suffixes]
        given = [word for word in given if word not in suffixes]
        return cls(words=(*given, *family), family=tuple(family), suffixes=frozenset(suffixes))


def _folded(name: str) -> str:
    """Lower case without accents and apostrophes; hyphens and full stops are spaces."""
    apart = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_PLAIN_LETTERS)


def _middles_agree(left: Sequence[str], right: Sequence[str]) -> bool:
    if not left or not right:
        return all(len(word) == 1 for word in (*left, *right))
    if left[0] == right[0] or _is_initial_of(left[0], right[0]) or _is_initial_of(right[0], left[0]):
        return _middles_agree(left[1:], right[1:])
    if len(left[0]) == len(right[0]) == 1:
        return False
    if len(left[0]) == 1:
        return _middles_agree(left[1:], right)
    return len(right[0]) == 1 and _middles_agree(left, right[1:])


def _is_initial_of(initial: str, word: str) -> bool:
    return len(initial) == 1 and word.startswith(initial)
