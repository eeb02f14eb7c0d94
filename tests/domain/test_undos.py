"""What undos come to: a half-undone run keeps still, and a later change is not taken for the undone one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rpa.domain.outcomes import Outcome
from rpa.domain.runs import COMPLETED, INTERRUPTED, STOPPED, Run, RunRow
from rpa.domain.undos import Undo, half_undone, put_back, taken_back

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def run(name: str, hour: int, *outcomes: Outcome, state: str = COMPLETED) -> Run:
    """A run of that hour, with an agent for each outcome."""
    rows = tuple(
        RunRow(row=at, employee_id=str(at), outcome=outcome, ended_at=NOON + timedelta(hours=hour))
        for at, outcome in enumerate(outcomes, start=1)
    )
    return Run(id=name, plan="", flow="", route="", state=state, rows=rows)


FORTH = run("forth", 0, Outcome.DONE, Outcome.DONE)
BACK = Undo("forth", run("back", 1, Outcome.DONE, Outcome.UNCHANGED))


def test_an_undo_that_has_changed_nothing_ends_no_run() -> None:
    """Drifted or failed for everybody, the undo has taken nothing back."""
    nothing = Undo("forth", run("back", 1, Outcome.DRIFTED, Outcome.FAILED))
    assert taken_back([nothing]) == {}
    assert taken_back([nothing, BACK]) == {"forth": "back"}


@pytest.mark.parametrize(("state", "half"), [(COMPLETED, {}), (STOPPED, {"forth": "back"})])
def test_a_run_is_half_undone_until_its_undo_has_ended(state: str, half: dict[str, str]) -> None:
    """Stopped or killed, the undo is to go on, and is named."""
    undo = Undo("forth", run("back", 1, Outcome.DONE, Outcome.SKIPPED, state=state))
    assert half_undone([undo]) == half


def test_an_undo_that_was_taken_back_does_not_go_on() -> None:
    """Else the mails of the first run would wait for ever."""
    cut_off = Undo("forth", run("back", 1, Outcome.DONE, Outcome.SKIPPED, state=INTERRUPTED))
    again = Undo("back", run("forth again", 2, Outcome.DONE))
    assert half_undone([cut_off, again]) == {}
    assert put_back(FORTH, [cut_off, again]) == frozenset()


def test_who_is_back_is_known() -> None:
    """Put back by the undo, or found to be back already."""
    assert put_back(FORTH, [BACK]) == {"1", "2"}
    assert put_back(FORTH, [Undo("another", BACK.run)]) == frozenset()


def test_a_later_word_on_the_run_is_about_what_came_after_the_undo() -> None:
    """A change that came to be after all, settled after the undo, can still be taken back."""
    settled = run("forth", 2, Outcome.DONE, Outcome.DONE)
    assert put_back(settled, [BACK]) == frozenset()
