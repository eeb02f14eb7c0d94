"""Taking agents off the uptraining route, and who is still on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.clearing import ClearingOrder, decide
from rpa.domain.open_uptraining import OpenUptraining, open_uptraining
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision
from rpa.domain.records import Answer, AnswerKind, CustomFields
from rpa.domain.runs import Run, RunRow
from rpa.domain.tracking import Task, TaskState, TrackedAgent
from tests.trackers import MemoryTracker

TODAY = date(2026, 11, 23)
ID = EmployeeId("100482")
AGENT = Agent(employee_id=ID, row=1)
OURS = OpenUptraining(
    employee_id=ID, name="Alvarez, Dana", word="Aetna", run="run-1", since=date(2026, 11, 12)
)
SAVED = Answer(kind=AnswerKind.SAVED)


def tracked(state: TaskState) -> MemoryTracker:
    return MemoryTracker({ID: TrackedAgent(employee_id=ID, row=7, tasks={Task.CALL_CERT: state})})


def decided(
    word: str,
    *,
    tracker: MemoryTracker | None = None,
    ours: OpenUptraining | None = OURS,
    order: ClearingOrder | None = None,
) -> Decision:
    seen = CustomFields(esp_start=None, esp_end=None, graduation=None, uptraining=word)
    return decide(AGENT, "Alvarez, Dana", seen, order or ClearingOrder(), tracker, ours, TODAY)


def test_word_is_erased_and_its_age_is_told() -> None:
    """The class becomes empty; the plan tells how long it stood and what the tracker says of the certs."""
    decision = decided("Aetna", tracker=tracked(TaskState.DONE))
    assert decision.after == {"uptraining_class": ""}
    assert decision.about == {"days_open": "11", "call_cert": "done"}
    assert decision.reason == "days open: 11, call cert: done"


@pytest.mark.parametrize(
    ("word", "ours", "outcome"),
    [
        ("", OURS, Outcome.UNCHANGED),
        ("aetna ", None, Outcome.PLANNED),
        ("Anthem", None, Outcome.REFUSED),
        ("Anthem", OURS, Outcome.REFUSED),
    ],
)
def test_only_our_word_is_erased(word: str, ours: OpenUptraining | None, outcome: Outcome) -> None:
    """Empty is unchanged, a misspelt word of the class goes, somebody else's word stays."""
    assert decided(word, ours=ours).outcome is outcome


def test_another_word_that_we_wrote_is_erased() -> None:
    """A word that the journal holds as ours goes, whatever the setting says today."""
    ours = OpenUptraining(employee_id=ID, name="", word="Anthem", run="run-1", since=TODAY)
    assert decided("Anthem", ours=ours).outcome is Outcome.PLANNED


@pytest.mark.parametrize(
    ("tracker", "told"),
    [
        (tracked(TaskState.OPEN), "Call Cert as open"),
        (tracked(TaskState.UNREADABLE), "Call Cert as unreadable"),
        (MemoryTracker({}), "does not have this agent"),
        (MemoryTracker({}, {ID: (3, 4)}), "rows 3 and 4"),
    ],
)
def test_open_certs_are_refused_unless_told_to(tracker: MemoryTracker, told: str) -> None:
    """Who has not finished Call Certs, or may not have, keeps the class; --even-if-open erases it."""
    assert told in decided("Aetna", tracker=tracker).reason
    order = ClearingOrder(even_if_open=True)
    assert decided("Aetna", tracker=tracker, order=order).outcome is Outcome.PLANNED


def test_without_a_tracker_the_manager_knows() -> None:
    """A site without a tracker is not asked for one."""
    assert decided("Aetna").outcome is Outcome.PLANNED


BEGIN = datetime(2026, 11, 2, 9, tzinfo=UTC)


def run(day: int, employee_id: str, word: str, outcome: Outcome = Outcome.DONE, was: str = "") -> Run:
    """A run that wrote this word on the nth day."""
    at = BEGIN + timedelta(days=day)
    after = {"uptraining_class": word}
    row = RunRow(
        row=2,
        employee_id=employee_id,
        outcome=outcome,
        before={"uptraining_class": was},
        after=after,
        found=after if outcome is not Outcome.UNKNOWN else {},
        pressed=dict.fromkeys(after, SAVED),
        ended_at=at,
        ended_on=at.date(),
    )
    return Run(id=f"run-{day}", plan="", flow="", route="", state="completed", rows=(row,))


def test_open_are_the_last_that_we_wrote() -> None:
    """On by extend and off by clear, transfer or undo; on again counts from the later day; oldest first."""
    runs = [
        run(9, "1", "Aetna"),
        run(1, "1", "Aetna"),
        run(5, "1", "", was="Aetna"),
        run(3, "2", "Aetna"),
        run(4, "3", "Aetna"),
        run(6, "3", "", was="Aetna"),
    ]
    found = open_uptraining(runs)
    assert [(one.employee_id, one.age(TODAY)) for one in found.values()] == [("2", 18), ("1", 12)]


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.SKIPPED])
def test_erasing_that_is_not_known_leaves_it_open(outcome: Outcome) -> None:
    """What nobody has seen erased must still be undone."""
    assert "1" in open_uptraining([run(1, "1", "Aetna"), run(2, "1", "", outcome, was="Aetna")])


def test_roster_that_lags_leaves_it_open() -> None:
    """A row that is pending for BlackDash alone stands in ADP, and is open."""
    assert "1" in open_uptraining([run(1, "1", "Aetna", Outcome.PENDING)])
