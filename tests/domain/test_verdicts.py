"""What a row's end is called: every answer against every read-back."""

from __future__ import annotations

from datetime import date

import pytest

from rpa.domain.outcomes import Outcome
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.verdicts import after_done

OLD = {"esp_end_date": "2026-11-27"}
NEW = {"esp_end_date": "2026-12-04"}
OTHER = {"esp_end_date": "2026-12-11"}

ANSWERS = [None, *(Answer(kind=kind, sentence="no") for kind in AnswerKind)]


def named(answer: Answer | None) -> str:
    return answer.kind.value if answer else "no answer"


@pytest.mark.parametrize("answer", ANSWERS, ids=named)
def test_new_values_read_back_are_done(answer: Answer | None) -> None:
    """The read-back decides: new values are done, whatever the portal said of it."""
    assert after_done({"esp_end_date": answer}, OLD, NEW, NEW).outcome is Outcome.DONE


@pytest.mark.parametrize("answer", ANSWERS, ids=named)
@pytest.mark.parametrize("found", [None, OTHER])
def test_what_cannot_be_told_is_unknown(answer: Answer | None, found: dict[str, str] | None) -> None:
    """No read-back, or one with a third value, is unknown and says where to look."""
    verdict = after_done({"esp_end_date": answer}, OLD, NEW, found)
    assert verdict.outcome is Outcome.UNKNOWN
    assert "ADP" in verdict.next_step


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (AnswerKind.SAVED, Outcome.UNKNOWN),
        (AnswerKind.SILENT, Outcome.UNKNOWN),
        (AnswerKind.APPROVAL, Outcome.PENDING),
        (AnswerKind.REJECTED, Outcome.FAILED),
        (None, Outcome.UNKNOWN),
    ],
)
def test_old_values_read_back(kind: AnswerKind | None, outcome: Outcome) -> None:
    """Old values are never done; only a portal that said no has certainly written nothing."""
    answer = Answer(kind=kind, sentence="no") if kind else None
    assert after_done({"esp_end_date": answer}, OLD, NEW, OLD).outcome is outcome


BOTH_OLD = {"esp_end_date": "2026-11-27", "home_department": "910 - Training PRV"}
BOTH_NEW = {"esp_end_date": "2026-11-23", "home_department": "510 - Aetna PRV Contact Center"}
HALF = {**BOTH_OLD, "esp_end_date": "2026-11-23"}
SAVED = Answer(kind=AnswerKind.SAVED)


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        (Answer(kind=AnswerKind.REJECTED, sentence="not allowed"), Outcome.FAILED),
        (Answer(kind=AnswerKind.APPROVAL), Outcome.PENDING),
        (Answer(kind=AnswerKind.SAVED), Outcome.UNKNOWN),
        (None, Outcome.UNKNOWN),
    ],
)
def test_part_that_stands_is_named(second: Answer | None, outcome: Outcome) -> None:
    """Where only the first panel was saved, the verdict is on the second and names the first."""
    pressed = {"esp_end_date": SAVED, "home_department": second}
    verdict = after_done(pressed, BOTH_OLD, BOTH_NEW, HALF)
    assert verdict.outcome is outcome
    assert verdict.reason.startswith("only a part stands, ESP End Date; of the rest: ")
    assert "Nothing was written" not in verdict.next_step


def test_part_that_was_never_sent_has_failed_for_certain() -> None:
    """A second panel that could not be opened is failed, with the cause, and not unknown."""
    verdict = after_done({"esp_end_date": SAVED}, BOTH_OLD, BOTH_NEW, HALF, failure="the panel did not open")
    assert verdict.outcome is Outcome.FAILED
    assert "the panel did not open" in verdict.reason
    assert "only what is missing" in verdict.next_step


@pytest.mark.parametrize(
    ("effective", "outcome"), [("2026-12-01", Outcome.PENDING), ("2026-11-23", Outcome.UNKNOWN)]
)
def test_department_dated_ahead_is_pending(effective: str, outcome: Outcome) -> None:
    """A saved change whose day has not come shows later; one of today that does not show is unknown."""
    wanted = {**BOTH_NEW, "home_department_effective": effective}
    before = {**BOTH_OLD, "home_department_effective": "2026-11-02"}
    pressed = dict.fromkeys(wanted, SAVED)
    found = {**before, "esp_end_date": "2026-11-23"}
    assert after_done(pressed, before, wanted, found, today=date(2026, 11, 23)).outcome is outcome
