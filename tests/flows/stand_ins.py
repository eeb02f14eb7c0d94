"""Stand-ins around the flows: a clock shared with the mock portals, a desk, a BlackDash that is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rpa.domain.errors import PortalFailed, RpaError
from rpa.domain.extension import UPTRAINING_CLASS, ExtensionOrder
from rpa.domain.outcomes import Outcome
from rpa.domain.rosters import ClassKey, RosterSeen, TrainingClass, find_classes
from rpa.domain.runs import Roster, RunRow
from rpa.engine.clock import Clock
from rpa.engine.outbox import Letter
from rpa.engine.reading import Limits
from rpa.flows.extend import Extend
from rpa.flows.leaving import Leaving
from rpa.flows.roster_wait import Patience
from tests.conftest import MockPortals
from tests.engine.stage import LIMITS
from tests.engine.stand_ins import NOW, JumpingClock, MemoryPortal, NoWatcher

Rosters = Mapping[TrainingClass, frozenset[str]]


class SharedClock(JumpingClock):
    """Waiting moves the portals' clock along, and lets somebody do something meanwhile."""

    def __init__(self, mock: MockPortals, meanwhile: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._mock = mock
        self.meanwhile = meanwhile

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        self._mock.advance(seconds)
        self.meanwhile()


@dataclass
class ListeningDesk:
    """A run's desk that only listens; the run had waited `before` seconds already."""

    run: str = "run-1"
    rows: Sequence[RunRow] = ()
    before: float = 0.0
    readings: list[Roster] = field(default_factory=list)
    ended: list[Roster] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    outcomes: dict[str, tuple[Outcome, str]] = field(default_factory=dict)

    def waited(self, _key: str) -> float:
        return self.before

    def saw_roster(self, roster: Roster) -> None:
        self.readings.append(roster)

    def roster_ended(self, roster: Roster) -> None:
        self.ended.append(roster)

    def queue(self, letter: Letter) -> bool:
        self.letters.append(letter)
        return True

    def notice(self, text: str) -> None:
        self.notices.append(text)

    def end_row(self, row: RunRow, outcome: Outcome, _reason: str, next_step: str) -> None:
        self.outcomes[row.employee_id] = outcome, next_step


class Dashboard(MemoryPortal):
    """BlackDash at each look; the last look stays. One that is None failed, an error is raised."""

    def __init__(self, *shown: Rosters | RpaError | None) -> None:
        super().__init__(records={})
        self._shown = list(shown)

    def all_rosters(self) -> Rosters:
        now = self._shown.pop(0) if len(self._shown) > 1 else self._shown[0]
        if now is None:
            raise PortalFailed("down")
        if isinstance(now, RpaError):
            raise now
        return now

    def read_rosters(self, keys: Sequence[ClassKey]) -> dict[ClassKey, RosterSeen]:
        now = self.all_rosters()
        return {
            key: RosterSeen(
                name=" / ".join(one.name for one in find_classes(now, key)) or None,
                listed=frozenset[str]().union(*(now[one] for one in find_classes(now, key))),
            )
            for key in keys
        }


def extending(asked: ExtensionOrder, kind: type[Extend] = Extend, **given: Any) -> Extend:
    """An extension as asked for, with patience and a clock of its own where none are given."""
    own = {"patience": Patience(), "limits": LIMITS, "clock": JumpingClock()}
    return kind(
        asked=asked,
        today=NOW.date(),
        manager="",
        noc="noc@example.invalid",
        watcher=NoWatcher(),
        **{**own, **given},
    )


def leaving(clock: Clock, patience: Patience, limits: Limits = LIMITS) -> Leaving:
    """The wait until agents have left every class."""
    return Leaving(
        patience=patience,
        limits=limits,
        clock=clock,
        watcher=NoWatcher(),
        uptraining_class=UPTRAINING_CLASS,
    )
