"""Stand-ins at the engine's ports: a portal in memory, a flow on it, a browser that is never started."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rpa.domain.agents import Agent
from rpa.domain.errors import PortalBusy
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision, Seen
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.values import Values, still_missing

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
WANTED = {"esp_end_date": "2026-12-04"}


class Killed(BaseException):
    """The process is no more."""


class JumpingClock:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.passed)

    def today(self) -> date:
        return NOW.date()

    def elapsed(self) -> float:
        return self.passed

    def wait(self, seconds: float) -> None:
        self.passed += seconds


class OpenGuard:
    """A guard that counts how often it was opened, and can report surprises."""

    def __init__(self) -> None:
        self.is_open = False
        self.written = 0
        self.found: list[Any] = []

    def prove(self, _page: object) -> None:
        pass

    def surprises(self) -> list[Any]:
        return self.found

    @contextmanager
    def writing(self) -> Iterator[None]:
        self.is_open = True
        try:
            yield
        finally:
            self.is_open = False


@dataclass
class StandInSessions:
    guard: OpenGuard = field(default_factory=OpenGuard)


@dataclass
class MemoryPortal:
    """Records by employee id; `trouble` is asked before each look and each Done, and may raise."""

    records: dict[str, dict[str, str | None]]
    trouble: Callable[[str, str], None] = lambda _moment, _agent: None
    answer: Callable[[str], Answer | None] = lambda _agent: Answer(kind=AnswerKind.SAVED)
    saves: Callable[[str], bool] = lambda _agent: True
    writes: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    looks: int = 0
    shows: Callable[[str], str] = lambda agent: agent

    def page(self) -> None:
        return None

    def forget(self) -> None:
        pass

    def new_row(self) -> None:
        pass

    def listen(self) -> None:
        pass

    def explain(self, error: Exception) -> Exception:
        return error

    def busy(self) -> PortalBusy | None:
        return None


@dataclass
class MemoryForm:
    portal: MemoryPortal
    guard: OpenGuard
    agent: str
    wanted: Values

    def employee_id(self) -> str:
        return self.portal.shows(self.agent)

    def filled(self) -> Values:
        return self.wanted

    def extent(self) -> Sequence[Any]:
        return ()

    def personal(self) -> Sequence[Any]:
        return ()

    def ready(self) -> None:
        self.portal.trouble("ready", self.agent)

    def cancel(self) -> None:
        self.portal.trouble("cancel", self.agent)

    def press_done(self) -> Answer:
        assert self.guard.is_open, "Done was pressed behind a closed guard"
        self.portal.trouble("done", self.agent)
        self.guard.written += 1
        self.portal.trouble("before", self.agent)
        if self.portal.saves(self.agent):
            self.portal.records[self.agent].update(self.wanted)
            self.portal.writes.append((self.agent, dict(self.wanted)))
        self.portal.trouble("after", self.agent)
        answer = self.portal.answer(self.agent)
        assert answer is not None
        return answer


@dataclass
class MemoryFlow:
    """Sets ESP End Date, as the flow `extend` does, on a portal in memory."""

    guard: OpenGuard
    name: str = "extend"
    route: str = "end-date"
    settled: list[Sequence[Any]] = field(default_factory=list)

    def order(self) -> Mapping[str, Any]:
        return {}

    def prepare(self, _portals: MemoryPortal) -> Sequence[str]:
        return []

    def observe(self, portals: MemoryPortal, agent: Agent) -> Seen:
        portals.looks += 1
        portals.trouble("look", agent.employee_id)
        return Seen(name="Alvarez, Dana", values=dict(portals.records[agent.employee_id]))

    def decide(self, _agent: Agent, seen: Seen, /) -> Decision:
        if seen.values["esp_end_date"] == WANTED["esp_end_date"]:
            return Decision.unchanged("already")
        return Decision(outcome=Outcome.PLANNED, after=WANTED)

    def act(self, portals: MemoryPortal, agent: Agent, wanted: Values) -> Iterator[MemoryForm]:
        portals.trouble("open", agent.employee_id)
        yield MemoryForm(portals, self.guard, agent.employee_id, wanted)

    def proofs(self, _portals: MemoryPortal) -> Sequence[Any]:
        return ()

    def settle(self, _portals: MemoryPortal, desk: Any, /) -> None:
        self.settled.append(desk.rows)


TRANSFERRED = {**WANTED, "home_department": "510 - Aetna PRV Contact Center"}


@dataclass
class TwoPanelFlow(MemoryFlow):
    """Sets ESP End Date in one panel and Home Department in another, only what is missing."""

    name: str = "transfer"

    def decide(self, _agent: Agent, seen: Seen, /) -> Decision:
        missing = still_missing(TRANSFERRED, seen.values)
        return Decision.change(missing) if missing else Decision.unchanged("already")

    def act(self, portals: MemoryPortal, agent: Agent, wanted: Values) -> Iterator[MemoryForm]:
        for name, value in wanted.items():
            portals.trouble(f"open {name}", agent.employee_id)
            yield MemoryForm(portals, self.guard, agent.employee_id, {name: value})


class NoWatcher:
    """Nobody looks on."""

    def begin(self, what: str, total: int) -> None: ...
    def step(self, text: str) -> None: ...
    def row(self, employee_id: str, outcome: Outcome, reason: str) -> None: ...
    def end(self) -> None: ...


class NoPictures:
    def picture(self, *_about: object) -> list[str]:
        return []
