"""The runner's promises, row by row, on a portal in memory and a real journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as BrowserError

from rpa.domain.errors import (
    BrowserLost,
    Busy,
    JournalFailed,
    PortalBusy,
    PortalFailed,
    RuleRefused,
    SignInNeeded,
)
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.runs import EventKind, Roster
from rpa.domain.undoing import was_written
from rpa.engine.clock import StoppableClock
from rpa.engine.guard import Blocked
from tests.engine.stage import OLD, Stage
from tests.engine.stand_ins import WANTED, JumpingClock, Killed


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_each_planned_row_is_written_once_and_read_back(stage: Stage) -> None:
    """Four planned rows are four writes of the planned value, and done only after a read-back."""
    run = stage.apply()
    assert set(stage.outcomes(run).values()) == {"done"}
    assert stage.portal.writes == [(f"100{n}", WANTED) for n in range(1, 5)]
    assert stage.portal.looks == 8
    assert run.state == "completed"


def test_intent_is_journaled_before_done_and_outcome_after(stage: Stage) -> None:
    """When Done is pressed the journal holds the intent already, and no outcome yet."""
    kinds: list[list[EventKind]] = []
    stage.portal.trouble = lambda moment, _agent: (
        kinds.append([event.kind for event in stage.journal.events_of("run-1") if event.row == 2])
        if moment == "before"
        else None
    )
    stage.apply()
    assert kinds[0] == [EventKind.ROW_STARTED, EventKind.WRITE_INTENDED]


def test_row_changed_since_the_plan_is_left_alone(stage: Stage) -> None:
    """A value that somebody changed since the plan makes that row drift; the others are done."""
    stage.portal.records["1002"]["uptraining_class"] = "Aetna"
    run = stage.apply()
    assert stage.outcomes(run) == {"1001": "done", "1002": "drifted", "1003": "done", "1004": "done"}
    assert "1002" not in [agent for agent, _ in stage.portal.writes]


def test_row_that_is_so_already_is_not_written(stage: Stage) -> None:
    """A row that somebody else brought to the wanted value is unchanged, without a write."""
    stage.portal.records["1002"].update(WANTED)
    run = stage.apply()
    assert stage.outcomes(run)["1002"] == "unchanged"
    assert len(stage.portal.writes) == 3


def test_another_person_right_before_done_is_never_written(stage: Stage) -> None:
    """A panel that shows another employee at the moment of Done is not pressed."""
    stage.portal.shows = lambda agent: "9999" if agent == "1002" else agent
    run = stage.apply()
    assert stage.outcomes(run)["1002"] == "failed"
    assert "9999" in run.rows[1].reason
    assert "1002" not in [agent for agent, _ in stage.portal.writes]


@pytest.mark.parametrize(
    ("answer", "saves", "outcome"),
    [
        (AnswerKind.SAVED, False, "unknown"),
        (AnswerKind.SILENT, True, "done"),
        (AnswerKind.SILENT, False, "unknown"),
        (AnswerKind.REJECTED, False, "failed"),
        (AnswerKind.REJECTED, True, "done"),
        (AnswerKind.APPROVAL, False, "pending"),
    ],
)
def test_read_back_decides_and_done_is_pressed_once(
    stage: Stage, answer: AnswerKind, saves: bool, outcome: str
) -> None:
    """Whatever the portal says, the read-back gives the outcome, and Done is never pressed again."""
    pressed: list[str] = []
    stage.portal.trouble = lambda moment, agent: pressed.append(agent) if moment == "before" else None
    stage.portal.answer = lambda agent: Answer(kind=answer if agent == "1002" else AnswerKind.SAVED)
    stage.portal.saves = lambda agent: saves or agent != "1002"
    run = stage.apply()
    assert stage.outcomes(run)["1002"] == outcome
    assert pressed == ["1001", "1002", "1003", "1004"]


@pytest.mark.parametrize("saved", [True, False])
def test_done_without_an_answer_is_settled_by_reading(stage: Stage, saved: bool) -> None:
    """Done that never answers is done where the new value shows, and unknown where the old one does."""

    def trouble(moment: str, agent: str) -> None:
        if agent == "1002" and moment == ("after" if saved else "before"):
            raise PortalFailed("no answer in time")

    stage.portal.trouble = trouble
    run = stage.apply()
    assert stage.outcomes(run)["1002"] == ("done" if saved else "unknown")
    assert stage.outcomes(run)["1003"] == "done"


def test_record_that_cannot_be_read_again_is_unknown(stage: Stage) -> None:
    """After Done, a portal that can no longer be read leaves the row unknown, not failed."""
    pressed: set[str] = set()

    def trouble(moment: str, agent: str) -> None:
        if moment == "before":
            pressed.add(agent)
        if moment == "look" and agent == "1002" and agent in pressed:
            raise PortalFailed("down")

    stage.portal.trouble = trouble
    assert stage.outcomes(stage.apply())["1002"] == "unknown"


def test_reading_is_tried_again_and_writing_is_not(stage: Stage) -> None:
    """A reading that fails twice costs two more readings; nothing is written twice."""
    failures = iter([True, True])

    def trouble(moment: str, agent: str) -> None:
        if moment == "look" and agent == "1001" and next(failures, False):
            raise PortalFailed("busy")

    stage.portal.trouble = trouble
    run = stage.apply()
    assert stage.outcomes(run)["1001"] == "done"
    assert len(stage.portal.writes) == 4


def test_portal_that_is_down_stops_the_run(tmp_path: Path) -> None:
    """Three rows failing one after the other stop the run; the rest is skipped, nothing is settled."""
    stage = Stage(tmp_path, agents=6)

    def trouble(moment: str, agent: str) -> None:
        if agent != "1001":
            raise PortalFailed("down")

    stage.portal.trouble = trouble
    run = stage.apply()
    assert list(stage.outcomes(run).values()) == ["done", "failed", "failed", "failed", "skipped", "skipped"]
    assert run.state == "stopped"
    assert stage.flow.settled == []


def test_lost_sign_in_stops_at_once(stage: Stage) -> None:
    """A sign-in that needs a person stops the run at that row, with nothing written for it."""

    def trouble(moment: str, agent: str) -> None:
        if moment == "open" and agent == "1002":
            raise SignInNeeded("a code is asked for")

    stage.portal.trouble = trouble
    run = stage.apply()
    assert list(stage.outcomes(run).values()) == ["done", "failed", "skipped", "skipped"]
    assert isinstance(stage.stopped_by, SignInNeeded)


def test_stop_finishes_the_row_in_hand(stage: Stage) -> None:
    """Asked to stop, the run ends after the row in hand, and the rest is skipped."""
    run = stage.apply(stop_asked=lambda: len(stage.portal.writes) == 2)
    assert list(stage.outcomes(run).values()) == ["done", "done", "skipped", "skipped"]
    assert isinstance(stage.stopped_by, KeyboardInterrupt)


def test_killed_inside_a_write_is_unknown_afterwards(stage: Stage) -> None:
    """A process that dies between intent and outcome leaves a row that the journal calls unknown."""

    def trouble(moment: str, agent: str) -> None:
        if moment == "after" and agent == "1002":
            raise Killed

    stage.portal.trouble = trouble
    with pytest.raises(Killed):
        stage.apply()
    run = stage.desk().told()
    assert list(stage.outcomes(run).values()) == ["done", "unknown", "skipped", "skipped"]
    assert run.state == "interrupted"


def test_refused_rows_of_the_plan_stay_refused(stage: Stage) -> None:
    """A run shows the rows that its plan refused, and does not touch them."""
    first, *others = stage.plan.rows
    refused = replace(first, outcome=Outcome.REFUSED, after={}, reason="no ESP End Date")
    stage.plan = replace(stage.plan, rows=(refused, *others))
    run = stage.apply()
    assert run.rows[0].outcome is Outcome.REFUSED
    assert run.rows[0].reason == "no ESP End Date"
    assert stage.portal.records["1001"] == OLD


def test_portal_that_fails_before_done_gets_the_row_once_more(stage: Stage) -> None:
    """A panel that does not open costs the row a second try from its reading, and no write is doubled."""
    failures = iter([True])

    def trouble(moment: str, agent: str) -> None:
        if moment == "open" and agent == "1002" and next(failures, False):
            raise PortalFailed("the panel did not open")

    stage.portal.trouble = trouble
    assert set(stage.outcomes(stage.apply()).values()) == {"done"}
    assert len(stage.portal.writes) == 4


@pytest.mark.parametrize(("asked", "outcome", "waited"), [(7, "done", 7), (3600, "failed", 0)])
def test_busy_portal_before_done_is_given_its_time(
    stage: Stage, asked: float, outcome: str, waited: float
) -> None:
    """A panel that says when to come back is opened again then, or not at all where that is too late."""
    failures = iter([True])

    def trouble(moment: str, agent: str) -> None:
        if moment == "open" and agent == "1002" and next(failures, False):
            raise PortalBusy("busy", retry_after=asked)

    stage.portal.trouble = trouble
    assert stage.outcomes(stage.apply())["1002"] == outcome
    assert stage.clock.passed == waited


def test_row_is_tried_twice_and_no_more(stage: Stage) -> None:
    """A panel that never opens is failed after the second try, with nothing written for it."""
    opened: list[str] = []

    def trouble(moment: str, agent: str) -> None:
        if moment == "open" and agent == "1002":
            opened.append(agent)
            raise PortalFailed("the panel did not open")

    stage.portal.trouble = trouble
    assert stage.outcomes(stage.apply())["1002"] == "failed"
    assert len(opened) == 2


def test_resume_does_only_what_is_left(stage: Stage) -> None:
    """A run that died in its second row is resumed: the first row is not touched again."""

    def trouble(moment: str, agent: str) -> None:
        if moment == "before" and agent == "1002":
            raise Killed

    stage.portal.trouble = trouble
    with pytest.raises(Killed):
        stage.apply()
    stage.portal.trouble = lambda _moment, _agent: None
    run = stage.resume()
    assert set(stage.outcomes(run).values()) == {"done"}
    assert [agent for agent, _ in stage.portal.writes] == ["1001", "1002", "1003", "1004"]


def test_resume_never_writes_what_is_unknown(stage: Stage) -> None:
    """A row that ended unknown is only read at resume; it is done once the value shows."""
    stage.portal.saves = lambda agent: agent != "1002"
    assert stage.outcomes(stage.apply())["1002"] == "unknown"
    stage.portal.saves = lambda _agent: True
    assert stage.outcomes(stage.resume())["1002"] == "unknown"
    assert len(stage.portal.writes) == 3
    stage.portal.records["1002"].update(WANTED)
    assert stage.outcomes(stage.resume())["1002"] == "done"


def test_resume_asks_the_rules_again(stage: Stage) -> None:
    """A run resumed on a day on which the rules say something else refuses the row."""
    failed = iter([True] * 9)
    stage.portal.trouble = lambda moment, agent: (
        (_ for _ in ()).throw(PortalFailed("down"))
        if (agent == "1002" and moment == "look" and next(failed, False))
        else None
    )
    stage.apply()
    stage.portal.trouble = lambda _moment, _agent: None
    stage.flow.decide = lambda _agent, _seen: Decision.refuse("too late")  # type: ignore[method-assign]
    run = stage.resume()
    assert stage.outcomes(run)["1002"] == "refused"
    assert "too late" in run.rows[1].reason


@pytest.mark.parametrize("ended", [True, False])
def test_resume_that_cannot_read_leaves_it_unknown(stage: Stage, ended: bool) -> None:
    """A row that may have been written stays unknown while it cannot be read: it is not called failed."""

    def trouble(moment: str, agent: str) -> None:
        if moment == "after" and agent == "1002" and not ended:
            raise Killed

    stage.portal.trouble = trouble
    stage.portal.saves = lambda agent: agent != "1002"
    with suppress(Killed):
        stage.apply()

    def down(moment: str, agent: str) -> None:
        if agent == "1002":
            raise PortalFailed("down")

    stage.portal.trouble = down
    assert stage.outcomes(stage.resume())["1002"] == "unknown"


def test_page_that_saves_by_itself_is_told(stage: Stage) -> None:
    """A write that a page tried beside Done was blocked, and stands in the run's notices."""
    stage.sessions.guard.found = [Blocked("POST", "http://portal/autosave", "writing is closed")]
    assert "autosave" in " ".join(stage.apply().notices)


def test_done_that_sent_nothing_gets_the_row_once_more(stage: Stage) -> None:
    """Where the guard saw no write leave, Done was not pressed: the row is done again, from its reading."""
    failures = iter([True])

    def trouble(moment: str, agent: str) -> None:
        if moment == "done" and agent == "1002" and next(failures, False):
            raise PortalFailed("something lay over Done")

    stage.portal.trouble = trouble
    assert set(stage.outcomes(stage.apply()).values()) == {"done"}
    assert len(stage.portal.writes) == 4


def test_done_that_never_sends_anything_is_failed(stage: Stage) -> None:
    """A Done that sends nothing twice has written nothing, and the row says so."""

    def trouble(moment: str, agent: str) -> None:
        if moment == "done" and agent == "1002":
            raise PortalFailed("something lies over Done")

    stage.portal.trouble = trouble
    run = stage.apply()
    assert stage.outcomes(run)["1002"] == "failed"
    assert "Nothing was written" in run.rows[1].next_step


@pytest.mark.parametrize(("moment", "outcome"), [("open", "failed"), ("after", "unknown")])
def test_browser_that_is_lost_stops_at_once(stage: Stage, moment: str, outcome: str) -> None:
    """A browser that cannot be replaced ends the row as far as it is known, and the run; resume goes on."""

    def trouble(now: str, agent: str) -> None:
        if now == moment and agent == "1002":
            raise BrowserLost("no browser starts")

    stage.portal.trouble = trouble
    run = stage.apply()
    assert list(stage.outcomes(run).values()) == ["done", outcome, "skipped", "skipped"]
    assert isinstance(stage.stopped_by, BrowserLost)
    stage.portal.trouble = lambda _moment, _agent: None
    assert set(stage.outcomes(stage.resume()).values()) == {"done"}
    assert len(stage.portal.writes) == 4


def test_page_that_goes_before_its_picture_costs_the_picture(stage: Stage) -> None:
    """A row that was read back is done, though the page has gone before it could be pictured."""

    def gone(_portals: Any) -> Sequence[Any]:
        raise BrowserError("Target closed")

    stage.flow.proofs = gone  # type: ignore[method-assign]
    assert set(stage.outcomes(stage.apply()).values()) == {"done"}


@pytest.mark.parametrize("kind", [AnswerKind.SAVED, AnswerKind.SILENT, AnswerKind.APPROVAL])
def test_crash_after_the_answer_writes_nothing_again(stage: Stage, kind: AnswerKind) -> None:
    """A process that dies after the portal took a save, which then does not show, only looks at resume."""

    def trouble(moment: str, agent: str) -> None:
        told = [event.kind for event in stage.journal.events_of("run-1") if event.employee_id == agent]
        if moment == "look" and agent == "1002" and EventKind.WRITE_ANSWERED in told:
            raise Killed

    stage.portal.trouble = trouble
    stage.portal.saves = lambda agent: agent != "1002"
    stage.portal.answer = lambda _agent: Answer(kind=kind)
    with pytest.raises(Killed):
        stage.apply()
    stage.portal.trouble = lambda _moment, _agent: None
    stage.portal.saves = lambda _agent: True
    outcome = "pending" if kind is AnswerKind.APPROVAL else "unknown"
    assert stage.outcomes(stage.resume())["1002"] == outcome
    assert "1002" not in [agent for agent, _ in stage.portal.writes]


def test_notice_is_told_once(stage: Stage) -> None:
    """A run that goes on tells the manager nothing twice."""
    desk = stage.desk()
    desk.notice("log out and in")
    desk.notice("log out and in")
    assert desk.told().notices == ("log out and in",)


def test_wait_is_known_after_a_restart(stage: Stage) -> None:
    """A desk of a new process knows since when its run waits for a class, and for no other."""
    roster = Roster(key="Aetna", name="Aetna")
    stage.desk().saw_roster(roster)
    (seen,) = stage.journal.events_of("run-1")
    stage.clock.now = lambda: seen.at + timedelta(seconds=90)  # type: ignore[method-assign]
    assert stage.desk().waited("Aetna") == 90
    assert stage.desk().waited("another class") == 0
    stage.journal.append("run-1", EventKind.WRITE_INTENDED, row=2, employee_id="1001")
    assert stage.desk().waited("Aetna") == 0


def test_journal_that_fails_is_not_asked_for_more(stage: Stage) -> None:
    """A run whose journal cannot be written stops before its next step, and tries to tell nothing more."""

    def full(moment: str, agent: str) -> None:
        if moment == "look" and agent == "1002":
            raise JournalFailed("disk full")

    stage.portal.trouble = full
    run = stage.apply()
    assert isinstance(stage.stopped_by, JournalFailed)
    assert run.state == "interrupted"
    assert len(stage.portal.writes) == 1


def test_error_of_the_browser_that_nobody_named_stops_the_run(stage: Stage) -> None:
    """An error of the browser outside of any look ends the run with its explanation, never without a word."""

    def new_row() -> None:
        if stage.portal.writes:
            raise BrowserError("something else")

    def explain(error: Exception) -> Exception:
        return PortalFailed(f"ADP could not be used: {error}")

    stage.portal.new_row, stage.portal.explain = new_row, explain  # type: ignore[method-assign]
    run = stage.apply()
    assert run.state == "stopped"
    assert "something else" in run.stopped_because
    assert isinstance(stage.stopped_by, PortalFailed)


def test_stop_ends_the_batch_step(stage: Stage) -> None:
    """A stop that is asked for in the ten minutes of a roster ends them, and the run is told as stopped."""
    asked: list[bool] = []
    clock = StoppableClock(stage.clock, lambda: bool(asked))

    def settle(_portals: Any, _desk: Any) -> None:
        asked.append(True)
        clock.wait(600)

    stage.flow.settle = settle  # type: ignore[method-assign]
    run = stage.apply(stop_asked=lambda: bool(asked))
    assert stage.clock.passed <= StoppableClock.SLICE
    assert isinstance(stage.stopped_by, KeyboardInterrupt)
    assert (run.state, set(stage.outcomes(run).values())) == ("stopped", {"done"})
    asked.clear()
    stage.flow.settle = lambda _portals, _desk: None  # type: ignore[method-assign]
    assert stage.resume().state == "completed"


def test_stoppable_clock_waits_as_long_as_any() -> None:
    """Where nobody asks to stop, it waits exactly as long as it should."""
    clock = JumpingClock()
    StoppableClock(clock, lambda: False).wait(7.5)
    assert clock.elapsed() == 7.5


def test_values_that_adp_refuses_do_not_mean_that_it_is_down(tmp_path: Path) -> None:
    """Three agents whose values ADP refuses do not stop the run: it answers, so the others are tried."""
    stage = Stage(tmp_path, agents=5)
    bad = {"1001", "1002", "1003"}
    stage.portal.saves = lambda agent: agent not in bad
    stage.portal.answer = lambda agent: Answer(
        kind=AnswerKind.REJECTED if agent in bad else AnswerKind.SAVED, sentence="no such day"
    )
    run = stage.apply()
    assert list(stage.outcomes(run).values()) == ["failed"] * 3 + ["done"] * 2
    assert "`rpa resume` tries it again" in run.rows[0].next_step


def mended(stage: Stage, before: Callable[[], None], during: Callable[[], None] = lambda: None) -> bool:
    """What a batch step is told that has the first agent's record checked again, after these events."""
    told: list[bool] = []

    def settle(_portals: Any, desk: Any) -> None:
        before()
        looks = stage.portal.looks
        stage.portal.trouble = lambda moment, _agent: (
            during() if moment == "look" and stage.portal.looks == looks + 2 else None
        )
        told.append(desk.mended(desk.rows[0]))

    stage.flow.settle = settle  # type: ignore[method-assign]
    stage.apply()
    return told[0]


def test_record_that_lost_its_values_is_mended(stage: Stage) -> None:
    """A record that is as before the run again is written once more, and that is told."""
    assert mended(stage, lambda: stage.portal.records["1001"].update(OLD))
    assert [agent for agent, _ in stage.portal.writes].count("1001") == 2


def test_other_fields_are_no_reason_to_mend(stage: Stage) -> None:
    """A field that the row does not want may change: the row stays done, so that undo knows of it."""
    assert not mended(stage, lambda: stage.portal.records["1001"].update(uptraining_class="Aetna"))
    run = stage.desk().told()
    assert stage.outcomes(run)["1001"] == "done"
    assert was_written(run.rows[0])


def test_record_that_somebody_mends_first_is_not_said_to_be_mended(stage: Stage) -> None:
    """Nobody is told of a value put right in between where nothing was written, and undo still knows ours."""
    record = stage.portal.records["1001"]
    assert not mended(stage, lambda: record.update(OLD), lambda: record.update(WANTED))
    run = stage.desk().told()
    assert [agent for agent, _ in stage.portal.writes].count("1001") == 1
    assert stage.outcomes(run)["1001"] == "unchanged"
    assert was_written(run.rows[0])


@pytest.mark.parametrize(("changed", "outcome"), [(False, "unchanged"), (True, "drifted")])
def test_unchanged_row_that_waits_is_compared_at_resume(stage: Stage, changed: bool, outcome: str) -> None:
    """A row that was so already and waits for its roster is never called done: resume compares it again."""
    first, *others = stage.plan.rows
    stage.portal.records["1001"].update(WANTED)
    so = replace(first, outcome=Outcome.UNCHANGED, seen={**OLD, **WANTED}, after={})
    stage.plan = replace(stage.plan, rows=(so, *others))
    stage.flow.settle = lambda _portals, desk: desk.end_row(  # type: ignore[method-assign]
        desk.rows[0], Outcome.PENDING, "not on the roster yet", ""
    )
    assert stage.outcomes(stage.apply())["1001"] == "pending"
    stage.flow.settle = lambda _portals, _desk: None  # type: ignore[method-assign]
    if changed:
        stage.portal.records["1001"]["esp_end_date"] = "2026-12-24"
    assert stage.outcomes(stage.resume())["1001"] == outcome


def test_unchanged_row_that_was_not_reached_is_read_at_resume(stage: Stage) -> None:
    """What the plan found to be so may have changed before the run came to it: nobody has looked since."""
    *others, last = stage.plan.rows
    stage.portal.records["1004"].update(WANTED)
    so = replace(last, outcome=Outcome.UNCHANGED, seen={**OLD, **WANTED}, after={})
    stage.plan = replace(stage.plan, rows=(*others, so))
    asked = iter([False, True])
    run = stage.apply(stop_asked=lambda: next(asked, True))
    assert stage.outcomes(run)["1004"] == "skipped"
    stage.portal.records["1004"]["esp_end_date"] = "2026-12-24"
    assert stage.outcomes(stage.resume())["1004"] == "drifted"


@pytest.mark.parametrize("how", ["rejected", "never pressed"])
def test_what_was_not_saved_is_not_ours_later(stage: Stage, how: str) -> None:
    """A refused field that a colleague sets afterwards is the colleague's: an undo would lose their work."""
    stage.portal.saves = lambda agent: agent != "1002"
    refuses = Answer(kind=AnswerKind.REJECTED, sentence="no")
    stage.portal.answer = lambda agent: refuses if agent == "1002" else Answer(kind=AnswerKind.SAVED)
    if how == "never pressed":
        stage.portal.shows = lambda agent: "9999" if agent == "1002" else agent
    assert stage.outcomes(stage.apply())["1002"] == "failed"
    stage.portal.records["1002"].update(WANTED)
    stage.portal.shows = lambda agent: agent
    run = stage.resume()
    assert stage.outcomes(run)["1002"] == "unchanged"
    assert run.rows[1].pressed == {}
    assert [row.employee_id for row in run.rows if was_written(row)] == ["1001", "1003", "1004"]


def test_process_that_lost_the_account_says_nothing_of_the_row(stage: Stage) -> None:
    """A run that another process has taken over is not told about by the one that slept: it only stops."""

    def lost() -> None:
        raise Busy("lost")

    run = stage.apply(still_mine=lost)
    assert isinstance(stage.stopped_by, Busy)
    assert stage.portal.writes == []
    assert [event.kind for event in stage.journal.events_of("run-1")][-1] is EventKind.WRITE_INTENDED
    assert stage.outcomes(run)["1001"] == "unknown"
    assert set(stage.outcomes(stage.resume()).values()) == {"done"}


def down(moment: str, _agent: str) -> None:
    """A portal that shows no record."""
    if moment == "look":
        raise PortalFailed("ADP answered 503")


@pytest.mark.parametrize("outcome", [Outcome.PENDING, Outcome.UNKNOWN, Outcome.DONE])
def test_resume_that_cannot_read_forgets_nothing(stage: Stage, outcome: Outcome) -> None:
    """Whatever was known of a row with a write stays known, and the run says so until it can look again."""
    stage.apply()
    kind = EventKind.ROW_SETTLED if outcome is Outcome.DONE else EventKind.ROW_ENDED
    found = {} if outcome is Outcome.UNKNOWN else {**OLD, **WANTED}
    about = {"outcome": outcome.value, "reason": "as it was", "found": found}
    stage.journal.append("run-1", kind, row=3, employee_id="1002", data=about)
    before = stage.desk().told().rows[1]
    stage.portal.trouble = down
    run = stage.resume()
    after = run.rows[1]
    # Nobody is done whom the run has yet to look at.
    stays = Outcome.PENDING if outcome is Outcome.DONE else outcome
    assert (after.outcome, after.found) == (stays, found)
    assert was_written(after) == was_written(before)
    assert "1002 could not be looked at again" in run.notices[0]
    stage.portal.trouble = lambda _moment, _agent: None
    run = stage.resume()
    assert (stage.outcomes(run)["1002"], run.notices) == ("done", ())
    assert len(stage.portal.writes) == 4


def test_row_that_was_cut_off_is_still_written_after_a_resume_without_sign_in(stage: Stage) -> None:
    """Killed right before Done, and nobody signed in at the first resume: the second one does the row."""

    def trouble(moment: str, agent: str) -> None:
        if (moment, agent) == ("done", "1002"):
            raise Killed

    stage.portal.trouble = trouble
    with pytest.raises(Killed):
        stage.apply()

    def signed_out(moment: str, _agent: str) -> None:
        if moment == "look":
            raise SignInNeeded("ADP wants a code")

    stage.portal.trouble = signed_out
    with pytest.raises(SignInNeeded):
        stage.resume()
    stage.portal.trouble = lambda _moment, _agent: None
    assert set(stage.outcomes(stage.resume()).values()) == {"done"}
    assert len(stage.portal.writes) == 4


def test_rows_that_stay_unknown_do_not_keep_a_resume_from_the_others(tmp_path: Path) -> None:
    """Three unknown rows are read one after the other; the portal is not down, so the failed one is done."""
    stage = Stage(tmp_path, agents=7)
    lost = {"1001", "1003", "1005"}
    stage.portal.saves = lambda agent: agent not in lost

    def trouble(moment: str, agent: str) -> None:
        if (moment, agent) == ("open", "1007"):
            raise PortalFailed("the panel did not open")

    stage.portal.trouble = trouble
    assert stage.apply().counts == {"unknown": 3, "done": 3, "failed": 1}
    stage.portal.trouble = lambda _moment, _agent: None
    run = stage.resume()
    assert (run.counts, run.state) == ({"unknown": 3, "done": 4}, "completed")


def test_three_writes_in_a_row_without_an_answer_still_stop_the_run(tmp_path: Path) -> None:
    """Saves that are lost one after the other mean that something is wrong with the portal."""
    stage = Stage(tmp_path, agents=5)
    stage.portal.saves = lambda _agent: False
    run = stage.apply()
    assert (run.counts, run.state) == ({"unknown": 3, "skipped": 2}, "stopped")


def test_who_is_no_longer_listed_stays_pending(stage: Stage) -> None:
    """ADP may list the agent again, and what waits for an approval must not be forgotten or sent twice."""
    stage.apply()
    about = {"outcome": "pending", "reason": "no roster", "found": {**OLD, **WANTED}}
    stage.journal.append("run-1", EventKind.ROW_ENDED, row=3, employee_id="1002", data=about)

    def gone(moment: str, _agent: str) -> None:
        if moment == "look":
            raise RuleRefused("ADP lists no active employee")

    stage.portal.trouble = gone
    row = stage.resume().rows[1]
    assert (row.outcome, row.reason) == (Outcome.PENDING, "no roster")
    assert was_written(row)


def test_lost_value_that_nobody_could_mend_is_mended_by_the_next_resume(stage: Stage) -> None:
    """The record was just seen without it: the row has failed, and is not said to stand in ADP."""
    looks = iter([True, False])

    def settle(_portals: object, desk: Any) -> None:
        stage.portal.records["1001"].update(OLD)
        stage.portal.trouble = lambda moment, _agent: (
            None if moment != "look" or next(looks, False) else down(moment, "1001")
        )
        assert not desk.mended(desk.rows[0])

    stage.flow.settle = settle  # type: ignore[method-assign]
    row = stage.apply().rows[0]
    assert (row.outcome, row.found["esp_end_date"]) == (Outcome.FAILED, OLD["esp_end_date"])
    stage.portal.trouble = lambda _moment, _agent: None
    stage.flow.settle = lambda _portals, _desk: None  # type: ignore[method-assign]
    assert stage.resume().rows[0].outcome is Outcome.DONE
    assert stage.portal.records["1001"]["esp_end_date"] == WANTED["esp_end_date"]
