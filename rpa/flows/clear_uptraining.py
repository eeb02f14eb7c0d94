"""Ends the uptraining route (guide: "The ESP Manager must remember to 'undo' this process")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rpa.domain.agents import Agent
from rpa.domain.clearing import ClearingOrder, Known, decide
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision, Seen
from rpa.domain.records import CustomFields
from rpa.engine.flow import Desk
from rpa.flows.custom_fields import OnCustomFields
from rpa.flows.portals import Portals


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearUptraining(OnCustomFields):
    """Erases `Uptraining Class`; `known` tells by employee id what tracker and journal say."""

    asked: ClearingOrder
    known: Mapping[str, Known]
    name: str = "clear-uptraining"
    route: str = "uptraining"

    def order(self) -> Mapping[str, Any]:
        """The parameters of `ClearUptraining.asked`, JSON-ready."""
        return {"uptraining_class": self.asked.uptraining_class, "even_if_open": self.asked.even_if_open}

    def prepare(self, portals: Portals) -> Sequence[str]:
        """A note where no tracker can tell whether Call Certs are finished."""
        del portals
        if any(one.call_cert is not None for one in self.known.values()):
            return []
        return ["No tracker is set (RPA_TRACKER__FILE): whether Call Certs are finished is yours to know."]

    def decide(self, agent: Agent, seen: Seen) -> Decision:
        """The rules of the guide."""
        known = self.known.get(agent.employee_id, Known())
        return decide(agent, seen.name, CustomFields.from_values(seen.values), known, self.asked)

    def settle(self, portals: Portals, desk: Desk) -> None:
        """Say what the agents must do."""
        del portals
        cleared = [row.employee_id for row in desk.rows if row.outcome is Outcome.DONE]
        if cleared:
            desk.notice(
                f"{', '.join(cleared)}: out of the class {self.asked.uptraining_class} once BlackDash has "
                f"followed, in up to ten minutes. Then log out of all tools and log in again."
            )
