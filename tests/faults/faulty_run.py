"""Runs one cell of the matrix on the mock portals, and judges it by what they say was stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import count, pairwise
from pathlib import Path
from typing import Any, cast

from rpa.domain.agents import Agent
from rpa.domain.errors import RpaError, SignInNeeded
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Plan
from rpa.domain.runs import Run
from rpa.domain.values import Values
from rpa.engine.flow import Flow
from rpa.engine.journal import Journal
from rpa.engine.reading import Limits
from rpa.engine.sessions import Sessions
from rpa.flows.portals import Portals
from rpa.pages.site import Timeouts
from tests.conftest import MockPortals, SignIn
from tests.engine.stage import batch_of, planner, runner_and_desk
from tests.faults.flows_under_test import FlowUnderTest
from tests.faults.matrix import ARRIVE, RETRY_AFTER, Cell, Expected, Kind, Phase, expected
from tests.flows.conftest import portals_on
from tests.flows.stand_ins import SharedClock

LIMITS = Limits(read_backs=2, read_back_pause=0.2)
MOST_PASSWORDS = 2
MOST_PASSWORDS_IN_A_RUN = 4
NOT_STORED = {Outcome.FAILED, Outcome.REFUSED, Outcome.DRIFTED, Outcome.SKIPPED}


class OnlyRows:
    """A flow without its batch step, which only costs time where the fault is not in that."""

    def __init__(self, flow: Any) -> None:
        self._flow = flow

    def __getattr__(self, name: str) -> Any:
        return getattr(self._flow, name)

    def settle(self, _portals: Portals, _desk: object) -> None:
        """Nothing."""


def without_batch_step(flow: FlowUnderTest) -> FlowUnderTest:
    """The flow, ended after its rows."""
    return replace(flow, flow=lambda clock, agents: cast("Flow[Portals]", OnlyRows(flow.flow(clock, agents))))


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What one run, or its resumption, came to, and what the portals say of it."""

    run: Run
    stopped_by: RpaError | None
    state: Mapping[str, Mapping[str, Any]]
    writes: Sequence[Mapping[str, Any]]
    requests: Sequence[Mapping[str, Any]]

    def outcome(self, employee_id: str) -> Outcome:
        return next(row.outcome for row in self.run.rows if row.employee_id == employee_id)

    def stored(self, employee_id: str, values: Values) -> bool:
        """Whether the portal holds these values."""
        return all((self.state[employee_id][field] or None) == (values[field] or None) for field in values)

    def confirmed(self) -> set[str]:
        """Whom the rosters show as the flow wants them: listed, or gone where they were to leave."""
        return {
            one
            for roster in self.run.rosters
            for one in (roster.listed if roster.gone is None else roster.gone)
        }

    def saves(self, employee_id: str) -> int:
        """How often Done was sent for this employee."""
        return sum(one["method"] == "POST" and one["employee_id"] == employee_id for one in self.requests)


@dataclass
class Bench:
    """One guarded browser on one pair of mock portals, used by many cells one after the other.

    `adp` signs in to ADP in place of the ESP manager.
    """

    mock: MockPortals
    sessions: Sessions
    journal: Journal
    adp: SignIn | None = None
    plans: dict[str, Plan] = field(default_factory=dict)
    _agents: Sequence[Agent] = ()
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def plan(self, flow: FlowUnderTest) -> Plan:
        """The plan for the flow's two agents, made once: a reset brings the same people back."""
        agents = self._ready(flow)
        if flow.name not in self.plans:
            clock = SharedClock(self.mock)
            ours = planner(self._portals(), self.sessions, clock, LIMITS)
            self.plans[flow.name] = ours.plan(flow.flow(clock, agents), batch_of(agents))
            assert set(self.plans[flow.name].counts) == {"planned"}
            self._ready(flow)
        return self.plans[flow.name]

    def apply(self, flow: FlowUnderTest, plan: Plan, *, resume: str = "", limits: Limits = LIMITS) -> Ran:
        """Apply the plan in a new window, or resume this run of it."""
        name = resume or f"run-{next(self._numbers)}"
        clock = SharedClock(self.mock)
        runner, desk = runner_and_desk(
            plan,
            flow.flow(clock, self._agents),
            portals=self._portals(),
            sessions=self.sessions,
            journal=self.journal,
            clock=clock,
            run=name,
            limits=limits,
        )
        stopped_by = None
        try:
            runner.resume(plan) if resume else runner.apply(plan)
        except RpaError as error:
            stopped_by = error
        return self._told(desk.told(), stopped_by)

    def _told(self, run: Run, stopped_by: RpaError | None) -> Ran:
        people = {one["employee_id"]: one for one in self.mock.state()["employees"]}
        return Ran(
            run=run,
            stopped_by=stopped_by,
            state=people,
            writes=self.mock.writes(),
            requests=self.mock.requests(),
        )

    def _ready(self, flow: FlowUnderTest) -> Sequence[Agent]:
        self.mock.reset()
        self._agents = flow.agents(self.mock)
        flow.ready(self.mock, self._agents)
        return self._agents

    def _portals(self) -> Portals:
        """The portals as a command of its own finds them: no window open, nobody signed in."""
        for context in self.sessions._browser.contexts:
            context.close()
        self.sessions._contexts.clear()
        self.sessions.guard.blocked.clear()
        return portals_on(self.mock, self.sessions, Timeouts(arrive=ARRIVE, settle=0.5), adp=self.adp)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What is wrong with a cell; all empty where it is right."""

    cell: str
    outcome: str
    wrong: Sequence[str]
    silent_success: bool
    wrong_person: bool


def judge(bench: Bench, flow: FlowUnderTest, cell: Cell) -> Judged:
    """Run the cell, then resume it without the fault, and compare both with the rule and with the portals."""
    plan = bench.plan(flow)
    before = {one["employee_id"]: one for one in bench.mock.state()["employees"]}
    struck, other = (row.employee_id for row in plan.to_change)
    bench.mock.faults(cell.fault(struck))
    ran = bench.apply(_as_needed(flow, cell), plan)
    hits = bench.mock.hits()[0]
    wrong = [] if hits else ["the fault never struck"]
    wrong += _against_the_rule(ran, expected(cell), struck, other)
    wrong += _against_the_portals(plan, ran)
    wrong += _against_patience(cell, ran)
    ran, wrong_after = _resumed(bench, flow, cell, ran)
    wrong += wrong_after
    ids = {row.employee_id for row in plan.rows}
    strangers = [one for one in ran.state if one not in ids and ran.state[one] != before[one]]
    return Judged(
        cell=str(cell),
        outcome=ran.outcome(struck).value,
        wrong=wrong,
        silent_success=any("is done and not stored" in one for one in wrong),
        wrong_person=bool(strangers) or any(one["employee_id"] not in ids for one in ran.writes),
    )


def _as_needed(flow: FlowUnderTest, cell: Cell) -> FlowUnderTest:
    return flow if cell.step.phase is Phase.ROSTERS else without_batch_step(flow)


def _against_the_rule(ran: Ran, right: Expected, struck: str, other: str) -> list[str]:
    told = {
        "the struck agent": (ran.outcome(struck).value, right.struck),
        "the next agent": (ran.outcome(other).value, right.other),
    }
    wrong = [f"{who} is {is_} and not {sorted(may)}" for who, (is_, may) in told.items() if is_ not in may]
    stops = isinstance(ran.stopped_by, SignInNeeded)
    if right.stops_for_sign_in is not None and stops != right.stops_for_sign_in:
        wrong.append(f"stopped by {ran.stopped_by!r}")
    if right.rosters_verified and ran.confirmed() != {struck, other}:
        wrong.append("the rosters were not verified")
    if right.rosters_verified is False and not ran.run.notices:
        wrong.append("nobody was told that the rosters were not verified")
    reasons = [f"{row.employee_id}: {row.reason}" for row in ran.run.rows]
    return [*wrong, *reasons, *ran.run.notices] if wrong else []


def _against_the_portals(plan: Plan, ran: Ran) -> list[str]:
    """What holds in every cell: the word of each row is true, and nothing is saved twice."""
    wrong = []
    planned = {row.employee_id: row for row in plan.to_change}
    for one in ran.run.rows:
        row, saves = planned[one.employee_id], ran.saves(one.employee_id)
        stored = ran.stored(one.employee_id, row.after)
        untouched = ran.stored(one.employee_id, row.before)
        if one.outcome is Outcome.DONE and not stored:
            wrong.append(f"{one.employee_id} is done and not stored")
        if one.outcome in NOT_STORED and not untouched:
            wrong.append(f"{one.employee_id} is {one.outcome} and stored")
        if saves > 1:
            wrong.append(f"Done was sent {saves} times for {one.employee_id}")
        if one.outcome is Outcome.UNKNOWN and not saves:
            wrong.append(f"{one.employee_id} is unknown, and Done was never sent")
    wrong += [
        f"{one} was not planned"
        for one in ran.writes
        if one["employee_id"] not in planned
        or (planned[one["employee_id"]].after.get(one["field"], "?") or None) != (one["after"] or None)
    ]
    return wrong


def _against_patience(cell: Cell, ran: Ran) -> list[str]:
    """What a portal asks for is kept: its Retry-After, and no password typed again and again."""
    wrong = []
    typed = [one for one in ran.requests if one["path"] == "/signin/v1/password"]
    is_unanswered = cell.step.kind is Kind.SIGN_IN and cell.step.phase is Phase.BEFORE
    if len(typed) > (MOST_PASSWORDS if is_unanswered else MOST_PASSWORDS_IN_A_RUN):
        wrong.append(f"the password was typed {len(typed)} times")
    path = cell.step.match["path"]
    asked = [datetime.fromisoformat(one["at"]) for one in ran.requests if fnmatchcase(one["path"], path)]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(asked)]
    asks_by_itself = {Kind.SIGN_IN, Kind.SAVE, Kind.LOOK_UP}
    was_asked_again = cell.step.kind not in asks_by_itself and cell.step.phase is not Phase.REFRESH
    if "retry_after" in cell.effect.fault and was_asked_again and max(gaps, default=0.0) < RETRY_AFTER:
        wrong.append(f"the portal was asked again after {max(gaps, default=0.0)} seconds")
    return wrong


def _resumed(bench: Bench, flow: FlowUnderTest, cell: Cell, ran: Ran) -> tuple[Ran, list[str]]:
    """Without the fault, resuming brings every row to its end, and nothing is written twice.

    An unknown outcome is only looked at; one that turns out to be `failed` is written by the next resumption.
    """
    if all(row.outcome is Outcome.DONE for row in ran.run.rows) and ran.stopped_by is None:
        return ran, []
    bench.mock.faults()
    plan = bench.plans[flow.name]
    again = bench.apply(_as_needed(flow, cell), plan, resume=ran.run.id)
    if again.stopped_by is None and _turned_out_failed(ran, again):
        again = bench.apply(_as_needed(flow, cell), plan, resume=ran.run.id)
    wrong = [] if again.stopped_by is None else [f"the resumption was stopped by {again.stopped_by!r}"]
    if cell.step.phase is Phase.ROSTERS and again.confirmed() != {row.employee_id for row in plan.to_change}:
        wrong.append("resumed, the rosters were not verified")
    for row in plan.to_change:
        stored, outcome = again.stored(row.employee_id, row.after), again.outcome(row.employee_id)
        if stored != (outcome is Outcome.DONE) or outcome in NOT_STORED:
            wrong.append(f"resumed, {row.employee_id} is {outcome}, stored: {stored}")
        written = [one["field"] for one in again.writes if one["employee_id"] == row.employee_id]
        if len(written) != len(set(written)):
            wrong.append(f"{row.employee_id} was written twice")
    return again, wrong


def _turned_out_failed(ran: Ran, again: Ran) -> bool:
    return any(
        row.outcome is Outcome.UNKNOWN and again.outcome(row.employee_id) is Outcome.FAILED
        for row in ran.run.rows
    )


def journal_in(folder: Path) -> Journal:
    """A journal for the runs of a bench."""
    return Journal.open(f"sqlite:///{folder / 'journal.sqlite'}", b"key of the matrix")
