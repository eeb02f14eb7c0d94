"""Waits until class rosters in BlackDash list whom they should: one poll for all, whatever their number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rpa.domain.roster_wait import Look, WaitState, listed_now, next_wait, state_of
from rpa.domain.rosters import ClassKey, RosterSeen
from rpa.domain.runs import Roster
from rpa.engine.clock import Clock
from rpa.engine.flow import Desk, Watcher

ReadRosters = Callable[[Sequence[ClassKey]], Mapping[ClassKey, RosterSeen]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for a roster, and how often to look; seconds."""

    timeout: float = 600.0
    poll: float = 15.0


@dataclass(slots=True)
class _Waiting:
    """The looks at one class so far; `before` are the seconds that the run had waited before a restart."""

    key: ClassKey
    wanted: frozenset[str]
    before: float = 0.0
    looks: list[Look] = field(default_factory=list)
    last: RosterSeen | None = None
    state: WaitState = WaitState.WAITING

    @property
    def is_over(self) -> bool:
        return self.state in {WaitState.LISTED, WaitState.GIVEN_UP}

    def look(self, seen: RosterSeen, elapsed: float, timeout: float) -> None:
        self.last = seen
        self.looks.append(Look(at=self.before + elapsed, listed=seen.listed))
        self.state = state_of(self.looks, self.wanted, timeout)

    def told(self) -> Roster:
        listed = listed_now(self.looks, self.wanted)
        return Roster(
            key=str(self.key),
            name=(self.last.name if self.last else None) or str(self.key),
            listed=tuple(sorted(listed)),
            missing=tuple(sorted(self.wanted - listed)),
            headcount=len(self.last.listed) if self.last else 0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterWait:
    """Waits for class rosters; `read` looks at all classes it is given on a fresh load.

    A run that goes on after a restart waits for what is left of its time, and looks once in any case.
    """

    read: ReadRosters
    clock: Clock
    patience: Patience
    desk: Desk
    watcher: Watcher

    def until_listed(self, wanted: Mapping[ClassKey, frozenset[str]]) -> dict[ClassKey, Roster]:
        """What each class came to: everybody listed steadily, or the time is over."""
        waits = [
            _Waiting(key=key, wanted=agents, before=self.desk.waited(str(key)))
            for key, agents in wanted.items()
        ]
        self.watcher.begin("Rosters", len(waits))
        try:
            self._poll(waits)
        finally:
            self.watcher.end()
        for wait in waits:
            self.desk.roster_ended(wait.told())
        return {wait.key: wait.told() for wait in waits}

    def _poll(self, waits: Sequence[_Waiting]) -> None:
        timeout = self.patience.timeout
        start = self.clock.elapsed()
        while waiting := [wait for wait in waits if not wait.is_over]:
            elapsed = self.clock.elapsed() - start
            rosters = self.read([wait.key for wait in waiting])
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


def _sentence(waiting: Sequence[_Waiting], timeout: float) -> str:
    wanted = sum(len(wait.wanted) for wait in waiting)
    listed = sum(len(wait.wanted & wait.looks[-1].listed) for wait in waiting)
    longest = max(wait.looks[-1].at for wait in waiting)
    return f"BlackDash lists {listed} of {wanted}; {_minutes(longest)} of {_minutes(timeout)}"


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
