"""kill -9 in the other flows, at their mails and cells too: resumed to the end, each value written once."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from tests.command import Rpa, class_of, expired
from tests.conftest import MockPortals, SoakFigures
from tests.faults.conftest import killed
from tests.trackers import cells, tracker


@dataclass(frozen=True, kw_only=True)
class Killable:
    """A flow whose run is killed: what makes its plan, and what must be so at its end.

    `edges` is how many events its run tells; `fast` are those of them that `make test` tries.
    """

    name: str
    plan: Callable[[Rpa, MockPortals], str]
    edges: int
    fast: Sequence[tuple[int, str]]
    check: Callable[[Rpa, MockPortals], None] = lambda _rpa, _mock: None


def transfer(rpa: Rpa, mock: MockPortals) -> str:
    """A transfer, whose row has two panels and a cell in the tracker."""
    (agent,) = class_of(mock, 1)
    mock.set(agent, esp_end_date="2026-11-27", training_graduation_date="2026-11-27")
    tracker(rpa, {agent: {}})
    return str(rpa("transfer", rpa.batch([agent]), "--json").json["plan"])


def cell_is_written(rpa: Rpa, mock: MockPortals) -> None:
    (agent,) = {one["employee_id"] for one in mock.writes()}
    assert cells(rpa.folder / "tracker.csv")[agent] != ""


def clearing(rpa: Rpa, mock: MockPortals) -> str:
    """Two agents taken off the uptraining route."""
    agents = expired(mock, 2)
    for agent in agents:
        mock.set(agent, uptraining_class="Aetna")
    return str(rpa("clear-uptraining", rpa.batch(agents), "--json").json["plan"])


def undo(rpa: Rpa, mock: MockPortals) -> str:
    """The way back of an extension of two, of which NOC was told."""
    rpa.settings["RPA_EXTENSION__NOC_MINIMUM"] = "2"
    note_state(rpa, mock)
    run = rpa.apply(rpa.planned(class_of(mock, 2))).json["run"]
    return str(rpa("undo", run, "--json").json["plan"])


def undo_of_transfer(rpa: Rpa, mock: MockPortals) -> str:
    """The way back of a transfer, whose row has two panels, and whose cell in the tracker is cleared."""
    plan = transfer(rpa, mock)
    note_state(rpa, mock)
    run = rpa.apply(plan).json["run"]
    return str(rpa("undo", run, "--json").json["plan"])


def cell_is_cleared(rpa: Rpa, mock: MockPortals) -> None:
    state_is_as_before(rpa, mock)
    (agent,) = {one["employee_id"] for one in mock.writes()}
    assert cells(rpa.folder / "tracker.csv")[agent] == ""


def note_state(rpa: Rpa, mock: MockPortals) -> None:
    (rpa.folder / "before.json").write_text(mock.people(), encoding="utf-8")


def state_is_as_before(rpa: Rpa, mock: MockPortals) -> None:
    before = (rpa.folder / "before.json").read_text(encoding="utf-8")
    assert mock.people() == before


# The events: run_started; row_started, intent and answer of each panel, row_ended; two looks at each
# roster and its end; a cell that is queued and settled; a notice; run_ended.
TRANSFER = Killable(
    name="transfer",
    plan=transfer,
    edges=1 + 6 + 9 + 2 + 1 + 1,
    fast=[(19, "after")],
    check=cell_is_written,
)
CLEARING = Killable(name="clear-uptraining", plan=clearing, edges=1 + 2 * 4 + 6 + 1 + 1, fast=[])
UNDO = Killable(name="undo", plan=undo, edges=1 + 2 * 4 + 1 + 1, fast=[], check=state_is_as_before)
# Of its events one is a cell that is queued to be cleared, and one that it was.
UNDO_OF_TRANSFER = Killable(
    name="undo of a transfer", plan=undo_of_transfer, edges=1 + 6 + 2 + 1 + 1, fast=[], check=cell_is_cleared
)
FLOWS = (TRANSFER, CLEARING, UNDO, UNDO_OF_TRANSFER)


def check_resumed(
    rpa: Rpa, mock: MockPortals, flow: Killable, edge: int, moment: str, figures: SoakFigures
) -> None:
    name = flow.plan(rpa, mock)
    before = len(mock.writes())
    assert killed(rpa, edge, moment, name) == -signal.SIGKILL
    runs = [run for run in rpa("runs", "--json").json["runs"] if run["plan"] == name]
    if not runs:  # killed before the run had begun: nothing was done, and the plan is as good as new
        assert len(mock.writes()) == before
    resumed = rpa("resume", runs[0]["run"], "--json") if runs else rpa.apply(name)
    rows = resumed.json["rows"]
    written = Counter(
        (one["employee_id"], one["field"], one["after"] or "") for one in mock.writes()[before:]
    )
    figures(
        f"kill -9 at an edge of {flow.name}",
        tried=1,
        lost_rows=sum(row["outcome"] != "done" for row in rows),
        double_writes=sum(times - 1 for times in written.values()),
    )
    assert {row["outcome"] for row in rows} == {"done"}, resumed.err
    assert written == Counter(
        (row["employee_id"], field, value or "") for row in rows for field, value in row["after"].items()
    )
    assert resumed.json["state"] == "completed"
    flow.check(rpa, mock)
    assert rpa("audit", "verify").code == 0


@pytest.mark.parametrize(
    ("flow", "edge", "moment"),
    [pytest.param(flow, *one, id=f"{flow.name} {one[0]}") for flow in FLOWS for one in flow.fast],
)
def test_killed_at_an_edge(
    rpa: Rpa, mock: MockPortals, soak_figures: SoakFigures, flow: Killable, edge: int, moment: str
) -> None:
    """A run that dies between two panels, two agents, or a row and its cell goes on, and nothing twice."""
    check_resumed(rpa, mock, flow, edge, moment, soak_figures)


@pytest.mark.soak
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("flow", "edge"),
    [
        pytest.param(flow, edge, id=f"{flow.name} {edge}")
        for flow in FLOWS
        for edge in range(1, flow.edges + 1)
    ],
)
def test_killed_at_every_edge(
    rpa: Rpa, mock: MockPortals, soak_figures: SoakFigures, flow: Killable, edge: int, moment: str
) -> None:
    """The same at every edge, before and after its event."""
    check_resumed(rpa, mock, flow, edge, moment, soak_figures)
