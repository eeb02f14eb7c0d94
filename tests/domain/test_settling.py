"""A person's word about a row: it settles what was sent, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from rpa.domain.outcomes import Outcome
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.runs import RunRow
from rpa.domain.settling import can_be_settled, settled

OLD = {"esp_end_date": "2026-11-27", "home_department": "910 - Training PRV"}
NEW = {"esp_end_date": "2026-11-23", "home_department": "510 - Aetna PRV Contact Center"}
SAVED = Answer(kind=AnswerKind.SAVED)
FIRST_UNKNOWN = RunRow(
    row=2,
    employee_id="1001",
    outcome=Outcome.UNKNOWN,
    before=OLD,
    after=NEW,
    pressed={"esp_end_date": SAVED},
    found=OLD,
)
BOTH_SENT = RunRow(
    row=2,
    employee_id="1001",
    outcome=Outcome.UNKNOWN,
    before=OLD,
    after=NEW,
    pressed={"esp_end_date": SAVED, "home_department": None},
    found={**OLD, "esp_end_date": NEW["esp_end_date"]},
)


def test_saved_says_nothing_of_a_panel_that_was_never_sent() -> None:
    """`--saved` of the first panel leaves the second to be done: the row has failed, and a part stands."""
    word = settled(FIRST_UNKNOWN, saved=True)
    assert word.outcome is Outcome.FAILED
    assert word.found == {**OLD, "esp_end_date": NEW["esp_end_date"]}
    assert "only a part stands, ESP End Date" in word.reason
    assert "`rpa resume`" in word.next_step
    assert word.not_saved == []


def test_saved_is_done_where_all_was_sent() -> None:
    """`--saved` of everything that the row wants is done."""
    word = settled(BOTH_SENT, saved=True)
    assert (word.outcome, word.found) == (Outcome.DONE, NEW)


def test_not_saved_keeps_what_was_read_back() -> None:
    """`--not-saved` is about what did not show: the panel that was read back stands, so undo knows of it."""
    word = settled(BOTH_SENT, saved=False)
    assert word.outcome is Outcome.FAILED
    assert word.found == {**OLD, "esp_end_date": NEW["esp_end_date"]}
    assert word.not_saved == ["home_department"]


def test_not_saved_of_everything_leaves_the_values_from_before() -> None:
    """A record that could not be read again is as it was, by that word."""
    word = settled(RunRow(row=2, employee_id="1001", before=OLD, after=NEW, pressed={}), saved=False)
    assert (word.outcome, word.found) == (Outcome.FAILED, OLD)


def test_a_run_that_was_taken_back_does_none_of_it() -> None:
    """Nobody is sent to `rpa resume` after an undo: what stands can be undone too, the rest planned anew."""
    first = settled(FIRST_UNKNOWN, saved=True, taken_back=True)
    whole = settled(BOTH_SENT, saved=True, taken_back=True)
    nothing = settled(FIRST_UNKNOWN, saved=False, taken_back=True)
    assert [one.outcome for one in (first, whole, nothing)] == [Outcome.FAILED, Outcome.DONE, Outcome.FAILED]
    assert "`rpa undo` once more" in first.next_step
    assert "`rpa undo` once more" in whole.next_step
    assert "Plan again" in nothing.next_step


def test_who_needs_a_persons_word() -> None:
    """An unknown outcome, and what was sent and is still waited for; nothing that is at its end."""
    waiting = replace(FIRST_UNKNOWN, outcome=Outcome.PENDING)
    assert can_be_settled(FIRST_UNKNOWN)
    assert can_be_settled(waiting)
    assert not can_be_settled(replace(waiting, pressed={}))
    assert not can_be_settled(replace(waiting, outcome=Outcome.DONE))


WAITS = RunRow(
    row=2,
    employee_id="1001",
    outcome=Outcome.PENDING,
    before={**OLD, "uptraining_class": "Aetna"},
    after={**NEW, "uptraining_class": ""},
    pressed={"esp_end_date": SAVED, "uptraining_class": SAVED, "home_department": SAVED},
    found={**OLD, "esp_end_date": NEW["esp_end_date"], "uptraining_class": ""},
)


def test_word_on_what_an_undone_run_left_to_come_says_nothing_of_the_rest() -> None:
    """The undo has put the other values back: claimed once more, an open uptraining would be forgotten."""
    came = settled(WAITS, saved=True, taken_back=True, put_back=True)
    assert (came.outcome, came.found) == (Outcome.DONE, {"home_department": NEW["home_department"]})
    gone = settled(WAITS, saved=False, taken_back=True, put_back=True)
    assert (gone.outcome, gone.found, gone.not_saved) == (Outcome.FAILED, {}, ["home_department"])
    assert "only a part stands" not in gone.reason
    assert "Plan again" in gone.next_step
    # One whom the undo has not reached still has what was saved.
    left = settled(WAITS, saved=False, taken_back=True)
    assert left.found["uptraining_class"] == ""
    assert "only a part stands" in left.reason
