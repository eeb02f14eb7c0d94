"""Waiting until agents have left every class: all rosters tell where somebody is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from rpa.domain.outcomes import Outcome
from rpa.domain.rosters import TrainingClass
from rpa.domain.runs import Roster, RunRow
from rpa.engine.reading import Limits
from rpa.flows.roster_wait import Patience
from tests.engine.stand_ins import JumpingClock
from tests.flows.stand_ins import Dashboard, ListeningDesk, Rosters, leaving


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


def row(employee_id: str) -> RunRow:
    """Somebody whose record says nothing of the class: nothing had to be changed."""
    found = {"esp_start_date": "2026-11-16", "esp_end_date": "2026-11-23", "uptraining_class": ""}
    return RunRow(row=int(employee_id), employee_id=employee_id, outcome=Outcome.UNCHANGED, found=found)


def left(*shown: Rosters | None) -> tuple[frozenset[str], dict[str, tuple[str, ...]], JumpingClock]:
    clock = JumpingClock()
    wait = leaving(clock, Patience(timeout=600, poll=60), Limits(read_attempts=1))
    rows = [row("1"), row("2")]
    found = wait.wait(Dashboard(*shown), ListeningDesk(), rows)  # type: ignore[arg-type]
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


@dataclass
class TimedDesk(ListeningDesk):
    """A desk that tells how long a class has been waited for, as that of a run does."""

    clock: JumpingClock = field(default_factory=JumpingClock)
    first: float | None = None

    def saw_roster(self, _roster: Roster) -> None:
        self.first = self.clock.elapsed() if self.first is None else self.first

    def waited(self, _key: str) -> float:
        return 0.0 if self.first is None else self.clock.elapsed() - self.first


def test_who_comes_back_is_waited_for_as_long_as_anybody() -> None:
    """Gone for a moment after six minutes and gone for good after nine: that is within the ten."""
    on, off = {OLD: frozenset({"1"})}, {OLD: frozenset[str]()}
    clock = JumpingClock()
    desk = TimedDesk(clock=clock)
    wait = leaving(clock, Patience(timeout=600, poll=60), Limits(read_attempts=1))
    shown = [on] * 7 + [off] * 2 + [on] * 4 + [off]
    found = wait.wait(Dashboard(*shown), desk, [row("1"), row("2")])  # type: ignore[arg-type]
    assert found.gone == {"1", "2"}
    assert 480 <= clock.passed <= 600
