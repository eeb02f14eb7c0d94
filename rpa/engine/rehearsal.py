"""A rehearsal: every form of a plan is opened, filled, and cancelled, with writing blocked throughout.

It proves rights, fields and values before the real day, and finds a page that saves by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic, TypeVar

from rpa.domain.agents import Agent
from rpa.domain.errors import AccessMissing, GuardBroken, PortalFailed, RuleRefused, WrongRecord
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Plan, PlanRow, run_row
from rpa.domain.runs import RunRow
from rpa.domain.values import differences
from rpa.engine.clock import Clock
from rpa.engine.flow import Flow, Form, Portals, Watcher
from rpa.engine.reading import Breaker, Limits, Reader, named_errors
from rpa.engine.sessions import Sessions

PORTAL_IS_DOWN = "not tried: the agents before failed one after the other, so the portal seems to be down"

P = TypeVar("P", bound=Portals)


@dataclass(kw_only=True)
class Rehearsal(Generic[P]):
    """One rehearsal of one plan; the plan can still be applied afterwards."""

    flow: Flow[P]
    portals: P
    sessions: Sessions
    clock: Clock
    limits: Limits
    watcher: Watcher

    @cached_property
    def _reader(self) -> Reader[P]:
        return Reader(self.portals, self.clock, self.limits)

    def rehearse(self, plan: Plan) -> list[RunRow]:
        """What became of each row that the plan would change; GuardBroken where a page tried to save."""
        self._reader.read(lambda: self.sessions.guard.prove(self.portals.page()))
        self.watcher.begin("Rehearsing", len(plan.to_change))
        try:
            rows = self._rows(plan.to_change)
        finally:
            self.watcher.end()
        if surprises := self.sessions.guard.surprises():
            first = f"{surprises[0].method} {surprises[0].url}"
            raise GuardBroken(
                f"While forms were only filled, a page tried to save: {first}.",
                next_step="It was blocked. This portal saves without Done; the plan must not be applied.",
            )
        return rows

    def _rows(self, planned: Sequence[PlanRow]) -> list[RunRow]:
        """One after the other; where the portal seems to be down, the rest is `skipped`."""
        rows: list[RunRow] = []
        breaker = Breaker(self.limits.failures_in_a_row)
        for row in planned:
            if breaker.is_open:
                rows.append(replace(run_row(row), reason=PORTAL_IS_DOWN))
                continue
            rows.append(tried := self._row(row))
            breaker.note(failed=tried.outcome is Outcome.FAILED)
        return rows

    def _row(self, row: PlanRow) -> RunRow:
        self.watcher.step(row.employee_id)
        self._reader.next_row()
        try:
            outcome, reason = self._reader.read(lambda: self._tried(row, row.agent))
        except (PortalFailed, WrongRecord, AccessMissing) as failure:
            self._reader.heed(failure)
            outcome, reason = Outcome.FAILED, str(failure)
        except RuleRefused as refusal:
            outcome, reason = Outcome.REFUSED, refusal.what
        self.watcher.row(row.employee_id, outcome, reason)
        return replace(run_row(row), outcome=outcome, reason=reason)

    def _tried(self, row: PlanRow, agent: Agent) -> tuple[Outcome, str]:
        seen = self.flow.observe(self.portals, agent).values
        if differences(row.seen, seen):
            return Outcome.DRIFTED, "changed since the plan"
        with named_errors(self.portals):
            for form in self.flow.act(self.portals, agent, row.after):
                _try(form, agent)
        return Outcome.REHEARSED, ""


def _try(form: Form, agent: Agent) -> None:
    """Everything but Done: the right person, a form that could be sent, and out again."""
    on_screen = form.employee_id()
    if on_screen != agent.employee_id:
        raise WrongRecord(f"the panel shows employee {on_screen}, not {agent.employee_id}")
    form.ready()
    form.cancel()
