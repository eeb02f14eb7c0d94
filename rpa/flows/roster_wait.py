"""Waits until BlackDash's rosters list whom they should, and no one else: one poll for all of a class."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from rpa.domain.errors import PortalBusy, PortalFailed
from rpa.domain.roster_wait import Look, WaitState, next_wait, right_now, state_of
from rpa.domain.rosters import ClassKey, RosterSeen
from rpa.domain.runs import Roster
from rpa.engine.clock import Clock
from rpa.engine.flow import Desk, Watcher

Seen = TypeVar("Seen")
ReadRosters = Callable[[Sequence[ClassKey]], Mapping[ClassKey, RosterSeen]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for a roster, and how often to look; seconds."""

    timeout: float = 600.0
    poll: float = 15.0


@dataclass(slots=True)
class _Waiting:
    """The looks at one class so far; `before` are the seconds that the run had waited before a restart.

    `told_as` is how the journal knows the wait; with `leaving` the wanted agents should not be listed.
    """

    key: ClassKey
    told_as: str
    wanted: frozenset[str]
    leaving: bool = False
    before: float = 0.0
    looks: list[Look] = field(default_factory=list)
    last: RosterSeen | None = None
    state: WaitState = WaitState.WAITING

    @property
    def is_over(self) -> bool:
        return self.state in {WaitState.CONFIRMED, WaitState.GIVEN_UP}

    def look(self, seen: RosterSeen, elapsed: float, timeout: float) -> None:
        self.last = seen
        listed = self.wanted & seen.listed
        right = self.wanted - listed if self.leaving else listed
        self.looks.append(Look(at=self.before + elapsed, right=right))
        self.state = state_of(self.looks, self.wanted, timeout)

    def told(self) -> Roster:
        right = tuple(sorted(right_now(self.looks, self.wanted)))
        wrong = tuple(sorted(self.wanted.difference(right)))
        return Roster(
            key=self.told_as,
            name=(self.last.name if self.last else None) or str(self.key),
            listed=wrong if self.leaving else right,
            missing=() if self.leaving else wrong,
            gone=right if self.leaving else None,
            headcount=len(self.last.listed) if self.last else 0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterWait:
    """Waits for class rosters; `read` looks at all classes it is given on a fresh load.

    A run that goes on after a restart waits for what is left of its time, and looks once in any case.
    `round` tells a wait for the same classes from an earlier one of the run. `spent` are the seconds that
    earlier looks of this wait have taken, those at its classes and those at others.
    """

    read: ReadRosters
    clock: Clock
    patience: Patience
    desk: Desk
    watcher: Watcher
    round: str = ""
    spent: float = 0.0

    def until_listed(self, wanted: Mapping[ClassKey, frozenset[str]]) -> dict[ClassKey, Roster]:
        """What each class came to: everybody listed steadily, or the time is over."""
        return self._until(wanted, leaving=False)

    def until_gone(self, leaving: Mapping[ClassKey, frozenset[str]]) -> dict[ClassKey, Roster]:
        """The same for agents who should leave: nobody of them listed, or the time is over.

        An agent may leave one class for another, so all are looked at until the last one is right.
        """
        return self._until(leaving, leaving=True)

    def survey(self, read_all: Callable[[], Seen]) -> Seen:
        """One look at everything; a BlackDash that fails is looked at again as long as there is time."""
        start = self.clock.elapsed()
        while True:
            left = self.patience.timeout - self.spent - (self.clock.elapsed() - start)
            if (seen := self._tried(read_all, left)) is not None:
                return seen

    def _until(self, wanted: Mapping[ClassKey, frozenset[str]], *, leaving: bool) -> dict[ClassKey, Roster]:
        waits = [self._begun(key, agents, leaving=leaving) for key, agents in wanted.items()]
        self.watcher.begin("Rosters", len(waits))
        try:
            self._poll(waits)
        finally:
            self.watcher.end()
        for wait in waits:
            self.desk.roster_ended(wait.told())
        return {wait.key: wait.told() for wait in waits}

    def _begun(self, key: ClassKey, agents: frozenset[str], *, leaving: bool) -> _Waiting:
        told_as = f"{key}, {self.round}" if self.round else str(key)
        before = max(self.desk.waited(told_as), self.spent)
        return _Waiting(key=key, told_as=told_as, wanted=agents, leaving=leaving, before=before)

    def _poll(self, waits: Sequence[_Waiting]) -> None:
        timeout = self.patience.timeout
        start = self.clock.elapsed()
        while waiting := _still_waiting(waits):
            elapsed = self.clock.elapsed() - start
            rosters = self._rosters(waiting, elapsed)
            if rosters is None:
                continue
            for wait in waiting:
                wait.look(rosters[wait.key], elapsed, timeout)
                self.desk.saw_roster(wait.told())
            self.watcher.step(_sentence(waiting, timeout))
            pauses = [
                next_wait(wait.looks, wait.state, self.patience.poll, timeout)
                for wait in waiting
                if not wait.is_over
            ]
            if pause := min(pauses, default=0.0):
                self.clock.wait(pause)

    def _rosters(self, waiting: Sequence[_Waiting], elapsed: float) -> Mapping[ClassKey, RosterSeen] | None:
        left = self.patience.timeout - min(wait.before for wait in waiting) - elapsed
        return self._tried(lambda: self.read([wait.key for wait in waiting]), left)

    def _tried(self, look: Callable[[], Seen], left: float) -> Seen | None:
        """What is seen now, or None after a pause where BlackDash failed and there is time left."""
        try:
            return look()
        except PortalFailed as failure:
            if left <= 0:
                raise
            self.watcher.step(f"BlackDash could not be read ({failure.what}); looking again")
            asked = failure.retry_after if isinstance(failure, PortalBusy) else 0.0
            self.clock.wait(min(max(self.patience.poll, asked), left))
            return None


def _still_waiting(waits: Sequence[_Waiting]) -> list[_Waiting]:
    """The classes that are to be looked at again."""
    left = [wait for wait in waits if not wait.is_over]
    return [wait for wait in waits if wait in left or wait.leaving] if left else []


def _sentence(waiting: Sequence[_Waiting], timeout: float) -> str:
    wanted = sum(len(wait.wanted) for wait in waiting)
    right = sum(len(wait.looks[-1].right) for wait in waiting)
    longest = max(wait.looks[-1].at for wait in waiting)
    said = "has let go" if waiting[0].leaving else "lists"
    return f"BlackDash {said} {right} of {wanted}; {_minutes(longest)} of {_minutes(timeout)}"


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
