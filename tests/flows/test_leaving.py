"""Waiting until agents have left every class: all rosters tell where somebody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rpa.domain.errors import PortalFailed
from rpa.domain.outcomes import Outcome
from rpa.domain.rosters import ClassKey, RosterSeen, TrainingClass, find_classes
from rpa.domain.runs import Roster, RunRow
from rpa.engine.reading import Limits
from rpa.flows.leaving import Leaving
from rpa.flows.roster_wait import Patience
from tests.engine.stand_ins import JumpingClock, MemoryPortal, NoWatcher


def esp(name: str, end: date) -> TrainingClass:
    return TrainingClass(
        name=name,
        campaign="Aetna",
        manager="Maria Ortiz",
        start=date(2026, 11, 16),
        end=end,
        agents=1,
        spun_up=True,
    )


OLD, NEW = esp("ESP old", date(2026, 11, 27)), esp("ESP new", date(2026, 12, 4))
Rosters = Mapping[TrainingClass, frozenset[str]]


@dataclass
class Dashboard(MemoryPortal):
    """BlackDash at each look; the last look stays. One that is None failed."""

    shown: list[Rosters | None] = field(default_factory=list)

    def _next(self) -> Rosters:
        now = self.shown.pop(0) if len(self.shown) > 1 else self.shown[0]
        if now is None:
            raise PortalFailed("down")
        return now

    def all_rosters(self) -> Rosters:
        return self._next()

    def read_rosters(self, keys: Sequence[ClassKey]) -> dict[ClassKey, RosterSeen]:
        now = self._next()
        return {
            key: RosterSeen(
                name=" / ".join(one.name for one in find_classes(now, key)) or None,
                listed=frozenset[str]().union(*(now[one] for one in find_classes(now, key))),
            )
            for key in keys
        }


@dataclass
class Told:
    """A desk that only listens."""

    ended: list[Roster] = field(default_factory=list)

    def waited(self, _key: str) -> float:
        return 0.0

    def saw_roster(self, roster: Roster) -> None:
        pass

    def roster_ended(self, roster: Roster) -> None:
        self.ended.append(roster)


def row(employee_id: str) -> RunRow:
    """Somebody whose record says nothing of the class: nothing had to be changed."""
    found = {"esp_start_date": "2026-11-16", "esp_end_date": "2026-11-23", "uptraining_class": ""}
    return RunRow(row=int(employee_id), employee_id=employee_id, outcome=Outcome.UNCHANGED, found=found)


def left(*shown: Rosters | None) -> tuple[frozenset[str], dict[str, tuple[str, ...]], JumpingClock]:
    clock = JumpingClock()
    leaving = Leaving(
        patience=Patience(timeout=600, poll=60),
        limits=Limits(read_attempts=1),
        clock=clock,
        watcher=NoWatcher(),
        uptraining_class="Aetna",
    )
    portal = Dashboard(records={}, shown=list(shown))
    found = leaving.wait(portal, Told(), [row("1"), row("2")])  # type: ignore[arg-type]
    return found.gone, found.listed, clock


def test_a_class_that_the_row_does_not_name_is_seen() -> None:
    """Nothing of the row leads to the class on which the agent stands; its roster does."""
    gone, listed, clock = left({OLD: frozenset({"1", "9"})})
    assert (gone, listed) == (frozenset({"2"}), {"1": ("ESP old",)})
    assert clock.passed == 600


def test_who_leaves_within_the_wait_is_gone() -> None:
    """The class that lists somebody is polled until it does not."""
    on, off = {OLD: frozenset({"1"})}, {OLD: frozenset[str]()}
    gone, listed, clock = left(on, on, on, on, off)
    assert (gone, listed) == (frozenset({"1", "2"}), {})
    assert 60 <= clock.passed <= 120


def test_who_went_to_another_class_meanwhile_has_not_left() -> None:
    """Off the watched class is not out of training: the last look is at all of them again."""
    on = {OLD: frozenset({"1"}), NEW: frozenset[str]()}
    moved = {OLD: frozenset[str](), NEW: frozenset({"1"})}
    gone, listed, _ = left(on, moved)
    assert (gone, listed) == (frozenset({"2"}), {"1": ("ESP new",)})


def test_who_came_back_costs_nobody_else_the_place() -> None:
    """A class that lists one again still lists the other who never left it."""
    both, one = {OLD: frozenset({"1", "2"})}, {OLD: frozenset({"1"})}
    gone, listed, _ = left(both, *([one] * 11), both)
    assert (gone, listed) == (frozenset(), {"1": ("ESP old",), "2": ("ESP old",)})


def test_blackdash_that_fails_at_first_is_looked_at_again() -> None:
    """The first look has the patience of the wait."""
    gone, _, clock = left(None, None, {OLD: frozenset[str]()})
    assert gone == {"1", "2"}
    assert clock.passed == 120
