"""`rpa clear-uptraining`, from the journal's open ones to an empty field."""

from __future__ import annotations

from tests.command import Rpa, expired
from tests.conftest import MockPortals


def test_what_the_journal_holds_open_is_cleared(rpa: Rpa, mock: MockPortals) -> None:
    """Without a file the agents of the uptraining route are planned, cleared with one write each, closed."""
    nobody = rpa("clear-uptraining", "--json")
    assert (nobody.code, nobody.json["plan"]) == (0, None)
    agents = expired(mock, 2)
    rpa.settings["RPA_ROSTER__TIMEOUT"] = "3"
    assert rpa.apply(str(rpa.plan(agents).json["plan"])).json["counts"] == {"done": 2}
    before = len(mock.writes())
    plan = rpa("clear-uptraining", "--json")
    assert plan.outcomes() == dict.fromkeys(agents, "planned"), plan.err
    assert plan.json["rows"][0]["after"] == {"uptraining_class": ""}
    assert "days open: 0" in plan.json["rows"][0]["reason"]
    assert len(mock.writes()) == before
    run = rpa.apply(str(plan.json["plan"]))
    assert (run.code, run.json["counts"]) == (0, {"done": 2}), run.err
    assert [one["after"] for one in mock.writes()[before:]] == ["", ""]
    assert rpa("clear-uptraining", "--json").json["plan"] is None


def test_open_call_certs_are_refused(rpa: Rpa, mock: MockPortals) -> None:
    """With a tracker an agent whose Call Certs are open stays on the route, unless told otherwise."""
    open_one, done_one = expired(mock, 2)
    for agent in (open_one, done_one):
        mock.set(agent, uptraining_class="Aetna")
    tracker = rpa.folder / "tracker.csv"
    tracker.write_text(f"Employee ID,Call Cert\n{open_one},\n{done_one},done\n")
    rpa.settings["RPA_TRACKER__FILE"] = str(tracker)
    batch = rpa.batch([open_one, done_one])
    plan = rpa("clear-uptraining", batch, "--json")
    assert plan.outcomes() == {open_one: "refused", done_one: "planned"}, plan.err
    assert plan.code == 1
    anyway = rpa("clear-uptraining", batch, "--even-if-open", "--json")
    assert anyway.outcomes() == {open_one: "planned", done_one: "planned"}


def test_what_somebody_has_changed_since_the_plan_is_left_alone(rpa: Rpa, mock: MockPortals) -> None:
    """Between plan and apply one agent's class was changed by hand: drifted, and the other is cleared."""
    changed, ours = agents = expired(mock, 2)
    for agent in agents:
        mock.set(agent, uptraining_class="Aetna")
    plan = rpa("clear-uptraining", rpa.batch(agents), "--json")
    assert set(plan.outcomes().values()) == {"planned"}
    mock.set(changed, uptraining_class="Anthem")
    run = rpa.apply(plan.json["plan"])
    assert run.outcomes() == {changed: "drifted", ours: "done"}
    assert [one["employee_id"] for one in mock.writes()] == [ours]
    assert mock.employee(changed)["uptraining_class"] == "Anthem"
