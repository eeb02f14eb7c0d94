"""A dry run cannot write, not even with a flow that tries to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.errors import GuardBroken
from rpa.domain.extension import ExtensionOrder, Route
from rpa.domain.plans import Seen
from rpa.engine.planner import Batch, Planner
from rpa.engine.reading import Limits
from rpa.flows.extend import Extend
from rpa.flows.portals import Portals
from rpa.flows.roster_wait import Patience
from tests.conftest import MockPortals
from tests.engine.stand_ins import JumpingClock, NoWatcher
from tests.flows.conftest import Launch

UNTIL = date(2026, 12, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hasty(Extend):
    """A flow with a grave mistake: it presses Done while it should only look."""

    def observe(self, portals: Portals, agent: Agent) -> Seen:
        seen = super(Hasty, self).observe(portals, agent)
        panel = portals.adp.record(agent.employee_id).edit_custom_fields()
        panel.fill({"esp_end_date": UNTIL})
        panel.press_done()
        return seen


def planner(portals: Portals, sessions: Any) -> Planner[Portals]:
    return Planner(
        portals=portals,
        sessions=sessions,
        clock=JumpingClock(),
        limits=Limits(),
        watcher=NoWatcher(),
        tenant={},
        lifetime=timedelta(hours=1),
    )


def flow(kind: type[Extend]) -> Extend:
    return kind(
        asked=ExtensionOrder(route=Route.END_DATE, until=UNTIL),
        today=date(2026, 11, 23),
        manager="",
        noc="noc@example.invalid",
        patience=Patience(),
        limits=Limits(),
        clock=JumpingClock(),
        watcher=NoWatcher(),
    )


def batch(mock: MockPortals, size: int) -> Batch:
    roster = next(one["roster"] for one in mock.state()["classes"] if one["end"])
    agents = [Agent(employee_id=EmployeeId(one), row=row) for row, one in enumerate(roster[:size], start=2)]
    return Batch(agents=agents, invalid=(), source="batch.csv")


def test_flow_that_tries_to_write_is_stopped(launch: Launch, mock: MockPortals) -> None:
    """A flow that presses Done while planning writes nothing, and the plan ends in an error that says so."""
    portals, sessions = launch(mock)
    with pytest.raises(GuardBroken, match="custom-fields"):
        planner(portals, sessions).plan(flow(Hasty), batch(mock, 2))
    assert mock.writes() == []
    assert not [one for one in mock.requests() if one["method"] == "POST" and one["employee_id"]]


def test_same_flow_without_the_mistake_plans(launch: Launch, mock: MockPortals) -> None:
    """The flow as it is meant reads the same agents behind the same guard, and nothing is blocked."""
    portals, sessions = launch(mock)
    plan = planner(portals, sessions).plan(flow(Extend), batch(mock, 2))
    assert plan.counts == {"planned": 2}
    assert sessions.guard.surprises() == []
