"""Takes agents off the uptraining route (guide: "once complete, erase the Uptraining Class")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rpa.domain.agents import Agent
from rpa.domain.clearing import ClearingOrder, decide
from rpa.domain.open_uptraining import OpenUptraining
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision, Seen
from rpa.domain.records import CustomFields
from rpa.domain.tracking import TrackedAgents
from rpa.domain.verdicts import LOOKS_AGAIN
from rpa.engine.flow import Desk
from rpa.flows.leaving import NOBODY, UNSEEN, Leaving
from rpa.flows.portals import Portals
from rpa.flows.record import OnRecord, pending_unless_seen, standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearUptraining(OnRecord):
    """Erases the Uptraining Class; `ours` is what the journal holds open, by employee id."""

    asked: ClearingOrder
    today: date
    leaving: Leaving
    ours: Mapping[str, OpenUptraining]
    tracked: TrackedAgents | None = None
    name: str = "clear-uptraining"
    route: str = "uptraining"

    def order(self) -> Mapping[str, Any]:
        """The parameters of `ClearUptraining.asked`, JSON-ready."""
        return {
            "uptraining_class": self.asked.uptraining_class,
            "even_if_open": self.asked.even_if_open,
        }

    def prepare(self, portals: Portals) -> Sequence[str]:
        """A note where no tracker tells whether the certs are complete."""
        del portals
        return [] if self.tracked else ["No tracker is configured: nobody has checked the Call Certs."]

    def decide(self, agent: Agent, seen: Seen) -> Decision:
        """The rules of the guide."""
        fields = CustomFields.from_values(seen.values)
        ours = self.ours.get(agent.employee_id)
        return decide(agent, seen.name, fields, self.asked, self.tracked, ours, self.today)

    def settle(self, portals: Portals, desk: Desk) -> None:
        """Wait until they are off the roster, and say what the agents do."""
        rows = standing(desk)
        if not rows:
            return
        left = NOBODY
        with pending_unless_seen(portals, desk, rows, unseen=UNSEEN):
            left = self.leaving.wait(portals, desk, rows)
        for row in rows:
            if row.employee_id in left.listed:
                desk.end_row(
                    row,
                    Outcome.PENDING,
                    f"ADP shows the change, but BlackDash still lists the agent on "
                    f"{' and '.join(left.listed[row.employee_id])}",
                    LOOKS_AGAIN,
                )
        if left.gone:
            desk.notice("Those who are off the roster please log out of all tools and log in again.")
