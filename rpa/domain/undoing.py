"""Taking a run back: what it wrote, and whether that still stands."""

from __future__ import annotations

from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision
from rpa.domain.runs import RunRow
from rpa.domain.values import Values, differences, label, only, shown

ENDED = {Outcome.DONE, Outcome.PENDING, Outcome.FAILED, Outcome.REFUSED, Outcome.DRIFTED}


def written(row: RunRow) -> dict[str, str | None]:
    """What the run changed in the record and has seen there: all of it, or the part that was saved."""
    if row.outcome not in ENDED:
        return {}
    return {
        field: value
        for field, value in row.after.items()
        if field in row.pressed and field in row.found and row.found[field] == value
    }


def was_written(row: RunRow) -> bool:
    """True where the run changed the record and read back at least a part of it."""
    return bool(written(row))


def decide(row: RunRow, seen: Values) -> Decision:
    """The values from before the run; `drifted` where somebody has changed one of them since."""
    after = written(row)
    before = only(row.before, after)
    if not differences(before, only(seen, before)):
        return Decision.unchanged("the values from before the run stand already")
    if changed := differences(after, only(seen, after)):
        told = ", ".join(f"{label(field)} is now {shown(seen.get(field))}" for field in changed)
        return Decision(outcome=Outcome.DRIFTED, reason=f"changed by someone since the run: {told}")
    return Decision.change(before)
