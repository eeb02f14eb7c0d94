"""Applies a plan: one row after the other, then the batch step; how the run ends is in the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Generic, TypeVar

from playwright.sync_api import Error as BrowserError

from rpa.domain.errors import (
    Busy,
    JournalFailed,
    PortalFailed,
    RpaError,
    RuleRefused,
)
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import TO_RUN, Plan, PlanRow
from rpa.domain.resuming import How, Left, left_to_do
from rpa.domain.runs import COMPLETED, STOPPED, EventKind, RunRow
from rpa.domain.values import still_missing
from rpa.domain.verdicts import LEFT_ALONE, LOOKS_AGAIN, TRY_AGAIN
from rpa.engine.clock import Clock, StoppableClock
from rpa.engine.evidence import Evidence
from rpa.engine.flow import Flow, Portals, Watcher
from rpa.engine.journal import Journal
from rpa.engine.reading import Breaker, Limits, Reader, named_errors
from rpa.engine.row_work import RowWork
from rpa.engine.run_desk import RunDesk
from rpa.engine.sessions import Sessions

P = TypeVar("P", bound=Portals)

STOPPED_BY_USER = "stopped by the user; `rpa resume` goes on"


@dataclass(kw_only=True)
class Runner(Generic[P]):
    """One run of one plan.

    `stop_asked` is looked at between two rows and before each step and wait of the batch; `still_mine`
    right before Done, and raises where another run has taken the account over. `flow` must wait with a
    StoppableClock for its batch step to end when a stop is asked for.
    """

    run: str
    flow: Flow[P]
    portals: P
    sessions: Sessions
    journal: Journal
    desk: RunDesk
    clock: Clock
    limits: Limits
    evidence: Evidence
    watcher: Watcher
    stop_asked: Callable[[], bool] = lambda: False
    still_mine: Callable[[], None] = lambda: None
    _planned: Mapping[int, PlanRow] = field(default_factory=dict, init=False)

    @cached_property
    def _reader(self) -> Reader[P]:
        return Reader(self.portals, self.clock, self.limits)

    @cached_property
    def _breaker(self) -> Breaker:
        return Breaker(self.limits.failures_in_a_row)

    @cached_property
    def _row_work(self) -> RowWork[P]:
        return RowWork(
            run=self.run,
            flow=self.flow,
            portals=self.portals,
            sessions=self.sessions,
            journal=self.journal,
            clock=self.clock,
            limits=self.limits,
            evidence=self.evidence,
            reader=self._reader,
            watcher=self.watcher,
            still_mine=self.still_mine,
        )

    def apply(self, plan: Plan) -> None:
        """Do what the plan says; every outcome is in the journal when this returns or raises."""
        self._tell(
            EventKind.RUN_STARTED,
            {
                "plan": plan.id,
                "flow": plan.flow,
                "route": plan.route,
                "account": plan.tenant.get("adp_account"),
                "today": self.clock.today().isoformat(),
            },
        )
        rows = [row for row in plan.rows if row.outcome in TO_RUN]
        self._work(plan, {row.row: Left(how=How.WRITE) for row in rows})

    def resume(self, plan: Plan) -> None:
        """Do what is left of a run of this plan; what is at its end is not touched again."""
        left = left_to_do(self.desk.told())
        self._tell(EventKind.RUN_RESUMED, {"left": len(left), "today": self.clock.today().isoformat()})
        self._work(plan, left)

    def _work(self, plan: Plan, left: Mapping[int, Left]) -> None:
        self._planned = {row.row: row for row in plan.rows}
        try:
            self._reader.read(lambda: self.sessions.guard.prove(self.portals.page()))
            self._rows([(row, left[row.row]) for row in plan.rows if row.row in left])
            self._tell_surprises()
            self._settle()
        except (JournalFailed, Busy):
            raise  # nothing may be told any more: the disk is full, or the run is another process's by now
        except KeyboardInterrupt:
            self._end(STOPPED, STOPPED_BY_USER)
            raise
        except RpaError as stop:
            self._end(STOPPED, str(stop))
            raise
        except BrowserError as error:
            named = self.portals.explain(error)
            self._end(STOPPED, str(named))
            raise named from error
        else:
            self._end(COMPLETED, "")

    def _tell(self, kind: EventKind, data: Mapping[str, object]) -> None:
        self.journal.append(self.run, kind, data=data)

    def _end(self, state: str, because: str) -> None:
        self._tell(EventKind.RUN_ENDED, {"state": state, "because": because})

    def _rows(self, rows: Sequence[tuple[PlanRow, Left]]) -> None:
        self.watcher.begin("Applying", len(rows))
        try:
            for row, left in rows:
                self._reader.next_row(StoppableClock(self.clock, self.stop_asked))
                attempt = self._row_work.do(row, left)
                if attempt.unread:
                    self._tell_unread(row, attempt.unread)
                self._breaker.note(failed=attempt.portal_failed)
                self._stop_if_needed()
        finally:
            self.watcher.end()

    def _stop_if_needed(self) -> None:
        """Stop between two rows: because somebody asked, or because the portal is down."""
        self._stop_if_asked()
        if self._breaker.is_open:
            raise PortalFailed(
                f"{self._breaker.in_a_row} agents in a row failed, so the portal seems to be down.",
                next_step=f"When it is back, `rpa resume {self.run}` does those that failed or were skipped.",
            )

    def _stop_if_asked(self) -> None:
        if self.stop_asked():
            raise KeyboardInterrupt

    def _tell_unread(self, row: PlanRow, failure: RpaError) -> None:
        """What was known stands, but nobody is done whom the run has yet to look at, or cannot any more."""
        why = f"so what was known before stands: {failure.what}"
        self.desk.notice(f"{row.employee_id} could not be looked at again, {why}", row.row)
        told = next(one for one in self.desk.rows if one.row == row.row)
        if told.outcome is not Outcome.DONE:
            return
        if isinstance(failure, RuleRefused):
            self.desk.end_row(told, Outcome.REFUSED, failure.what, LEFT_ALONE)
        else:
            reason = f"it could not be looked at again: {failure.what}"
            self.desk.end_row(told, Outcome.PENDING, reason, LOOKS_AGAIN)

    def _tell_surprises(self) -> None:
        """A page that tried to save beside Done was kept from it; the manager has to know such a page."""
        for blocked in self.sessions.guard.surprises():
            self.desk.notice(
                f"The portal tried to send something by itself: {blocked.method} {blocked.url}. "
                f"It was blocked."
            )

    def _settle(self) -> None:
        self._stop_if_asked()
        self.portals.new_row()
        with named_errors(self.portals), self.desk.checked_by(self._mended):
            self.flow.settle(self.portals, self.desk)

    def _mended(self, told: RunRow) -> bool:
        """Whether a record no longer had what its row wants, and it was written once more.

        Other fields are nobody's business here; a row that the plan leaves as it is wants what it saw.
        """
        self._stop_if_asked()
        row = self._planned[told.row]
        self.portals.forget()
        seen = self._reader.read(lambda: self.flow.observe(self.portals, row.agent)).values
        if not still_missing(row.after or row.seen, seen):
            return False
        attempt = self._row_work.do(row, Left(how=How.WRITE, pressed=told.pressed))
        if attempt.unread:
            self.desk.end_row(
                replace(told, found=seen),
                Outcome.FAILED,
                f"the values were lost again, and nobody could mend them: {attempt.unread.what}",
                TRY_AGAIN,
            )
        return bool(attempt.pressed)
