"""Takes a run back: a plan made of the journal's before-values, applied like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision, Seen
from rpa.domain.runs import Run, RunRow
from rpa.domain.undoing import decide, left_out, was_written
from rpa.engine.flow import Desk
from rpa.flows.portals import Portals
from rpa.flows.record import HEADCOUNT, OnRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(OnRecord):
    """The way back of one run: each agent whom it changed gets the values from before."""

    undone: Run
    name: str = "undo"

    @property
    def route(self) -> str:
        """The route of the run that is taken back."""
        return self.undone.route

    @property
    def has_headcount(self) -> bool:
        """True where the run has moved a head to another department."""
        return any(field in row.after for row in self.undone.rows for field in HEADCOUNT)

    def order(self) -> Mapping[str, Any]:
        """Which run is taken back."""
        return {"run": self.undone.id}

    def agents(self) -> list[Agent]:
        """The agents whom the run has changed."""
        return [
            Agent(employee_id=EmployeeId(row.employee_id), row=row.row, name=row.name)
            for row in self.undone.rows
            if was_written(row)
        ]

    def prepare(self, portals: Portals) -> Sequence[str]:
        """A note for each agent of whom nobody knows what the run has changed, or will have."""
        del portals
        return left_out(self.undone)

    def decide(self, agent: Agent, seen: Seen) -> Decision:
        """The values from before, where what the run wrote still stands."""
        return decide(self._row(agent), seen.values)

    def settle(self, portals: Portals, desk: Desk) -> None:
        """Say what a change of records alone cannot take back."""
        del portals
        if not any(row.outcome is Outcome.DONE for row in desk.rows):
            return
        desk.took_back(self.undone.id)
        mails = ", ".join(f"{mail.subject!r} to {mail.to}" for mail in self.undone.mails)
        if mails:
            desk.notice(f"The undone run has queued mail: {mails}. If it was sent, tell them.")
        if self.has_headcount:
            desk.notice("Where the tracker shows these agents as transferred, clear its cells by hand.")

    def _row(self, agent: Agent) -> RunRow:
        return next(row for row in self.undone.rows if row.row == agent.row)
