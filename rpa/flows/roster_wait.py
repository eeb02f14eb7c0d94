"""Waits until class rosters in BlackDash list whom they should: one poll for all, whatever their number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rpa.domain.errors import PortalBusy, PortalFailed
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
    """The looks at one class so far."""

    key: ClassKey
    wanted: frozenset[str]
    looks: list[Look] = field(default_factory=list)
    last: RosterSeen | None = None
    state: WaitState = WaitState.WAITING

    @property
    def is_over(self) -> bool:
        return self.state in {WaitState.LISTED, WaitState.GIVEN_UP}

    def look(self, seen: RosterSeen, at: float, timeout: float) -> None:
        self.last = seen
        self.looks.append(Look(at=at, listed=seen.listed))
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
    """Waits for class rosters; `read` looks at all classes it is given on a fresh load."""

    read: ReadRosters
    clock: Clock
    patience: Patience
    desk: Desk
    watcher: Watcher

    def until_listed(self, wanted: Mapping[ClassKey, frozenset[str]]) -> dict[ClassKey, Roster]:
        """What each class came to: everybody listed steadily, or the time is over."""
        waits = [_Waiting(key=key, wanted=agents) for key, agents in wanted.items()]
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
            at = self.clock.elapsed() - start
            rosters = self._rosters(waiting, at)
            if rosters is None:
                continue
            for wait in waiting:
                wait.look(rosters[wait.key], at, timeout)
                self.desk.saw_roster(wait.told())
            self.watcher.step(_sentence(waiting, at, timeout))
            pauses = [
                next_wait(wait.looks, wait.state, self.patience.poll, timeout)
                for wait in waiting
                if not wait.is_over
            ]
            if pause := min(pauses, default=0.0):
                self.clock.wait(pause)

    def _rosters(self, waiting: Sequence[_Waiting], at: float) -> Mapping[ClassKey, RosterSeen] | None:
        """The rosters now, or None after a pause where BlackDash failed and there is time left."""
        try:
            return self.read([wait.key for wait in waiting])
        except PortalFailed as failure:
            if at >= self.patience.timeout:
                raise
            self.watcher.step(f"BlackDash could not be read ({failure.what}); looking again")
            asked = failure.retry_after if isinstance(failure, PortalBusy) else 0.0
            self.clock.wait(min(max(self.patience.poll, asked), self.patience.timeout - at))
            return None


def _sentence(waiting: Sequence[_Waiting], at: float, timeout: float) -> str:
    wanted = sum(len(wait.wanted) for wait in waiting)
    listed = sum(len(wait.wanted & wait.looks[-1].listed) for wait in waiting)
    return f"BlackDash lists {listed} of {wanted}; {_minutes(at)} of {_minutes(timeout)}"


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
