"""What can become of a row, in a plan and in a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """The one word that a row ends with."""

    PLANNED = "planned"
    INVALID = "invalid"
    REHEARSED = "rehearsed"
    DONE = "done"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    DRIFTED = "drifted"
    FAILED = "failed"
    UNKNOWN = "unknown"
    PENDING = "pending"
    SKIPPED = "skipped"


# The record shows what was wanted, be it by us or by somebody before.
STANDING = frozenset({Outcome.DONE, Outcome.UNCHANGED})

MEANINGS = {
    Outcome.PLANNED: "will be changed when the plan is applied",
    Outcome.INVALID: "the row of the file cannot be used",
    Outcome.REHEARSED: "filled and cancelled: it can be done",
    Outcome.DONE: "changed, and read back on a freshly loaded page",
    Outcome.UNCHANGED: "already so, nothing to do",
    Outcome.REFUSED: "a rule says no, nothing was written",
    Outcome.DRIFTED: "changed by someone since the plan, nothing was written",
    Outcome.FAILED: "the portal failed, nothing was written but what the reason names",
    Outcome.UNKNOWN: "may have been written: look in the portal",
    Outcome.PENDING: "accepted, but not to be seen yet",
    Outcome.SKIPPED: "not tried, the run had stopped",
}


def counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many rows ended with which word, in the order of the enum; absent words are left out."""
    found = Counter(outcomes)
    return {outcome.value: found[outcome] for outcome in Outcome if found[outcome]}
