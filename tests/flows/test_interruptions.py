"""Sessions that end in the middle of a run, at the real command; everything else is in tests/faults."""

from __future__ import annotations

import pytest

from tests.command import Rpa, class_of
from tests.conftest import MockPortals

RECORD = "/people/v1/G*"


def test_session_that_ends_once_is_opened_again(rpa: Rpa, mock: MockPortals) -> None:
    """A session that ends in the middle of an agent costs one sign-in more, and every agent is done once."""
    rpa.settings["RPA_ADP__TIMEOUT"] = "5"
    agents = class_of(mock, 2)
    plan = rpa.planned(agents)
    fault = {"match": {"portal": "adp", "path": RECORD, "employee_id": agents[1], "nth": 1}}
    mock.faults({**fault, "effect": "kick_session"})
    run = rpa.apply(plan)
    assert run.json["counts"] == {"done": 2}, run.err
    assert sorted(one["employee_id"] for one in mock.writes()) == sorted(agents)
    signed_in = [one for one in mock.requests() if one["path"] == "/signin/v1/password"]
    assert len(signed_in) == 3  # the plan, the run, and once again


@pytest.mark.soak
def test_session_that_ends_again_and_again_stops_the_run(rpa: Rpa, mock: MockPortals) -> None:
    """A session that somebody keeps taking away ends in exit 5, with nothing written for that agent."""
    rpa.settings["RPA_ADP__TIMEOUT"] = "5"
    agents = class_of(mock, 3)
    plan = rpa.planned(agents)
    mock.faults(
        {"match": {"portal": "adp", "path": RECORD, "employee_id": agents[1]}, "effect": "kick_session"}
    )
    run = rpa.apply(plan)
    assert run.code == 5
    assert list(run.outcomes().values()) == ["done", "failed", "skipped"]
    assert agents[1] not in {one["employee_id"] for one in mock.writes()}
    mock.faults()
    assert set(rpa("resume", run.json["run"], "--json").outcomes().values()) == {"done"}


@pytest.mark.soak
def test_code_that_nobody_can_type_stops_the_run(rpa: Rpa, mock: MockPortals) -> None:
    """A one-time code that is asked for in the middle of a run ends it with exit 5; it can be resumed."""
    rpa.settings["RPA_ADP__TIMEOUT"] = "5"
    agents = class_of(mock, 3)
    plan = rpa.planned(agents)
    mock.faults(
        {"match": {"portal": "adp", "path": RECORD, "employee_id": agents[1], "nth": 1}, "effect": "step_up"}
    )
    run = rpa.apply(plan)
    assert run.code == 5
    assert "one-time code" in run.err
    assert list(run.outcomes().values()) == ["done", "failed", "skipped"]
    assert set(rpa("resume", run.json["run"], "--json").outcomes().values()) == {"done"}
    assert len(mock.writes()) == 3
