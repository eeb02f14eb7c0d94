"""`rpa undo`, `rehearse`, `settle`, `history`, `audit` and the lock, end to end."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from rpa.domain.errors import PlanRefused
from tests.cli.conftest import PlanOfTwo, RunOfTwo
from tests.command import UNTIL, Rpa, class_of, expired
from tests.conftest import MockPortals


def test_undo_brings_everybody_back(rpa: Rpa, mock: MockPortals, run_of_two: RunOfTwo) -> None:
    """An undo brings the portal's state back to the byte, and the undone run does not go on."""
    assert mock.people() != run_of_two.before
    undo = rpa("undo", run_of_two.name, "--json")
    assert undo.json["counts"] == {"planned": 2}
    assert rpa.apply(undo.json["plan"]).json["counts"] == {"done": 2}
    assert mock.people() == run_of_two.before
    resumed = rpa("resume", run_of_two.name)
    assert resumed.code == PlanRefused.exit_code
    assert "was taken back by run-" in resumed.err
    assert mock.people() == run_of_two.before


def test_undo_leaves_what_somebody_changed_since(rpa: Rpa, mock: MockPortals, run_of_two: RunOfTwo) -> None:
    """A value that somebody has changed since the run drifts, in the plan of the undo and in its apply."""
    agents = run_of_two.agents
    mock.set(agents[0], esp_end_date="2026-12-08")
    undo = rpa("undo", run_of_two.name, "--json")
    assert undo.outcomes()[agents[0]] == "drifted"
    mock.set(agents[1], esp_end_date="2026-12-09")
    assert rpa.apply(undo.json["plan"]).outcomes()[agents[1]] == "drifted"
    ends = {agent: mock.employee(agent)["esp_end_date"] for agent in agents}
    assert ends == {agents[0]: "2026-12-08", agents[1]: "2026-12-09"}


@pytest.mark.soak
def test_undo_of_uptraining_erases_it(rpa: Rpa, mock: MockPortals) -> None:
    """Taking back the uptraining route leaves the field as empty as it was."""
    agents = expired(mock, 2)
    run = rpa.apply(rpa.planned(agents, "--route", "uptraining")).json["run"]
    rpa.apply(rpa("undo", run, "--json").json["plan"])
    assert [mock.employee(agent)["uptraining_class"] for agent in agents] == ["", ""]


def test_rehearsal_changes_nothing_and_keeps_the_plan(
    rpa: Rpa, mock: MockPortals, plan_of_two: PlanOfTwo
) -> None:
    """A rehearsal fills and cancels every form without a write, and the plan can still be applied."""
    rehearsed = rpa("rehearse", plan_of_two.plan, "--json")
    assert rehearsed.json["counts"] == {"rehearsed": 2}
    assert mock.writes() == []
    assert not [one for one in mock.requests() if one["method"] == "POST" and one["employee_id"]]
    assert rpa.apply(plan_of_two.plan).code == 0


def test_rehearsal_finds_a_read_only_account(rpa: Rpa, mock: MockPortals) -> None:
    """An account that may not edit is found in the rehearsal, before the real day."""
    rpa.sign_in_as("adp", mock.account("adp", "read_only"))
    rehearsed = rpa("rehearse", rpa.planned(class_of(mock, 2)), "--json")
    assert rehearsed.code == 1
    assert "Edit" in rehearsed.json["rows"][0]["reason"]


def test_unknown_is_looked_at_again_and_settled(rpa: Rpa, mock: MockPortals, plan_of_two: PlanOfTwo) -> None:
    """An unknown outcome is never written again: resume reads it, and a person may say what it was."""
    agents = plan_of_two.agents
    mock.faults({"match": {"employee_id": agents[0]}, "effect": "silent_loss"})
    run = rpa.apply(plan_of_two.plan).json["run"]
    mock.faults()
    assert rpa("resume", run, "--json").outcomes()[agents[0]] == "unknown"
    assert agents[0] not in {one["employee_id"] for one in mock.writes()}
    settled = rpa("settle", run, agents[0], "--not-saved", "--json")
    assert settled.outcomes()[agents[0]] == "failed"
    assert "settled by" in settled.json["rows"][0]["reason"]
    assert rpa("settle", run, agents[1], "--saved").code == 2


@pytest.mark.soak
def test_approved_change_is_done_at_resume(rpa: Rpa, mock: MockPortals, plan_of_two: PlanOfTwo) -> None:
    """A change that waited for approval is pending, and done once it was approved and looked at."""
    agents = plan_of_two.agents
    mock.faults({"match": {"employee_id": agents[0]}, "effect": "approval"})
    run = rpa.apply(plan_of_two.plan).json["run"]
    mock.faults()
    assert rpa("resume", run, "--json").outcomes()[agents[0]] == "pending"
    mock.approve(agents[0])
    assert rpa("resume", run, "--json").outcomes()[agents[0]] == "done"


def test_history_tells_who_changed_what(rpa: Rpa, mock: MockPortals, run_of_two: RunOfTwo) -> None:
    """The history of an agent names run, plan, account, and the values before and after."""
    agent = run_of_two.agents[0]
    before = next(one["esp_end_date"] for one in json.loads(run_of_two.before) if one["employee_id"] == agent)
    intended, ended = rpa("history", agent, "--json").json["events"]
    assert (intended["run"], intended["plan"]) == (run_of_two.name, run_of_two.plan)
    assert intended["account"] == mock.adp.username
    assert (intended["before"], intended["after"]) == ({"esp_end_date": before}, {"esp_end_date": UNTIL})
    assert ended["outcome"] == "done"


@pytest.mark.usefixtures("run_of_two")
def test_tampered_journal_is_told(rpa: Rpa) -> None:
    """A journal in which somebody has changed an outcome no longer passes the audit."""
    assert rpa("audit", "verify").code == 0
    with sqlite3.connect(rpa.folder / "state" / "journal.sqlite") as journal:
        journal.execute("update events set data = replace(data, 'done', 'failed') where seq = 5")
    journal.close()
    told = rpa("audit", "verify", "--json")
    assert told.code == 1
    assert told.json["broken_at"] == 5


def test_second_command_on_the_account_is_refused(rpa: Rpa, mock: MockPortals) -> None:
    """While one command works with an account, another ends with exit 4 and names it."""
    batch = rpa.batch(class_of(mock, 12))
    mock.faults({"match": {"portal": "adp", "path": "/people/v1/list"}, "effect": "latency", "seconds": 3})
    words = [sys.executable, "-m", "rpa", "extend", str(batch), "--until", UNTIL]
    with subprocess.Popen(
        words, env=rpa.environment(), cwd=rpa.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as first:
        wait_until_signed_in(mock)
        second = rpa("extend", batch, "--until", UNTIL, "--json")
        first.kill()
    assert second.code == 4
    assert "a plan" in second.err


def wait_until_signed_in(mock: MockPortals) -> None:
    deadline = time.monotonic() + 60
    while not any(one["path"] == "/people/v1/list" for one in mock.requests()):
        assert time.monotonic() < deadline


@pytest.mark.usefixtures("run_of_two")
def test_purge_names_first_and_keeps_the_journal(rpa: Rpa) -> None:
    """Purging names what it would delete, deletes it with --yes, and the journal still passes the audit."""
    assert rpa("purge", "--older-than", "1", "--json").json["paths"] == []
    state = rpa.folder / "state"
    old = [one for kind in ("runs", "plans", "logs") for one in (state / kind).iterdir()]
    before = (datetime.now(UTC) - timedelta(days=91)).timestamp()
    for path in old:
        os.utime(path, (before, before))
    kept = state / "plans" / "of-today.json"
    kept.touch()
    told = rpa("purge", "--older-than", "90", "--json").json
    assert (set(told["paths"]), told["deleted"]) == (set(map(str, old)), False)
    assert all(path.exists() for path in old)
    assert rpa("purge", "--older-than", "90", "--yes", "--json").json["deleted"]
    assert not any(path.exists() for path in old)
    assert kept.exists()
    assert rpa("audit", "verify").code == 0
    assert rpa("runs").code == 0
