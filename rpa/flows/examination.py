"""Goes through every screen of both portals, read-only, and looks at every declared locator on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rpa.domain.examination import Finding, Level, judged
from rpa.flows.adp_walk import AdpWalk
from rpa.flows.blackdash_walk import BlackDashWalk
from rpa.flows.calibration import Calibration
from rpa.flows.looking import Looker
from rpa.flows.portal_door import BLACKDASH, Access
from rpa.flows.walk import CLOCK, Notes

if TYPE_CHECKING:
    from rpa.engine.sessions import Sessions


@dataclass
class Examination:
    """One examination; `patience` (seconds) is how long each element is waited for.

    `agent` is whom to look for in ADP: one whom BlackDash lists where nobody is named.
    """

    sessions: Sessions
    on_adp: Access
    on_blackdash: Access
    now: Callable[[], datetime]
    patience: float = 5.0
    agent: str = ""
    calibration: Calibration | None = None

    def examine(self) -> list[Finding]:
        """Findings of both portals; whatever goes wrong is one of them."""
        notes = Notes(looker=Looker(self.patience * 1000, self.calibration), agent=self.agent)
        self.sessions.guard.prove(self.sessions.page(BLACKDASH))
        notes.tell("guard", Level.OK, "a trial write did not leave the browser")
        # BlackDash first: a roster tells an employee id that ADP can be asked for.
        for walk in (
            BlackDashWalk(self.sessions, self.on_blackdash, self.now, notes),
            AdpWalk(self.sessions, self.on_adp, self.now, notes),
        ):
            notes.looker.rest(f"{walk.portal.lower()}.", walk.go() or "no way leads there")
        self.agent = notes.agent
        if not notes.has(CLOCK):
            notes.tell(CLOCK, Level.WARNING, "was not compared: no portal said what time it is")
        return [*notes.findings, *map(judged, notes.looker.sightings.values())]
