"""What a person's word makes of a row whose outcome nobody knew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rpa.domain.outcomes import Outcome
from rpa.domain.runs import RunRow
from rpa.domain.values import Values, differences, labels, still_missing
from rpa.domain.verdicts import TRY_AGAIN, TRY_THE_REST

GO_ON = "`rpa resume` does what comes after the record: rosters, mails, the tracker."


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The outcome, what the record shows by that word, and the fields that were sent and not saved."""

    outcome: Outcome
    reason: str
    next_step: str
    found: Values
    not_saved: Sequence[str] = ()


def settled(row: RunRow, *, saved: bool) -> Settled:
    """The word is about what was sent; a panel that was never sent is as it was, and still to be done.

    What the run itself has read back as new is new, whatever the word is about the rest.
    """
    known = {**row.before, **row.found}
    sent = {field: value for field, value in row.after.items() if field in row.pressed}
    found = {**known, **sent} if saved else known
    missing = still_missing(row.after, found)
    word = "saved" if saved else "not saved"
    if saved and not missing:
        return Settled(outcome=Outcome.DONE, reason=word, next_step=GO_ON, found=found)
    stands = [field for field in differences(row.before, row.after) if field not in missing]
    return Settled(
        outcome=Outcome.FAILED,
        reason=f"{word}; only a part stands, {labels(stands)}" if stands else word,
        next_step=TRY_THE_REST if stands else TRY_AGAIN,
        found=found,
        not_saved=[field for field in row.pressed if field in missing],
    )
