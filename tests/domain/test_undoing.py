"""What a run has written, as its undo sees it: all of that, nothing of others', and nothing left unsaid."""

from __future__ import annotations

import pytest

from rpa.domain.outcomes import Outcome
from rpa.domain.records import Answer, AnswerKind, Pressed
from rpa.domain.runs import Run, RunRow
from rpa.domain.undoing import decide, left_out, written

OLD = {"esp_end_date": "2026-11-27", "home_department": "910 - Training PRV"}
NEW = {"esp_end_date": "2026-11-23", "home_department": "510 - Aetna PRV Contact Center"}
SAVED, REJECTED, APPROVAL = (
    Answer(kind=kind) for kind in (AnswerKind.SAVED, AnswerKind.REJECTED, AnswerKind.APPROVAL)
)


def row(outcome: Outcome, pressed: Pressed, found: dict[str, str] = NEW) -> RunRow:
    return RunRow(
        row=2, employee_id="1001", outcome=outcome, before=OLD, after=NEW, pressed=pressed, found=found
    )


def told(one: RunRow) -> str:
    return " ".join(left_out(Run(id="run-1", plan="", flow="", route="", state="", rows=(one,))))


@pytest.mark.parametrize(
    ("pressed", "ours"),
    [
        ({"esp_end_date": SAVED, "home_department": SAVED}, set(NEW)),
        ({"esp_end_date": SAVED, "home_department": REJECTED}, {"esp_end_date"}),
        ({"esp_end_date": SAVED}, {"esp_end_date"}),
        ({}, set()),
    ],
)
def test_unchanged_at_a_second_look_may_be_ours(pressed: Pressed, ours: set[str]) -> None:
    """A row that stands already when it is taken up again is taken back as far as ADP had taken ours."""
    assert set(written(row(Outcome.UNCHANGED, pressed))) == ours


def test_unchanged_without_an_answer_is_told() -> None:
    """Where the values stand and ours had no answer, the undo says that nobody knows whose they are."""
    assert "nobody knows" in told(row(Outcome.UNCHANGED, {"esp_end_date": None}))


@pytest.mark.parametrize("answer", [APPROVAL, SAVED])
def test_change_that_does_not_show_yet_is_told(answer: Answer) -> None:
    """What waits for an approval or for its day cannot be taken back here, and the undo says so."""
    waits = row(Outcome.PENDING, {"home_department": answer}, {**OLD, "esp_end_date": NEW["esp_end_date"]})
    assert "1001" in told(waits)
    assert "Home Department" in told(waits)
    assert "Cancel it in ADP" in told(waits)


@pytest.mark.parametrize("outcome", [Outcome.DONE, Outcome.PENDING])
def test_change_that_shows_needs_no_word(outcome: Outcome) -> None:
    """What shows is taken back, also where the row waits for a roster only."""
    assert told(row(outcome, {"esp_end_date": SAVED, "home_department": SAVED})) == ""


def test_department_that_was_empty_is_refused_whole() -> None:
    """ADP keeps no empty Home Department: the dates are not put back either, so no half of it is undone."""
    empty = RunRow(
        row=2,
        employee_id="1001",
        outcome=Outcome.DONE,
        before={**OLD, "home_department": ""},
        after=NEW,
        pressed={"esp_end_date": SAVED, "home_department": SAVED},
        found=NEW,
    )
    decision = decide(empty, NEW)
    assert decision.outcome is Outcome.REFUSED
    assert "Home Department" in decision.reason
    assert decision.after == {}


BOTH = row(Outcome.DONE, {"esp_end_date": SAVED, "home_department": SAVED})


@pytest.mark.parametrize("back", list(OLD))
def test_a_half_that_is_back_already_is_no_drift(back: str) -> None:
    """Put back by this undo, before it was cut off, or by hand: only the other half is still to be done."""
    decision = decide(BOTH, {**NEW, back: OLD[back]})
    assert decision.outcome is Outcome.PLANNED
    assert decision.after == {field: value for field, value in OLD.items() if field != back}


def test_what_somebody_changed_since_is_drift_beside_a_half_that_is_back() -> None:
    """A value that is neither the new nor the old one is somebody's, and stays."""
    decision = decide(BOTH, {"esp_end_date": "2026-12-24", "home_department": OLD["home_department"]})
    assert decision.outcome is Outcome.DRIFTED
    assert "ESP End Date is now 2026-12-24" in decision.reason
    assert "Home Department" not in decision.reason
