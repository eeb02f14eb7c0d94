"""What an extension tells the agents once their roster lists them."""

from __future__ import annotations

from rpa.domain.agents import EmployeeId
from rpa.domain.extension import ExtensionOrder, Route
from rpa.domain.outcomes import Outcome
from rpa.domain.runs import RunRow
from rpa.domain.tracking import TrackedAgent
from tests.domain.training_classes import AETNA
from tests.flows.stand_ins import Dashboard, ListeningDesk, extending
from tests.trackers import MemoryTracker

ROWS = [
    RunRow(row=row, employee_id=str(row), name=f"Agent, Number{row}", outcome=Outcome.DONE) for row in (1, 2)
]


def told(tracked: MemoryTracker | None) -> ListeningDesk:
    """What a desk is told whose rows are both on the roster of the uptraining class."""
    desk = ListeningDesk(rows=ROWS)
    flow = extending(ExtensionOrder(route=Route.UPTRAINING, until=None), tracked=tracked)
    flow.settle(Dashboard({AETNA: frozenset({"1", "2"})}), desk)  # type: ignore[arg-type]
    return desk


def test_agents_are_told_at_their_work_address() -> None:
    """Each at the tracker's cXp address; whoever has none is named to the manager."""
    known = TrackedAgent(employee_id=EmployeeId("1"), row=5, cxp_email="one@cxp.example")
    desk = told(MemoryTracker({"1": known}))
    (letter,) = desk.letters
    assert (letter.to, letter.key) == ("one@cxp.example", "log-out|run-1|1")
    assert letter.content["kind"] == "log-out"
    assert any("no cXp address of 2" in text for text in desk.notices)


def test_without_the_setting_the_manager_tells_them() -> None:
    """No mail to an agent, and the sentence to pass on."""
    desk = told(None)
    assert desk.letters == []
    assert any("log out of all tools" in text for text in desk.notices)
