"""What the journal tells of an agent: the last word of the runs, and what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from rpa.domain.outcomes import Outcome
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.remembering import remembered
from rpa.domain.runs import Run, RunRow

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def run(number: int, flow: str, outcome: Outcome, **row: object) -> Run:
    """A run with one agent, so many hours after the first."""
    at = START + timedelta(hours=number)
    known = {"ended_at": at, "ended_on": at.date(), "reason": f"reason {number}", **row}
    one = RunRow(row=2, employee_id="1", outcome=outcome, **known)  # type: ignore[arg-type]
    return Run(
        id=f"run-{number}", plan="p", flow=flow, route="", state="completed", rows=(one,), started_at=at
    )


def test_the_latest_telling_row_is_the_last_word() -> None:
    """Unknown stays until a later run has seen the record; a refusal in between tells nothing."""
    runs = [run(2, "extend", Outcome.REFUSED), run(1, "extend", Outcome.UNKNOWN)]
    last = remembered(runs, ())["1"].last
    assert last is not None
    assert (last.run, last.outcome, last.reason) == ("run-1", Outcome.UNKNOWN, "reason 1")
    after = remembered([*runs, run(3, "extend", Outcome.UNCHANGED)], ())["1"].last
    assert after is not None
    assert after.outcome is Outcome.UNCHANGED


def test_a_run_that_was_taken_back_is_known_as_such() -> None:
    """What an undo left out of a run is still told, and that its run does not go on."""
    runs = [run(1, "transfer", Outcome.PENDING), run(2, "undo", Outcome.DONE)]
    for taken_back in ([], ["run-1"]):
        last = remembered(runs[:1], (), taken_back)["1"].last
        assert last is not None
        assert last.taken_back is bool(taken_back)
    undone = remembered(runs, (), ["run-1"])["1"].last
    assert undone is not None
    assert (undone.run, undone.taken_back) == ("run-2", False)


def test_what_adp_has_still_to_come_outlives_the_undo() -> None:
    """A department dated ahead comes on its day, though the undo has put back what showed already."""
    after = {
        "esp_end_date": "2026-11-20",
        "home_department": "510",
        "home_department_effective": "2026-12-01",
    }
    ahead = run(
        1,
        "transfer",
        Outcome.PENDING,
        after=after,
        found={"esp_end_date": "2026-11-20", "home_department": "910"},
        pressed=dict.fromkeys(after, Answer(kind=AnswerKind.SAVED)),
    )
    last = remembered([ahead, run(2, "undo", Outcome.DONE)], (), ["run-1"])["1"].last
    assert last is not None
    assert (last.run, last.is_to_come, last.taken_back) == ("run-1", True, True)


def test_a_run_that_may_be_at_work_is_not_called_unfinished() -> None:
    """A run that was stopped or killed is unfinished, but not one that may hold the account right now."""
    stopped = replace(run(1, "extend", Outcome.DONE), state="interrupted")
    for going_on in ([], ["run-1"]):
        last = remembered([stopped], (), going_on=going_on)["1"].last
        assert last is not None
        assert last.unfinished is (not going_on)


def test_a_row_that_never_ended_counts_from_its_start() -> None:
    """A killed run's row has no end; it is told all the same."""
    last = remembered([run(1, "extend", Outcome.UNKNOWN, ended_at=None, ended_on=None)], ())["1"].last
    assert last is not None
    assert last.on == date(2026, 11, 20)


def test_only_an_approval_waits_for_approval() -> None:
    """Pending by an approval is told; pending by BlackDash's lag is the rosters' affair."""
    approval = {"esp_end_date": Answer(kind=AnswerKind.APPROVAL, sentence="submitted")}
    saved = {"esp_end_date": Answer(kind=AnswerKind.SAVED, sentence="")}
    for pressed, waits in ((approval, True), (saved, False), ({}, False)):
        after = {"esp_end_date": "2026-12-04"}
        last = remembered([run(1, "extend", Outcome.PENDING, pressed=pressed, after=after)], ())["1"].last
        assert last is not None
        assert last.waits_for_approval is waits
        seen = run(1, "extend", Outcome.PENDING, pressed=pressed, after=after, found=after)
        last = remembered([seen], ())["1"].last
        assert last is not None
        assert not last.waits_for_approval


def test_the_day_of_a_change_that_is_dated_ahead_is_kept() -> None:
    """From that day on the run can be seen through."""
    after = {"home_department": "510 - X", "home_department_effective": "2026-11-27"}
    last = remembered([run(1, "transfer", Outcome.PENDING, after=after)], ())["1"].last
    assert last is not None
    assert (last.shows_from, last.is_open_transfer) == (date(2026, 11, 27), True)


def test_an_extension_is_remembered_until_another_run_follows() -> None:
    """The last run of an agent that was an extension says since when BlackDash must show it."""
    extended = run(1, "extend", Outcome.DONE)
    assert remembered([extended], ())["1"].extended_at == START + timedelta(hours=1)
    assert remembered([extended, run(2, "transfer", Outcome.DONE)], ())["1"].extended_at is None
    assert remembered([run(1, "extend", Outcome.UNCHANGED)], ())["1"].extended_at is None


def test_waiting_cells_are_remembered() -> None:
    """All columns of one agent that wait for the tracker."""
    assert remembered([], [("7", "esp_end"), ("7", "site")])["7"].cells == ("esp_end", "site")


def test_an_uptraining_that_a_run_wrote_is_open() -> None:
    """What the journal holds open is known with its run."""
    after = {"uptraining_class": "Aetna"}
    answer = {"uptraining_class": Answer(kind=AnswerKind.SAVED, sentence="")}
    told = remembered([run(1, "extend", Outcome.DONE, after=after, found=after, pressed=answer)], ())["1"]
    assert told.uptraining is not None
    assert told.uptraining.run == "run-1"
