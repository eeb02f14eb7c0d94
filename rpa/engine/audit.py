"""Whether the journal is what was written: every event, in its place, and none missing at the end."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sqlalchemy import select

from rpa.engine.journal import Journal, events, told_values


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """How many events hold, and the first that does not with the reason."""

    events: int
    broken_at: int | None = None
    reason: str = ""

    @property
    def holds(self) -> bool:
        """True where nothing was edited, deleted, inserted, moved or cut off."""
        return self.broken_at is None


def verify(journal: Journal) -> Audit:
    """Walk the chain from its first event to the head that was noted outside of the database."""
    previous, checked, last = "", 0, 0
    with journal.engine.connect() as connection:
        for found in connection.execute(select(events).order_by(events.c.seq)).mappings():
            if found["seq"] != last + 1:
                return Audit(events=checked, broken_at=last + 1, reason="an event is missing here")
            expected = journal.mac(previous, found["seq"], told_values(found))
            if not hmac.compare_digest(found["mac"], expected):
                return Audit(
                    events=checked, broken_at=found["seq"], reason="changed, moved or put in by hand"
                )
            previous, last, checked = found["mac"], found["seq"], checked + 1
    head = journal.head()
    if head is None and checked:
        return Audit(events=checked, broken_at=last, reason="the note of the journal's end is gone")
    if head is not None and head > last:
        return Audit(events=checked, broken_at=last + 1, reason="the end was cut off")
    return Audit(events=checked)
