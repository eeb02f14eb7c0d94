"""What a spreadsheet's cells are, whichever kind of file they came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Self

from rpa.domain.errors import UsageError

MEGABYTE = 1024 * 1024
EXCEL_EPOCH = date(1899, 12, 30)
LONGEST_IN_CELL = 32_767
"""The characters that Excel can hold in one cell."""


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell whose value did not survive: what it shows, what is wrong, the mend.

    `covered` tells a cell under merged ones, which is empty as far as the row is concerned.
    """

    shown: str
    what: str
    mend: str
    covered: bool = False


class PaddedNumber(float):
    """A number that its format shows with leading zeros, in at least so many `digits`."""

    __slots__ = ("digits",)
    digits: int

    def __new__(cls, number: float, digits: int) -> Self:
        padded = super().__new__(cls, number)
        padded.digits = digits
        return padded


Value = str | float | bool | date | time | timedelta | None
Cell = Value | BadCell


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet, or a whole CSV: its rows by the number that the spreadsheet shows.

    `ragged` tells that a row may have more cells than the header because of an unquoted delimiter;
    `epoch` is the day that day numbers count from.
    """

    name: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    notes: tuple[str, ...] = ()
    ragged: bool = False
    epoch: date = EXCEL_EPOCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The largest file that is read; what is beyond them is refused before any parser sees it."""

    file_bytes: int = 20 * MEGABYTE
    unzipped_bytes: int = 100 * MEGABYTE
    ratio: int = 100
    rows: int = 50_000
    cells: int = 1_000_000
    text: int = 50_000_000


LIMITS = Limits()


def refused(path: Path, what: str, mend: str) -> UsageError:
    """The error that tells why the whole file cannot be used."""
    return UsageError(f"{path} {what}.", next_step=f"{mend} Nothing was started.")


def letters(at: int) -> str:
    """The spreadsheet's name of a column, counted from 0."""
    at, last = divmod(at, 26)
    return (letters(at - 1) if at else "") + chr(ord("A") + last)


@lru_cache(maxsize=1024)
def index(name: str) -> int:
    """The number of a column from 0, by its letters; -1 for none."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
