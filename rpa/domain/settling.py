"""What a person's word makes of a row whose outcome nobody knew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rpa.domain.outcomes import Outcome
from rpa.domain.runs import RunRow
from rpa.domain.undoing import waiting
from rpa.domain.values import Values, differences, labels, still_missing
from rpa.domain.verdicts import TRY_AGAIN, TRY_THE_REST

GO_ON = "`rpa resume` does what comes after the record: rosters, mails, the tracker."
UNDO_AGAIN = "The run was taken back. `rpa undo` once more takes this agent back as well."
PLAN_ANEW = "The run was taken back. Plan again where this agent is still to be changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The outcome, what the record shows by that word, and the fields that were sent and not saved."""

    outcome: Outcome
    reason: str
    next_step: str
    found: Values
    not_saved: Sequence[str] = ()


def can_be_settled(row: RunRow) -> bool:
    """Whether a person's word can decide: of what was sent, and is unknown or still waited for."""
    return row.outcome is Outcome.UNKNOWN or (row.outcome is Outcome.PENDING and bool(row.pressed))


def settled(row: RunRow, *, saved: bool, taken_back: bool = False, put_back: bool = False) -> Settled:
    """The word is about what was sent; a panel that was never sent is as it was, and still to be done.

    A run that was `taken_back` does none of it any more; of an agent who was `put_back` only what was still
    to come is spoken of.

    What the run itself has read back as new is new, whatever the word is about the rest.
    """
    if put_back and (to_come := waiting(row)):
        return _of_what_was_to_come(row, to_come, saved=saved)
    known = {**row.before, **row.found}
    sent = {field: value for field, value in row.after.items() if field in row.pressed}
    found = {**known, **sent} if saved else known
    missing = still_missing(row.after, found)
    word = "saved" if saved else "not saved"
    if saved and not missing:
        next_step = UNDO_AGAIN if taken_back else GO_ON
        return Settled(outcome=Outcome.DONE, reason=word, next_step=next_step, found=found)
    stands = [field for field in differences(row.before, row.after) if field not in missing]
    return Settled(
        outcome=Outcome.FAILED,
        reason=f"{word}; only a part stands, {labels(stands)}" if stands else word,
        next_step=_next_step(stands, taken_back=taken_back),
        found=found,
        not_saved=[field for field in row.pressed if field in missing],
    )


def _of_what_was_to_come(row: RunRow, fields: Sequence[str], *, saved: bool) -> Settled:
    """The undo has put back what showed: of that the row tells nothing any more."""
    return Settled(
        outcome=Outcome.DONE if saved else Outcome.FAILED,
        reason=f"{labels(fields)} came to be after all"
        if saved
        else f"{labels(fields)} was cancelled in ADP",
        next_step=UNDO_AGAIN if saved else PLAN_ANEW,
        found={field: row.after[field] for field in fields} if saved else {},
        not_saved=[] if saved else list(fields),
    )


def _next_step(stands: Sequence[str], *, taken_back: bool) -> str:
    if taken_back:
        return UNDO_AGAIN if stands else PLAN_ANEW
    return TRY_THE_REST if stands else TRY_AGAIN
