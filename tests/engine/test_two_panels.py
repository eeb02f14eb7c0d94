"""Rows that need two panels: each promise holds for the half that stands and for the half that does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rpa.domain.errors import PortalFailed, RuleRefused
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.runs import EventKind, Run
from rpa.domain.settling import settled
from rpa.domain.undoing import decide, written
from tests.engine.stage import OLD, Stage
from tests.engine.stand_ins import TRANSFERRED, Killed, TwoPanelFlow

TRAINING = {**OLD, "home_department": "910 - Training PRV"}
FIRST, SECOND = (
    ("1001", {"esp_end_date": "2026-12-04"}),
    ("1001", {"home_department": TRANSFERRED["home_department"]}),
)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = Stage(tmp_path, agents=1)
    stage.flow = TwoPanelFlow(stage.sessions.guard)
    stage.portal.records["1001"] = dict(TRAINING)
    (row,) = stage.plan.rows
    stage.plan = replace(stage.plan, rows=(replace(row, seen=dict(TRAINING), after=dict(TRANSFERRED)),))
    return stage


def only_row(run: Run) -> Any:
    (row,) = run.rows
    return row


def killed(stage: Stage, moment: str, nth: int = 1) -> None:
    """Apply, and die at the nth such moment."""
    left = nth

    def trouble(now: str, _agent: str) -> None:
        nonlocal left
        left -= now == moment
        if now == moment and not left:
            raise Killed

    stage.portal.trouble = trouble
    with pytest.raises(Killed):
        stage.apply()
    stage.portal.trouble = lambda _moment, _agent: None


def test_each_panel_has_its_own_intent_and_answer(stage: Stage) -> None:
    """The journal tells panel by panel what was meant and what the portal said, and the row is done."""
    run = stage.apply()
    assert only_row(run).outcome.value == "done"
    told = [event for event in stage.journal.events_of("run-1") if event.row]
    assert [list(event.data["after"]) for event in told if event.kind is EventKind.WRITE_INTENDED] == [
        ["esp_end_date"],
        ["home_department"],
    ]
    assert stage.portal.writes == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("moment", "nth"),
    [("open home_department", 1), ("before", 1), ("after", 1), ("done", 2), ("before", 2), ("after", 2)],
)
def test_killed_anywhere_is_resumed_to_the_end(stage: Stage, moment: str, nth: int) -> None:
    """Killed before, between or inside the two panels, resume does what is missing and nothing twice."""
    killed(stage, moment, nth)
    assert only_row(stage.resume()).outcome.value == "done"
    assert stage.portal.writes == [FIRST, SECOND]


def test_planned_again_only_what_is_missing_is_done(stage: Stage) -> None:
    """A first half that stands already, by whomever, is neither drift nor written again."""
    stage.portal.records["1001"]["esp_end_date"] = TRANSFERRED["esp_end_date"]
    assert only_row(stage.apply()).outcome.value == "done"
    assert stage.portal.writes == [SECOND]


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (AnswerKind.REJECTED, "failed"),
        (AnswerKind.APPROVAL, "pending"),
        (AnswerKind.SAVED, "unknown"),
        (AnswerKind.SILENT, "unknown"),
    ],
)
def test_second_half_that_is_not_saved_says_what_stands(stage: Stage, kind: AnswerKind, outcome: str) -> None:
    """The first half stands and is named, whatever became of the second."""
    answers = iter([AnswerKind.SAVED, kind])
    stage.portal.answer = lambda _agent: Answer(kind=next(answers), sentence="no")
    saves = iter([True, False])
    stage.portal.saves = lambda _agent: next(saves)
    row = only_row(stage.apply())
    assert row.outcome.value == outcome
    assert row.reason.startswith("only a part stands, ESP End Date; of the rest: ")
    assert stage.portal.writes == [FIRST]


@pytest.mark.parametrize(
    ("kind", "writes", "outcome"),
    [
        (AnswerKind.REJECTED, [FIRST, SECOND], "done"),
        (AnswerKind.APPROVAL, [FIRST], "pending"),
        (AnswerKind.SAVED, [FIRST], "unknown"),
    ],
)
def test_resume_after_a_second_half_that_was_not_saved(
    stage: Stage, kind: AnswerKind, writes: list[Any], outcome: str
) -> None:
    """What the portal refused is sent again; what it may have taken never is."""
    answers = iter([AnswerKind.SAVED, kind])
    stage.portal.answer = lambda _agent: Answer(kind=next(answers), sentence="no")
    saves = iter([True, False])
    stage.portal.saves = lambda _agent: next(saves)
    stage.apply()
    stage.portal.answer = lambda _agent: Answer(kind=AnswerKind.SAVED)
    stage.portal.saves = lambda _agent: True
    assert only_row(stage.resume()).outcome.value == outcome
    assert stage.portal.writes == writes


@pytest.mark.parametrize("kind", [AnswerKind.REJECTED, AnswerKind.APPROVAL])
def test_second_half_is_not_begun_after_a_first_that_was_not_saved(stage: Stage, kind: AnswerKind) -> None:
    """A refused or waiting first half keeps the second from being tried."""
    stage.portal.answer = lambda _agent: Answer(kind=kind, sentence="no")
    stage.portal.saves = lambda _agent: False
    assert only_row(stage.apply()).outcome.value == ("failed" if kind is AnswerKind.REJECTED else "pending")
    intents = [e for e in stage.journal.events_of("run-1") if e.kind is EventKind.WRITE_INTENDED]
    assert len(intents) == 1


def test_approved_first_half_lets_resume_do_the_second(stage: Stage) -> None:
    """Once somebody has approved the first half, resume goes on with the second."""
    answers = iter([AnswerKind.APPROVAL, AnswerKind.SAVED])
    stage.portal.answer = lambda _agent: Answer(kind=next(answers))
    stage.portal.saves = lambda _agent: False
    stage.apply()
    stage.portal.records["1001"]["esp_end_date"] = TRANSFERRED["esp_end_date"]
    stage.portal.saves = lambda _agent: True
    assert only_row(stage.resume()).outcome.value == "done"
    assert stage.portal.writes == [SECOND]


@pytest.mark.parametrize("failures", [1, 2])
def test_second_panel_that_does_not_open_is_tried_once_more(stage: Stage, failures: int) -> None:
    """The row goes on from its reading once; after that it is failed, with the half that stands."""
    left = iter([True] * failures)

    def trouble(moment: str, _agent: str) -> None:
        if moment == "open home_department" and next(left, False):
            raise PortalFailed("the panel did not open")

    stage.portal.trouble = trouble
    row = only_row(stage.apply())
    if failures == 1:
        assert (row.outcome.value, stage.portal.writes) == ("done", [FIRST, SECOND])
        return
    assert (row.outcome.value, stage.portal.writes) == ("failed", [FIRST])
    assert "the panel did not open" in row.reason
    assert "only a part stands, ESP End Date" in row.reason
    assert only_row(stage.resume()).outcome.value == "done"
    assert stage.portal.writes == [FIRST, SECOND]


def test_entry_that_has_vanished_meanwhile_says_what_stands(stage: Stage) -> None:
    """A rule that turns up between the panels ends the row with the half that stands."""

    def trouble(moment: str, _agent: str) -> None:
        if moment == "open home_department":
            raise RuleRefused("no such entry")

    stage.portal.trouble = trouble
    row = only_row(stage.apply())
    assert row.outcome.value == "failed"
    assert "only a part stands, ESP End Date" in row.reason
    assert "no such entry" in row.reason


def test_half_that_stands_can_be_taken_back(stage: Stage) -> None:
    """Undo knows of the saved half, and plans that half alone."""
    answers = iter([AnswerKind.SAVED, AnswerKind.REJECTED])
    stage.portal.answer = lambda _agent: Answer(kind=next(answers), sentence="no")
    saves = iter([True, False])
    stage.portal.saves = lambda _agent: next(saves)
    row = only_row(stage.apply())
    assert written(row) == {"esp_end_date": "2026-12-04"}
    assert decide(row, stage.portal.records["1001"]).after == {"esp_end_date": "2026-11-27"}


def test_record_that_lost_a_value_is_mended_by_the_run(stage: Stage) -> None:
    """The batch step has a record checked again: what came back is written once more, and journaled."""
    mended: list[bool] = []

    def settle(_portals: object, desk: Any) -> None:
        mended.append(desk.mended(desk.rows[0]))
        stage.portal.records["1001"]["esp_end_date"] = OLD["esp_end_date"]
        mended.append(desk.mended(desk.rows[0]))

    stage.flow.settle = settle  # type: ignore[method-assign]
    row = only_row(stage.apply())
    assert mended == [False, True]
    assert row.outcome.value == "done"
    assert stage.portal.writes == [FIRST, SECOND, FIRST]
    intents = [e for e in stage.journal.events_of("run-1") if e.kind is EventKind.WRITE_INTENDED]
    assert len(intents) == 3


def settle(stage: Stage, *, saved: bool) -> None:
    """A person says what ADP shows, as `rpa settle` journals it."""
    row = only_row(stage.desk().told())
    word = settled(row, saved=saved)
    about = {"outcome": word.outcome.value, "found": word.found, "not_saved": word.not_saved}
    stage.journal.append("run-1", EventKind.ROW_SETTLED, row=row.row, employee_id="1001", data=about)


def test_settled_first_half_is_not_the_whole(stage: Stage) -> None:
    """A row whose first panel a person settles as saved is not done: resume does the second panel."""

    def trouble(moment: str, _agent: str) -> None:
        if moment == "before":
            raise PortalFailed("no answer in time")

    stage.portal.trouble = trouble
    assert only_row(stage.apply()).outcome.value == "unknown"
    stage.portal.trouble = lambda _moment, _agent: None
    stage.portal.records["1001"].update(FIRST[1])  # it came after all
    settle(stage, saved=True)
    assert only_row(stage.desk().told()).outcome.value == "failed"
    assert only_row(stage.resume()).outcome.value == "done"
    assert stage.portal.writes == [SECOND]


def test_half_that_somebody_else_completed_is_still_ours_to_take_back(stage: Stage) -> None:
    """Where a colleague does what ADP had refused us, undo takes back our half and leaves theirs."""
    kinds = iter([AnswerKind.SAVED, AnswerKind.REJECTED])
    saves = iter([True, False])
    stage.portal.saves = lambda _agent: next(saves)
    stage.portal.answer = lambda _agent: Answer(kind=next(kinds), sentence="no")
    assert only_row(stage.apply()).outcome.value == "failed"
    stage.portal.records["1001"].update(SECOND[1])
    row = only_row(stage.resume())
    assert row.outcome.value == "unchanged"
    assert written(row) == FIRST[1]
    assert decide(row, stage.portal.records["1001"]).after == {"esp_end_date": OLD["esp_end_date"]}


def undoing(stage: Stage) -> None:
    """Let the stage take back what it has done: the same record, the other way round."""
    undone = only_row(stage.apply())
    (row,) = stage.plan.rows
    back = replace(row, seen=stage.portal.records["1001"].copy(), after=undone.before)
    stage.plan = replace(stage.plan, id="plan-2", flow="undo", rows=(back,))
    stage.flow.decide = lambda _agent, seen: decide(undone, seen.values)  # type: ignore[method-assign]
    stage.portal.writes.clear()
    stage.run = "run-2"


FIRST_BACK, SECOND_BACK = (("1001", {name: TRAINING[name]}) for name in ("esp_end_date", "home_department"))


def test_undo_of_two_panels_goes_on_after_a_panel_that_did_not_open(stage: Stage) -> None:
    """The half that is back is not taken for somebody else's doing."""
    undoing(stage)
    failures = iter([True])

    def trouble(moment: str, _agent: str) -> None:
        if moment == "open home_department" and next(failures, False):
            raise PortalFailed("the panel did not open")

    stage.portal.trouble = trouble
    assert only_row(stage.apply()).outcome.value == "done"
    assert stage.portal.writes == [FIRST_BACK, SECOND_BACK]


@pytest.mark.parametrize(
    ("moment", "nth"),
    [("open home_department", 1), ("before", 1), ("after", 1), ("done", 2), ("before", 2), ("after", 2)],
)
def test_undo_of_two_panels_killed_anywhere_is_resumed_to_the_end(
    stage: Stage, moment: str, nth: int
) -> None:
    """Killed before, between or inside the panels, the undo brings the whole record back."""
    undoing(stage)
    killed(stage, moment, nth)
    assert only_row(stage.resume()).outcome.value == "done"
    assert stage.portal.writes == [FIRST_BACK, SECOND_BACK]
    assert stage.portal.records["1001"] == TRAINING


def test_half_that_stands_is_not_forgotten_by_a_resume_that_cannot_read(stage: Stage) -> None:
    """ADP refused the second half; with the portal down at the resume, undo still knows of the first."""
    kinds = iter([AnswerKind.SAVED, AnswerKind.REJECTED])
    saves = iter([True, False])
    stage.portal.answer = lambda _agent: Answer(kind=next(kinds), sentence="no")
    stage.portal.saves = lambda _agent: next(saves)
    before = only_row(stage.apply())

    def down(moment: str, _agent: str) -> None:
        if moment == "look":
            raise PortalFailed("503")

    stage.portal.trouble = down
    after = only_row(stage.resume())
    assert (after.outcome, after.reason) == (before.outcome, before.reason)
    assert written(after) == FIRST[1]
