"""Compares class rosters with ADP for a batch (guide: "Verify all agents needing the extension are listed").

Read-only: the guard stays closed from the first page to the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.departments import DepartmentRules
from rpa.domain.errors import AccessMissing, PortalFailed, RuleRefused, UsageError, WrongRecord
from rpa.domain.extension import file_contradicts
from rpa.domain.records import CustomFields
from rpa.domain.rosters import ClassKey, TrainingClass, named, told_apart
from rpa.domain.verification import Placement, expected_class, place
from rpa.engine.clock import Clock
from rpa.engine.flow import Watcher
from rpa.engine.reading import Reader
from rpa.flows.portals import Portals
from rpa.flows.roster_wait import Patience

Rosters = Mapping[TrainingClass, frozenset[str]]


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

    @property
    def is_right(self) -> bool:
        """Whether everybody could be compared, and is where ADP has them."""
        return all(agent.placement and agent.placement.standing.is_right for agent in self.agents)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What ADP shows of one agent: the class that it means, or the reason why nothing could be read."""

    employee_id: str
    name: str
    is_known: bool = True
    expected: ClassKey | None = None
    reason: str = ""


@dataclass(kw_only=True)
class Verifier:
    """Reads every agent's record once and every roster, and compares."""

    portals: Portals
    reader: Reader[Portals]
    departments: DepartmentRules
    manager: str
    uptraining_class: str
    today: date
    clock: Clock
    watcher: Watcher

    def verify(self, agents: Sequence[Agent], patience: Patience | None = None) -> Verification:
        """What BlackDash shows of these agents; with patience, once all are right or its time is over."""
        read = self._read(agents)
        start = self.clock.elapsed()
        found = self._compared(read)
        while patience and not found.is_right and self._is_worth_waiting(found):
            left = patience.timeout - (self.clock.elapsed() - start)
            if left <= 0:
                break
            self.clock.wait(min(patience.poll, left))
            found = self._compared(read)
        return found

    def on_class(self, name: str) -> list[Agent]:
        """Who stands on the class of this name now; UsageError where there is not exactly one."""
        rosters = self.reader.read(self.portals.all_rosters)
        found = named(rosters, name)
        if len(found) != 1:
            names = told_apart(rosters)
            raise UsageError(
                f"BlackDash has {len(found) or 'no'} class{'es' if found else ''} called {name!r}.",
                next_step=f"It has: {'; '.join(names[one] for one in found or rosters) or 'none at all'}.",
            )
        (one,) = found
        return [
            Agent(employee_id=EmployeeId(employee_id), row=row, esp_manager=one.manager)
            for row, employee_id in enumerate(sorted(rosters[one]), start=1)
        ]

    def _is_worth_waiting(self, found: Verification) -> bool:
        """Whether a roster can still come right: a record that could not be read will not by waiting."""
        return any(agent.placement and not agent.placement.standing.is_right for agent in found.agents)

    def _read(self, agents: Sequence[Agent]) -> list[_Read]:
        self.watcher.begin("Reading", len(agents))
        try:
            return [self._record(agent) for agent in agents]
        finally:
            self.watcher.end()

    def _record(self, agent: Agent) -> _Read:
        self.watcher.step(agent.employee_id)
        self.reader.next_row()
        try:
            name, fields = self.reader.read(lambda: self.portals.adp.read(agent.employee_id))
            expected = self._expected(agent, fields)
        except (AccessMissing, RuleRefused, PortalFailed, WrongRecord) as failure:
            return _Read(employee_id=agent.employee_id, name=agent.name, is_known=False, reason=failure.what)
        reason = file_contradicts(agent, name, fields)
        return _Read(employee_id=agent.employee_id, name=name, expected=expected, reason=reason)

    def _expected(self, agent: Agent, fields: CustomFields) -> ClassKey | None:
        """The class that ADP means; the department is read only on the last day, when it decides."""
        is_counted = False
        if fields.esp_end == self.today:
            department = self.reader.read(lambda: self.portals.adp.home_department(agent.employee_id))
            is_counted = self.departments.is_production(department.entry)
        manager = agent.esp_manager or self.manager
        return expected_class(
            fields,
            manager,
            self.today,
            uptraining_class=self.uptraining_class,
            is_counted_in_production=is_counted,
        )

    def _compared(self, read: Sequence[_Read]) -> Verification:
        rosters = self.reader.read(self.portals.all_rosters)
        agents = [_placed(one, rosters) for one in read]
        self.watcher.step(f"{sum(bool(a.placement and a.placement.standing.is_right) for a in agents)} right")
        return Verification(agents=tuple(agents), rosters=tuple(_rosters(agents, rosters)))


def _placed(read: _Read, rosters: Rosters) -> VerifiedAgent:
    placement = place(read.employee_id, read.expected, rosters) if read.is_known else None
    return VerifiedAgent(
        employee_id=read.employee_id, name=read.name, placement=placement, reason=read.reason
    )


def _rosters(agents: Sequence[VerifiedAgent], rosters: Rosters) -> list[VerifiedRoster]:
    """The classes that an agent of the batch is on or should be on."""
    batch = frozenset(agent.employee_id for agent in agents)
    names = told_apart(rosters)
    told = []
    for one, listed in rosters.items():
        meant = {agent.employee_id for agent in agents if _is_meant(agent, one)}
        if meant or batch & listed:
            told.append(
                VerifiedRoster(
                    name=names[one],
                    listed=tuple(sorted(listed & batch)),
                    missing=tuple(sorted(meant - listed)),
                    others=tuple(sorted(listed - batch)),
                )
            )
    return told


def _is_meant(agent: VerifiedAgent, one: TrainingClass) -> bool:
    expected = agent.placement.expected if agent.placement else None
    return expected is not None and expected.matches(one)
