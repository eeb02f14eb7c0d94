"""Transfers on the mocks: the real pages, planner, runner and journal, with a clock that waiting moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.departments import DepartmentRules
from rpa.domain.plans import Plan
from rpa.domain.runs import Run
from rpa.domain.tracking import Task, TaskState, TrackedAgent
from rpa.domain.transfer import TransferOrder
from rpa.engine.journal import Journal
from rpa.engine.outbox import Outbox
from rpa.engine.reading import Limits
from rpa.engine.run_desk import RunDesk
from rpa.engine.runner import Runner
from rpa.flows.roster_wait import Patience
from rpa.flows.transfer import Transfer
from tests.conftest import MockPortals, StartMock
from tests.engine.stage import batch_of, planner, rehearsal, runner_and_desk
from tests.flows.conftest import Launch
from tests.flows.stand_ins import SharedClock, leaving
from tests.trackers import MemoryTracker

TODAY = date(2026, 11, 23)
CODES = {"CareSource": "511", "Aetna": "510", "Anthem": "520", "Assurance": "544"}
SITES = ("PRV", "SLC", "MEM", "SAT")
RULES = DepartmentRules(sites=frozenset(SITES), codes=CODES)
LIMITS = Limits(read_back_pause=0.1)


@dataclass
class Cells:
    """A queue of tracker cells that only listens."""

    queued: list[tuple[str, str, str | date]] = field(default_factory=list)

    def queue(self, run: str, employee_id: str, field: str, value: str | date) -> None:
        assert run
        self.queued.append((employee_id, field, value))


class Stage:
    """Everything to plan and apply transfers with."""

    def __init__(self, folder: Path, mock: MockPortals, launch: Launch) -> None:
        self.portals, self.sessions = launch(mock)
        self.mock = mock
        self.clock = SharedClock(mock)
        self.journal = Journal.open(f"sqlite:///{folder / 'journal.sqlite'}", b"k")
        self.outbox = Outbox(self.journal)
        self.cells = Cells()
        self.tracker = MemoryTracker({})
        self.patience = Patience(timeout=600, poll=60)

    def flow(self, **order: Any) -> Transfer:
        return Transfer(
            asked=TransferOrder(departments=RULES, **{"effective": TODAY, **order}),
            today=TODAY,
            it="it@example.invalid",
            leaving=leaving(self.clock, self.patience, LIMITS),
            clock=self.clock,
            tracked=self.tracker,
            cells=self.cells,
        )

    def plan(self, agents: list[Agent], **order: Any) -> Plan:
        self.tracker = MemoryTracker({one.employee_id: complete(one) for one in agents})
        ours = planner(self.portals, self.sessions, self.clock, LIMITS)
        return ours.plan(self.flow(**order), batch_of(agents))

    def apply(self, plan: Plan, run: str = "run-1", **order: Any) -> Run:
        runner, desk = self._runner_and_desk(plan, order, run)
        runner.apply(plan)
        return desk.told()

    def resume(self, plan: Plan, **order: Any) -> Run:
        runner, desk = self._runner_and_desk(plan, order)
        runner.resume(plan)
        return desk.told()

    def _runner_and_desk(
        self, plan: Plan, order: Mapping[str, Any], run: str = "run-1"
    ) -> tuple[Runner[Any], RunDesk]:
        return runner_and_desk(
            plan,
            self.flow(**order),
            portals=self.portals,
            sessions=self.sessions,
            journal=self.journal,
            clock=self.clock,
            run=run,
            limits=LIMITS,
        )


def complete(agent: Agent) -> TrackedAgent:
    """The tracker's row of somebody who has done everything."""
    tasks = dict.fromkeys(Task, TaskState.DONE)
    return TrackedAgent(employee_id=agent.employee_id, row=agent.row, tasks=tasks)


def agents_of(mock: MockPortals, places: list[tuple[str, str]], skip: int = 0) -> list[Agent]:
    """Active agents who are still counted in training, each placed at a site and on a campaign."""
    training = [
        one["employee_id"]
        for one in mock.state()["employees"]
        if one["status"] == "Active" and "Training" in one["home_department"]
    ][skip:]
    made = []
    for row, (employee_id, (site, campaign)) in enumerate(zip(training, places, strict=False), start=2):
        mock.set(employee_id, site=site, campaign=campaign)
        made.append(Agent(employee_id=EmployeeId(employee_id), row=row, site=site, campaign=campaign))
    return made


def in_no_class(mock: MockPortals) -> Agent:
    """Somebody still counted in training whose ESP period is over, so that no class lists them."""
    one = next(
        one
        for one in mock.state()["employees"]
        if one["status"] == "Active"
        and "Training" in one["home_department"]
        and one["esp_end_date"] < "2026-11-23"
    )
    return Agent(
        employee_id=EmployeeId(one["employee_id"]), row=9, site=one["site"], campaign=one["campaign"]
    )


def outcomes(told: Plan | Run) -> dict[str, str]:
    return {row.employee_id: row.outcome.value for row in told.rows}


@pytest.fixture
def stage(tmp_path: Path, mock: MockPortals, launch: Launch) -> Stage:
    return Stage(tmp_path, mock, launch)


def plant_traps(mock: MockPortals) -> set[tuple[str, str]]:
    """Two places of which one has two right departments, and one none that is active."""
    mock.departments(
        {"code": "510", "name": "Aetna MEM Contact Center North"},
        {"code": "544", "name": "Assurance SAT Contact Center", "active": False},
    )
    return {("MEM", "Aetna"), ("SAT", "Assurance")}


def check_departments(stage: Stage, right: int, trapped: int) -> None:
    traps = plant_traps(stage.mock)
    good = [place for place in product(SITES, CODES) if place not in traps]
    places = [good[at % len(good)] for at in range(right)]
    bad = sorted(traps)
    places += [bad[at % len(bad)] for at in range(trapped)]
    agents = agents_of(stage.mock, places)
    plan = stage.plan(agents)
    assert stage.mock.writes() == []
    wanted = {
        one.employee_id: ("refused" if (one.site, one.campaign) in traps else "planned") for one in agents
    }
    assert outcomes(plan) == wanted
    told = {row.reason for row in plan.rows if row.outcome.value == "refused"}
    assert any("Aetna MEM Contact Center North" in reason for reason in told)
    assert any("544 - Assurance SAT Contact Center (inactive)" in reason for reason in told)

    run = stage.apply(plan)
    assert list(outcomes(run).values()).count("done") == right, outcomes(run)
    for one in agents:
        department = stage.mock.employee(one.employee_id)["home_department"]
        is_right = department == f"{CODES[one.campaign]} - {one.campaign} {one.site} Contact Center"
        assert is_right is ((one.site, one.campaign) not in traps)
    written = {one["employee_id"] for one in stage.mock.writes()}
    assert written == {one.employee_id for one in agents if wanted[one.employee_id] == "planned"}


def test_right_departments_and_traps(stage: Stage) -> None:
    """Two agents get exactly their department; an ambiguous and a missing one are refused by name."""
    check_departments(stage, right=2, trapped=2)


@pytest.mark.soak
def test_twenty_right_and_six_traps(stage: Stage) -> None:
    """20 agents over 4 campaigns and 4 sites are right; 6 ambiguous or missing ones are refused."""
    check_departments(stage, right=20, trapped=6)


def test_whole_transfer_and_again(stage: Stage) -> None:
    """Dates end today, uptraining goes, headcount moves, the cell comes last; once more changes nothing."""
    (agent,) = agents = agents_of(stage.mock, [("PRV", "Aetna")])
    stage.mock.set(agent.employee_id, uptraining_class="Aetna", esp_end_date="2026-11-25")
    run = stage.apply(stage.plan(agents))
    assert outcomes(run) == {agent.employee_id: "done"}
    written = {one["field"]: one["after"] for one in stage.mock.writes()}
    assert written == {
        "esp_end_date": "2026-11-23",
        "training_graduation_date": "2026-11-23",
        "uptraining_class": "",
        "home_department": "510 - Aetna PRV Contact Center",
        "home_department_effective": "2026-11-23",
    }
    assert stage.cells.queued == [(agent.employee_id, "transfer_to_production", TODAY)]
    assert any("restart" in notice for notice in run.notices)
    assert run.mails == ()
    assert outcomes(stage.plan(agents)) == {agent.employee_id: "unchanged"}


def test_who_stays_on_a_roster_is_mended_and_escalated(
    tmp_path: Path, start_mock: StartMock, launch: Launch
) -> None:
    """A value that came back is written again, a second wait is in vain, IT gets a mail, the cell waits."""
    mock = start_mock(lag=100_000)
    stage = Stage(tmp_path, mock, launch)
    stage.patience = Patience(timeout=600, poll=600)
    (stuck,) = agents_of(mock, [("PRV", "Aetna")])
    free = in_no_class(mock)
    agents = [stuck, free]
    old = mock.employee(stuck.employee_id)["training_graduation_date"]
    lost = iter([old])

    def put_back() -> None:
        if day := next(lost, None):
            mock.set(stuck.employee_id, training_graduation_date=day)

    plan = stage.plan(agents)
    stage.clock.meanwhile = put_back
    run = stage.apply(plan)
    assert outcomes(run) == {stuck.employee_id: "pending", free.employee_id: "done"}
    graduations = [
        one["after"]
        for one in mock.writes()
        if (one["employee_id"], one["field"]) == (stuck.employee_id, "training_graduation_date")
    ]
    assert graduations == ["2026-11-23", "2026-11-23"]
    (mail,) = stage.outbox.waiting()
    assert mail.letter.to == "it@example.invalid"
    (evidence,) = mail.letter.content["agents"]
    assert "put right" in evidence["done"]
    assert "Home Department: 510 - Aetna PRV Contact Center" in evidence["done"]
    assert stage.clock.passed >= 1200
    assert [one[0] for one in stage.cells.queued] == [free.employee_id]

    again = stage.resume(plan)
    assert outcomes(again)[stuck.employee_id] == "pending"
    assert len(stage.outbox.waiting()) == 1


@pytest.mark.soak
def test_stuck_agent_stays_stuck_in_a_second_plan(
    tmp_path: Path, start_mock: StartMock, launch: Launch
) -> None:
    """ADP shows everything already, so a new plan changes nothing; a roster tells that the agent is stuck."""
    mock = start_mock(lag=100_000)
    stage = Stage(tmp_path, mock, launch)
    stage.patience = Patience(timeout=120, poll=120)
    (stuck,) = agents = agents_of(mock, [("PRV", "Aetna")])
    mock.set(stuck.employee_id, esp_end_date="2026-11-20", training_graduation_date="2026-11-20")
    mock.set(stuck.employee_id, home_department="510 - Aetna PRV Contact Center")
    plan = stage.plan(agents)
    assert outcomes(plan) == {stuck.employee_id: "unchanged"}
    assert outcomes(stage.apply(plan)) == {stuck.employee_id: "pending"}
    assert [mail.letter.to for mail in stage.outbox.waiting()] == ["it@example.invalid"]
    assert stage.cells.queued == []
    assert mock.writes() == []


def test_change_dated_ahead_is_pending_until_its_day(stage: Stage) -> None:
    """A department from Friday on is accepted and does not show: pending, and done when resumed on Friday."""
    (agent,) = agents = agents_of(stage.mock, [("PRV", "Aetna")])
    friday = date(2026, 11, 27)
    plan = stage.plan(agents, effective=friday)
    run = stage.apply(plan, effective=friday)
    assert outcomes(run) == {agent.employee_id: "pending"}
    assert "2026-11-27" in run.rows[0].reason
    writes = len(stage.mock.writes())
    stage.mock.advance(4 * 24 * 3600)
    assert outcomes(stage.resume(plan, effective=friday)) == {agent.employee_id: "done"}
    assert len(stage.mock.writes()) == writes


@pytest.mark.soak
def test_second_panel_that_is_refused_tells_what_stands(stage: Stage) -> None:
    """The dates are saved and the department is not: failed, plainly, and resumed to the end."""
    (agent,) = agents = agents_of(stage.mock, [("PRV", "Aetna")])
    plan = stage.plan(agents)
    stage.mock.faults(
        {"match": {"method": "POST", "path": "*/home-department"}, "effect": "status", "status": 403}
    )
    run = stage.apply(plan)
    assert outcomes(run) == {agent.employee_id: "failed"}
    assert "only a part stands, ESP End Date and Training Graduation Date" in run.rows[0].reason
    assert "not authorized" in run.rows[0].reason
    stage.mock.faults()
    assert outcomes(stage.resume(plan)) == {agent.employee_id: "done"}
    fields = [one["field"] for one in stage.mock.writes()]
    assert len(fields) == len(set(fields)) == 4


def test_rehearsal_fills_and_cancels_both_panels(stage: Stage) -> None:
    """Both forms of a transfer can be filled and given up, and nothing is written."""
    agents = agents_of(stage.mock, [("PRV", "Aetna")])
    plan = stage.plan(agents)
    ours = rehearsal(stage.flow(), stage.portals, stage.sessions, stage.clock, LIMITS)
    assert [row.outcome.value for row in ours.rehearse(plan)] == ["rehearsed"]
    assert stage.mock.writes() == []
