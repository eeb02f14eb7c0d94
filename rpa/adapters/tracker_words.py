"""What the cells of the tracker's tasks say: done, open, not needed, or nothing that is known."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rpa.adapters.cell_values import day, shown
from rpa.adapters.cells import BadCell, Cell
from rpa.domain.agents import Unusable
from rpa.domain.tracking import TaskState

DONE_WORDS = (
    "done",
    "complete",
    "completed",
    "passed",
    "certified",
    "transferred",
    "yes",
    "y",
    "x",
    "true",
    "✓",
    "✔",
    "☑",
)
OPEN_WORDS = (
    "open",
    "incomplete",
    "not complete",
    "not started",
    "started",
    "in progress",
    "scheduled",
    "pending",
    "failed",
    "no",
    "n",
    "false",
    "tbd",
    "-",
    "–",  # noqa: RUF001 - people type it
    "☐",
)
NOT_NEEDED_WORDS = ("n/a", "na", "not needed", "not required", "exempt", "waived")

_NEXT = "write a date, or a word such as Done; further words: RPA_TRACKER__DONE_WORDS and its kin"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWords:
    """The site's words; case and spacing do not count."""

    done: tuple[str, ...] = DONE_WORDS
    open: tuple[str, ...] = OPEN_WORDS
    not_needed: tuple[str, ...] = NOT_NEEDED_WORDS

    def state(self, cell: Cell, *, epoch: date, today: date) -> tuple[TaskState, date | None]:
        """The state with its date, where the cell holds one; Unusable for what nobody can be sure of.

        A date at or before today means done; blank means open.
        """
        if isinstance(cell, BadCell) and not cell.covered:
            raise Unusable(cell.what, cell.mend)
        said = shown(cell)
        if not said:
            return TaskState.OPEN, None
        for words, state in (
            (self.done, TaskState.DONE),
            (self.open, TaskState.OPEN),
            (self.not_needed, TaskState.NOT_NEEDED),
        ):
            if folded(said) in map(folded, words):
                return state, None
        return TaskState.DONE, _done_on(cell, said, epoch, today)


def _done_on(cell: Cell, said: str, epoch: date, today: date) -> date:
    if not any(sign.isdigit() for sign in said):
        raise Unusable("is neither a date nor a word that is known here", _NEXT)
    found = day(cell, epoch)
    if found is None or found > today:
        raise Unusable("is a day that is still to come", "leave the cell empty until it is done")
    return found


def folded(word: str) -> str:
    """A word without case and odd spacing."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def contradictions(words: TaskWords) -> set[str]:
    """Words that would mean two things."""
    groups: list[Iterable[str]] = [
        set(map(folded, group)) for group in (words.done, words.open, words.not_needed)
    ]
    every = [word for group in groups for word in group]
    return {word for word in every if every.count(word) > 1}
