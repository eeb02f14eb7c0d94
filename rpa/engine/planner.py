"""Makes a plan: proves the guard, reads every agent, decides, writes nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Generic, TypeVar

from rpa.domain.agents import Agent
from rpa.domain.errors import AccessMissing, GuardBroken, PortalFailed, RuleRefused, WrongRecord
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Plan, PlanRow
from rpa.engine.clock import Clock
from rpa.engine.flow import Flow, Portals, Watcher
from rpa.engine.reading import Breaker, Limits, Reader
from rpa.engine.sessions import Sessions

P = TypeVar("P", bound=Portals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The agents of a file, the rows of it that cannot be used, and where they came from."""

    agents: Sequence[Agent]
    invalid: Sequence[PlanRow]
    source: str
    notes: Sequence[str] = ()


@dataclass(kw_only=True)
class Planner(Generic[P]):
    """Plans of one flow on one set of portals."""

    portals: P
    sessions: Sessions
    clock: Clock
    limits: Limits
    watcher: Watcher
    tenant: Mapping[str, str]
    lifetime: timedelta

    @cached_property
    def _reader(self) -> Reader[P]:
        return Reader(self.portals, self.clock, self.limits)

    def plan(self, flow: Flow[P], batch: Batch) -> Plan:
        """The plan for this batch; raises PortalFailed where the portals are down, and GuardBroken."""
        self._reader.read(lambda: self.sessions.guard.prove(self.portals.page()))
        notes = self._reader.read(lambda: flow.prepare(self.portals))
        rows = [*batch.invalid, *self._rows(flow, batch.agents)]
        self._refuse_surprises()
        now = self.clock.now()
        return Plan(
            id=f"plan-{now:%Y%m%d}-{secrets.token_hex(3)}",
            flow=flow.name,
            route=flow.route,
            order=flow.order(),
            tenant=dict(self.tenant),
            source=batch.source,
            today=self.clock.today(),
            created_at=now,
            expires_at=now + self.lifetime,
            rows=tuple(sorted(rows, key=lambda row: row.row)),
            notes=(*batch.notes, *notes),
        )

    def _rows(self, flow: Flow[P], agents: Sequence[Agent]) -> list[PlanRow]:
        rows: list[PlanRow] = []
        breaker = Breaker(self.limits.failures_in_a_row)
        self.watcher.begin("Reading", len(agents))
        try:
            for agent in agents:
                row = self._row(flow, agent)
                rows.append(row)
                self.watcher.row(row.employee_id, row.outcome, row.reason)
                breaker.note(failed=row.outcome is Outcome.FAILED)
                if breaker.is_open:
                    raise PortalFailed(
                        f"{breaker.in_a_row} agents in a row could not be read; the last: {row.reason}.",
                        next_step="Nothing was changed, and no plan was made. Try again later.",
                    )
        finally:
            self.watcher.end()
        return rows

    def _row(self, flow: Flow[P], agent: Agent) -> PlanRow:
        self.watcher.step(agent.employee_id)
        self._reader.next_row()
        try:
            seen = self._reader.read(lambda: flow.observe(self.portals, agent))
        except RuleRefused as refusal:
            return _row(agent, Outcome.REFUSED, reason=refusal.what)
        except (PortalFailed, WrongRecord, AccessMissing) as failure:
            self.portals.forget()
            return _row(agent, Outcome.FAILED, reason=failure.what)
        decision = flow.decide(agent, seen)
        return PlanRow(
            row=agent.row,
            employee_id=agent.employee_id,
            name=seen.name,
            about={**_about(agent), **decision.about},
            outcome=decision.outcome,
            seen=seen.values,
            after=decision.after,
            reason=decision.reason,
        )

    def _refuse_surprises(self) -> None:
        """A portal that tries to save while it is only looked at must be known of before it is used."""
        surprises = self.sessions.guard.surprises()
        if surprises:
            told = "; ".join(f"{blocked.method} {blocked.url}" for blocked in surprises[:3])
            raise GuardBroken(
                f"While only looking, the portal tried to send something that may write: {told}.",
                next_step=(
                    "It was blocked, nothing was changed, and no plan was made. If it is known to be "
                    "harmless, list it in portals.toml under [guard]."
                ),
            )


def _row(agent: Agent, outcome: Outcome, *, reason: str) -> PlanRow:
    return PlanRow(
        row=agent.row,
        employee_id=agent.employee_id,
        name=agent.name,
        about=_about(agent),
        outcome=outcome,
        reason=reason,
    )


def _about(agent: Agent) -> dict[str, str]:
    """What a plan keeps of the file's row for the steps after it: the class, and no address of the person."""
    told = {"site": agent.site, "campaign": agent.campaign, "esp_manager": agent.esp_manager}
    return {key: value for key, value in told.items() if value}
