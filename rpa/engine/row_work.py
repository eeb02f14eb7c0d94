"""What is done for one agent, from its reading to the verdict on it.

The order is the promise: what was seen must still be so; the intent is on the disk before Done is
pressed; the person on the screen is checked right before; and only the read-back says `done`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from playwright.sync_api import Error as BrowserError

from rpa.domain.agents import Agent
from rpa.domain.errors import (
    AccessMissing,
    BrowserLost,
    PortalBusy,
    PortalFailed,
    RpaError,
    RuleRefused,
    SignInNeeded,
    WrongRecord,
)
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import PlanRow
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.resuming import How, Left
from rpa.domain.runs import EventKind, row_end
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
from rpa.engine.clock import Clock
from rpa.engine.evidence import Evidence
from rpa.engine.flow import Flow, Form, Portals, View, Watcher
from rpa.engine.journal import Journal
from rpa.engine.reading import Limits, Reader, named_errors
from rpa.engine.sessions import Sessions

P = TypeVar("P", bound=Portals)

NOT_TAKEN = {AnswerKind.REJECTED, AnswerKind.SIGNED_OUT}
NOT_SAVED = {*NOT_TAKEN, AnswerKind.APPROVAL}


@dataclass(slots=True)
class Attempt:
    """What has happened to the row in hand.

    `intended` are the fields of each panel that was filled. `pressed` has those of each whose Done was
    pressed, with the answer once there is one: it is set before Done is pressed, never after, and taken
    back only where nothing left the browser. `seen` are the values of the last reading before a write,
    `verdict` is there once the row has ended, and `unread` where it could not even be looked at again.
    """

    row: PlanRow
    intended: set[str] = field(default_factory=set)
    pressed: dict[str, Answer | None] = field(default_factory=dict)
    again: bool = False
    failure: str = ""
    seen: Values = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)
    verdict: Verdict | None = None
    unread: RpaError | None = None

    @property
    def portal_failed(self) -> bool:
        """Whether the portal may be down; one that shows the record, or refuses the values, is not."""
        if self.unread:
            return not isinstance(self.unread, RuleRefused)
        said_no = any(answer and answer.kind is AnswerKind.REJECTED for answer in self.pressed.values())
        if self.verdict is None or said_no:
            return False
        was_sent_now = self.verdict.outcome is Outcome.UNKNOWN and bool(self.intended)
        return was_sent_now or self.verdict.outcome is Outcome.FAILED

    def leaves_as_it_was(self, left: Left) -> bool:
        """Whether an earlier try knows more than this one, which failed before it could send anything."""
        return bool(left.pressed) and not self.intended and (bool(self.pressed) or not self.seen)

    def judged(self, found: Values | None, today: date) -> Verdict:
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
class RowWork(Generic[P]):
    """The work on the rows of one run, one after the other.

    `still_mine` is asked right before Done, and raises where another run has taken the account over.
    """

    run: str
    flow: Flow[P]
    portals: P
    sessions: Sessions
    journal: Journal
    clock: Clock
    limits: Limits
    evidence: Evidence
    reader: Reader[P]
    watcher: Watcher
    still_mine: Callable[[], None]

    def do(self, row: PlanRow, left: Left) -> Attempt:
        """One agent from its reading to its outcome, which the journal has when this returns or raises.

        An agent for whom something was sent before, and who cannot be looked at again, keeps the outcome from
        then. SignInNeeded and BrowserLost, for no other agent can be done either.
        """
        self.watcher.step(row.employee_id)
        attempt = Attempt(row)
        self.journal.append(self.run, EventKind.ROW_STARTED, row=row.row, employee_id=row.employee_id)
        try:
            verdict, found = self._taken_up(attempt, left)
        except (SignInNeeded, BrowserLost) as needed:
            self._give_up(attempt, left, needed)
            raise
        except (PortalFailed, WrongRecord, RuleRefused, AccessMissing) as failure:
            self.reader.heed(failure)
            self._give_up(attempt, left, failure)
        else:
            self._finish(attempt, verdict, found)
        return attempt

    def _taken_up(self, attempt: Attempt, left: Left) -> tuple[Verdict, Values]:
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

    def _change(self, attempt: Attempt, agent: Agent) -> tuple[Verdict, Values]:
        """What is missing of the row, written and read back; what was sent before is not sent again."""
        row = attempt.row
        observed = self.reader.read(lambda: self.flow.observe(self.portals, agent))
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
            self.reader.heed(failure)
            attempt.failure = failure.what
        return self._read_back(attempt, agent)

    def _may_try_again(self, attempt: Attempt, failure: RpaError) -> bool:
        """Once, where the portal failed and does not ask for more patience than a reading has."""
        too_long = isinstance(failure, PortalBusy) and failure.retry_after > self.limits.read_seconds
        return isinstance(failure, PortalFailed) and not attempt.again and not too_long

    def _once_more(self, attempt: Attempt, agent: Agent, failure: RpaError) -> tuple[Verdict, Values]:
        """The row again from its reading; what was sent is only read."""
        attempt.again = True
        if isinstance(failure, PortalBusy):
            self.clock.wait(failure.retry_after)
        self.portals.forget()
        return self._change(attempt, agent)

    def _write(self, attempt: Attempt, agent: Agent, missing: Values) -> None:
        """One panel after the other; after one that was not saved, the next is not begun."""
        with named_errors(self.portals):
            for form in self.flow.act(self.portals, agent, missing):
                if self._commit(attempt, agent, form).kind in NOT_SAVED:
                    return

    def _commit(self, attempt: Attempt, agent: Agent, form: Form) -> Answer:
        """Press Done on a filled panel: ready, pictured, journaled, and the right person's at that moment."""
        form.ready()
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

    def _press_done(self, attempt: Attempt, form: Form, part: Values) -> Answer:
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

    def _read_back(self, attempt: Attempt, agent: Agent) -> tuple[Verdict, Values]:
        """The verdict by what a fresh load shows; looked at again while the old values still show."""
        for look in range(self.limits.read_backs):
            if look:
                self.clock.wait(self.limits.read_back_pause)
            self.portals.forget()
            try:
                found = self.reader.read(lambda: self.flow.observe(self.portals, agent)).values
            except WrongRecord:
                if look + 1 == self.limits.read_backs:
                    raise
                continue
            verdict = attempt.judged(found, self.clock.today())
            if verdict.outcome is Outcome.DONE:
                break
        return verdict, found

    def _give_up(self, attempt: Attempt, left: Left, failure: RpaError) -> None:
        self.portals.forget()
        if attempt.leaves_as_it_was(left):
            attempt.unread = failure
        else:
            self._finish(attempt, *self._without_answer(attempt, failure))

    def _without_answer(self, attempt: Attempt, failure: RpaError) -> tuple[Verdict, Values]:
        """The verdict on a row that an error ended: once Done was pressed, nobody knows."""
        if attempt.pressed:
            verdict = attempt.judged(None, self.clock.today())
            reason = f"{verdict.reason}: {failure.what}"
            return Verdict(outcome=verdict.outcome, reason=reason, next_step=verdict.next_step), {}
        if isinstance(failure, RuleRefused):
            unsent = Verdict(outcome=Outcome.REFUSED, reason=failure.what, next_step=PLAN_AGAIN)
        else:
            unsent = Verdict(outcome=Outcome.FAILED, reason=failure.what, next_step=TRY_AGAIN)
        return attempt.unsent(unsent), attempt.seen

    def _finish(self, attempt: Attempt, verdict: Verdict, found: Values) -> None:
        row = attempt.row
        if found and attempt.pressed:
            for view in self._proofs():
                attempt.pictures += self.evidence.picture(view, row.employee_id, "after")
        attempt.verdict = verdict
        self.journal.append(
            self.run,
            EventKind.ROW_ENDED,
            row=row.row,
            employee_id=row.employee_id,
            data=row_end(
                verdict.outcome,
                verdict.reason,
                verdict.next_step,
                found,
                not_saved=attempt.not_saved(found),
                pictures=attempt.pictures,
            ),
        )
        self.watcher.row(row.employee_id, verdict.outcome, verdict.reason)

    def _proofs(self) -> Sequence[View]:
        """What shows the values just read; nothing where the page has gone since, for they were read."""
        try:
            return self.flow.proofs(self.portals)
        except BrowserError:
            return ()
