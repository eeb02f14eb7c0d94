"""What an extension tells the agents once their roster lists them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from rpa.domain.agents import EmployeeId
from rpa.domain.extension import ExtensionOrder, Route
from rpa.domain.outcomes import Outcome
from rpa.domain.rosters import ClassKey
from rpa.domain.runs import Roster, RunRow
from rpa.domain.tracking import TrackedAgent
from rpa.engine.outbox import Letter
from rpa.engine.reading import Limits
from rpa.flows.extend import Extend
from rpa.flows.roster_wait import Patience
from tests.engine.stand_ins import JumpingClock, NoWatcher
from tests.trackers import MemoryTracker

KEY = ClassKey(campaign_class="Aetna")
ROWS = [
    RunRow(row=row, employee_id=str(row), name=f"Agent, Number{row}", outcome=Outcome.DONE) for row in (1, 2)
]


@dataclass
class Told:
    """A desk that only listens."""

    run: str = "run-1"
    letters: list[Letter] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def queue(self, letter: Letter) -> bool:
        self.letters.append(letter)
        return True

    def notice(self, text: str) -> None:
        self.notices.append(text)


def told(tracked: MemoryTracker | None) -> Told:
    desk = Told()
    flow = Extend(
        asked=ExtensionOrder(route=Route.UPTRAINING, until=None),
        today=date(2026, 11, 23),
        manager="",
        noc="noc@example.invalid",
        patience=Patience(),
        limits=Limits(),
        clock=JumpingClock(),
        watcher=NoWatcher(),
        tracked=tracked,
    )
    roster = Roster(key=str(KEY), name="Aetna", listed=("1", "2"), headcount=2)
    flow._close(desk, KEY, roster, ROWS)  # type: ignore[arg-type]
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
