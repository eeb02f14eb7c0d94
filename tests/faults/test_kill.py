"""kill -9 at the edges of the journal: resumed to the end, nothing is lost and nothing is done twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import UNTIL, Rpa, class_of
from tests.conftest import MockPortals

ROOT = Path(__file__).parents[2]
AGENTS = 5
# run_started, then four events an agent, two readings and the end of the roster, mail, notice, run_ended.
EDGES = 1 + 4 * AGENTS + 5
FAST_CUT = [(3, "after"), (4, "before"), (23, "after")]


def killed(rpa: Rpa, edge: int, moment: str, plan: str) -> int:
    """Apply the plan and be killed at the edge; the process's return code."""
    command = [sys.executable, "-m", "tests.faults.killed_run", str(edge), moment, "apply", plan, "--yes"]
    done = subprocess.run(
        command, env=rpa.environment(), cwd=ROOT, capture_output=True, timeout=150, check=False
    )
    return done.returncode


def check_resumed(rpa: Rpa, mock: MockPortals, edge: int, moment: str) -> None:
    agents = class_of(mock, AGENTS)
    plan = rpa.planned(agents)
    assert killed(rpa, edge, moment, plan) == -signal.SIGKILL
    runs = rpa("runs", "--json").json["runs"]
    if not runs:  # killed before the run had begun: the plan is used, and nothing was done
        assert mock.writes() == []
        return
    resumed = rpa("resume", runs[0]["run"], "--json")
    assert resumed.outcomes() == dict.fromkeys(agents, "done"), resumed.err
    written = [(one["employee_id"], one["after"]) for one in mock.writes()]
    assert sorted(written) == sorted((agent, UNTIL) for agent in agents)
    assert len(list((rpa.folder / "state" / "outbox").glob("*.eml"))) == 1
    assert resumed.json["state"] == "completed"
    assert rpa("audit", "verify").code == 0


@pytest.mark.parametrize(("edge", "moment"), FAST_CUT)
def test_killed_at_an_edge(rpa: Rpa, mock: MockPortals, edge: int, moment: str) -> None:
    """A run killed at an edge of the journal is resumed to 5 done, 5 writes and 1 mail."""
    check_resumed(rpa, mock, edge, moment)


@pytest.mark.soak
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("edge", range(1, EDGES + 1))
def test_killed_at_every_edge(rpa: Rpa, mock: MockPortals, edge: int, moment: str) -> None:
    """The same at every edge, before and after its event."""
    check_resumed(rpa, mock, edge, moment)
