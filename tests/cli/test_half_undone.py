"""A run that an undo has begun to take back: what it wanted to tell others waits until that is finished."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from rpa.adapters.mail_texts import Report
from rpa.cli import posting
from rpa.cli.mailing import send
from rpa.cli.office import Office
from rpa.cli.planning import plan_undo
from rpa.cli.settling import settle_row
from rpa.cli.tracking import sync_tracker
from rpa.domain.agents import EmployeeId
from rpa.domain.errors import PlanRefused
from rpa.domain.outcomes import Outcome
from rpa.domain.runs import COMPLETED, STOPPED, EventKind
from rpa.domain.tracker_cells import CellChange
from rpa.domain.undos import put_back
from rpa.engine.tables import plans
from rpa.flows.post import report_letter
from rpa.flows.undo import Undo
from rpa.settings import load_settings
from tests.engine.stage import plan_of, records

AGENTS = ("1001", "1002", "1003")
CHANGED = {"esp_end_date": "2026-12-04"}


@dataclass
class Undone:
    """Three agents of run `forth`: run `back` has taken the first back, and of the last nobody knows."""

    office: Office

    def __post_init__(self) -> None:
        forth = plan_of(records(len(AGENTS)))
        back = replace(forth, id="plan-2", flow="undo", order={"run": "forth"})
        for run, plan in (("forth", forth), ("back", back)):
            self.office.plans.keep(plan)
            self.tell(run, EventKind.RUN_STARTED, plan=plan.id, flow=plan.flow, route=plan.route, account="")
        for row in forth.rows:
            self.write("forth", row.row, row.employee_id, is_known=row.employee_id != AGENTS[-1])
        self.tell("forth", EventKind.RUN_ENDED, state=COMPLETED, because="")
        self.write("back", forth.rows[0].row, forth.rows[0].employee_id)

    def write(self, run: str, row: int, agent: str, *, is_known: bool = True) -> None:
        """One agent whom the run has written, and read back where that `is_known`."""
        append = partial(self.office.journal.append, run, row=row, employee_id=agent)
        append(EventKind.WRITE_INTENDED, data={"before": {}, "after": CHANGED})
        if is_known:
            append(EventKind.ROW_ENDED, data={"outcome": "done", "found": CHANGED})

    def tell(self, run: str, kind: EventKind, **data: str) -> None:
        self.office.journal.append(run, kind, data=data)

    def waits(self) -> None:
        """Have a mail and a cell of each run wait."""
        now = datetime.now(UTC)
        for run, agent in zip(("forth", "back"), AGENTS, strict=False):
            letter = report_letter(run, to="noc@example.invalid", subject=run, about=Report(intro=["."]))
            assert self.office.outbox.queue(run, letter, now)
            change = CellChange(employee_id=EmployeeId(agent), field="Note", value=run)
            assert self.office.tracker_queue.queue(run, change, now)


@pytest.fixture
def undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Undone:
    tracker = tmp_path / "tracker.csv"
    tracker.write_text("Employee ID,Note\n1001,\n1002,\n", encoding="utf-8")
    monkeypatch.setenv("RPA_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("RPA_TRACKER__FILE", str(tracker))
    return Undone(Office(load_settings()))


@pytest.mark.parametrize("ended", [None, STOPPED])
def test_nothing_of_a_half_undone_run_goes_out_by_itself(
    undone: Undone, tmp_path: Path, ended: str | None
) -> None:
    """Killed or stopped, the undo will discard these: no round of any command may be quicker."""
    if ended:
        undone.tell("back", EventKind.RUN_ENDED, state=ended, because="")
    undone.waits()
    sent = posting.post_waiting(undone.office, "the schedule")
    assert [(letter.run, letter.state.value) for letter in sent.letters] == [("back", "written")]
    sync_tracker(as_json=True)
    notes = (tmp_path / "tracker.csv").read_text(encoding="utf-8").splitlines()
    assert notes[1:] == ["1001,", "1002,back"]


def test_what_the_undo_has_left_goes_out_once_it_is_finished(undone: Undone) -> None:
    """After its end what still waits is true: of agents whom the undo has left as they were."""
    undone.tell("back", EventKind.RUN_ENDED, state=COMPLETED, because="")
    undone.waits()
    assert len(posting.post_waiting(undone.office, "the schedule").letters) == 2
    assert undone.office.half_undone() == frozenset()


def test_who_is_back_is_not_taken_back_again(undone: Undone) -> None:
    """A second undo of the run plans the others alone: what the first has now may be a later run's."""
    forth = undone.office.told("forth")
    again = Undo(undone=forth, put_back=put_back(forth, undone.office.undos()))
    assert [agent.employee_id for agent in again.agents()] == ["1002"]


def test_settled_after_an_undo_nobody_is_sent_to_resume(undone: Undone) -> None:
    """An undone run does not go on, so whoever settles what is left of it is told to plan again."""
    settle_row("forth", AGENTS[-1], saved=False, as_json=True)
    row = undone.office.told("forth").rows[-1]
    assert (row.outcome, "taken back. Plan again" in row.next_step) == (Outcome.FAILED, True)


def test_another_undo_is_not_planned_beside_one_that_is_to_go_on(undone: Undone) -> None:
    """It would leave out whom the first has put back, and with them their cells and mails."""
    with pytest.raises(PlanRefused, match="`rpa resume back` goes on with it"):
        plan_undo("forth")


def test_what_is_held_back_is_named(undone: Undone, capsys: pytest.CaptureFixture[str]) -> None:
    """Who sends the mails by hand is told of the one that waits for the undo."""
    undone.waits()
    send(None, as_json=False)
    assert "is of forth, which is being taken back" in capsys.readouterr().err


def test_an_undo_that_cannot_be_read_stops_no_other_command(undone: Undone) -> None:
    """A plan that was damaged costs its own run, and not the mails of all others."""
    with undone.office.journal.transaction() as connection:
        connection.execute(update(plans).where(plans.c.id == "plan-2").values(mac="damaged"))
    undone.waits()
    assert len(posting.post_waiting(undone.office, "the schedule").letters) == 2
    with pytest.raises(PlanRefused):
        undone.office.undos()
