"""What is left of a run, by how each row stands in its journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from rpa.domain.outcomes import Outcome
from rpa.domain.plans import PlanRow
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.resuming import How, Left, left_to_do
from rpa.domain.runs import Event, EventKind, Run, RunRow, run_of
from rpa.domain.values import Values

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
OLD = {"esp_end_date": "2026-11-27"}
NEW = {"esp_end_date": "2026-12-04"}
HEADCOUNT = {"home_department": "510 - Aetna PRV Contact Center"}
ROW = RunRow(row=2, employee_id="1001", before=OLD, after=NEW)

Told = tuple[EventKind, dict[str, Any]]


def told(*events: Told) -> Run:
    """The run of one row to which this happened."""
    return run_of("run-1", [ROW], [Event(at=NOW, kind=kind, row=2, data=data) for kind, data in events])


def intended(after: Values) -> Told:
    return EventKind.WRITE_INTENDED, {"before": {}, "after": dict(after)}


INTENDED = intended(NEW)


def answered(kind: AnswerKind) -> Told:
    return EventKind.WRITE_ANSWERED, {"answer": kind.value, "sentence": "so it says"}


def ended(outcome: Outcome) -> Told:
    return EventKind.ROW_ENDED, {"outcome": outcome.value}


def test_row_that_died_before_an_answer_is_looked_at_and_may_be_written() -> None:
    """Between intent and answer nobody knows whether Done was pressed: the record decides."""
    left = left_to_do(told(INTENDED))[2]
    assert left == Left(how=How.LOOK_THEN_WRITE, pressed={"esp_end_date": None})
    assert not left.sent


@pytest.mark.parametrize("kind", AnswerKind)
def test_row_that_the_portal_had_taken_is_only_looked_at(kind: AnswerKind) -> None:
    """What the portal has answered is not forgotten by a crash: only after a no may Done be pressed again."""
    left = left_to_do(told(INTENDED, answered(kind)))[2]
    assert left.pressed == {"esp_end_date": Answer(kind=kind, sentence="so it says")}
    assert set(left.sent) == (set() if kind is AnswerKind.REJECTED else {"esp_end_date"})


def test_answer_belongs_to_its_own_try() -> None:
    """A second try that died without an answer does not inherit the first one's."""
    run = told(INTENDED, answered(AnswerKind.SAVED), ended(Outcome.FAILED), INTENDED)
    assert not left_to_do(run)[2].sent


@pytest.mark.parametrize(
    ("outcome", "left"),
    [
        (Outcome.FAILED, Left(how=How.WRITE, pressed={"esp_end_date": None})),
        (Outcome.UNKNOWN, Left(how=How.LOOK, pressed={"esp_end_date": None})),
        (Outcome.PENDING, Left(how=How.LOOK, pressed={"esp_end_date": None})),
        (Outcome.DONE, None),
        (Outcome.UNCHANGED, None),
        (Outcome.DRIFTED, None),
        (Outcome.REFUSED, None),
    ],
)
def test_row_that_has_ended(outcome: Outcome, left: Left | None) -> None:
    """Failed rows are done as planned, unknown and pending ones only looked at, the others left alone."""
    assert left_to_do(told(INTENDED, ended(outcome))).get(2) == left


PLANNED = PlanRow(
    row=2,
    employee_id="1001",
    outcome=Outcome.PLANNED,
    seen={**OLD, "home_department": "910 - Training PRV"},
    after={**NEW, **HEADCOUNT},
)
FIRST_STANDS = {**PLANNED.seen, **NEW}
SAVED = answered(AnswerKind.SAVED)


@pytest.mark.parametrize(
    ("events", "found", "goes_on"),
    [
        ([INTENDED, SAVED], FIRST_STANDS, True),
        ([INTENDED, SAVED], PLANNED.seen, False),
        ([INTENDED, SAVED], {**FIRST_STANDS, "home_department": "somebody else's"}, False),
        ([INTENDED, SAVED, intended(HEADCOUNT)], FIRST_STANDS, True),
        ([INTENDED, SAVED, intended(HEADCOUNT)], PLANNED.seen, False),
        ([INTENDED, SAVED, intended(HEADCOUNT), SAVED], FIRST_STANDS, False),
        ([INTENDED, SAVED, intended(HEADCOUNT), ended(Outcome.UNKNOWN)], FIRST_STANDS, False),
        ([INTENDED, answered(AnswerKind.APPROVAL), ended(Outcome.PENDING)], PLANNED.seen, False),
        ([INTENDED, answered(AnswerKind.APPROVAL), ended(Outcome.PENDING)], FIRST_STANDS, True),
    ],
)
def test_row_of_two_panels_goes_on_where_nothing_is_sent_twice(
    events: list[Told], found: Values, goes_on: bool
) -> None:
    """A half-done row is finished, unless what is missing was sent already and may have been taken."""
    left = left_to_do(told(*events))[2]
    assert left.goes_on(PLANNED, found) is goes_on


def test_what_is_done_by_a_persons_word_is_read() -> None:
    """Who looked has told of what was sent; what comes after goes by the whole record."""
    by_word = EventKind.ROW_SETTLED, {"outcome": Outcome.DONE.value}
    left = left_to_do(told(INTENDED, ended(Outcome.UNKNOWN), by_word))
    assert left == {2: Left(how=How.LOOK, pressed={"esp_end_date": None})}


def test_row_that_was_not_reached_is_done_as_planned() -> None:
    """A row that the run did not come to is written."""
    assert left_to_do(told()) == {2: Left(how=How.WRITE)}


def test_last_write_is_the_last_intent() -> None:
    """The run knows when it last was about to write."""
    later = replace(Event(at=NOW, kind=EventKind.NOTICE, data={"text": "x"}), at=NOW.replace(hour=9))
    run = run_of(
        "run-1", [ROW], [Event(at=NOW, kind=EventKind.WRITE_INTENDED, row=2, data={"after": {}}), later]
    )
    assert run.last_write_at == NOW


def test_pending_row_of_which_nothing_was_sent_is_compared_with_its_plan() -> None:
    """A row that was so already and waits for its roster is looked at by its plan."""
    assert left_to_do(told(ended(Outcome.UNCHANGED), ended(Outcome.PENDING)))[2].how is How.WRITE


def test_what_a_person_says_was_not_saved_was_not_sent() -> None:
    """A settled field that was not saved is no longer among what the run has sent."""
    settled = EventKind.ROW_SETTLED, {"outcome": "failed", "found": OLD, "not_saved": ["esp_end_date"]}
    assert told(INTENDED, ended(Outcome.UNKNOWN), settled).rows[0].pressed == {}


def test_new_intent_makes_what_was_found_old() -> None:
    """What the record showed before a second write says nothing of that write."""
    before = EventKind.ROW_ENDED, {"outcome": "done", "found": {**NEW, "uptraining_class": ""}}
    assert told(INTENDED, before, INTENDED).rows[0].found == {"uptraining_class": ""}
