"""Compares class rosters with ADP for a batch (guide: "Verify all agents needing the extension are listed").

Read-only: the guard stays closed from the first page to the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rpa.domain.agents import Agent
from rpa.domain.errors import AccessMissing, PortalFailed, RuleRefused, WrongRecord
from rpa.domain.extension import file_contradicts
from rpa.domain.rosters import ClassKey, TrainingClass, find_classes
from rpa.domain.verification import Placement, expected_class, place
from rpa.engine.flow import Watcher
from rpa.engine.reading import Reader
from rpa.flows.portals import Portals


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedAgent:
    """One agent of the batch; `placement` is None where the record could not be compared, see `reason`."""

    employee_id: str
    name: str
    placement: Placement | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedRoster:
    """One class that the batch has to do with; `others` stand on it without being in the batch."""

    name: str
    listed: tuple[str, ...]
    missing: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What BlackDash shows of a batch."""

    agents: tuple[VerifiedAgent, ...]
    rosters: tuple[VerifiedRoster, ...]


@dataclass(kw_only=True)
class Verifier:
    """Reads every roster once and every agent's record once, and compares."""

    portals: Portals
    reader: Reader[Portals]
    manager: str
    today: date
    watcher: Watcher

    def verify(self, agents: Sequence[Agent]) -> Verification:
        """What BlackDash shows of these agents."""
        classes, rosters = self.reader.read(self.portals.all_rosters)
        self.watcher.begin("Reading", len(agents))
        try:
            verified = [self._verified(agent, classes, rosters) for agent in agents]
        finally:
            self.watcher.end()
        return Verification(agents=tuple(verified), rosters=tuple(_rosters(verified, classes, rosters)))

    def _verified(
        self, agent: Agent, classes: Sequence[TrainingClass], rosters: dict[str, frozenset[str]]
    ) -> VerifiedAgent:
        self.watcher.step(agent.employee_id)
        self.reader.next_row()
        try:
            name, fields = self.reader.read(lambda: self.portals.adp.read(agent.employee_id))
        except (RuleRefused, PortalFailed, WrongRecord, AccessMissing) as failure:
            return VerifiedAgent(
                employee_id=agent.employee_id, name=agent.name, placement=None, reason=failure.what
            )
        expected = expected_class(fields, agent.esp_manager or self.manager, self.today)
        return VerifiedAgent(
            employee_id=agent.employee_id,
            name=name,
            placement=place(agent.employee_id, expected, _names(classes, expected), rosters),
            reason=file_contradicts(agent, name, fields),
        )


def _names(classes: Sequence[TrainingClass], expected: ClassKey | None) -> frozenset[str]:
    return frozenset(one.name for one in find_classes(classes, expected)) if expected else frozenset()


def _rosters(
    agents: Sequence[VerifiedAgent], classes: Sequence[TrainingClass], rosters: dict[str, frozenset[str]]
) -> list[VerifiedRoster]:
    """The classes that an agent of the batch is on or should be on."""
    batch = frozenset(agent.employee_id for agent in agents)
    told = []
    for name, listed in rosters.items():
        meant = {
            agent.employee_id
            for agent in agents
            if agent.placement and name in _names(classes, agent.placement.expected)
        }
        if meant or batch & listed:
            told.append(
                VerifiedRoster(
                    name=name,
                    listed=tuple(sorted(listed & batch)),
                    missing=tuple(sorted(meant - listed)),
                    others=tuple(sorted(listed - batch)),
                )
            )
    return told
