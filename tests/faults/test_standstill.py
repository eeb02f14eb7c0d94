"""What stops a run, and that it goes on from there: a code, a password, a right, a portal that is down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rpa.domain.errors import PortalFailed, SignInNeeded
from tests.command import Rpa, class_of
from tests.conftest import MockPortals, SignIn
from tests.engine.stage import agents_of
from tests.faults.faulty_run import LIMITS, Bench, without_batch_step
from tests.faults.flows_under_test import EXTEND, FlowUnderTest

ROWS = without_batch_step(EXTEND)
THREE = replace(ROWS, name="extend three", agents=lambda mock: agents_of(class_of(mock, 3)))


def outcomes(bench: Bench, flow: FlowUnderTest, **more: object) -> tuple[list[str], object, str]:
    """The outcomes of a run of the flow's plan, what stopped it, and its id."""
    ran = bench.apply(flow, bench.plans[flow.name], **more)  # type: ignore[arg-type]
    return [row.outcome.value for row in ran.run.rows], ran.stopped_by, ran.run.id


def passwords(mock: MockPortals) -> int:
    return sum(one["path"] == "/signin/v1/password" for one in mock.requests())


def test_bad_password_is_typed_once(bench: Bench) -> None:
    """A password that ADP refuses is typed once, the run stops with nothing written, and can be resumed."""
    bench.plan(ROWS)
    mock = bench.mock
    bench.adp = replace(mock.adp, password="wrong")
    told, stopped_by, run = outcomes(bench, ROWS)
    assert told == ["failed", "skipped"]
    assert isinstance(stopped_by, SignInNeeded)
    assert stopped_by.exit_code == 5
    assert passwords(mock) == 1
    bench.adp = None
    assert outcomes(bench, ROWS, resume=run)[0] == ["done", "done"]


def test_account_that_may_only_read_lacks_a_right(bench: Bench) -> None:
    """An account without Edit fails its rows with that reason, and sends no save."""
    plan = bench.plan(ROWS)
    reader: SignIn = bench.mock.account("adp", "read_only")
    bench.adp = reader
    ran = bench.apply(ROWS, plan)
    bench.adp = None
    assert {row.outcome.value for row in ran.run.rows} == {"failed"}
    assert all("no Edit" in row.reason for row in ran.run.rows)
    assert not [one for one in ran.requests if one["method"] == "POST" and one["employee_id"]]


def test_portal_that_is_down_stops_the_run_and_resume_goes_on(bench: Bench) -> None:
    """Two rows that fail in a row stop it, the rest is skipped, and with the portal back all are done."""
    bench.plan(THREE)
    bench.mock.faults(
        {"match": {"portal": "adp", "path": "/people/v1/G*"}, "effect": "status", "status": 503}
    )
    limits = replace(LIMITS, failures_in_a_row=2, read_attempts=1)
    told, stopped_by, run = outcomes(bench, THREE, limits=limits)
    assert told == ["failed", "failed", "skipped"]
    assert isinstance(stopped_by, PortalFailed)
    assert bench.mock.writes() == []
    bench.mock.faults()
    assert outcomes(bench, THREE, resume=run)[0] == ["done"] * 3
    assert len(bench.mock.writes()) == 3


@pytest.mark.parametrize("moment", ["before Done", "after Done"])
def test_step_up_in_the_middle_stops_the_run(bench: Bench, moment: str) -> None:
    """A code that is asked for in mid-run stops it there; what is known is told, and the rest is resumed."""
    plan = bench.plan(ROWS)
    second = plan.to_change[1].employee_id
    nth = 1 if moment == "before Done" else 2
    match = {"portal": "adp", "path": "/people/v1/G*", "method": "GET", "employee_id": second, "nth": nth}
    bench.mock.faults({"match": match, "effect": "step_up"})
    told, stopped_by, run = outcomes(bench, ROWS)
    assert told == ["done", "failed" if moment == "before Done" else "unknown"]
    assert isinstance(stopped_by, SignInNeeded)
    assert "one-time code" in stopped_by.what
    assert outcomes(bench, ROWS, resume=run)[0] == ["done", "done"]
    assert len(bench.mock.writes()) == 2


FREEZE = "if (!localStorage.frozen) { localStorage.frozen = 1; setTimeout(() => { for (;;); }, 0); }"
MOMENTS = {
    "the record opens": ("*/record.js", "Object.assign(this, { main, aoid, turn: 0 });"),
    "a save is answered": ("*/slide-in.js", "saved({ outcome, toast: announced }) {"),
}


@pytest.mark.soak
@pytest.mark.parametrize("moment", MOMENTS)
def test_page_that_freezes_costs_its_agent_time_and_nothing_else(
    rpa: Rpa, mock: MockPortals, moment: str
) -> None:
    """A page that hangs once is replaced, and everybody is written once; what was sent is only read."""
    path, place = MOMENTS[moment]
    rpa.settings["RPA_ADP__TIMEOUT"] = "6"
    agents = class_of(mock, 2)
    plan = rpa.planned(agents, "--route", "end-date")
    mock.faults(
        {"match": {"portal": "adp", "path": path}, "effect": "relabel", "from": place, "to": place + FREEZE}
    )
    told = rpa.apply(plan)
    assert told.json["counts"] == {"done": 2}, told.err
    assert sorted(one["employee_id"] for one in mock.writes()) == sorted(agents)
    assert any("page_frozen" in log.read_text() for log in (rpa.folder / "state").rglob("*.jsonl"))
