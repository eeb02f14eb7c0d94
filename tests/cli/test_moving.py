"""`rpa transfer` and `rpa verify --wait`, end to end, with a tracker of the manager's own."""

from __future__ import annotations

import pytest

from tests.command import UNTIL, Rpa, class_of
from tests.conftest import MockPortals, StartMock
from tests.trackers import cells, tracker

DEPARTMENT = "510 - Aetna PRV Contact Center"


def test_transfer_from_plan_to_undo(rpa: Rpa, mock: MockPortals) -> None:
    """A plan writes nothing, its apply exactly that, drift is left alone, and undo is right to the byte."""
    agents = class_of(mock, 3)
    path = tracker(rpa, {agents[0]: {}, agents[1]: {}, agents[2]: {"TBT": "open"}})
    before = mock.people()
    plan = rpa("transfer", rpa.batch(agents), "--json")
    assert plan.code == 1
    assert plan.outcomes() == {agents[0]: "planned", agents[1]: "planned", agents[2]: "refused"}
    assert "open: TBT" in plan.json["rows"][2]["reason"]
    assert plan.json["rows"][0]["after"]["home_department"] == DEPARTMENT
    assert mock.writes() == []

    was = mock.employee(agents[1])["uptraining_class"]
    mock.set(agents[1], uptraining_class="Anthem")
    run = rpa.apply(plan.json["plan"])
    assert run.outcomes() == {agents[0]: "done", agents[1]: "drifted", agents[2]: "refused"}
    after = plan.json["rows"][0]["after"]
    assert {one["field"]: one["after"] or "" for one in mock.writes()} == {
        field: value or "" for field, value in after.items()
    }
    assert {one["employee_id"] for one in mock.writes()} == {agents[0]}
    assert cells(path)[agents[0]] != ""
    assert [cells(path)[agent] for agent in agents[1:]] == ["", ""]
    assert [cell["state"] for cell in run.json["tracker"]] == ["written"]
    assert "restart" in " ".join(run.json["notices"])

    mock.set(agents[1], uptraining_class=was)
    undo = rpa.apply(rpa("undo", run.json["run"], "--json").json["plan"])
    assert undo.json["counts"] == {"done": 1}
    assert "cleared again" in " ".join(undo.json["notices"])
    assert set(cells(path).values()) == {""}
    assert mock.people() == before


@pytest.mark.soak
def test_undo_of_a_transfer_whose_cell_still_waits(rpa: Rpa, mock: MockPortals) -> None:
    """A tracker open in Excel fails no transfer: its cell waits, and after an undo it is never written."""
    (agent,) = class_of(mock, 1)
    path = tracker(rpa, {agent: {}})
    mark = path.with_name(f"~${path.name}")
    mark.touch()
    run = rpa("transfer", rpa.batch([agent]), "--apply", "--yes", "--json")
    assert run.outcomes() == {agent: "done"}, run.err
    assert [cell["state"] for cell in run.json["tracker"]] == ["queued"]

    undo = rpa.apply(rpa("undo", run.json["run"], "--json").json["plan"])
    assert undo.outcomes() == {agent: "done"}
    assert "will not be written" in " ".join(undo.json["notices"])
    mark.unlink()
    synced = rpa("tracker", "sync", "--json").json
    assert [synced[what] for what in ("written", "refused", "waiting")] == [[], [], []]
    assert cells(path) == {agent: ""}


def test_transfer_without_a_tracker_must_be_said(rpa: Rpa, mock: MockPortals) -> None:
    """Nobody is transferred unchecked by accident: no tracker, no plan, until --without-tracker says so."""
    agents = class_of(mock, 1)
    batch = rpa.batch(agents, site=["PRV"], campaign=["Aetna"])
    told = rpa("transfer", batch)
    assert told.code == 2
    assert "--without-tracker" in told.err
    assert mock.requests() == []
    plan = rpa("transfer", batch, "--without-tracker", "--json")
    assert plan.json["counts"] == {"planned": 1}
    assert any("nobody has checked" in note for note in plan.json["notes"])


def test_transfer_needs_a_column_for_each_task(rpa: Rpa, mock: MockPortals) -> None:
    """A column whose header is not known is not done: no plan, until the site names it or says otherwise."""
    (agent,) = class_of(mock, 1)
    path = tracker(rpa, {agent: {"Call Cert": "NO"}})
    path.write_text(path.read_text().replace("Call Cert", "Call Certification Passed?"))
    told = rpa("transfer", rpa.batch([agent]))
    assert told.code == 2
    assert "no column for 'call_cert' (is it" in told.err
    assert "Call Certification Passed?" in told.err
    assert mock.requests() == []
    rpa.settings["RPA_TRACKER__COLUMNS"] = '{"call_cert": ["Call Certification Passed?"]}'
    plan = rpa("transfer", rpa.batch([agent]), "--json")
    assert "open: Call Cert" in plan.json["rows"][0]["reason"]

    rpa.settings["RPA_TRACKER__COLUMNS"] = "{}"
    rpa.settings["RPA_TRACKER__NOT_TRACKED"] = '["call_cert"]'
    plan = rpa("transfer", rpa.batch([agent]), "--json")
    assert plan.outcomes() == {agent: "planned"}
    assert any("does not track Call Cert" in note for note in plan.json["notes"])


def test_verify_waits_for_a_roster_that_lags(rpa: Rpa, start_mock: StartMock) -> None:
    """Right after an extension the roster lacks everybody; with --wait it is looked at until it has them."""
    mock = start_mock(lag=6)
    late = Rpa(rpa.folder, mock)
    late.settings["RPA_ROSTER__TIMEOUT"] = "30"
    agents = class_of(mock, 2)
    mock.advance(10)
    for agent in agents:
        mock.set(agent, esp_end_date=UNTIL)
    batch = late.batch(agents)
    waited = late("verify", batch, "--wait", "--json")
    assert waited.code == 0, waited.out
    assert set(waited.outcomes().values()) == {"listed"}
