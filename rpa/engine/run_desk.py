"""The desk of a run: where a flow's batch step puts what it saw and what is to be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rpa.domain.outcomes import Outcome
from rpa.domain.roster_wait import waited_before
from rpa.domain.runs import EventKind, Roster, Run, RunRow, row_end, run_of
from rpa.engine.clock import Clock
from rpa.engine.journal import Journal
from rpa.engine.outbox import Letter, Outbox


class RunDesk:
    """Everything that a batch step does goes through here, and so into the journal."""

    def __init__(
        self, *, run: str, planned: Sequence[RunRow], journal: Journal, outbox: Outbox, clock: Clock
    ) -> None:
        self.run = run
        self._planned = planned
        self._journal = journal
        self._outbox = outbox
        self._clock = clock
        self._check: Callable[[RunRow], bool] | None = None

    @property
    def rows(self) -> Sequence[RunRow]:
        """The rows of the run with their outcomes up to now."""
        return self.told().rows

    def told(self) -> Run:
        """The whole run up to now."""
        events = self._journal.events_of(self.run)
        return run_of(self.run, self._planned, events, self._outbox.of_run(self.run))

    @contextmanager
    def checked_by(self, check: Callable[[RunRow], bool]) -> Iterator[None]:
        """Let records be checked again, and mended, by the runner as long as the block lasts."""
        self._check = check
        try:
            yield
        finally:
            self._check = None

    def mended(self, row: RunRow) -> bool:
        """Read a record again; whether it was no longer as planned, and was therefore done once more."""
        assert self._check is not None
        return self._check(row)

    def waited(self, key: str) -> float:
        """Seconds that the run has waited for a class already, before it was killed or stopped."""
        run = self.told()
        looks = [reading.at for roster in run.rosters if roster.key == key for reading in roster.readings]
        return waited_before(looks, run.last_write_at, self._clock.now())

    def saw_roster(self, roster: Roster) -> None:
        """Note one reading of a class roster."""
        self._journal.append(self.run, EventKind.ROSTER_READ, data=_told(roster))

    def roster_ended(self, roster: Roster) -> None:
        """Note what the wait for a class came to."""
        self._journal.append(self.run, EventKind.ROSTER_ENDED, data=_told(roster))

    def queue(self, letter: Letter) -> bool:
        """Put a mail into the outbox, once; False where another run has written for this reason before."""
        is_new = self._outbox.queue(self.run, letter, self._clock.now())
        return is_new or self._outbox.queued_by(letter.key) == self.run

    def took_back(self, run: str) -> None:
        """Note that this run has taken another one back: its mails are not sent, and may be written anew."""
        self._outbox.take_back(run, by=self.run)

    def notice(self, text: str, row: int | None = None) -> None:
        """Tell the manager something once, however often the run goes on.

        It concerns the whole batch, or one row until that is begun anew.
        """
        if text in self.told().notices:
            return
        self._journal.append(self.run, EventKind.NOTICE, row=row, data={"text": text})

    def end_row(self, row: RunRow, outcome: Outcome, reason: str, next_step: str) -> None:
        """Replace a row's outcome by what the batch step found."""
        self._journal.append(
            self.run,
            EventKind.ROW_ENDED,
            row=row.row,
            employee_id=row.employee_id,
            data=row_end(outcome, reason, next_step, row.found),
        )


def _told(roster: Roster) -> dict[str, object]:
    return {
        "key": roster.key,
        "class": roster.name,
        "listed": list(roster.listed),
        "missing": list(roster.missing),
        "gone": None if roster.gone is None else list(roster.gone),
        "headcount": roster.headcount,
    }
