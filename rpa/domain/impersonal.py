"""Texts without people: what tells who somebody is, is covered, for a text that strangers will read; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

ID, MAIL, PERSON = "####", "(mail)", "(person)"

_MAIL = re.compile(r"[\w.'*+~-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*", re.IGNORECASE)
# Ids as ADP makes them: a row of digits, perhaps behind or among letters. Dates, clocks and our own names of
# runs and plans have hyphens, colons or points beside their digits.
_ID = re.compile(
    r"(?<![A-Za-z0-9.\\-])(?=[A-Za-z0-9]{4,16}(?![A-Za-z0-9-]))(?=[A-Za-z0-9]*[0-9]{3})[A-Za-z0-9]+"
)
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Impersonal:
    """Covers mail addresses, what looks like an employee id, and these ids and names wherever they stand."""

    ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, ids: Iterable[str], names: Iterable[str]) -> Impersonal:
        """The same for whatever of that is not empty; a name is known in both orders."""
        spelled = {spelling for name in names for spelling in _orders(name.strip())}
        return cls(
            ids=frozenset(filter(None, (one.strip() for one in ids))),
            names=frozenset(name for name in spelled if len(name) >= SHORTEST_NAME),
        )

    def __call__(self, text: str) -> str:
        """The text without them."""
        text = _MAIL.sub(MAIL, text)
        for words, cover in ((self.names, PERSON), (self.ids, ID)):
            for word in sorted(words, key=len, reverse=True):
                text = re.sub(_word(word), cover, text, flags=re.IGNORECASE)
        return _ID.sub(ID, text)


def _orders(name: str) -> set[str]:
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma:
        return {name, f"{before}, {after}", f"{after} {before}"}
    first, _, last = name.rpartition(" ")
    return {name, f"{last}, {first}"} if first else {name}


def _word(word: str) -> str:
    """The word as a pattern: any white space in it, and no letter or digit beside it."""
    inner = r"\s+".join(map(re.escape, word.split()))
    return rf"(?<![^\W_]){inner}(?![^\W_])"
