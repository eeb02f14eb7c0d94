"""Moves agents to production (guide: ESP Transfer to Production)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from rpa.adapters import mail
from rpa.adapters.mail_texts import Escalated
from rpa.domain import transfer
from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.errors import PortalFailed, RuleRefused
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision, Seen
from rpa.domain.runs import RunRow
from rpa.domain.tracking import Task, TaskState, TrackedAgents, told
from rpa.domain.transfer import TransferOrder
from rpa.domain.values import label, shown
from rpa.engine.clock import Clock
from rpa.engine.flow import Desk
from rpa.engine.reading import named_errors
from rpa.flows.leaving import NOBODY, UNSEEN, Leaving
from rpa.flows.portals import Portals
from rpa.flows.post import it_letter
from rpa.flows.record import OnRecord, of, pending_unless_seen, standing

TRACKER_FIELD = "transfer_to_production"


class TrackerCells(Protocol):
    """Where the tracker's cells are written through: queued with the run, once each."""

    def queue(self, run: str, employee_id: str, field: str, value: str | date) -> None:
        """Have this cell written."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(OnRecord):
    """Contact center, then headcount, then the rosters, then the tracker; each does only what is missing.

    `tracked` and `cells` are None where the site has no tracker; `mark` is what a transferred agent's cell
    gets in place of the day, `unchecked` are the tasks that the site does not track, `folder_of` a run is
    where its pictures are.
    """

    asked: TransferOrder
    today: date
    it: str
    leaving: Leaving
    clock: Clock
    tracked: TrackedAgents | None = None
    cells: TrackerCells | None = None
    mark: str = ""
    unchecked: Sequence[Task] = ()
    folder_of: Callable[[str], Path] | None = None
    name: str = "transfer"
    route: str = "production"

    @property
    def has_headcount(self) -> bool:
        """Both screens."""
        return True

    def order(self) -> Mapping[str, Any]:
        """The parameters of `Transfer.asked`, JSON-ready; departments are the site's settings."""
        return {
            "effective": self.asked.effective.isoformat(),
            "again": self.asked.again,
            "without_tracker": self.asked.without_tracker,
        }

    def prepare(self, portals: Portals) -> Sequence[str]:
        """A note where BlackDash will not be able to show that agents have left."""
        try:
            with named_errors(portals):
                notes = portals.blackdash.missing_access()
        except PortalFailed as failure:
            notes = [f"{failure.what}: nobody can see whether agents leave training until it can be read."]
        if self.asked.without_tracker:
            notes.append("Without the tracker: nobody has checked that these agents are complete.")
        if self.unchecked:
            notes.append(f"The site does not track {told(self.unchecked)}: nobody has checked that.")
        return notes

    def observe(self, portals: Portals, agent: Agent) -> Seen:
        """The values of both cards, and the departments that ADP offers for the agent's site."""
        # A dataclass with slots is a class made anew, which the bare super() does not know.
        seen = super(Transfer, self).observe(portals, agent)
        known = transfer.with_tracker(agent, self.tracked)
        try:
            site = self.asked.departments.site(known.site)
        except RuleRefused:
            return seen  # decide will say so
        offered = portals.adp.departments(agent.employee_id, site)
        return Seen(name=seen.name, values=seen.values, departments=offered)

    def decide(self, agent: Agent, seen: Seen) -> Decision:
        """The rules of the guide."""
        known = transfer.with_tracker(agent, self.tracked)
        return transfer.decide(known, seen, self.asked, self.tracked, self.today)

    def settle(self, portals: Portals, desk: Desk) -> None:
        """Wait until they are off every roster, mend once, wait again, escalate; the tracker comes last."""
        stuck = self._seen_off(portals, desk, standing(desk))
        if not stuck:
            return
        mended = self._mended(portals, desk, of(standing(desk), stuck))
        still = self._seen_off(portals, desk, of(standing(desk), stuck), again=True)
        for row in of(standing(desk), still):
            self._escalate(desk, row, still[row.employee_id], was_mended=row.employee_id in mended)

    def _seen_off(
        self, portals: Portals, desk: Desk, rows: Sequence[RunRow], *, again: bool = False
    ) -> Mapping[str, Sequence[str]]:
        """Wait; those who have left are done with, and the classes of those who have not are given."""
        left = NOBODY
        if rows:
            with pending_unless_seen(portals, desk, rows, unseen=UNSEEN):
                left = self.leaving.wait(portals, desk, rows, again=again)
        self._close(desk, of(rows, left.gone))
        return left.listed

    def _mended(self, portals: Portals, desk: Desk, rows: Sequence[RunRow]) -> set[str]:
        """Who had lost values in ADP; these were written once more, as the journal tells."""
        mended: set[str] = set()
        for row in rows:
            with pending_unless_seen(portals, desk, [row], unseen=UNSEEN):
                mended |= {row.employee_id} if desk.mended(row) else set()
        return mended

    def _escalate(self, desk: Desk, row: RunRow, classes: Sequence[str], *, was_mended: bool) -> None:
        """One mail to IT an agent and day, with what was done and what was seen."""
        minutes = round(2 * self.leaving.patience.timeout / 60)
        done = ", ".join(f"{label(field)}: {shown(value)}" for field, value in row.found.items())
        mended = "put right in between; " if was_mended else ""
        evidence = Escalated(
            employee_id=row.employee_id,
            name=row.name,
            class_name=", ".join(classes),
            done=f"transferred to production ({mended}ADP shows {done})",
            at=f"{row.ended_at:%Y-%m-%d %H:%M} UTC" if row.ended_at else "",
            shows=f"still listed after two waits, {minutes} minutes in all; our run: {desk.run}",
            pictures=row.pictures,
        )
        desk.queue(
            it_letter(
                f"it-stuck|{row.employee_id}|{self.today}",
                to=self.it,
                subject=f"Agent {row.employee_id} stays in the training environment",
                agents=[evidence],
                folder=self.folder_of(desk.run) if self.folder_of else None,
            )
        )
        desk.end_row(
            row,
            Outcome.PENDING,
            f"ADP shows the change, but BlackDash still lists the agent on {' and '.join(classes)}",
            "IT is written to (see the outbox). When they have answered: `rpa resume`.",
        )

    def _close(self, desk: Desk, gone: Sequence[RunRow]) -> None:
        """What the agents do, and the tracker's cells: only now everything before holds."""
        if gone:
            desk.notice(mail.restart_notice([row.name or row.employee_id for row in gone]))
        for row in gone:
            known = self.tracked.agent(EmployeeId(row.employee_id)) if self.tracked else None
            if self.cells is None or (known and known.transferred.is_closed):
                continue
            if known and known.transferred is TaskState.UNREADABLE:
                desk.notice(f"The tracker was not written for {row.employee_id} ({known.transfer_cell}).")
            else:
                self.cells.queue(desk.run, row.employee_id, TRACKER_FIELD, self.mark or self.asked.effective)
