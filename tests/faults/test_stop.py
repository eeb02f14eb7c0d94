"""A person, or the machine, asks a run to stop: the agent in hand is finished, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import Rpa, Told, class_of
from tests.conftest import ROOT, MockPortals, StartMock
from tests.faults import processes
from tests.faults.conftest import AGENTS, Case, prepared

SECONDS = 60


def until(what: Callable[[], object]) -> None:
    """Look again and again until it is so."""
    deadline = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < deadline


Stop = Callable[["subprocess.Popen[str]"], None]


def stopped(rpa: Rpa, plan: str, when: Callable[[], object], how: Stop) -> tuple[Told, float]:
    """The plan applied as at a terminal, stopped at that moment: what it told, and after how many seconds.

    Every process that it had started has ended with it.
    """
    words = [sys.executable, "-m", "rpa", "apply", plan, "--yes", "--json"]
    with subprocess.Popen(
        words,
        env=rpa.environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        try:
            until(when)
        except AssertionError:
            run.kill()
            raise
        others = processes.below(run.pid)
        assert processes.browser_of(run.pid)
        began = time.monotonic()
        how(run)
        out, err = run.communicate(timeout=SECONDS)
    took = time.monotonic() - began
    until(lambda: not any(Path(f"/proc/{one}").exists() for one in others))
    assert "Traceback" not in err
    return Told(run.returncode, out, err), took


def ctrl_c(run: subprocess.Popen[str]) -> None:
    """What a terminal does: everybody in the foreground gets it, the browser's driver as well."""
    os.killpg(run.pid, signal.SIGINT)


def terminate(run: subprocess.Popen[str]) -> None:
    """What `kill` does."""
    run.terminate()


def hang_up(run: subprocess.Popen[str]) -> None:
    """What the loss of a connection does, and often it does it twice."""
    for _ in range(2):
        run.send_signal(signal.SIGHUP)
        wait_until_heard(run)


def ctrl_c_twice(run: subprocess.Popen[str]) -> None:
    """What somebody does who does not want to wait."""
    ctrl_c(run)
    wait_until_heard(run)
    ctrl_c(run)


def wait_until_heard(run: subprocess.Popen[str]) -> None:
    assert run.stderr is not None
    while "Stopping" not in run.stderr.readline():
        assert run.poll() is None


@pytest.mark.parametrize(
    "how",
    [ctrl_c, pytest.param(terminate, marks=pytest.mark.soak), pytest.param(hang_up, marks=pytest.mark.soak)],
)
def test_click_in_hand_is_finished(case: Case, how: Stop) -> None:
    """Asked to stop while Done is on its way, the run reads that agent back, ends with 130, and resumes."""
    _, second, _ = case.planned.agents
    match = {"portal": "adp", "method": "POST", "employee_id": second}
    case.mock.faults({"match": match, "effect": "latency", "seconds": 2})
    told, _ = stopped(case.rpa, case.planned.plan, lambda: case.mock.hits() != [0], how)
    assert told.code == 130, told.err
    assert list(told.outcomes().values()) == ["done", "done", "skipped"]
    assert told.json["state"] == "stopped"
    case.mock.faults()
    resumed = case.rpa("resume", told.json["run"], "--json")
    assert resumed.code == 0, resumed.err
    case.check_whole(resumed)


def test_second_ctrl_c_stops_at_once(case: Case) -> None:
    """Ctrl-C again does not wait for the agent in hand; what came of it is unknown until it is resumed."""
    first = case.planned.agents[0]
    match = {"portal": "adp", "method": "POST", "employee_id": first}
    case.mock.faults({"match": match, "effect": "latency", "seconds": 8})

    told, took = stopped(case.rpa, case.planned.plan, lambda: case.mock.hits() != [0], ctrl_c_twice)
    assert took < 6
    assert told.code == 6, told.err
    assert list(told.outcomes().values()) == ["unknown"] + ["skipped"] * (AGENTS - 1)
    assert told.json["state"] == "stopped"


def test_wait_for_the_rosters_is_left_at_once(tmp_path: Path, start_mock: StartMock) -> None:
    """Nobody has to sit out the ten minutes of a roster: Ctrl-C ends them, and `rpa resume` goes on."""
    mock = start_mock(lag=600)
    rpa = prepared(Rpa(tmp_path, mock))
    rpa.settings["RPA_ROSTER__POLL"] = "15"
    rpa.settings["RPA_ROSTER__TIMEOUT"] = "600"
    agents = class_of(mock, AGENTS)
    plan = rpa.planned(agents, "--route", "end-date")
    told, took = stopped(rpa, plan, lambda: looked_at_rosters(mock), ctrl_c)
    assert took < 10
    assert told.code == 130, told.err
    assert (told.json["state"], told.json["mails"]) == ("stopped", [])
    assert set(told.outcomes().values()) == {"done"}
    mock.advance(600)
    resumed = rpa("resume", told.json["run"], "--json")
    assert resumed.code == 0, resumed.err
    assert (resumed.json["state"], len(resumed.json["mails"])) == ("completed", 1)
    assert len(mock.writes()) == AGENTS


def looked_at_rosters(mock: MockPortals) -> bool:
    """Whether BlackDash was asked for its classes since the last agent was changed."""
    asked = [(one["path"], one["method"] == "POST" and one["employee_id"]) for one in mock.requests()]
    last = max((nth for nth, (_, is_save) in enumerate(asked) if is_save), default=len(asked))
    return len(mock.writes()) == AGENTS and any("/training/classes" in path for path, _ in asked[last:])
