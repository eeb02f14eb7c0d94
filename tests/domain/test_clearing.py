"""When Uptraining Class may be erased."""

from __future__ import annotations

from datetime import date

import pytest

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.clearing import ClearingOrder, call_cert, decide
from rpa.domain.open_uptraining import OpenUptraining
from rpa.domain.outcomes import Outcome
from rpa.domain.records import CustomFields
from rpa.domain.tracking import Task, TaskState, TrackedAgent

AGENT = Agent(employee_id=EmployeeId("100482"), row=2)
ORDER = ClearingOrder(uptraining_class="Aetna")
ANYWAY = ClearingOrder(uptraining_class="Aetna", even_if_open=True)


def fields(uptraining: str) -> CustomFields:
    past = date(2026, 11, 2)
    return CustomFields(esp_start=past, esp_end=past, graduation=past, uptraining=uptraining)


class Tracked:
    """A tracker of one row, or of two with the same id."""

    def __init__(self, state: TaskState | None = None, *, doubled: bool = False, empty: bool = False) -> None:
        tasks = {Task.CALL_CERT: state} if state else {}
        self.known = None if empty else TrackedAgent(employee_id=AGENT.employee_id, row=2, tasks=tasks)
        self.doubled = {AGENT.employee_id: (2, 9)} if doubled else {}

    def agent(self, employee_id: EmployeeId) -> TrackedAgent | None:
        """The agent with this id."""
        return self.known if self.known and self.known.employee_id == employee_id else None


OURS = OpenUptraining(
    employee_id="100482", name="Dana Alvarez", word="Anthem", run="run-1", since=date(2026, 11, 11)
)
DONE, OPEN = Tracked(TaskState.DONE), Tracked(TaskState.OPEN)


@pytest.mark.parametrize(
    ("uptraining", "tracked", "ours", "order", "outcome", "words"),
    [
        ("Aetna", None, None, ORDER, Outcome.PLANNED, ""),
        ("Aetna", DONE, None, ORDER, Outcome.PLANNED, "call cert: done"),
        ("Aetna", Tracked(TaskState.NOT_NEEDED), None, ORDER, Outcome.PLANNED, "not needed"),
        ("Aetna", OPEN, None, ORDER, Outcome.REFUSED, "Call Cert as open"),
        ("Aetna", Tracked(TaskState.UNREADABLE), None, ORDER, Outcome.REFUSED, "unreadable"),
        ("Aetna", Tracked(), None, ORDER, Outcome.REFUSED, "unreadable"),
        ("Aetna", Tracked(empty=True), None, ORDER, Outcome.REFUSED, "does not have this agent"),
        ("Aetna", Tracked(TaskState.DONE, doubled=True), None, ORDER, Outcome.REFUSED, "rows 2 and 9"),
        ("Aetna", OPEN, None, ANYWAY, Outcome.PLANNED, "call cert: open"),
        ("", OPEN, None, ORDER, Outcome.UNCHANGED, "empty already"),
        ("aetna ", DONE, None, ORDER, Outcome.PLANNED, ""),
        ("Anthem", DONE, None, ORDER, Outcome.REFUSED, "'Anthem'"),
        ("Anthem", DONE, None, ANYWAY, Outcome.REFUSED, "not written by us"),
        ("Anthem", DONE, OURS, ORDER, Outcome.PLANNED, "days open: 12"),
    ],
)
def test_decision(
    uptraining: str,
    tracked: Tracked | None,
    ours: OpenUptraining | None,
    order: ClearingOrder,
    outcome: Outcome,
    words: str,
) -> None:
    """Only the class of this route, or one that we wrote, is erased, once Call Certs are finished."""
    decision = decide(AGENT, "Dana Alvarez", fields(uptraining), order, tracked, ours, date(2026, 11, 23))
    assert decision.outcome is outcome
    assert words in decision.reason
    assert decision.after == ({"uptraining_class": ""} if outcome is Outcome.PLANNED else {})


def test_another_person_is_refused() -> None:
    """A name in the file that is not the record's stops the row before any other rule."""
    agent = Agent(employee_id=EmployeeId("100482"), row=2, name="Sam Reed")
    decision = decide(agent, "Dana Alvarez", fields("Aetna"), ORDER, DONE, None, date(2026, 11, 23))
    assert decision.outcome is Outcome.REFUSED
    assert "Sam Reed" in decision.reason


def test_what_the_tracker_says() -> None:
    """A row without a cell for Call Cert, and no row at all, are both not finished."""
    assert call_cert(AGENT, DONE) is TaskState.DONE
    assert call_cert(AGENT, Tracked()) is TaskState.UNREADABLE
    assert call_cert(AGENT, Tracked(empty=True)) is TaskState.UNREADABLE
