"""The five daily reports: who is on them, from which day on, and who could not be judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from rpa.domain.agents import EmployeeId
from rpa.domain.reports import REPORT_OF, REPORTS, Counting, Reported, reported
from rpa.domain.tracking import Task, TaskState, TrackedAgent
from rpa.domain.working_days import DayCounting, WorkingDays

MONDAY = date(2026, 11, 16)
DONE: Mapping[Task, TaskState] = dict.fromkeys(Task, TaskState.DONE)
WORKING = Counting(days=WorkingDays(holidays=frozenset({date(2026, 11, 26)})))
CALENDAR = replace(WORKING, way=DayCounting.CALENDAR)


def agent(number: int = 1, *, start: date | None = MONDAY, **states: TaskState) -> TrackedAgent:
    """An agent with everything open, but for these."""
    tasks = {**dict.fromkeys(Task, TaskState.OPEN), **{Task(name): state for name, state in states.items()}}
    return TrackedAgent(employee_id=EmployeeId(str(number)), row=number, esp_start=start, tasks=tasks)


def ids(told: Reported) -> list[str]:
    """Who is on the report."""
    return [row.agent.employee_id for row in told.rows]


@pytest.mark.parametrize(
    ("name", "first_day"),
    [("producer-world", 17), ("ahip-aetna", 20), ("tbt", 19), ("call-cert", 19)],
)
def test_an_open_task_is_on_its_report_from_that_day(name: str, first_day: int) -> None:
    """Started on Monday the 16th: after 1 day is Tuesday, after 3 is Thursday, after day 4 is Friday."""
    report = REPORT_OF[name]
    assert ids(reported(report, [agent()], WORKING, date(2026, 11, first_day))) == ["1"]
    assert ids(reported(report, [agent()], WORKING, date(2026, 11, first_day - 1))) == []


def test_days_are_counted_as_the_site_says() -> None:
    """Started on Wednesday before Thanksgiving: Monday is 2 working days later, or 5 calendar days."""
    started = agent(start=date(2026, 11, 25))
    assert ids(reported(REPORT_OF["tbt"], [started], WORKING, date(2026, 11, 30))) == []
    assert ids(reported(REPORT_OF["tbt"], [started], CALENDAR, date(2026, 11, 30))) == ["1"]
    assert ids(reported(REPORT_OF["tbt"], [started], WORKING, date(2026, 12, 1))) == ["1"]


def test_a_site_can_set_the_days() -> None:
    """The number of days of one report can be another; the others keep theirs."""
    counting = replace(WORKING, after={"tbt": 1})
    assert ids(reported(REPORT_OF["tbt"], [agent()], counting, date(2026, 11, 17))) == ["1"]
    assert ids(reported(REPORT_OF["call-cert"], [agent()], counting, date(2026, 11, 17))) == []


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.NOT_NEEDED])
def test_what_is_closed_is_on_no_report(state: TaskState) -> None:
    """Done and not needed are both closed."""
    assert not reported(REPORT_OF["tbt"], [agent(tbt=state)], WORKING, date(2026, 11, 23)).rows


def test_one_of_two_open_tasks_is_named() -> None:
    """AHIP/Aetna lists who has either open, and says which; an unreadable one is never taken for done."""
    told = reported(
        REPORT_OF["ahip-aetna"],
        [agent(1, ahip=TaskState.DONE), agent(2, aetna=TaskState.UNREADABLE), agent(3)],
        WORKING,
        date(2026, 11, 23),
    )
    assert [row.open for row in told.rows] == ["Aetna", "AHIP, Aetna (unreadable)", "AHIP, Aetna"]


def test_transferred_agents_are_on_no_report() -> None:
    """Whoever is in production is not reported, whatever is open."""
    gone = replace(agent(), transferred=TaskState.DONE)
    assert not any(reported(report, [gone], WORKING, date(2026, 11, 30)).rows for report in REPORTS)


def test_complete_and_not_transferred_needs_the_transfer() -> None:
    """Transfer to Production needed: everything complete; one open or unreadable task is not complete."""
    agents = [
        replace(agent(1), tasks=DONE),
        replace(agent(2), tasks={**DONE, Task.TBT: TaskState.NOT_NEEDED}),
        replace(agent(3), tasks={**DONE, Task.TBT: TaskState.UNREADABLE}),
        replace(agent(4), tasks={}),
        replace(agent(5), tasks=DONE, transferred=TaskState.NOT_NEEDED),
        replace(agent(6), tasks=DONE, transferred=TaskState.UNREADABLE),
    ]
    told = reported(REPORT_OF["transfer"], agents, WORKING, date(2026, 11, 23))
    assert ids(told) == ["1", "2"]
    assert told.notes == ("1 in the tracker whose Transfer to Production cannot be read: row 6.",)


def test_without_a_start_nobody_knows_the_days() -> None:
    """An agent without a start date is named by row, not silently left out."""
    told = reported(
        REPORT_OF["tbt"], [agent(7, start=None), agent(8, start=None)], WORKING, date(2026, 11, 23)
    )
    assert not told.rows
    assert told.notes == (
        "2 in the tracker without an ESP start that can be read, so nobody knows their days: rows 7, 8.",
    )


def test_a_report_without_its_column_says_so() -> None:
    """A tracker without the column gives no empty report that looks like good news."""
    told = reported(REPORT_OF["tbt"], [replace(agent(), tasks=DONE)], WORKING, date(2026, 11, 23))
    assert told.notes == ()
    without: Mapping[Task, TaskState] = {task: state for task, state in DONE.items() if task is not Task.TBT}
    told = reported(REPORT_OF["tbt"], [replace(agent(), tasks=without)], WORKING, date(2026, 11, 23))
    assert told.notes == ("The tracker has no column for TBT.",)


def test_nobody_is_complete_without_a_column_for_each_task() -> None:
    """A task without a column is not done: Transfer to Production needed says so, and names nobody."""
    without: Mapping[Task, TaskState] = {task: state for task, state in DONE.items() if task is not Task.TBT}
    told = reported(REPORT_OF["transfer"], [replace(agent(), tasks=without)], WORKING, date(2026, 11, 23))
    assert told.rows == ()
    assert told.notes == ("The tracker has no column for TBT, so nobody counts as complete.",)


def test_the_oldest_stand_first() -> None:
    """Most days first, then by name."""
    told = reported(
        REPORT_OF["tbt"], [agent(1, start=date(2026, 11, 18)), agent(2)], WORKING, date(2026, 11, 30)
    )
    assert [(row.agent.employee_id, row.days) for row in told.rows] == [("2", 9), ("1", 7)]
    assert told.rows[0].cells == ("2", "", "", "", "", "2026-11-16", "9", "TBT")


def test_who_starts_later_is_on_no_report() -> None:
    """A start in the future has no days, also where the site counts from 0."""
    counting = replace(WORKING, after={"tbt": 0})
    assert not reported(REPORT_OF["tbt"], [agent(start=date(2026, 12, 7))], counting, date(2026, 11, 23)).rows
    assert ids(reported(REPORT_OF["tbt"], [agent()], counting, MONDAY)) == ["1"]
