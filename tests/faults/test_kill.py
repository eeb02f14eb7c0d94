"""kill -9 at the journal's edges and at random moments: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys

import pytest

from tests.command import UNTIL, Rpa, class_of
from tests.conftest import ROOT, MockPortals, SoakFigures
from tests.faults import processes
from tests.faults.conftest import AGENTS as FEW
from tests.faults.conftest import Case, killed, new_case

SEED = "2026-11-23"
AGENTS = 5
# run_started, four events an agent, two looks at a roster and its end, mail, notice, run_ended, mail moved.
EDGES = 1 + 4 * AGENTS + 7
FAST_CUT = [(25, "after")]


def check_resumed(rpa: Rpa, mock: MockPortals, edge: int, moment: str, figures: SoakFigures) -> None:
    agents = class_of(mock, AGENTS)
    plan = rpa.planned(agents)
    assert killed(rpa, edge, moment, plan) == -signal.SIGKILL
    runs = rpa("runs", "--json").json["runs"]
    if not runs:  # killed before the run had begun: nothing was done, and the plan is as good as new
        assert mock.writes() == []
    resumed = rpa("resume", runs[0]["run"], "--json") if runs else rpa.apply(plan)
    written = [(one["employee_id"], one["after"]) for one in mock.writes()]
    figures(
        "kill -9 at an edge of the journal",
        tried=1,
        lost_rows=AGENTS - resumed.json["counts"].get("done", 0),
        double_writes=len(written) - len(set(written)),
        double_mails=max(0, len(list((rpa.folder / "state" / "outbox").glob("*.eml"))) - 1),
    )
    assert resumed.outcomes() == dict.fromkeys(agents, "done"), resumed.err
    assert sorted(written) == sorted((agent, UNTIL) for agent in agents)
    assert len(list((rpa.folder / "state" / "outbox").glob("*.eml"))) == 1
    assert resumed.json["state"] == "completed"
    assert rpa("audit", "verify").code == 0


@pytest.mark.parametrize(("edge", "moment"), FAST_CUT)
def test_killed_at_an_edge(
    rpa: Rpa, mock: MockPortals, edge: int, moment: str, soak_figures: SoakFigures
) -> None:
    """A run killed at an edge of the journal is resumed to 5 done, 5 writes and 1 mail."""
    check_resumed(rpa, mock, edge, moment, soak_figures)


@pytest.mark.soak
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("edge", range(1, EDGES + 1))
def test_killed_at_every_edge(
    rpa: Rpa, mock: MockPortals, edge: int, moment: str, soak_figures: SoakFigures
) -> None:
    """The same at every edge, before and after its event."""
    check_resumed(rpa, mock, edge, moment, soak_figures)


def interrupted(case: Case, chance: random.Random, *, with_browser: bool) -> Case:
    """The plan applied and killed at a random moment: the process alone, or the whole machine's power.

    A run that has ended before its moment came does not count: it is done again, and killed earlier.
    """
    words = [sys.executable, "-m", "rpa", "apply", case.planned.plan, "--yes"]
    longest = case.planned.seconds
    while True:
        moment = chance.uniform(0, longest)
        print(f"killed after {moment:.2f} s {'with' if with_browser else 'without'} its browser")  # noqa: T201
        with subprocess.Popen(
            words,
            env=case.rpa.environment(),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as run:
            try:
                run.wait(moment)
            except subprocess.TimeoutExpired:
                others = processes.below(run.pid) if with_browser else []
                processes.kill(run.pid, *others)
                return case
        longest = moment
        case = new_case(case.planned, case.rpa, case.mock)


def check_random_kill(case: Case, number: int, figures: SoakFigures) -> None:
    """Killed at a random moment and resumed, the run is one that nothing had interrupted."""
    case = interrupted(case, random.Random(f"{SEED}-{number}"), with_browser=number % 2 == 0)
    assert case.unmeant_writes() == [], "something was written that was never intended"
    runs = case.journal.runs()
    told = case.rpa("resume", runs[0], "--json") if runs else None
    figures(
        "kill -9 at a random moment",
        tried=1,
        before_the_run=int(told is None),
        lost_rows=FEW - told.json["counts"].get("done", 0) if told else 0,
        double_writes=case.double_writes(),
        double_mails=max(0, case.mails() - 1),
    )
    if told is None:
        assert case.mock.writes() == []
        return
    assert told.code == 0, told.err
    case.check_whole(told)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(100))
def test_killed_at_a_hundred_moments(case: Case, soak_figures: SoakFigures, number: int) -> None:
    """A run killed at a random moment, with or without its browser, ends like one that was not."""
    check_random_kill(case, number, soak_figures)
