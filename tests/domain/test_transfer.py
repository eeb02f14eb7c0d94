"""The rules of a transfer: who may go, and what is still to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.departments import Department, DepartmentRules
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision, Seen
from rpa.domain.tracking import Task, TaskState, TrackedAgent
from rpa.domain.transfer import TransferOrder, decide, training_end, with_tracker
from tests.trackers import MemoryTracker

TODAY = date(2026, 11, 23)
RULES = DepartmentRules(sites=frozenset({"PRV", "SLC"}), codes={"Aetna": "510", "Anthem": "520"})
RIGHT = "510 - Aetna PRV Contact Center"
OFFERED = (Department(label=RIGHT), Department(label="910 - Training PRV"))
ORDER = TransferOrder(departments=RULES, effective=TODAY)
ID = EmployeeId("100482")
AGENT = Agent(employee_id=ID, row=2, site="PRV", campaign="Aetna")
ALL_DONE = dict.fromkeys(Task, TaskState.DONE)
WITHOUT_CERT: Mapping[Task, TaskState] = {
    task: state for task, state in ALL_DONE.items() if task is not Task.CALL_CERT
}
COMPLETE = TrackedAgent(employee_id=ID, row=7, tasks=ALL_DONE)
ON_HOLD = replace(
    COMPLETE,
    transferred=TaskState.UNREADABLE,
    transfer_cell="row 7, column Transfer (M): 'DO NOT MOVE'",
)
IN_TRAINING = {
    "esp_start_date": "2026-11-16",
    "esp_end_date": "2026-11-27",
    "training_graduation_date": None,
    "uptraining_class": "Aetna",
    "home_department": "910 - Training PRV",
    "home_department_effective": "2026-11-16",
}
IN_PRODUCTION = {
    **IN_TRAINING,
    "esp_end_date": "2026-11-20",
    "training_graduation_date": "2026-11-20",
    "uptraining_class": "",
    "home_department": RIGHT,
    "home_department_effective": "2026-11-01",
}


TRANSFERRED = replace(COMPLETE, transferred=TaskState.DONE, transferred_on=date(2026, 11, 2))


def decided(
    values: Mapping[str, Any] = IN_TRAINING,
    *,
    agent: Agent = AGENT,
    tracked: MemoryTracker | None = None,
    order: TransferOrder = ORDER,
    departments: tuple[Department, ...] = OFFERED,
) -> Decision:
    seen = Seen(name="Alvarez, Dana", values=values, departments=departments)
    return decide(agent, seen, order, tracked or MemoryTracker({ID: COMPLETE}), TODAY)


def test_both_parts_are_wanted() -> None:
    """Later and empty dates become today, the class is erased, the head moves today."""
    assert decided().after == {
        "esp_end_date": "2026-11-23",
        "uptraining_class": "",
        "training_graduation_date": "2026-11-23",
        "home_department": RIGHT,
        "home_department_effective": "2026-11-23",
    }


@pytest.mark.parametrize("field", ["esp_end_date", "uptraining_class", "home_department"])
def test_only_what_is_missing_is_wanted(field: str) -> None:
    """Each part is idempotent: what stands already is not written again."""
    after = decided({**IN_PRODUCTION, field: IN_TRAINING[field]}).after
    wanted = {field, "home_department_effective"} if field == "home_department" else {field}
    assert set(after) == wanted


def test_who_is_in_production_is_unchanged() -> None:
    """Earlier dates and the day of an earlier move stay as they are, whatever the tracker says."""
    assert decided(IN_PRODUCTION).outcome is Outcome.UNCHANGED
    transferred = MemoryTracker({ID: TRANSFERRED})
    assert decided(IN_PRODUCTION, tracked=transferred).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize(
    ("shown", "before", "wanted"),
    [
        (None, 0, TODAY),
        (date(2026, 11, 24), 0, TODAY),
        (TODAY, 0, TODAY),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
        (TODAY, 1, date(2026, 11, 22)),
    ],
)
def test_end_of_training(shown: date | None, before: int, wanted: date) -> None:
    """Later or empty becomes the last day; an earlier one is history and stays."""
    assert training_end(shown, TODAY, before) == wanted


def test_graduation_can_be_left_alone() -> None:
    """A site that does not touch Training Graduation Date says so."""
    assert "training_graduation_date" not in decided(order=replace(ORDER, touch_graduation=False)).after


@pytest.mark.parametrize(
    ("tracked", "told"),
    [
        (MemoryTracker({}), "does not have this agent"),
        (MemoryTracker({}, {ID: (4, 9)}), "in rows 4 and 9"),
        (
            MemoryTracker({ID: replace(COMPLETE, tasks={**ALL_DONE, Task.TBT: TaskState.OPEN})}),
            "shows as open: TBT",
        ),
        (
            MemoryTracker({ID: replace(COMPLETE, tasks={**ALL_DONE, Task.CALL_CERT: TaskState.UNREADABLE})}),
            "Call Cert (unreadable)",
        ),
        (MemoryTracker({ID: ON_HOLD}), "means (row 7, column Transfer (M): 'DO NOT MOVE')"),
        (MemoryTracker({ID: replace(COMPLETE, tasks=WITHOUT_CERT)}), "no column for Call Cert"),
        (MemoryTracker({ID: replace(COMPLETE, tasks={})}), "says nothing of this agent's tasks"),
        (
            MemoryTracker({ID: TRANSFERRED}),
            "as transferred on 2026-11-02 already",
        ),
    ],
)
def test_tracker_says_who_may_go(tracked: MemoryTracker, told: str) -> None:
    """Everything of ESP must be complete; what is open, or why nobody can know, is named."""
    decision = decided(tracked=tracked)
    assert decision.outcome is Outcome.REFUSED
    assert told in decision.reason


def test_a_hold_is_respected_whatever_is_asked() -> None:
    """A cell that nobody can read is no mark: --again does not go over it, and no finished agent either."""
    held = MemoryTracker({ID: ON_HOLD})
    assert decided(tracked=held, order=replace(ORDER, again=True)).outcome is Outcome.REFUSED
    assert decided(IN_PRODUCTION, tracked=held).outcome is Outcome.REFUSED


def test_a_task_that_the_site_does_not_track_needs_no_column() -> None:
    """What the site has said not to track is not asked for; call shadowing never is."""
    shadowless: Mapping[Task, TaskState] = {
        task: state for task, state in WITHOUT_CERT.items() if task is not Task.CALL_SHADOWING
    }
    known = replace(COMPLETE, tasks=shadowless, not_tracked=frozenset({Task.CALL_CERT}))
    assert decided(tracked=MemoryTracker({ID: known})).outcome is Outcome.PLANNED


def test_transferred_agent_goes_again_when_told_to() -> None:
    """--again mends a record that does not show what the tracker says."""
    transferred = MemoryTracker({ID: TRANSFERRED})
    assert decided(tracked=transferred, order=replace(ORDER, again=True)).outcome is Outcome.PLANNED


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (replace(AGENT, site=""), "names the site"),
        (replace(AGENT, campaign=""), "names the campaign"),
        (replace(AGENT, name="Somebody Else"), "the file names Somebody Else"),
    ],
)
def test_row_that_cannot_be_meant_is_refused(agent: Agent, told: str) -> None:
    """Without site and campaign, or with another's name, nothing is decided."""
    assert told in decided(agent=agent).reason


def test_agent_who_has_not_begun_is_refused() -> None:
    """Somebody whose ESP begins tomorrow cannot be ended today."""
    assert "begins on 2026-11-24" in decided({**IN_TRAINING, "esp_start_date": "2026-11-24"}).reason


def test_departments_that_leave_a_choice_are_refused() -> None:
    """Two right entries refuse the agent, by name."""
    twins = (*OFFERED, Department(label="510 - PRV Contact Center"))
    assert "510 - PRV Contact Center" in decided(departments=twins).reason


def test_tracker_fills_what_the_file_leaves_open() -> None:
    """Site, campaign and manager come from the file where it has them, else from the tracker."""
    known = replace(COMPLETE, site="SLC", campaign="Anthem", esp_manager="Maria Ortiz")
    agent = with_tracker(replace(AGENT, campaign=""), MemoryTracker({ID: known}))
    assert (agent.site, agent.campaign, agent.esp_manager) == ("PRV", "Anthem", "Maria Ortiz")
