"""Applies a plan: each row re-read, compared, written, read back on a fresh load, and journaled.

The order inside a row is the promise: what was seen must still be so; the intent is on the disk before
Done is pressed; the person on the screen is checked right before; and only the read-back says `done`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from playwright.sync_api import Error as BrowserError

from rpa.domain.agents import Agent
from rpa.domain.errors import (
    AccessMissing,
    BrowserLost,
    Busy,
    JournalFailed,
    PortalBusy,
    PortalFailed,
    RpaError,
    RuleRefused,
    SignInNeeded,
    WrongRecord,
)
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import TO_RUN, Plan, PlanRow
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.resuming import How, Left, left_to_do
from rpa.domain.runs import EventKind, RunRow
from rpa.domain.values import Values, only, still_missing
from rpa.domain.verdicts import (
    PLAN_AGAIN,
    TRY_AGAIN,
    Verdict,
    after_done,
    already,
    drift,
    drifted_fields,
    no_longer_right,
    with_part,
)
from rpa.engine.clock import Clock, StoppableClock
from rpa.engine.evidence import Evidence
from rpa.engine.flow import Flow, Form, Portals, View, Watcher
from rpa.engine.journal import Journal
from rpa.engine.reading import Limits, Reader, named_errors
from rpa.engine.run_desk import RunDesk
from rpa.engine.sessions import Sessions

P = TypeVar("P", bound=Portals)

STOPPED = "stopped"
COMPLETED = "completed"
STOPPED_BY_USER = "stopped by the user; `rpa resume` goes on"
NOT_TAKEN = {AnswerKind.REJECTED, AnswerKind.SIGNED_OUT}
NOT_SAVED = {*NOT_TAKEN, AnswerKind.APPROVAL}


@dataclass(slots=True)
class _Attempt:
    """What has happened to the row in hand.

    `intended` are the fields of each panel that was filled. `pressed` has those of each whose Done was
    pressed, with the answer once there is one: it is set before Done is pressed, never after, and taken
    back only where nothing left the browser. `seen` are the values of the last reading before a write.
    """

    row: PlanRow
    intended: set[str] = field(default_factory=set)
    pressed: dict[str, Answer | None] = field(default_factory=dict)
    again: bool = False
    failure: str = ""
    seen: Values = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)

    def verdict(self, found: Values | None, today: date) -> Verdict:
        """The verdict on all that was sent."""
        row = self.row
        return after_done(self.pressed, row.before, row.after, found, failure=self.failure, today=today)

    def not_saved(self, found: Values) -> list[str]:
        """What is known not to be our doing, should the record show it one day.

        Its Done was never pressed, or ADP said no and the old value was still there afterwards.
        """
        missing = still_missing(self.row.after, found) if found else {}
        said_no = {name for name, answer in self.pressed.items() if answer and answer.kind in NOT_TAKEN}
        return sorted((self.intended - self.pressed.keys()) | (said_no & missing.keys()))

    def unsent(self, verdict: Verdict) -> Verdict:
        """A verdict on what was not sent, beside the part that stands from before."""
        return with_part(verdict, self.row.before, self.row.after, self.seen)


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
    _failures: int = field(default=0, init=False)
    _planned: Mapping[int, PlanRow] = field(default_factory=dict, init=False)

    @cached_property
    def _reader(self) -> Reader[P]:
        return Reader(self.portals, self.clock, self.limits)

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
                self._row(row, left)
                self._stop_if_needed()
        finally:
            self.watcher.end()

    def _stop_if_needed(self) -> None:
        """Stop between two rows: because somebody asked, or because the portal is down."""
        self._stop_if_asked()
        if self._failures >= self.limits.failures_in_a_row:
            raise PortalFailed(
                f"{self._failures} agents in a row failed, so the portal seems to be down.",
                next_step=f"When it is back, `rpa resume {self.run}` does those that failed or were skipped.",
            )

    def _stop_if_asked(self) -> None:
        if self.stop_asked():
            raise KeyboardInterrupt

    def _row(self, row: PlanRow, left: Left) -> _Attempt:
        """One agent from its reading to its outcome; what was tried."""
        self.watcher.step(row.employee_id)
        attempt = _Attempt(row)
        self.journal.append(self.run, EventKind.ROW_STARTED, row=row.row, employee_id=row.employee_id)
        try:
            verdict, found = self._taken_up(attempt, left)
        except (SignInNeeded, BrowserLost) as needed:
            verdict, found = self._without_answer(attempt, needed)
            self._finish(attempt, verdict, found)
            raise
        except (PortalFailed, WrongRecord, RuleRefused, AccessMissing) as failure:
            self._reader.heed(failure)
            verdict, found = self._without_answer(attempt, failure)
        self._finish(attempt, verdict, found)
        return attempt

    def _taken_up(self, attempt: _Attempt, left: Left) -> tuple[Verdict, Values]:
        """A row as it is planned, or one that an earlier try has left open."""
        agent = attempt.row.agent
        if left.how is How.WRITE:
            return self._change(attempt, agent)
        # An earlier try has pressed Done, or may have: until the record was read, nobody knows.
        attempt.pressed = dict(left.pressed)
        verdict, found = self._read_back(attempt, agent)
        if left.goes_on(attempt.row, found):
            attempt.pressed = dict(left.sent)
            return self._change(attempt, agent)
        return verdict, found

    def _change(self, attempt: _Attempt, agent: Agent) -> tuple[Verdict, Values]:
        """What is missing of the row, written and read back; what was sent before is not sent again."""
        row = attempt.row
        observed = self._reader.read(lambda: self.flow.observe(self.portals, agent))
        attempt.seen = seen = observed.values
        missing = still_missing(row.after, seen)
        if attempt.pressed and (not missing or attempt.pressed.keys() & missing.keys()):
            return self._read_back(attempt, agent)
        if row.outcome is Outcome.UNCHANGED or not missing:
            return already(row, seen), seen
        if drifted := drifted_fields(row, seen):
            return attempt.unsent(drift(row.seen, seen, drifted)), seen
        if refusal := no_longer_right(self.flow.decide(agent, observed), missing):
            return attempt.unsent(refusal), seen
        try:
            self._write(attempt, agent, missing)
        except (PortalFailed, WrongRecord, RuleRefused, AccessMissing) as failure:
            if self._may_try_again(attempt, failure):
                return self._once_more(attempt, agent, failure)
            if not attempt.pressed:
                raise
            self._reader.heed(failure)
            attempt.failure = failure.what
        return self._read_back(attempt, agent)

    def _may_try_again(self, attempt: _Attempt, failure: RpaError) -> bool:
        """Once, where the portal failed and does not ask for more patience than a reading has."""
        too_long = isinstance(failure, PortalBusy) and failure.retry_after > self.limits.read_seconds
        return isinstance(failure, PortalFailed) and not attempt.again and not too_long

    def _once_more(self, attempt: _Attempt, agent: Agent, failure: RpaError) -> tuple[Verdict, Values]:
        """The row again from its reading; what was sent is only read."""
        attempt.again = True
        if isinstance(failure, PortalBusy):
            self.clock.wait(failure.retry_after)
        self.portals.forget()
        return self._change(attempt, agent)

    def _write(self, attempt: _Attempt, agent: Agent, missing: Values) -> None:
        """One panel after the other; after one that was not saved, the next is not begun."""
        with named_errors(self.portals):
            for form in self.flow.act(self.portals, agent, missing):
                if self._commit(attempt, agent, form).kind in NOT_SAVED:
                    return

    def _commit(self, attempt: _Attempt, agent: Agent, form: Form) -> Answer:
        """Press Done on a filled panel: pictured, journaled, and the right person's at that moment."""
        part = {name: value for name, value in form.filled().items() if name in attempt.row.after}
        attempt.pictures += self.evidence.picture(form, agent.employee_id, "filled")
        attempt.intended |= part.keys()
        self.journal.append(
            self.run,
            EventKind.WRITE_INTENDED,
            row=attempt.row.row,
            employee_id=agent.employee_id,
            data={"before": only(attempt.row.before, part), "after": part},
        )
        self.still_mine()
        on_screen = form.employee_id()
        if on_screen != agent.employee_id:
            raise WrongRecord(f"the panel shows employee {on_screen}, not {agent.employee_id}")
        answer = self._press_done(attempt, form, part)
        attempt.pressed |= dict.fromkeys(part, answer)
        self.journal.append(
            self.run,
            EventKind.WRITE_ANSWERED,
            row=attempt.row.row,
            employee_id=agent.employee_id,
            data={"answer": answer.kind.value, "sentence": answer.sentence},
        )
        return answer

    def _press_done(self, attempt: _Attempt, form: Form, part: Values) -> Answer:
        """Press Done once; where that fails and no write left the browser, it was not pressed at all."""
        guard, pressed_before = self.sessions.guard, dict(attempt.pressed)
        written = guard.written
        attempt.pressed |= dict.fromkeys(part)
        try:
            with guard.writing():
                return form.press_done()
        except (BrowserError, PortalFailed):
            if guard.written == written:
                attempt.pressed = pressed_before
            raise

    def _read_back(self, attempt: _Attempt, agent: Agent) -> tuple[Verdict, Values]:
        """The verdict by what a fresh load shows; looked at again while the old values still show."""
        for look in range(self.limits.read_backs):
            if look:
                self.clock.wait(self.limits.read_back_pause)
            self.portals.forget()
            try:
                found = self._reader.read(lambda: self.flow.observe(self.portals, agent)).values
            except WrongRecord:
                if look + 1 == self.limits.read_backs:
                    raise
                continue
            verdict = attempt.verdict(found, self.clock.today())
            if verdict.outcome is Outcome.DONE:
                break
        return verdict, found

    def _without_answer(self, attempt: _Attempt, failure: RpaError) -> tuple[Verdict, Values]:
        """The verdict on a row that an error ended: once Done was pressed, nobody knows."""
        self.portals.forget()
        if attempt.pressed:
            verdict = attempt.verdict(None, self.clock.today())
            reason = f"{verdict.reason}: {failure.what}"
            return Verdict(outcome=verdict.outcome, reason=reason, next_step=verdict.next_step), {}
        if isinstance(failure, RuleRefused):
            unsent = Verdict(outcome=Outcome.REFUSED, reason=failure.what, next_step=PLAN_AGAIN)
        else:
            unsent = Verdict(outcome=Outcome.FAILED, reason=failure.what, next_step=TRY_AGAIN)
        return attempt.unsent(unsent), attempt.seen

    def _finish(self, attempt: _Attempt, verdict: Verdict, found: Values) -> None:
        row = attempt.row
        if found and attempt.pressed:
            attempt.pictures += self.evidence.picture(self._proof(), row.employee_id, "after")
        self._failures = self._failures + 1 if _is_portals_fault(attempt, verdict) else 0
        self.journal.append(
            self.run,
            EventKind.ROW_ENDED,
            row=row.row,
            employee_id=row.employee_id,
            data={
                "outcome": verdict.outcome.value,
                "reason": verdict.reason,
                "next_step": verdict.next_step,
                "found": dict(found),
                "not_saved": attempt.not_saved(found),
                "pictures": attempt.pictures,
            },
        )
        self.watcher.row(row.employee_id, verdict.outcome, verdict.reason)

    def _proof(self) -> View | None:
        """What shows the values just read; none where the page has gone since, for they were read."""
        try:
            return self.flow.proof(self.portals)
        except BrowserError:
            return None

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
        return bool(self._row(row, Left(how=How.WRITE)).pressed)


def _is_portals_fault(attempt: _Attempt, verdict: Verdict) -> bool:
    """Whether the portal may be down; one that answers with a refusal of the values is not."""
    said_no = any(answer and answer.kind is AnswerKind.REJECTED for answer in attempt.pressed.values())
    return verdict.outcome is Outcome.UNKNOWN or (verdict.outcome is Outcome.FAILED and not said_no)
