"""The flows that go through the fault matrix: how each is made, on whom, and which requests its run sends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from rpa.domain.agents import Agent
from rpa.domain.clearing import ClearingOrder
from rpa.domain.departments import DepartmentRules
from rpa.domain.extension import UPTRAINING_CLASS, ExtensionOrder, Route
from rpa.domain.outcomes import Outcome
from rpa.domain.runs import Run, RunRow
from rpa.domain.transfer import TransferOrder
from rpa.engine.clock import Clock
from rpa.engine.flow import Flow
from rpa.flows.clear_uptraining import ClearUptraining
from rpa.flows.extend import Extend
from rpa.flows.portals import Portals
from rpa.flows.roster_wait import Patience
from rpa.flows.transfer import Transfer
from rpa.flows.undo import Undo
from tests.command import class_of, expired
from tests.conftest import TODAY, MockPortals
from tests.engine.stage import agents_of
from tests.faults.matrix import STRUCK, Kind, Phase, Step
from tests.flows.stand_ins import extending, leaving

DAY, UNTIL = date.fromisoformat(TODAY), date(2026, 12, 4)
PATIENCE = Patience(timeout=60, poll=15)
SITE, CAMPAIGN = "SLC", "CareSource"
DEPARTMENTS = DepartmentRules(sites=frozenset({SITE}), codes={CAMPAIGN: "511"})
LIST = "/people/v1/list"
RECORD = "/people/v1/G*"


def as_it_is(mock: MockPortals, agents: Sequence[Agent]) -> None:
    """The mock portals need no preparation."""
    del mock, agents


@dataclass(frozen=True, kw_only=True)
class FlowUnderTest:
    """A flow that goes through the matrix.

    `agents` gives two of the mock portals, just reset, whom it can change: the one that faults strike, and
    the next. `ready` puts the portals into the state that the flow starts from. `steps` are the requests of
    a run that applies the plan of these two.
    """

    name: str
    flow: Callable[[Clock, Sequence[Agent]], Flow[Portals]]
    agents: Callable[[MockPortals], Sequence[Agent]]
    steps: Sequence[Step]
    ready: Callable[[MockPortals, Sequence[Agent]], None] = as_it_is


def adp(name: str, kind: Kind, phase: Phase, path: str, *, method: str = "GET", **more: Any) -> Step:
    """A request to ADP; `nth` and `employee_id` go into its match."""
    match: dict[str, Any] = {"portal": "adp", "method": method, "path": path}
    match |= {key: more.pop(key) for key in ("nth", "employee_id") if key in more}
    return Step(name=f"ADP {name}", kind=kind, phase=phase, match=match, **more)


def blackdash(name: str, kind: Kind, path: str, *, method: str = "GET", nth: int = 1, **more: Any) -> Step:
    """A request to BlackDash, after all agents."""
    match = {"portal": "blackdash", "method": method, "path": path, "nth": nth}
    return Step(name=f"BlackDash {name}", kind=kind, phase=Phase.ROSTERS, match=match, shared=True, **more)


SIGN_IN_STEPS = (
    adp(
        *("sign-in page", Kind.DOCUMENT, Phase.BEFORE, "/signin/v1[/]"),
        shared=True,
        signed_in=False,
        word="User ID",
    ),
    adp(
        *("user id", Kind.SIGN_IN, Phase.BEFORE, "/signin/v1/userid"),
        method="POST",
        shared=True,
        signed_in=False,
    ),
    adp(
        *("password", Kind.SIGN_IN, Phase.BEFORE, "/signin/v1/password"),
        method="POST",
        shared=True,
        signed_in=False,
    ),
)

READING_STEPS = (
    adp(
        *("home", Kind.DOCUMENT, Phase.BEFORE, "/theme/admin.html"),
        nth=2,
        shared=True,
        at_the_door=True,
        turned_away=1,
        word="ESP End Date",
    ),
    adp("people list", Kind.LIST, Phase.BEFORE, LIST, shared=True, nth=1),
    adp("search", Kind.SEARCH, Phase.BEFORE, LIST, employee_id=STRUCK, nth=1),
    adp("record", Kind.RECORD, Phase.BEFORE, RECORD, employee_id=STRUCK, nth=1),
)

READ_BACK_STEPS = (
    adp("refresh after Done", Kind.RECORD, Phase.REFRESH, RECORD, employee_id=STRUCK, nth=2),
    adp(
        *("home at the read-back", Kind.DOCUMENT, Phase.READ_BACK, "/theme/admin.html"),
        nth=3,
        shared=True,
        turned_away=1,
        word="ESP End Date",
    ),
    adp("search at the read-back", Kind.SEARCH, Phase.READ_BACK, LIST, employee_id=STRUCK, nth=2),
    adp("record at the read-back", Kind.RECORD, Phase.READ_BACK, RECORD, employee_id=STRUCK, nth=3),
)

ROSTER = blackdash("roster", Kind.ROSTER, "/training/classes/*")
ROSTER_STEPS = (
    blackdash("log-in page", Kind.DOCUMENT, "/login", signed_in=False, word="Username"),
    blackdash("password", Kind.SIGN_IN, "/login", method="POST", signed_in=False),
    blackdash("dashboard", Kind.DOCUMENT, "[/]", nth=2, at_the_door=True, turned_away=1, word="Dashboard"),
    blackdash("classes", Kind.DOCUMENT, "/training/classe[s]", word="ESP Manager"),
    ROSTER,
)

PANEL_STEP = adp(
    *("Edit opens the panel", Kind.PANEL, Phase.BEFORE, "/people/v1/layouts"),
    nth=1,
    shared=True,
    word="ESP End Date",
)


def done(path: str) -> Step:
    """Done of a panel, which sends to this path."""
    return adp("Done", Kind.SAVE, Phase.SAVE, path, method="POST", employee_id=STRUCK)


WRITING_STEPS = (PANEL_STEP, done("/people/v1/G*/custom-fields"), *READ_BACK_STEPS)
DEPARTMENT_STEPS = (
    replace(PANEL_STEP, word="Home Department"),
    adp("look-up of departments", Kind.LOOK_UP, Phase.BEFORE, "/people/v1/departments", nth=1, shared=True),
    done("/people/v1/G*/home-department"),
    *READ_BACK_STEPS,
)


def _extend(clock: Clock, _agents: Sequence[Agent], route: Route = Route.END_DATE) -> Extend:
    until = UNTIL if route is Route.END_DATE else None
    asked = ExtensionOrder(route=route, until=until, noc_minimum=9)
    return extending(asked, clock=clock, patience=PATIENCE)


def _clear(clock: Clock, _agents: Sequence[Agent]) -> ClearUptraining:
    return ClearUptraining(asked=ClearingOrder(), today=DAY, leaving=leaving(clock, PATIENCE), ours={})


def _transfer(clock: Clock, _agents: Sequence[Agent]) -> Transfer:
    return Transfer(
        asked=TransferOrder(departments=DEPARTMENTS, effective=DAY, without_tracker=True),
        today=DAY,
        it="it@example.invalid",
        leaving=leaving(clock, PATIENCE),
        clock=clock,
    )


def _undo(_clock: Clock, agents: Sequence[Agent]) -> Undo:
    """The way back of a run that set the end date of these two."""
    rows = [
        RunRow(
            row=agent.row,
            employee_id=agent.employee_id,
            outcome=Outcome.DONE,
            before={"esp_end_date": TODAY},
            after={"esp_end_date": UNTIL.isoformat()},
            pressed={"esp_end_date": None},
            found={"esp_end_date": UNTIL.isoformat()},
        )
        for agent in agents
    ]
    return Undo(
        undone=Run(
            id="extend-1", plan="plan-1", flow="extend", route="end-date", state="done", rows=tuple(rows)
        )
    )


def _in_class(mock: MockPortals) -> list[Agent]:
    return agents_of(class_of(mock, 2))


def _expired(mock: MockPortals) -> list[Agent]:
    return agents_of(expired(mock, 2))


def _on_uptraining(mock: MockPortals, agents: Sequence[Agent]) -> None:
    for agent in agents:
        mock.set(agent.employee_id, uptraining_class=UPTRAINING_CLASS)


def _extended(mock: MockPortals, agents: Sequence[Agent]) -> None:
    for agent in agents:
        mock.set(agent.employee_id, esp_end_date=UNTIL.isoformat())


def _of_sites(mock: MockPortals) -> list[Agent]:
    return [replace(agent, site=SITE, campaign=CAMPAIGN) for agent in _in_class(mock)]


def _placed(mock: MockPortals, agents: Sequence[Agent]) -> None:
    for agent in agents:
        mock.set(agent.employee_id, site=SITE, campaign=CAMPAIGN)


EXTEND = FlowUnderTest(
    name="extend",
    flow=_extend,
    agents=_in_class,
    steps=(*SIGN_IN_STEPS, *READING_STEPS, *WRITING_STEPS, *ROSTER_STEPS),
)
# Up to the panel these flows are the same code on the same pages.
UPTRAINING = FlowUnderTest(
    name="uptraining",
    flow=partial(_extend, route=Route.UPTRAINING),
    agents=_expired,
    steps=(*WRITING_STEPS, ROSTER),
)
CLEAR = FlowUnderTest(
    name="clear-uptraining",
    flow=_clear,
    agents=_expired,
    ready=_on_uptraining,
    steps=(*WRITING_STEPS, ROSTER),
)
TRANSFER = FlowUnderTest(
    name="transfer",
    flow=_transfer,
    agents=_of_sites,
    ready=_placed,
    steps=(*DEPARTMENT_STEPS, ROSTER),
)
UNDO = FlowUnderTest(name="undo", flow=_undo, agents=_in_class, ready=_extended, steps=WRITING_STEPS)

FLOWS = (EXTEND, UPTRAINING, CLEAR, TRANSFER, UNDO)
