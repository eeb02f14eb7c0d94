"""What an extension makes of the rosters: nobody's mail is forgotten, and no class gets two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rpa.domain.errors import PortalFailed
from rpa.domain.extension import ExtensionOrder, Route
from rpa.domain.outcomes import Outcome
from rpa.domain.rosters import ClassKey, RosterSeen
from rpa.domain.runs import Roster, RunRow
from rpa.engine.outbox import Letter
from rpa.engine.reading import Limits
from rpa.flows.extend import Extend
from rpa.flows.roster_wait import Patience
from tests.engine.stand_ins import JumpingClock, NoWatcher

UNTIL = "2026-12-04"
CLASS = "ESP Ortiz 11/16"


def row(number: int, manager: str = "Maria Ortiz") -> RunRow:
    return RunRow(
        row=number,
        employee_id=str(number),
        name=f"Agent, Number{number}",
        outcome=Outcome.DONE,
        about={"esp_manager": manager},
        found={"esp_start_date": "2026-11-16", "esp_end_date": UNTIL},
    )


@dataclass
class Rosters:
    """Portals of which only the rosters are read; `listed` of any class that is asked for."""

    listed: frozenset[str]
    is_down: bool = False

    def read_rosters(self, keys: Iterable[ClassKey]) -> dict[ClassKey, RosterSeen]:
        if self.is_down:
            raise PortalFailed("BlackDash does not answer")
        return {key: RosterSeen(name=CLASS, listed=self.listed) for key in keys}

    def explain(self, error: Exception) -> Exception:
        return error

    def __getattr__(self, name: str) -> Any:
        return lambda *_about: None


@dataclass
class Desk:
    """A desk that remembers what it is told."""

    rows: list[RunRow]
    run: str = "run-1"
    letters: list[Letter] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    ended: dict[str, tuple[Outcome, str]] = field(default_factory=dict)

    def queue(self, letter: Letter) -> bool:
        self.letters.append(letter)
        return True

    def notice(self, text: str) -> None:
        self.notices.append(text)

    def end_row(self, one: RunRow, outcome: Outcome, _reason: str, next_step: str) -> None:
        self.ended[one.employee_id] = outcome, next_step

    def waited(self, _key: str) -> float:
        return 0.0

    def saw_roster(self, _roster: Roster) -> None: ...

    def roster_ended(self, _roster: Roster) -> None: ...


def settled(rows: list[RunRow], portals: Rosters) -> Desk:
    """The desk after the batch step."""
    desk = Desk(rows)
    flow = Extend(
        asked=ExtensionOrder(route=Route.END_DATE, until=date.fromisoformat(UNTIL)),
        today=date(2026, 11, 23),
        manager="",
        noc="noc@example.invalid",
        patience=Patience(),
        limits=Limits(),
        clock=JumpingClock(),
        watcher=NoWatcher(),
    )
    flow.settle(portals, desk)  # type: ignore[arg-type]
    return desk


def test_rosters_that_nobody_could_read_are_pending() -> None:
    """With BlackDash down NOC was not asked: each row says so, and that resuming the run does it."""
    desk = settled([row(1), row(2)], Rosters(frozenset(), is_down=True))
    assert desk.ended == dict.fromkeys(
        "12", (Outcome.PENDING, "`rpa resume` looks again, and then writes to NOC.")
    )
    assert "BlackDash does not answer" in desk.notices[0]


def test_agents_who_are_not_listed_yet_are_no_small_class() -> None:
    """Four of six listed: the others may still come, so nobody is told to take the other route."""
    desk = settled([row(one) for one in range(1, 7)], Rosters(frozenset("1234")))
    assert desk.letters == []
    assert "2 agents are still missing: `rpa resume run-1`" in desk.notices[0]
    assert "uptraining" not in desk.notices[0]
    assert set(desk.ended) == {"5", "6"}
    assert "then writes to NOC" in desk.ended["5"][1]


def test_one_class_is_one_mail_however_its_manager_is_written() -> None:
    """Two spellings of the manager are one class with all its agents, and the same reason for a mail."""
    spellings = ["Maria Ortiz", "Ortiz, Maria", "MARIA ORTIZ", "Ortiz, Maria", "Maria Ortiz"]
    rows = [row(number, manager) for number, manager in enumerate(spellings, start=1)]
    (letter,) = settled(rows, Rosters(frozenset("12345"))).letters
    (other,) = settled(rows[::-1], Rosters(frozenset("12345"))).letters
    (later,) = settled(rows[1:2], Rosters(frozenset("12345"))).letters
    assert len(letter.content["agents"]) == 5
    assert letter.key == other.key == later.key
