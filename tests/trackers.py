"""A tracker in memory, for the rules that ask one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rpa.domain.agents import EmployeeId
from rpa.domain.tracking import TrackedAgent


@dataclass
class MemoryTracker:
    """Its agents by employee id, and the ids that stand in several rows."""

    agents: Mapping[str, TrackedAgent]
    doubled: Mapping[EmployeeId, tuple[int, ...]] = field(default_factory=dict)

    def agent(self, employee_id: EmployeeId) -> TrackedAgent | None:
        return self.agents.get(employee_id)
