"""Every fault effect at every step of every flow: the right outcome, no false `done`, no wrong person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mock_portals.faults import EFFECTS as EFFECTS_OF_THE_MOCK
from tests.faults.faulty_run import Bench, Judged, figures, judge
from tests.faults.flows_under_test import EXTEND, FLOWS, FlowUnderTest
from tests.faults.matrix import EFFECTS, Cell, Table

FAST_CUT = (
    "ADP home - sorry - once",
    "ADP people list - popup timeout - for good",
    "ADP record - popup survey - for good",
    "ADP record - second_confirm - once",
    "ADP record - status 429 - once",
    "ADP search - stale_list - once",
    "ADP record - wrong_record - once",
    "ADP record - kick_session - once",
    "ADP Edit opens the panel - status 403 - once",
    "ADP Done - expire_session - once",
    "ADP Done - drop_after_commit - once",
    "ADP Done - silent_loss - once",
    "ADP Done - spinner_forever - once",
    "ADP refresh after Done - kick_session - once",
    "ADP record at the read-back - status 503 - for good",
    "BlackDash classes - expire_session - once",
    "BlackDash roster - drop_before - once",
)
CELLS = [(flow, cell) for flow in FLOWS for cell in Table(steps=flow.steps).cells()]
CUT = [(EXTEND, cell) for cell in Table(steps=EXTEND.steps).cells() if str(cell) in FAST_CUT]
# Every flow has these, in the steps of its own.
CUT_OF_EACH = ("ADP Done - drop_after_commit - once", "ADP Done - silent_loss - once")
CUT += [
    (flow, cell) for flow in FLOWS[1:] for cell in Table(steps=flow.steps).cells() if str(cell) in CUT_OF_EACH
]


def named(part: object) -> str:
    return str(part) if isinstance(part, Cell) else getattr(part, "name", "")


@pytest.fixture(scope="module")
def judged(request: pytest.FixtureRequest) -> Iterator[list[Judged]]:
    """Collects the cells of this module, and prints their figures at its end."""
    told: list[Judged] = []
    yield told
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if told and reporter:
        line = ", ".join(f"{count} {what}" for what, count in figures(told).items())
        reporter.write_line(f"\nfault matrix: {line}")


def check(bench: Bench, judged: list[Judged], flow: FlowUnderTest, cell: Cell) -> None:
    one = judge(bench, flow, cell)
    judged.append(one)
    assert one.wrong == []
    assert not one.wrong_person


@pytest.mark.parametrize(("flow", "cell"), CUT, ids=named)
def test_cut_of_the_matrix(bench: Bench, judged: list[Judged], flow: FlowUnderTest, cell: Cell) -> None:
    """A cell of each sort ends as its rule says, and as the portals' own state and writes say."""
    check(bench, judged, flow, cell)


@pytest.mark.soak
@pytest.mark.parametrize(("flow", "cell"), CELLS, ids=named)
def test_matrix(bench: Bench, judged: list[Judged], flow: FlowUnderTest, cell: Cell) -> None:
    """Every cell does."""
    check(bench, judged, flow, cell)


def test_every_effect_of_the_mock_is_in_the_matrix() -> None:
    """No effect of the mock portals is left out, and each cell that cannot be has its reason."""
    assert {effect.fault["effect"] for effect in EFFECTS} == set(EFFECTS_OF_THE_MOCK)
    for flow in FLOWS:
        assert all(Table(steps=flow.steps).left_out().values())
    struck = {cell.effect.name for cell in Table(steps=EXTEND.steps).cells()}
    assert struck == {effect.name for effect in EFFECTS}


def test_the_cut_names_cells_that_are_there() -> None:
    """Each cell of the fast cut is one of the table."""
    assert {str(cell) for _, cell in CUT} == {*FAST_CUT, *CUT_OF_EACH}
