"""Two commands at the same moment on one account: exactly one works with it."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.command import UNTIL, Told
from tests.conftest import ROOT, SoakFigures
from tests.faults.conftest import Case

KINDS = ("apply and apply", "apply and resume", "apply and plan")


def raced(case: Case, *commands: Sequence[str]) -> list[Told]:
    """What the commands told, all of them started at once."""
    words = [[sys.executable, "-m", "rpa", *command] for command in commands]
    racers = [
        subprocess.Popen(
            one,
            env=case.rpa.environment(),
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for one in words
    ]
    said = [racer.communicate(timeout=150) for racer in racers]
    return [Told(racer.returncode, out, err) for racer, (out, err) in zip(racers, said, strict=True)]


def commands(case: Case, kind: str) -> list[list[str]]:
    """The two commands of a race; for the one with a resume, a run is stopped before its first agent."""
    apply = ["apply", case.planned.plan, "--yes", "--json"]
    if kind == "apply and apply":
        return [apply, apply]
    batch = case.rpa.batch(case.planned.agents)
    plan = ["extend", str(batch), "--until", UNTIL, "--route", "end-date", "--json"]
    if kind == "apply and plan":
        return [apply, plan]
    case.rpa.settings["RPA_ADP__PASSWORD"] += "-wrong"
    stopped = case.rpa(*apply)
    case.rpa.sign_in_as("adp", case.mock.adp)
    assert stopped.code == 5
    return [
        ["apply", case.rpa(*plan).json["plan"], "--yes", "--json"],
        ["resume", stopped.json["run"], "--json"],
    ]


def check_race(case: Case, kind: str, chance: random.Random, figures: SoakFigures) -> None:
    both = commands(case, kind)
    chance.shuffle(both)
    told = raced(case, *both)
    winners = [one for one in told if one.code == 0]
    losers = [one for one in told if one.code in {3, 4}]
    figures(
        f"two commands on one account: {kind}",
        tried=1,
        both_ran=int(len(winners) > 1),
        neither_ran=int(not winners),
        double_writes=case.double_writes(),
    )
    assert (len(winners), len(losers)) == (1, 1), [(one.code, one.err) for one in told]
    (winner,), (loser,) = winners, losers
    assert case.double_writes() == 0
    holder = winner.json.get("run") or "a plan"
    assert holder in loser.json["error"]["what"]
    if loser.code == 4:
        assert re.search(r"process \d+ on ", loser.json["error"]["what"])


@pytest.mark.parametrize("kind", KINDS[:1])
def test_of_two_commands_one_runs(case: Case, soak_figures: SoakFigures, kind: str) -> None:
    """One of two commands that start together works with the account; the other is told which."""
    check_race(case, kind, random.Random(kind), soak_figures)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(50))
def test_of_two_applies_one_runs_every_time(case: Case, soak_figures: SoakFigures, number: int) -> None:
    """Fifty races of two `rpa apply` on one account: exactly one runs in each."""
    check_race(case, "apply and apply", random.Random(number), soak_figures)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(20))
@pytest.mark.parametrize("kind", KINDS[1:])
def test_of_two_commands_one_runs_every_time(
    case: Case, soak_figures: SoakFigures, kind: str, number: int
) -> None:
    """The same for an apply against the other commands that write or sign in."""
    check_race(case, kind, random.Random(number), soak_figures)
