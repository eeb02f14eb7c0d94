"""What undos come to: a half-undone run keeps still, and a later change is not taken for the undone one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rpa.domain.outcomes import Outcome
from rpa.domain.runs import COMPLETED, INTERRUPTED, STOPPED, Run, RunRow
from rpa.domain.undos import UndoRun, half_undone, put_back, taken_back

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def run(name: str, hour: int, *outcomes: Outcome, state: str = COMPLETED) -> Run:
    """A run of that hour, with an agent for each outcome."""
    rows = tuple(
        RunRow(row=at, employee_id=str(at), outcome=outcome, ended_at=NOON + timedelta(hours=hour))
        for at, outcome in enumerate(outcomes, start=1)
    )
    return Run(id=name, plan="", flow="", route="", state=state, rows=rows)


FORTH = run("forth", 0, Outcome.DONE, Outcome.DONE)
BACK = UndoRun("forth", run("back", 1, Outcome.DONE, Outcome.UNCHANGED))


def test_an_undo_that_has_changed_nothing_ends_no_run() -> None:
    """Drifted or failed for everybody, the undo has taken nothing back."""
    nothing = UndoRun("forth", run("back", 1, Outcome.DRIFTED, Outcome.FAILED))
    assert taken_back([nothing]) == {}
    assert taken_back([nothing, BACK]) == {"forth": "back"}


@pytest.mark.parametrize(("state", "half"), [(COMPLETED, {}), (STOPPED, {"forth": "back"})])
def test_a_run_is_half_undone_until_its_undo_has_ended(state: str, half: dict[str, str]) -> None:
    """Stopped or killed, the undo is to go on, and is named."""
    undo = UndoRun("forth", run("back", 1, Outcome.DONE, Outcome.SKIPPED, state=state))
    assert half_undone([undo]) == half


CUT_OFF = UndoRun("forth", run("back", 1, Outcome.DONE, Outcome.SKIPPED, state=INTERRUPTED))


def test_an_undo_that_was_taken_back_does_not_go_on() -> None:
    """Else the mails of the first run would wait for ever."""
    again = UndoRun("back", run("forth again", 2, Outcome.DONE))
    assert half_undone([CUT_OFF, again]) == {}
    assert put_back(FORTH, [CUT_OFF, again]) == frozenset()


def test_while_an_undo_is_being_taken_back_nothing_is_decided() -> None:
    """Cut off itself, the undo of the undo has to go on before anything of the first run is told."""
    again = UndoRun("back", run("forth again", 2, Outcome.DONE, Outcome.SKIPPED, state=STOPPED))
    assert half_undone([CUT_OFF, again]) == {"forth": "forth again", "back": "forth again"}


def test_an_undo_of_an_undo_moves_only_whom_it_has_changed() -> None:
    """The other agent is still back, or another run's by now."""
    again = UndoRun("back", run("forth again", 2, Outcome.DONE, Outcome.DRIFTED))
    assert put_back(FORTH, [BACK, again]) == {"2"}
    third = UndoRun("forth again", run("back again", 3, Outcome.DONE))
    assert put_back(FORTH, [BACK, again, third]) == {"1", "2"}


def test_who_is_back_is_known() -> None:
    """Put back by the undo, or found to be back already."""
    assert put_back(FORTH, [BACK]) == {"1", "2"}
    assert put_back(FORTH, [UndoRun("another", BACK.run)]) == frozenset()


def test_a_later_word_on_the_run_is_about_what_came_after_the_undo() -> None:
    """A change that came to be after all, settled after the undo, can still be taken back."""
    settled = run("forth", 2, Outcome.DONE, Outcome.DONE)
    assert put_back(settled, [BACK]) == frozenset()
