"""`rpa extend` and `rpa apply`, end to end: the real command, a real browser, the mock portals."""

from __future__ import annotations

import json
import sqlite3
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.cli.conftest import PlanOfTwo, RunOfTwo
from tests.command import UNTIL, Rpa, class_of, expired
from tests.conftest import MockPortals


def test_plan_apply_again(rpa: Rpa, mock: MockPortals) -> None:
    """A plan of five writes nothing, its apply exactly the five values, once; then all are unchanged."""
    agents = class_of(mock, 5)
    plan = rpa.plan(agents)
    assert plan.code == 0, plan
    assert set(plan.outcomes().values()) == {"planned"}
    assert plan.json["route"] == "end-date"
    assert mock.writes() == []

    run = rpa.apply(plan.json["plan"])
    assert run.code == 0, run.err
    assert run.json["counts"] == {"done": 5}
    written = [(one["employee_id"], one["field"], one["after"]) for one in mock.writes()]
    assert sorted(written) == sorted((agent, "esp_end_date", UNTIL) for agent in agents)
    before = {row["employee_id"]: row["before"]["esp_end_date"] for row in plan.json["rows"]}
    assert {one["employee_id"]: one["before"] for one in mock.writes()} == before

    again = rpa.apply(plan.json["plan"])
    assert again.code == 3
    assert run.json["run"] in again.err
    assert rpa.plan(agents).json["counts"] == {"unchanged": 5}
    assert len(mock.writes()) == 5


def test_roster_and_mail_to_noc(rpa: Rpa, mock: MockPortals) -> None:
    """Five listed agents are one mail to NOC that names them; applying once more sends no second one."""
    agents = class_of(mock, 5)
    run = rpa.apply(rpa.planned(agents)).json
    assert [sorted(roster["listed"]) for roster in run["rosters"]] == [sorted(agents)]
    assert [mail["state"] for mail in run["mails"]] == ["written"]
    assert "log out" in " ".join(run["notices"])

    again = rpa.apply(rpa.planned(agents)).json
    assert again["counts"] == {"unchanged": 5}
    assert again["mails"] == []
    (letter,) = (rpa.folder / "state" / "outbox").iterdir()
    text = message_from_bytes(letter.read_bytes()).as_string()
    assert all(agent in text for agent in agents)


def test_fewer_than_five_go_by_uptraining(rpa: Rpa, mock: MockPortals) -> None:
    """Four agents get Uptraining Class Aetna, stand on the Aetna roster, and nothing is mailed to NOC."""
    agents = expired(mock, 4)
    plan = rpa.plan(agents)
    assert plan.json["route"] == "uptraining"
    run = rpa.apply(plan.json["plan"])
    assert run.json["counts"] == {"done": 4}
    assert {(one["field"], one["after"]) for one in mock.writes()} == {("uptraining_class", "Aetna")}
    assert run.json["mails"] == []
    assert run.json["rosters"] == [
        {"class": "Aetna", "listed": sorted(agents), "missing": [], "headcount": 4}
    ]


def test_uptraining_refuses_dates_that_have_not_expired(rpa: Rpa, mock: MockPortals) -> None:
    """An agent still in ESP is refused on the uptraining route with the dates; the other one is planned."""
    in_esp, over = class_of(mock, 1)[0], expired(mock, 1)[0]
    plan = rpa.plan([in_esp, over])
    assert plan.code == 1
    assert plan.outcomes() == {in_esp: "refused", over: "planned"}
    assert "expired" in next(row["reason"] for row in plan.json["rows"] if row["employee_id"] == in_esp)


def test_refusals_that_change_the_route_ask(rpa: Rpa, mock: MockPortals) -> None:
    """Five agents of whom one is refused would go another way: no plan is kept until --route is given."""
    agents = class_of(mock, 4)
    told = rpa.plan([*agents, "99999"])
    assert told.code == 2
    assert "--route" in told.err
    plan = rpa.plan([*agents, "99999"], "--route", "end-date")
    assert plan.code == 1
    assert plan.json["counts"] == {"planned": 4, "refused": 1}


def test_value_changed_since_the_plan_drifts_alone(
    rpa: Rpa, mock: MockPortals, plan_of_two: PlanOfTwo
) -> None:
    """A value that somebody changed between plan and apply makes that row drift; the other is done."""
    changed, ours = plan_of_two.agents
    mock.set(changed, esp_end_date="2026-12-01")
    run = rpa.apply(plan_of_two.plan)
    assert run.code == 1
    assert run.outcomes() == {changed: "drifted", ours: "done"}
    assert [one["employee_id"] for one in mock.writes()] == [ours]


@pytest.mark.parametrize("where", ["file", "database"])
def test_tampered_plan_is_refused(rpa: Rpa, mock: MockPortals, plan_of_two: PlanOfTwo, where: str) -> None:
    """A plan edited by hand, in its file or in the database, is refused whole."""
    state = rpa.folder / "state"
    copy = state / "plans" / f"{plan_of_two.plan}.json"
    if where == "file":
        copy.write_text(copy.read_text().replace(UNTIL, "2026-12-24"))
    else:
        copy.unlink()
        with sqlite3.connect(state / "journal.sqlite") as journal:
            journal.execute("update plans set document = replace(document, ?, ?)", (UNTIL, "2026-12-24"))
        journal.close()
    assert rpa.apply(plan_of_two.plan).code == 3
    assert mock.writes() == []


def test_look_alikes_are_not_touched(rpa: Rpa, mock: MockPortals) -> None:
    """Of a same-name pair, an id that begins another, and a rehire's twin, only the meant ones change."""
    people = {one["employee_id"]: one for one in mock.state()["employees"]}
    by_name: dict[str, list[str]] = {}
    for one in people.values():
        by_name.setdefault(one["name"], []).append(one["employee_id"])
    pair = next(ids for ids in by_name.values() if len(ids) == 2)
    longer = next(one for one in people if len(one) == 6)
    rehired = next(
        one["employee_id"]
        for one in people.values()
        for closed in people.values()
        if closed["status"] == "Terminated"
        and one["status"] == "Active"
        and closed["name"].removesuffix(" J.") == one["name"]
    )
    meant = [pair[0], longer[:5], rehired]
    plan = rpa.plan(meant, "--route", "end-date")
    assert plan.outcomes() == dict.fromkeys(meant, "planned")
    rpa.apply(plan.json["plan"])
    assert sorted(one["employee_id"] for one in mock.writes()) == sorted(meant)


def test_terminated_agent_is_refused(rpa: Rpa, mock: MockPortals) -> None:
    """A terminated employee's id is refused: the list shows only active ones."""
    closed = next(one["employee_id"] for one in mock.state()["employees"] if one["status"] == "Terminated")
    plan = rpa.plan([closed], "--route", "end-date")
    assert plan.outcomes() == {closed: "refused"}
    assert "no active employee" in plan.json["rows"][0]["reason"]


def test_name_that_disagrees_is_refused(rpa: Rpa, mock: MockPortals) -> None:
    """A name in the file that is not the record's refuses the row: the id may be somebody else's."""
    agents = class_of(mock, 5)
    names = [mock.employee(agent)["name"] for agent in agents]
    plan = rpa.plan(agents, "--route", "end-date", name=[*names[:4], "Nobody, Known"])
    assert plan.json["counts"] == {"planned": 4, "refused": 1}


@pytest.mark.soak
def test_wrong_record_is_never_written(rpa: Rpa, mock: MockPortals) -> None:
    """A portal that opens another person's record gets no write for either of the two."""
    agents = class_of(mock, 3)
    plan = rpa.planned(agents)
    mock.faults({"match": {"employee_id": agents[1]}, "effect": "wrong_record"})
    run = rpa.apply(plan)
    assert run.outcomes() == {agent: "failed" if agent == agents[1] else "done" for agent in agents}
    assert sorted(one["employee_id"] for one in mock.writes()) == sorted(set(agents) - {agents[1]})


@pytest.mark.parametrize(
    ("effect", "outcome", "writes"),
    [
        ("silent_loss", "unknown", 0),
        pytest.param("drop_after_commit", "done", 1, marks=pytest.mark.soak),
        pytest.param("no_toast", "done", 1, marks=pytest.mark.soak),
        pytest.param("drop_before", "failed", 0, marks=pytest.mark.soak),
        pytest.param("approval", "pending", 0, marks=pytest.mark.soak),
    ],
)
def test_save_that_goes_wrong(
    rpa: Rpa, mock: MockPortals, plan_of_two: PlanOfTwo, effect: str, outcome: str, writes: int
) -> None:
    """Whatever a save says or does not say, the read-back gives the verdict, and nothing is saved twice."""
    agents = plan_of_two.agents
    mock.faults({"match": {"employee_id": agents[1], "method": "POST"}, "effect": effect})
    run = rpa.apply(plan_of_two.plan)
    assert run.outcomes() == {agent: outcome if agent == agents[1] else "done" for agent in agents}
    assert run.code == {"unknown": 6, "done": 0}.get(outcome, 1)
    assert [one["employee_id"] for one in mock.writes()].count(agents[1]) == writes
    assert mock.hits() == [1]


def test_no_access_to_the_training_environment(rpa: Rpa, mock: MockPortals) -> None:
    """Without the menu in BlackDash the plan says to ask NOC, and what nobody has seen is not called done."""
    rpa.sign_in_as("blackdash", mock.account("blackdash", "no_access"))
    agents = class_of(mock, 2)
    plan = rpa.plan(agents, "--route", "end-date")
    assert "NOC" in " ".join(plan.json["notes"])
    run = rpa.apply(plan.json["plan"])
    assert run.json["counts"] == {"pending": 2}
    assert "NOC" in " ".join(run.json["notices"])
    assert run.json["mails"] == []


def test_roster_that_never_lists_is_pending(rpa: Rpa, mock: MockPortals, plan_of_two: PlanOfTwo) -> None:
    """Agents whom BlackDash does not list in time are pending, told with what to do, and not mailed about."""
    rpa.settings["RPA_ROSTER__TIMEOUT"] = "1"
    rpa.settings["RPA_EXTENSION__ESP_MANAGER"] = "Nobody Known"
    run = rpa.apply(plan_of_two.plan)
    assert run.code == 1
    assert run.json["counts"] == {"pending": 2}
    assert run.json["mails"] == []
    assert len(mock.writes()) == 2


@pytest.mark.parametrize("portal", ["adp", "blackdash"])
def test_bad_password_is_tried_once(rpa: Rpa, mock: MockPortals, portal: str) -> None:
    """A refused password ends with exit 5, and no later command tries it: three of them lock the account."""
    setting = f"RPA_{portal.upper()}__PASSWORD"
    right, rpa.settings[setting] = rpa.settings[setting], "wrong"
    for _morning in range(2):
        told = rpa.plan(class_of(mock, 1))
        assert told.code == 5
    assert "refused this password" in told.err
    posted = [one["path"] for one in mock.requests() if one["method"] == "POST" and one["portal"] == portal]
    assert sum(path.endswith(("/password", "/login")) for path in posted) == 1
    assert "wrong" not in told.out + told.err.replace("wrong password", "")
    rpa.settings[setting] = right
    assert rpa.plan(class_of(mock, 1), "--route", "end-date").code == 0


def test_portal_that_is_down_is_told(rpa: Rpa, mock: MockPortals) -> None:
    """A portal that answers nothing but 503 ends in one sentence, with nothing planned or changed."""
    rpa.settings |= {"RPA_LIMITS__READ_ATTEMPTS": "1", "RPA_ADP__TIMEOUT": "2"}
    agents = class_of(mock, 5)
    mock.faults({"match": {"portal": "adp"}, "effect": "status", "status": 503})
    told = rpa.plan(agents)
    assert told.code == 1
    assert "503" in told.err
    assert "plan" not in told.json


def test_without_a_terminal_yes_is_needed(rpa: Rpa, mock: MockPortals, plan_of_two: PlanOfTwo) -> None:
    """Where nobody can be asked, an apply without --yes does nothing and leaves the plan as it was."""
    assert rpa("apply", plan_of_two.plan, "--json").code == 2
    assert mock.writes() == []
    assert rpa.apply(plan_of_two.plan).code == 0


@pytest.mark.soak
def test_extend_with_apply_does_both(rpa: Rpa, mock: MockPortals) -> None:
    """`extend --apply --yes` plans and applies in one go, and prints one JSON object."""
    agents = class_of(mock, 5)
    told = rpa("extend", rpa.batch(agents), "--until", UNTIL, "--apply", "--yes", "--json")
    assert told.json["counts"] == {"done": 5}
    assert len(mock.writes()) == 5


@pytest.mark.parametrize("until", ["2026-11-23", "2026-11-01", "2036-11-30"])
def test_until_that_cannot_be_meant(rpa: Rpa, mock: MockPortals, until: str) -> None:
    """A date in the past or years ahead ends before anything is started."""
    told = rpa("extend", rpa.batch(class_of(mock, 5)), "--until", until)
    assert told.code == 2
    assert mock.requests() == []


def test_runs_and_show_tell_the_same(rpa: Rpa, run_of_two: RunOfTwo) -> None:
    """`runs` lists the run, and `show` tells it as `apply` did, with a report that names every agent."""
    assert [one["run"] for one in rpa("runs", "--json").json["runs"]] == [run_of_two.name]
    shown = rpa("show", run_of_two.name, "--json").json
    report = Path(shown["report"])
    assert report.is_relative_to(rpa.folder)
    assert {**shown, "report": run_of_two.run["report"]} == run_of_two.run
    assert all(agent in report.read_text(encoding="utf-8") for agent in run_of_two.agents)


def test_page_that_saves_by_itself_is_noticed(rpa: Rpa, mock: MockPortals) -> None:
    """A plan whose portal cannot be signed in to behind the guard says so, and nothing is planned."""
    toml = rpa.folder / "portals.toml"
    toml.write_text('[adp]\nread_posts = ["POST /signin/v1/userid"]\n')
    told = rpa.plan(class_of(mock, 5))
    assert told.code != 0
    assert mock.writes() == []
    assert json.loads(told.out)["error"]["what"]
