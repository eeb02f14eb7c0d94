"""Takes a run back: a plan made of the journal's before-values, applied like any other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.outcomes import STANDING, Outcome
from rpa.domain.plans import Decision, Seen
from rpa.domain.runs import Run, RunRow
from rpa.domain.undoing import decide, left_out, was_written
from rpa.engine.flow import Desk
from rpa.flows.portals import Portals
from rpa.flows.record import HEADCOUNT, OnRecord


class TakesCellsBack(Protocol):
    """The tracker's cells as an undo needs them."""

    def take_back(self, undone: str, employees: Collection[str], by: str) -> str:
        """Have the cells of the undone run cleared for these agents; what came of it, in a sentence."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(OnRecord):
    """The way back of one run: each agent whom it changed gets the values from before.

    `put_back` are those whom an earlier undo has brought back: what they have now is another run's.
    """

    undone: Run
    put_back: frozenset[str] = frozenset()
    cells: TakesCellsBack | None = None
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
        """The agents whom the run has changed, and who are not back already."""
        return [
            Agent(employee_id=EmployeeId(row.employee_id), row=row.row, name=row.name)
            for row in self.undone.rows
            if was_written(row) and row.employee_id not in self.put_back
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
        if told := self._cells_taken_back(desk):
            desk.notice(told)
        if not any(row.outcome is Outcome.DONE for row in desk.rows):
            return
        desk.took_back(self.undone.id)
        mails = ", ".join(f"{mail.subject!r} to {mail.to}" for mail in self.undone.mails)
        if mails:
            desk.notice(
                f"The undone run has queued mail: {mails}. What had not been sent is discarded; tell those "
                f"who have it."
            )

    def _cells_taken_back(self, desk: Desk) -> str:
        """What became of the tracker's cells of the agents who are as before."""
        back = {row.employee_id for row in desk.rows if row.outcome in STANDING}
        if self.cells is not None:
            return self.cells.take_back(self.undone.id, back, desk.run)
        by_hand = "Where the tracker shows these agents as transferred, clear its cells by hand."
        return by_hand if self.has_headcount and back else ""

    def _row(self, agent: Agent) -> RunRow:
        return next(row for row in self.undone.rows if row.row == agent.row)
