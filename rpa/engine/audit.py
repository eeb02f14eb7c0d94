"""Whether the journal is what was written: every event, in its place, and none missing at the end."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import RowMapping, select

from rpa.domain.errors import JournalFailed
from rpa.domain.runs import EventKind
from rpa.engine.journal import End, Journal, told_values
from rpa.engine.tables import events


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
    """Walk the chain from its first event to the end that was noted outside of the database."""
    walk = _Walk(journal)
    try:
        with journal.engine.connect() as connection:
            for found in connection.execute(select(events).order_by(events.c.seq)).mappings():
                if reason := walk.stumbles_at(found):
                    return Audit(events=walk.end.seq, broken_at=walk.end.seq + 1, reason=reason)
        noted = journal.head()
    except JournalFailed as failure:
        return Audit(events=walk.end.seq, broken_at=walk.end.seq + 1, reason=failure.what.rstrip("."))
    return walk.judged_by(noted)


class _Walk:
    """How far the chain holds; the hash of each event up to there, and the first that tells of a cut."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._macs = [""]
        self._cut_at: int | None = None

    @property
    def end(self) -> End:
        return End(len(self._macs) - 1, self._macs[-1])

    def stumbles_at(self, found: RowMapping) -> str:
        """Why the chain breaks at this event; empty where it goes on with it."""
        end = self.end
        if found["seq"] != end.seq + 1:
            return "an event is missing here"
        try:
            expected = self._journal.mac(end.mac, found["seq"], told_values(found))
        except TypeError:  # something that JSON has no text for: no event is like that
            expected = ""
        if found["mac"] != expected:
            return "changed, moved or put in by hand"
        self._macs.append(expected)
        if found["kind"] == EventKind.JOURNAL_CUT and self._cut_at is None:
            self._cut_at = found["seq"]
        return ""

    def judged_by(self, noted: End | None) -> Audit:
        """The audit of a chain without a break, by the end that was noted."""
        held = self.end.seq
        if noted is None:
            return Audit(events=held, broken_at=held, reason="the note of the journal's end is gone")
        if noted.seq > held:
            return Audit(events=held, broken_at=held + 1, reason="the end was cut off")
        if self._macs[noted.seq] != noted.mac:
            reason = "the end was cut off, and other events stand in its place"
            return Audit(events=held, broken_at=noted.seq, reason=reason)
        if self._cut_at is not None:
            reason = "the end was cut off before this event, or the note of it was taken away"
            return Audit(events=held, broken_at=self._cut_at, reason=reason)
        return Audit(events=held)
