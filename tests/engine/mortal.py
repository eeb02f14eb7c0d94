"""A process that can die at every edge, and the flows that it works on in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from rpa.domain.agents import Agent
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision, Seen
from rpa.domain.runs import Event, EventKind
from rpa.domain.values import Values
from rpa.engine.journal import Journal
from rpa.engine.outbox import Letter
from rpa.flows.undo import Undo
from tests.engine.stand_ins import Killed, MemoryFlow, MemoryPortal


class Edges:
    """Every moment at which a process can die; it does at the chosen one."""

    def __init__(self) -> None:
        self.left: int | None = None

    def cross(self) -> None:
        if self.left == 0:
            self.left = None
            raise Killed
        if self.left is not None:
            self.left -= 1


class MortalJournal(Journal):
    """A journal whose process can die before, inside and after each event, with a witness of each."""

    edges = Edges()  # none is deadly before the machine has put its own here
    witness: Any

    def append_in(self, *about: Any, **more: Any) -> Event:
        self.edges.cross()
        told = super().append_in(*about, **more)
        self.edges.cross()  # still inside the transaction: all of it or nothing
        return told

    def append(self, run: str, kind: EventKind, **more: Any) -> Event:
        told = super().append(run, kind, **more)
        self.witness(run, told)
        self.edges.cross()
        return told

    def note_head(self) -> None:
        self.edges.cross()
        super().note_head()


@dataclass
class Extension(MemoryFlow):
    """The stand-in flow, to a date of the plan's, with a roster, a notice and a mail at the end."""

    until: str = "2026-12-04"
    unlisted: Collection[str] = ()

    def order(self) -> Mapping[str, Any]:
        return {"until": self.until}

    def decide(self, _agent: Agent, seen: Seen) -> Decision:
        if seen.values["esp_end_date"] == self.until:
            return Decision.unchanged("already")
        return Decision.change({"esp_end_date": self.until})

    def settle(self, _portals: MemoryPortal, desk: Any) -> None:
        for row in desk.rows:
            if row.outcome in {Outcome.DONE, Outcome.UNCHANGED} and row.employee_id in self.unlisted:
                desk.end_row(row, Outcome.PENDING, "the roster does not list this agent yet", "")
        desk.notice("log out and in")
        desk.queue(Letter(key="noc", to="noc@example.invalid", subject="spin up", content={}))


@dataclass(frozen=True, kw_only=True)
class TakenBack(Undo):
    """The real undo, on the portal in memory."""

    flow: MemoryFlow

    def observe(self, portals: Any, agent: Agent) -> Seen:
        return self.flow.observe(portals, agent)

    def act(self, portals: Any, agent: Agent, wanted: Values) -> Any:
        return self.flow.act(portals, agent, wanted)

    def proofs(self, _portals: Any) -> tuple[()]:
        return ()
