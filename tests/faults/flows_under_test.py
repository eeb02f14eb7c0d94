"""The flows that go through the fault matrix: how each is made, on whom, and which requests its run sends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.extension import ExtensionOrder, Route
from rpa.engine.clock import Clock
from rpa.engine.flow import Flow
from rpa.engine.reading import Limits
from rpa.flows.extend import Extend
from rpa.flows.portals import Portals
from rpa.flows.roster_wait import Patience
from tests.command import class_of
from tests.conftest import TODAY, MockPortals
from tests.engine.stand_ins import NoWatcher
from tests.faults.matrix import STRUCK, Kind, Phase, Step

UNTIL = date(2026, 12, 4)
LIST = "/people/v1/list"
RECORD = "/people/v1/G*"


def as_it_is(mock: MockPortals) -> None:
    """The mock portals need no preparation."""
    del mock


@dataclass(frozen=True, kw_only=True)
class FlowUnderTest:
    """A flow that goes through the matrix.

    `ready` puts the mock portals, just reset, into the state that the flow starts from; `agents` gives two
    whom it can change: the one that faults strike, and the next. `steps` are the requests of a run that
    applies the plan of these two, from signing in to the rosters.
    """

    name: str
    flow: Callable[[Clock], Flow[Portals]]
    agents: Callable[[MockPortals], Sequence[Agent]]
    steps: Sequence[Step]
    ready: Callable[[MockPortals], None] = as_it_is


def adp(name: str, kind: Kind, phase: Phase, path: str, *, method: str = "GET", **more: Any) -> Step:
    """A request to ADP; `nth` and `employee_id` go into its match."""
    match = {key: more.pop(key) for key in ("nth", "employee_id") if key in more}
    match = {"portal": "adp", "method": method, "path": path, **match}
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

ROSTER_STEPS = (
    blackdash("log-in page", Kind.DOCUMENT, "/login", signed_in=False, word="Username"),
    blackdash("password", Kind.SIGN_IN, "/login", method="POST", signed_in=False),
    blackdash("dashboard", Kind.DOCUMENT, "[/]", nth=2, at_the_door=True, turned_away=1, word="Dashboard"),
    blackdash("classes", Kind.DOCUMENT, "/training/classe[s]", word="ESP Manager"),
    blackdash("roster", Kind.ROSTER, "/training/classes/*"),
)

CUSTOM_FIELDS_STEPS = (
    *SIGN_IN_STEPS,
    *READING_STEPS,
    adp(
        *("Edit opens the panel", Kind.PANEL, Phase.BEFORE, "/people/v1/layouts"),
        nth=1,
        shared=True,
        word="ESP End Date",
    ),
    adp(
        *("Done", Kind.SAVE, Phase.SAVE, "/people/v1/G*/custom-fields"),
        method="POST",
        employee_id=STRUCK,
    ),
    *READ_BACK_STEPS,
    *ROSTER_STEPS,
)


def _extend(clock: Clock) -> Extend:
    return Extend(
        asked=ExtensionOrder(route=Route.END_DATE, until=UNTIL),
        today=date.fromisoformat(TODAY),
        manager="",
        noc="noc@example.invalid",
        patience=Patience(timeout=60, poll=15),
        limits=Limits(),
        clock=clock,
        watcher=NoWatcher(),
    )


def agents_of(ids: Sequence[str]) -> list[Agent]:
    """These as the rows of a batch file."""
    return [Agent(employee_id=EmployeeId(one), row=row) for row, one in enumerate(ids, start=2)]


EXTEND = FlowUnderTest(
    name="extend",
    flow=_extend,
    agents=lambda mock: agents_of(class_of(mock, 2)),
    steps=CUSTOM_FIELDS_STEPS,
)

FLOWS = (EXTEND,)
