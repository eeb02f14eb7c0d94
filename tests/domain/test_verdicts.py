"""What a row's end is called: every answer against every read-back."""

from __future__ import annotations

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
    assert after_done(answer, OLD, NEW, NEW).outcome is Outcome.DONE


@pytest.mark.parametrize("answer", ANSWERS, ids=named)
@pytest.mark.parametrize("found", [None, OTHER])
def test_what_cannot_be_told_is_unknown(answer: Answer | None, found: dict[str, str] | None) -> None:
    """No read-back, or one with a third value, is unknown and says where to look."""
    verdict = after_done(answer, OLD, NEW, found)
    assert verdict.outcome is Outcome.UNKNOWN
    assert "ADP" in verdict.next_step


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (AnswerKind.SAVED, Outcome.UNKNOWN),
        (AnswerKind.SILENT, Outcome.UNKNOWN),
        (AnswerKind.APPROVAL, Outcome.PENDING),
        (AnswerKind.REJECTED, Outcome.FAILED),
        (AnswerKind.SIGNED_OUT, Outcome.FAILED),
        (None, Outcome.UNKNOWN),
    ],
)
def test_old_values_read_back(kind: AnswerKind | None, outcome: Outcome) -> None:
    """Old values are never done; nothing is written where the portal said no, or asked who we are."""
    answer = Answer(kind=kind, sentence="no") if kind else None
    assert after_done(answer, OLD, NEW, OLD).outcome is outcome


def test_half_written_is_unknown() -> None:
    """One field new and one old is neither done nor failed."""
    before = {"a": "1", "b": "1"}
    wanted = {"a": "2", "b": "2"}
    assert after_done(None, before, wanted, {"a": "2", "b": "1"}).outcome is Outcome.UNKNOWN
