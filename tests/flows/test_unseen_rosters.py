"""Rosters that nobody could look at: whatever the flow and the cause, its agents are not called done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from rpa.domain.clearing import ClearingOrder
from rpa.domain.departments import DepartmentRules
from rpa.domain.errors import AccessMissing, PortalFailed, RpaError, SignInNeeded
from rpa.domain.extension import ExtensionOrder, Route
from rpa.domain.outcomes import Outcome
from rpa.domain.runs import RunRow
from rpa.domain.transfer import TransferOrder
from rpa.flows.clear_uptraining import ClearUptraining
from rpa.flows.roster_wait import Patience
from rpa.flows.transfer import Transfer
from tests.engine.stand_ins import NOW, JumpingClock
from tests.flows.stand_ins import Dashboard, ListeningDesk, extending, leaving

TODAY = NOW.date()
LOOKS_AGAIN = "`rpa resume` looks again."
WRITES_TO_NOC = "`rpa resume` looks again, and then writes to NOC."


def _extend() -> Any:
    return extending(ExtensionOrder(route=Route.END_DATE, until=date(2026, 12, 4)))


def _clear() -> Any:
    leaves = leaving(JumpingClock(), Patience())
    return ClearUptraining(asked=ClearingOrder(), today=TODAY, leaving=leaves, ours={})


def _transfer() -> Any:
    clock = JumpingClock()
    order = TransferOrder(departments=DepartmentRules(sites=frozenset(), codes={}), effective=TODAY)
    leaves = leaving(clock, Patience())
    return Transfer(asked=order, today=TODAY, it="it@example.invalid", leaving=leaves, clock=clock)


def _row(number: int, outcome: Outcome) -> RunRow:
    found = {"esp_start_date": "2026-11-16", "esp_end_date": "2026-12-04", "uptraining_class": ""}
    return RunRow(row=number, employee_id=str(number), outcome=outcome, found=found)


@pytest.mark.parametrize(
    ("flow", "later"),
    [
        (_extend, WRITES_TO_NOC),
        (_clear, "`rpa resume` looks again."),
        (_transfer, "`rpa resume` looks again."),
    ],
)
@pytest.mark.parametrize("kind", [PortalFailed, AccessMissing, SignInNeeded])
def test_nobody_is_done_whose_roster_was_not_seen(
    flow: Callable[[], Any], later: str, kind: type[RpaError]
) -> None:
    """Who stands in ADP is pending, the cause and its mend are told, and a needed sign-in stops the run."""
    rows = [_row(1, Outcome.DONE), _row(2, Outcome.UNCHANGED), _row(3, Outcome.FAILED)]
    desk = ListeningDesk(rows=rows)
    dashboard = Dashboard(kind("It is so.", next_step="Mend it."))
    if kind is SignInNeeded:
        with pytest.raises(SignInNeeded):
            flow().settle(dashboard, desk)
    else:
        flow().settle(dashboard, desk)
    assert desk.outcomes == dict.fromkeys("12", (Outcome.PENDING, later))
    assert [one for one in desk.notices if "It is so. Mend it. The changes in ADP stand." in one]
    assert desk.letters == []
