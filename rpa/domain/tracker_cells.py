"""What is to be written into the tracker, and what became of it: one cell at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rpa.domain.agents import EmployeeId

TRANSFER = "transfer_to_production"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """A value for one cell of an agent's row.

    `field` is a known field (`transfer_to_production`) or a header of the tracker; an empty `value` clears
    the cell. `seen` is the text that
    stood there when it was decided to write; None where that does not matter.
    """

    employee_id: EmployeeId
    field: str
    value: str | date
    seen: str | None = None


class CellOutcome(StrEnum):
    """What became of a change; all but `written` left the cell as it was.

    One without a column waits: the site's settings can still name it.
    """

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    CHANGED_MEANWHILE = "changed meanwhile"
    REFUSED = "refused"
    NO_COLUMN = "no column"

    @property
    def is_there(self) -> bool:
        """True where the cell holds the value now."""
        return self in {CellOutcome.WRITTEN, CellOutcome.UNCHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResult:
    """A change with its outcome; reason and next step are empty where the value is there."""

    change: CellChange
    outcome: CellOutcome
    reason: str = ""
    next_step: str = ""
