"""A dry run cannot write, not even with a flow that tries to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from rpa.domain.agents import Agent
from rpa.domain.errors import GuardBroken
from rpa.domain.extension import ExtensionOrder, Route
from rpa.domain.plans import Seen
from rpa.flows.extend import Extend
from rpa.flows.portals import Portals
from tests.command import class_of
from tests.conftest import MockPortals
from tests.engine.stage import agents_of, batch_of, planner
from tests.engine.stand_ins import JumpingClock
from tests.flows.conftest import Launch
from tests.flows.stand_ins import extending

UNTIL = date(2026, 12, 4)
ORDER = ExtensionOrder(route=Route.END_DATE, until=UNTIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hasty(Extend):
    """A flow with a grave mistake: it presses Done while it should only look."""

    def observe(self, portals: Portals, agent: Agent) -> Seen:
        seen = super(Hasty, self).observe(portals, agent)
        panel = portals.adp.record(agent.employee_id).edit_custom_fields()
        panel.fill({"esp_end_date": UNTIL})
        panel.press_done()
        return seen


def test_flow_that_tries_to_write_is_stopped(launch: Launch, mock: MockPortals) -> None:
    """A flow that presses Done while planning writes nothing, and the plan ends in an error that says so."""
    portals, sessions = launch(mock)
    batch = batch_of(agents_of(class_of(mock, 2)))
    with pytest.raises(GuardBroken, match="custom-fields"):
        planner(portals, sessions, JumpingClock()).plan(extending(ORDER, Hasty), batch)
    assert mock.writes() == []
    assert not [one for one in mock.requests() if one["method"] == "POST" and one["employee_id"]]


def test_same_flow_without_the_mistake_plans(launch: Launch, mock: MockPortals) -> None:
    """The flow as it is meant reads the same agents behind the same guard, and nothing is blocked."""
    portals, sessions = launch(mock)
    batch = batch_of(agents_of(class_of(mock, 2)))
    plan = planner(portals, sessions, JumpingClock()).plan(extending(ORDER), batch)
    assert plan.counts == {"planned": 2}
    assert sessions.guard.surprises() == []
