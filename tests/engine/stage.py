"""The engine's parts on whatever portals a test has, and a stage: one plan for a few agents in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.errors import RpaError
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Plan, PlanRow, rows_to_run
from rpa.domain.runs import Run
from rpa.engine.clock import Clock
from rpa.engine.journal import Journal
from rpa.engine.outbox import Outbox
from rpa.engine.planner import Batch, Planner
from rpa.engine.reading import Limits
from rpa.engine.rehearsal import Rehearsal
from rpa.engine.run_desk import RunDesk
from rpa.engine.runner import Runner
from tests.engine.stand_ins import (
    NOW,
    WANTED,
    JumpingClock,
    MemoryFlow,
    MemoryPortal,
    NoPictures,
    NoWatcher,
    StandInSessions,
)

OLD = {"esp_end_date": "2026-11-27", "uptraining_class": ""}
LIMITS = Limits()
LIFETIME = timedelta(hours=12)


def records(agents: int) -> dict[str, dict[str, str | None]]:
    """So many records of a portal in memory: 1001, 1002 and so on, before anything was changed."""
    return {f"100{n}": dict(OLD) for n in range(1, agents + 1)}


def agents_of(ids: Iterable[str], **about: Any) -> list[Agent]:
    """These as the rows of a batch file; `about` is the same in all of them."""
    return [Agent(employee_id=EmployeeId(one), row=row, **about) for row, one in enumerate(ids, start=2)]


def batch_of(agents: Sequence[Agent]) -> Batch:
    """A file that has these agents and no other row."""
    return Batch(agents=agents, invalid=(), source="batch.csv")


def plan_of(ids: Iterable[str]) -> Plan:
    """A plan that gives each of these the wanted date."""
    rows = [
        PlanRow(row=n, employee_id=one, outcome=Outcome.PLANNED, seen=dict(OLD), after=WANTED)
        for n, one in enumerate(ids, start=2)
    ]
    return Plan(
        id="plan-1",
        flow="extend",
        route="end-date",
        order={},
        tenant={},
        source="batch.csv",
        today=NOW.date(),
        created_at=NOW,
        expires_at=NOW + LIFETIME,
        rows=tuple(rows),
    )


def planner(
    portals: Any, sessions: Any, clock: Clock, limits: Limits = LIMITS, *, lifetime: timedelta = LIFETIME
) -> Planner[Any]:
    """A planner at which nobody looks on."""
    return Planner(
        portals=portals,
        sessions=sessions,
        clock=clock,
        limits=limits,
        watcher=NoWatcher(),
        tenant={},
        lifetime=lifetime,
    )


def rehearsal(
    flow: Any, portals: Any, sessions: Any, clock: Clock, limits: Limits = LIMITS
) -> Rehearsal[Any]:
    """A rehearsal at which nobody looks on."""
    return Rehearsal(
        flow=flow, portals=portals, sessions=sessions, clock=clock, limits=limits, watcher=NoWatcher()
    )


def desk_of(plan: Plan, journal: Journal, clock: Clock, run: str = "run-1") -> RunDesk:
    """The desk of a run of this plan."""
    return RunDesk(run=run, planned=rows_to_run(plan), journal=journal, outbox=Outbox(journal), clock=clock)


def runner_and_desk(
    plan: Plan,
    flow: Any,
    *,
    portals: Any,
    sessions: Any,
    journal: Journal,
    clock: Clock,
    run: str = "run-1",
    **options: Any,
) -> tuple[Runner[Any], RunDesk]:
    """What applies or resumes a run of this plan without pictures, and the desk that tells of it."""
    desk = desk_of(plan, journal, clock, run)
    runner: Runner[Any] = Runner(
        run=run,
        flow=flow,
        portals=portals,
        sessions=sessions,
        journal=journal,
        desk=desk,
        clock=clock,
        evidence=NoPictures(),  # type: ignore[arg-type]
        watcher=NoWatcher(),
        **{"limits": LIMITS, **options},
    )
    return runner, desk


class Stage:
    """A plan for a few agents, and everything to apply it with."""

    def __init__(self, folder: Path, agents: int = 4) -> None:
        self.portal = MemoryPortal(records(agents))
        self.sessions = StandInSessions()
        self.flow = MemoryFlow(self.sessions.guard)
        self.journal = Journal.open(f"sqlite:///{folder / 'journal.sqlite'}", b"k")
        self.clock = JumpingClock()
        self.plan = plan_of(self.portal.records)
        self.run = "run-1"

    def apply(self, **options: Any) -> Run:
        runner, desk = self._runner_and_desk(**options)
        try:
            runner.apply(self.plan)
        except (RpaError, KeyboardInterrupt) as error:
            self.stopped_by = error
        return desk.told()

    def resume(self) -> Run:
        runner, desk = self._runner_and_desk()
        runner.resume(self.plan)
        return desk.told()

    def desk(self) -> RunDesk:
        return desk_of(self.plan, self.journal, self.clock, self.run)

    def rehearsal(self, limits: Limits = LIMITS) -> Rehearsal[Any]:
        return rehearsal(self.flow, self.portal, self.sessions, self.clock, limits)

    def _runner_and_desk(self, **options: Any) -> tuple[Runner[Any], RunDesk]:
        return runner_and_desk(
            self.plan,
            self.flow,
            portals=self.portal,
            sessions=self.sessions,
            journal=self.journal,
            clock=self.clock,
            run=self.run,
            **options,
        )

    def outcomes(self, run: Run) -> dict[str, str]:
        return {row.employee_id: row.outcome.value for row in run.rows}
