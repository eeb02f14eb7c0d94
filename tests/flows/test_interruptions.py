"""Sessions that end and windows that pop up in the middle of a run, at the real command."""

from __future__ import annotations

import pytest

from tests.command import Rpa, class_of
from tests.conftest import MockPortals

RECORD = "/people/v1/G*"


@pytest.mark.parametrize("effect", ["expire_session", "kick_session"])
def test_session_that_ends_once_is_opened_again(rpa: Rpa, mock: MockPortals, effect: str) -> None:
    """A session that ends in the middle of an agent costs one sign-in more, and every agent is done once."""
    rpa.settings["RPA_ADP__TIMEOUT"] = "5"
    agents = class_of(mock, 3)
    plan = rpa.planned(agents)
    mock.faults(
        {"match": {"portal": "adp", "path": RECORD, "employee_id": agents[1], "nth": 1}, "effect": effect}
    )
    run = rpa.apply(plan)
    assert run.json["counts"] == {"done": 3}, run.err
    assert sorted(one["employee_id"] for one in mock.writes()) == sorted(agents)
    signed_in = [one for one in mock.requests() if one["path"] == "/signin/v1/password"]
    assert len(signed_in) == 3  # the plan, the run, and once again


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


@pytest.mark.parametrize("kind", ["tour", "survey", "remind", "timeout"])
def test_window_over_every_record_changes_nothing(rpa: Rpa, mock: MockPortals, kind: str) -> None:
    """A window that comes late over every record is put away, and every agent is done once."""
    agents = class_of(mock, 3)
    plan = rpa.planned(agents)
    mock.faults({"match": {"portal": "adp"}, "effect": "popup", "kind": kind})
    run = rpa.apply(plan)
    assert run.json["counts"] == {"done": 3}, run.err
    assert len(mock.writes()) == 3


def test_second_confirmation_is_given(rpa: Rpa, mock: MockPortals) -> None:
    """A portal that asks once more after Done is answered, and each change is saved once."""
    agents = class_of(mock, 3)
    plan = rpa.planned(agents)
    mock.faults({"match": {"portal": "adp"}, "effect": "second_confirm"})
    assert rpa.apply(plan).json["counts"] == {"done": 3}
    assert len(mock.writes()) == 3


def test_busy_portal_is_given_its_time(rpa: Rpa, mock: MockPortals) -> None:
    """A portal that says 429 with a time is read again after that time, and the agent is done."""
    rpa.settings["RPA_ADP__TIMEOUT"] = "5"
    agents = class_of(mock, 3)
    plan = rpa.planned(agents)
    busy = {"effect": "status", "status": 429, "retry_after": 1}
    mock.faults({"match": {"portal": "adp", "path": RECORD, "employee_id": agents[1], "nth": 1}, **busy})
    assert rpa.apply(plan).json["counts"] == {"done": 3}
