"""When Uptraining Class may be erased."""

from __future__ import annotations

from datetime import date

import pytest

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.clearing import ClearingOrder, Known, call_cert_of, decide
from rpa.domain.outcomes import Outcome
from rpa.domain.records import CustomFields
from rpa.domain.tracking import Task, TaskState, TrackedAgent

AGENT = Agent(employee_id=EmployeeId("100482"), row=2)
ORDER = ClearingOrder(uptraining_class="Aetna")
ANYWAY = ClearingOrder(uptraining_class="Aetna", even_if_open=True)


def fields(uptraining: str) -> CustomFields:
    past = date(2026, 11, 2)
    return CustomFields(esp_start=past, esp_end=past, graduation=past, uptraining=uptraining)


@pytest.mark.parametrize(
    ("uptraining", "known", "order", "outcome", "words"),
    [
        ("Aetna", Known(), ORDER, Outcome.PLANNED, ""),
        ("Aetna", Known(call_cert="done", days=1), ORDER, Outcome.PLANNED, "1 day, Call Cert done"),
        ("Aetna", Known(call_cert="not needed", days=12), ORDER, Outcome.PLANNED, "12 days"),
        ("Aetna", Known(call_cert="open"), ORDER, Outcome.REFUSED, "Call Cert is open"),
        ("Aetna", Known(call_cert="unreadable"), ORDER, Outcome.REFUSED, "Call Cert is unreadable"),
        ("Aetna", Known(call_cert="not in the tracker"), ORDER, Outcome.REFUSED, "not in the tracker"),
        ("Aetna", Known(call_cert="open"), ANYWAY, Outcome.PLANNED, "Call Cert open"),
        ("", Known(call_cert="open"), ORDER, Outcome.UNCHANGED, "empty already"),
        ("aetna ", Known(call_cert="done"), ORDER, Outcome.PLANNED, ""),
        ("Anthem", Known(call_cert="done"), ORDER, Outcome.REFUSED, "'Anthem'"),
        ("Anthem", Known(call_cert="done"), ANYWAY, Outcome.REFUSED, "somebody else"),
        ("Anthem", Known(call_cert="done", word="Anthem"), ORDER, Outcome.PLANNED, ""),
    ],
)
def test_decision(uptraining: str, known: Known, order: ClearingOrder, outcome: Outcome, words: str) -> None:
    """Only the class of this route, or one that we wrote, is erased, once Call Certs are finished."""
    decision = decide(AGENT, "Dana Alvarez", fields(uptraining), known, order)
    assert decision.outcome is outcome
    assert words in decision.reason
    assert decision.after == ({"uptraining_class": ""} if outcome is Outcome.PLANNED else {})


def test_another_person_is_refused() -> None:
    """A name in the file that is not the record's stops the row before any other rule."""
    agent = Agent(employee_id=EmployeeId("100482"), row=2, name="Sam Reed")
    decision = decide(agent, "Dana Alvarez", fields("Aetna"), Known(call_cert="done"), ORDER)
    assert decision.outcome is Outcome.REFUSED
    assert "Sam Reed" in decision.reason


def test_what_the_tracker_says() -> None:
    """A row without a cell for Call Cert, and no row at all, are both not finished."""
    done = TrackedAgent(employee_id=EmployeeId("1"), row=2, tasks={Task.CALL_CERT: TaskState.DONE})
    assert call_cert_of(done) == "done"
    assert call_cert_of(TrackedAgent(employee_id=EmployeeId("1"), row=2)) == "unreadable"
    assert call_cert_of(None) == "not in the tracker"
