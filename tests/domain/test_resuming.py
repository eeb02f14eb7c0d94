"""What is left of a run, by how each row stands in its journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rpa.domain.outcomes import Outcome
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.resuming import How, Left, left_to_do
from rpa.domain.runs import Event, EventKind, Run, RunRow, run_of

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
ROW = RunRow(row=2, employee_id="1001", after={"esp_end_date": "2026-12-04"})


def told(*events: tuple[EventKind, dict[str, str]]) -> Run:
    """The run of one row to which this happened."""
    return run_of("run-1", [ROW], [Event(at=NOW, kind=kind, row=2, data=data) for kind, data in events])


INTENDED = (EventKind.WRITE_INTENDED, {})


def answered(kind: AnswerKind) -> tuple[EventKind, dict[str, str]]:
    return EventKind.WRITE_ANSWERED, {"answer": kind.value, "sentence": "so it says"}


def ended(outcome: Outcome) -> tuple[EventKind, dict[str, str]]:
    return EventKind.ROW_ENDED, {"outcome": outcome.value}


def test_row_that_died_before_an_answer_is_looked_at_and_may_be_written() -> None:
    """Between intent and answer nobody knows whether Done was pressed: the record decides."""
    assert left_to_do(told(INTENDED)) == {2: Left(how=How.LOOK_THEN_WRITE)}


@pytest.mark.parametrize("kind", AnswerKind)
def test_row_that_the_portal_had_taken_is_only_looked_at(kind: AnswerKind) -> None:
    """What the portal has answered is not forgotten by a crash: only after a no may Done be pressed again."""
    how = How.LOOK_THEN_WRITE if kind is AnswerKind.REJECTED else How.LOOK
    left = left_to_do(told(INTENDED, answered(kind)))[2]
    assert left == Left(how=how, answer=Answer(kind=kind, sentence="so it says"))


def test_answer_belongs_to_its_own_try() -> None:
    """A second try that died without an answer does not inherit the first one's."""
    run = told(INTENDED, answered(AnswerKind.SAVED), ended(Outcome.FAILED), INTENDED)
    assert left_to_do(run) == {2: Left(how=How.LOOK_THEN_WRITE)}


@pytest.mark.parametrize(
    ("outcome", "left"),
    [
        (Outcome.FAILED, Left(how=How.WRITE)),
        (Outcome.UNKNOWN, Left(how=How.LOOK)),
        (Outcome.PENDING, Left(how=How.LOOK, answer=Answer(kind=AnswerKind.APPROVAL))),
        (Outcome.DONE, None),
        (Outcome.UNCHANGED, None),
        (Outcome.DRIFTED, None),
        (Outcome.REFUSED, None),
    ],
)
def test_row_that_has_ended(outcome: Outcome, left: Left | None) -> None:
    """Failed rows are done as planned, unknown and pending ones only looked at, the others left alone."""
    assert left_to_do(told(INTENDED, ended(outcome))).get(2) == left


def test_row_that_was_not_reached_is_done_as_planned() -> None:
    """A row that the run did not come to is written."""
    assert left_to_do(told()) == {2: Left(how=How.WRITE)}


def test_last_write_is_the_last_intent() -> None:
    """The run knows when it last was about to write."""
    later = replace(Event(at=NOW, kind=EventKind.NOTICE, data={"text": "x"}), at=NOW.replace(hour=9))
    run = run_of("run-1", [ROW], [Event(at=NOW, kind=EventKind.WRITE_INTENDED, row=2), later])
    assert run.last_write_at == NOW
