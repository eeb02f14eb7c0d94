"""Every fault effect at every step of every flow: the right outcome, no false `done`, no wrong person."""

from __future__ import annotations

import pytest

from mock_portals.faults import EFFECTS as EFFECTS_OF_THE_MOCK
from tests.conftest import SoakFigures
from tests.faults.faulty_run import Bench, judge
from tests.faults.flows_under_test import EXTEND, FLOWS, FlowUnderTest
from tests.faults.matrix import EFFECTS, Cell, Table

FAST_CUT = (
    "ADP home - sorry - once",
    "ADP people list - popup timeout - for good",
    "ADP record - second_confirm - once",
    "ADP record - status 429 - once",
    "ADP record - wrong_record - once",
    "ADP record - kick_session - once",
    "ADP Edit opens the panel - status 403 - once",
    "ADP Done - expire_session - once",
    "ADP Done - drop_after_commit - once",
    "ADP Done - silent_loss - once",
    "ADP Done - spinner_forever - once",
    "ADP record at the read-back - status 503 - for good",
    "BlackDash classes - expire_session - once",
    "BlackDash roster - drop_before - once",
)
CELLS = [(flow, cell) for flow in FLOWS for cell in Table(steps=flow.steps).cells()]
CUT = [(EXTEND, cell) for cell in Table(steps=EXTEND.steps).cells() if str(cell) in FAST_CUT]
# Every flow has these, in the steps of its own; what was saved without an answer is one way for all.
CUT_OF_EACH = "ADP Done - silent_loss - once"
CUT += [
    (flow, cell) for flow in FLOWS[1:] for cell in Table(steps=flow.steps).cells() if str(cell) == CUT_OF_EACH
]


def named(part: object) -> str:
    return str(part) if isinstance(part, Cell) else getattr(part, "name", "")


def check(bench: Bench, flow: FlowUnderTest, cell: Cell, note: SoakFigures) -> None:
    one = judge(bench, flow, cell)
    note(
        f"fault matrix: {flow.name}",
        cells=1,
        wrong_outcomes=int(bool(one.wrong)),
        silent_successes=int(one.silent_success),
        wrong_persons=int(one.wrong_person),
    )
    assert one.wrong == []
    assert not one.wrong_person


@pytest.mark.parametrize(("flow", "cell"), CUT, ids=named)
def test_cut_of_the_matrix(bench: Bench, flow: FlowUnderTest, cell: Cell, soak_figures: SoakFigures) -> None:
    """A cell of each sort ends as its rule says, and as the portals' own state and writes say."""
    check(bench, flow, cell, soak_figures)


@pytest.mark.soak
@pytest.mark.parametrize(("flow", "cell"), CELLS, ids=named)
def test_matrix(bench: Bench, flow: FlowUnderTest, cell: Cell, soak_figures: SoakFigures) -> None:
    """Every cell does."""
    check(bench, flow, cell, soak_figures)


def test_every_effect_of_the_mock_is_in_the_matrix() -> None:
    """No effect of the mock portals is left out, and each cell that cannot be has its reason."""
    assert {effect.fault["effect"] for effect in EFFECTS} == set(EFFECTS_OF_THE_MOCK)
    for flow in FLOWS:
        assert all(Table(steps=flow.steps).left_out().values())
    struck = {cell.effect.name for cell in Table(steps=EXTEND.steps).cells()}
    assert struck == {effect.name for effect in EFFECTS}


def test_the_cut_names_cells_that_are_there() -> None:
    """Each cell of the fast cut is one of the table."""
    assert {str(cell) for _, cell in CUT} == {*FAST_CUT, CUT_OF_EACH}
