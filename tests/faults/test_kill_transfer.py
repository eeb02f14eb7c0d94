"""kill -9 in a transfer, whose rows have two panels: resumed to the end, each value written once."""

from __future__ import annotations

import signal
from collections import Counter

import pytest

from tests.cli.test_moving import cells, tracker
from tests.command import Rpa, class_of
from tests.conftest import MockPortals
from tests.faults.test_kill import killed

# run_started, row_started, intent and answer of two panels, row_ended, looks at rosters, notice, run_ended.
EDGES = 13
BETWEEN_THE_PANELS = 4


def check_resumed(rpa: Rpa, mock: MockPortals, edge: int, moment: str) -> None:
    (agent,) = class_of(mock, 1)
    path = tracker(rpa, {agent: {}})
    plan = rpa("transfer", rpa.batch([agent]), "--json").json
    assert killed(rpa, edge, moment, plan["plan"]) == -signal.SIGKILL
    runs = rpa("runs", "--json").json["runs"]
    if not runs:  # killed before the run had begun: nothing was done, and the plan is as good as new
        assert mock.writes() == []
    resumed = rpa("resume", runs[0]["run"], "--json") if runs else rpa.apply(plan["plan"])
    assert resumed.outcomes() == {agent: "done"}, resumed.err
    written = Counter((one["field"], one["after"]) for one in mock.writes())
    assert written == Counter(plan["rows"][0]["after"].items())
    assert cells(path)[agent] != ""
    assert rpa("audit", "verify").code == 0


def test_killed_between_the_panels(rpa: Rpa, mock: MockPortals) -> None:
    """A run that dies after the first panel was saved does the second, and not the first again."""
    check_resumed(rpa, mock, BETWEEN_THE_PANELS, "after")


@pytest.mark.soak
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("edge", range(1, EDGES + 1))
def test_killed_at_every_edge(rpa: Rpa, mock: MockPortals, edge: int, moment: str) -> None:
    """The same at every edge, before and after its event."""
    check_resumed(rpa, mock, edge, moment)
