"""Taking a run back: what it wrote, and whether that still stands."""

from __future__ import annotations

from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision
from rpa.domain.runs import RunRow
from rpa.domain.values import Values, differences, label, only, shown


def was_written(row: RunRow) -> bool:
    """True where the run changed the record and read its values back."""
    is_final = row.outcome in {Outcome.DONE, Outcome.PENDING}
    return is_final and bool(row.after) and not differences(row.after, only(row.found, row.after))


def decide(row: RunRow, seen: Values) -> Decision:
    """The values from before the run; `drifted` where somebody has changed one of them since."""
    if not differences(row.before, only(seen, row.before)):
        return Decision.unchanged("the values from before the run stand already")
    if changed := differences(row.after, only(seen, row.after)):
        told = ", ".join(f"{label(field)} is now {shown(seen.get(field))}" for field in changed)
        return Decision(outcome=Outcome.DRIFTED, reason=f"changed by someone since the run: {told}")
    return Decision.change(row.before)
