"""The browser, its pages or its driver die in the middle of a row: the command comes to the right end."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest

from rpa.engine.guard import CANARY
from tests.command import Told
from tests.conftest import ROOT, SoakFigures
from tests.faults import killed_browser
from tests.faults.conftest import AGENTS, Case, comparable

SEED = "2026-11-23"
STEPS = {  # how often each is taken in a run of three agents: a row opens its record twice
    "reading": (1, 3, 5),
    "read-back": (2, 4, 6),
    "panel open": (1, 2, 3),
    "before Done": (1, 2, 3),
    "Done": (1, 2, 3),
    "after Done": (1, 2, 3),
    "roster": (1, 2),
}
# A kill a moment after one of these may cut off the save itself.
UP_TO_DONE = {"before Done", "Done"}


def applied(case: Case, victim: str, step: str, nth: int, delay: float) -> tuple[Told, list[str]]:
    """Apply the plan under that kill: what the command told, and what each guard saw first."""
    words = [victim, step, str(nth), str(delay), "apply", case.planned.plan, "--yes", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.killed_browser", *words],
        env=case.rpa.environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    talk, _, first = done.stderr.rpartition("first requests: ")
    return Told(done.returncode, done.stdout, talk), json.loads(first.splitlines()[0])


def check_goes_on(case: Case, victim: str, step: str, nth: int, delay: float, figures: SoakFigures) -> None:
    """The run ends as if nothing had happened; only a save that was on its way may be left unknown."""
    told, first = applied(case, victim, step, nth, delay)
    outcomes = told.outcomes()
    written = {one["employee_id"] for one in case.mock.writes()}
    lost = [agent for agent, outcome in outcomes.items() if outcome not in {"done", "unknown"}]
    untrue = [agent for agent, outcome in outcomes.items() if outcome == "done" and agent not in written]
    unknown = [agent for agent, outcome in outcomes.items() if outcome == "unknown"]
    figures(
        f"kill -9 of the {victim} at any step",
        tried=1,
        lost_rows=len(lost),
        double_writes=case.double_writes(),
        untrue_outcomes=len(untrue),
        unknown=len(unknown),
    )
    if victim == "browser":
        assert first == [CANARY] * 2, "the new browser's guard was not proven before anything else"
    if step in UP_TO_DONE and unknown and not written & set(unknown):
        assert case.intended() >= set(unknown)
        assert told.code == 6
        assert case.double_writes() == 0
        return
    assert told.code == 0, told.err
    case.check_whole(told)


def test_every_step_is_one_of_the_software() -> None:
    """A step that moved to another module must not be found missing only by `make soak`."""
    assert set(STEPS) < set(killed_browser.STEPS)
    for owner, name in killed_browser.STEPS.values():
        assert callable(getattr(owner, name, None)), f"{owner.__name__}.{name}"


@pytest.mark.parametrize(
    ("victim", "step", "nth", "delay"),
    [
        ("browser", "Done", 2, 0.05),
        pytest.param("browser", "roster", 1, 0.3, marks=pytest.mark.soak),
        pytest.param("pages", "panel open", 2, 0, marks=pytest.mark.soak),
    ],
)
def test_run_goes_on_in_a_new_browser(
    case: Case, soak_figures: SoakFigures, victim: str, step: str, nth: int, delay: float
) -> None:
    """A browser or its pages that die inside a row are replaced, and every agent is done once."""
    check_goes_on(case, victim, step, nth, delay, soak_figures)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(50))
@pytest.mark.parametrize("victim", ["browser", "pages"])
def test_killed_at_any_step(case: Case, soak_figures: SoakFigures, victim: str, number: int) -> None:
    """The same at every step of every row, at a random moment of it."""
    chance = random.Random(f"{SEED}-{victim}-{number}")
    step = list(STEPS)[number % len(STEPS)]
    nth, delay = chance.choice(STEPS[step]), round(chance.uniform(0, 0.3), 3)
    print(f"{victim} killed {delay} s after {step}, time {nth}")  # noqa: T201 - told on failure
    check_goes_on(case, victim, step, nth, delay, soak_figures)


@pytest.mark.parametrize(
    "step",
    [
        "panel open",
        pytest.param("after Done", marks=pytest.mark.soak),
        pytest.param("roster", marks=pytest.mark.soak),
    ],
)
def test_dead_driver_is_told_and_resumed(case: Case, soak_figures: SoakFigures, step: str) -> None:
    """A driver that dies stops the run with a sentence that says so, and resume brings it to its end."""
    told, _ = applied(case, "driver", step, 2, 0)
    assert told.code in {1, 6}, told.err
    assert "Playwright" in told.json["stopped_because"]
    assert "rpa resume" in told.err
    resumed = case.rpa("resume", told.json["run"], "--json")
    soak_figures("kill -9 of the driver", tried=1, lost_rows=AGENTS - resumed.json["counts"].get("done", 0))
    case.check_whole(resumed)


def test_comparison_sees_a_difference(case: Case) -> None:
    """The comparison with an uninterrupted run is one that can fail."""
    other = json.loads(json.dumps(case.planned.whole))
    other["rows"][0]["outcome"] = "failed"
    assert comparable(other) != comparable(case.planned.whole)
