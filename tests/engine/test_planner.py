"""The planner's promises on a portal in memory: everybody is read, nothing is written, nobody is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rpa.domain.errors import GuardBroken, PortalFailed, RuleRefused, SignInNeeded, WrongRecord
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Plan, PlanRow
from rpa.engine.guard import Blocked
from tests.engine.stage import LIFETIME, OLD, agents_of, batch_of, planner, records
from tests.engine.stand_ins import NOW, WANTED, JumpingClock, MemoryFlow, MemoryPortal, StandInSessions


class Desk:
    """A planner with a batch of a few agents."""

    def __init__(self, agents: int = 4) -> None:
        self.portal = MemoryPortal(records(agents))
        self.sessions = StandInSessions()
        self.flow = MemoryFlow(self.sessions.guard)
        self.invalid: tuple[PlanRow, ...] = ()

    def plan(self) -> Plan:
        agents = agents_of(self.portal.records, site="PRV", esp_manager="Maria Ortiz")
        batch = replace(batch_of(agents), invalid=self.invalid, notes=("from the file",))
        return planner(self.portal, self.sessions, JumpingClock()).plan(self.flow, batch)

    def fails(self, agent: str, error: Exception) -> None:
        """Each look at this agent ends so."""

        def trouble(_moment: str, asked: str) -> None:
            if asked == agent:
                raise error

        self.portal.trouble = trouble


def outcomes(plan: Plan) -> dict[str, str]:
    return {row.employee_id: row.outcome.value for row in plan.rows}


def test_plan_holds_what_was_seen_and_what_will_be() -> None:
    """Each row has every value the decision rests on, the wanted ones, and the class of the file's row."""
    plan = Desk(2).plan()
    row = plan.rows[0]
    assert (dict(row.seen), dict(row.after), row.before) == (OLD, WANTED, {"esp_end_date": "2026-11-27"})
    assert row.about == {"site": "PRV", "esp_manager": "Maria Ortiz"}
    assert (plan.expires_at - plan.created_at, plan.today) == (LIFETIME, NOW.date())
    assert "from the file" in plan.notes


def test_rows_that_the_file_spoils_stand_in_their_place() -> None:
    """A row of the file that cannot be used is in the plan, at its own row."""
    desk = Desk(2)
    desk.invalid = (PlanRow(row=1, employee_id="x", outcome=Outcome.INVALID, reason="no id"),)
    assert list(outcomes(desk.plan()).values()) == ["invalid", "planned", "planned"]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RuleRefused("two people have this id"), "refused"),
        (PortalFailed("the record did not load"), "failed"),
        (WrongRecord("the record is somebody else's"), "failed"),
    ],
)
def test_one_agent_that_fails_is_one_row(error: Exception, outcome: str) -> None:
    """An agent who cannot be read costs their own row, with the reason, and nobody else's."""
    desk = Desk()
    desk.fails("1002", error)
    plan = desk.plan()
    assert outcomes(plan) == {"1001": "planned", "1002": outcome, "1003": "planned", "1004": "planned"}
    assert plan.rows[1].reason == str(error)


def test_portal_that_is_down_makes_no_plan() -> None:
    """Three agents in a row who cannot be read end the planning: the portal is down, not the rows."""
    desk = Desk()

    def trouble(_moment: str, _agent: str) -> None:
        raise PortalFailed("down")

    desk.portal.trouble = trouble
    with pytest.raises(PortalFailed, match="3 agents in a row") as told:
        desk.plan()
    assert "Nothing was changed" in told.value.next_step


def test_failures_that_are_not_in_a_row_are_no_outage() -> None:
    """Failures with a success between them do not end the planning."""
    desk = Desk(7)
    fine = {"1003", "1006"}

    def trouble(_moment: str, agent: str) -> None:
        if agent not in fine:
            raise PortalFailed("slow")

    desk.portal.trouble = trouble
    assert list(outcomes(desk.plan()).values()).count("planned") == 2


def test_sign_in_that_is_needed_ends_the_planning() -> None:
    """What needs a person is nobody's row."""
    desk = Desk()
    desk.fails("1002", SignInNeeded("a code is asked for"))
    with pytest.raises(SignInNeeded):
        desk.plan()


def test_portal_that_saves_while_it_is_looked_at_gets_no_plan() -> None:
    """A write that the guard had to refuse is told with its address, and there is no plan."""
    desk = Desk()
    desk.sessions.guard.found = [Blocked("POST", "http://portal/autosave", "writing is closed")]
    with pytest.raises(GuardBroken, match=r"POST http://portal/autosave"):
        desk.plan()


def test_guard_that_does_not_hold_makes_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the trial write is not refused, no agent is even looked at."""
    desk = Desk()

    def broken(_page: object) -> None:
        raise GuardBroken("the trial write arrived")

    monkeypatch.setattr(desk.sessions.guard, "prove", broken)
    with pytest.raises(GuardBroken):
        desk.plan()
    assert desk.portal.looks == 0


def test_guard_is_proven_again_where_the_browser_died_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that dies under the trial write is replaced, and the trial is made again."""
    desk = Desk()
    fails = iter([True])

    def proven(_page: object) -> None:
        if next(fails, False):
            raise PortalFailed("the browser has ended")

    monkeypatch.setattr(desk.sessions.guard, "prove", proven)
    assert set(outcomes(desk.plan()).values()) == {"planned"}
