"""Trackers: one in memory for the rules that ask one, and the file of a command."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rpa.domain.agents import EmployeeId
from rpa.domain.tracking import TrackedAgent
from tests.command import Rpa

TASKS = ("Producer World", "AHIP", "Aetna", "TBT", "Call Cert", "Call Shadowing")


@dataclass
class MemoryTracker:
    """Its agents by employee id, and the ids that stand in several rows."""

    agents: Mapping[str, TrackedAgent]
    doubled: Mapping[EmployeeId, tuple[int, ...]] = field(default_factory=dict)

    def agent(self, employee_id: EmployeeId) -> TrackedAgent | None:
        return self.agents.get(employee_id)


def tracker(rpa: Rpa, rows: dict[str, dict[str, str]], site: str = "PRV", campaign: str = "Aetna") -> Path:
    """A tracker with these agents, everybody complete but for what is given."""
    path = rpa.folder / "tracker.csv"
    columns = ["Employee ID", "Site", "Campaign", *TASKS, "Transfer to Production"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for agent, given in rows.items():
            done = dict.fromkeys(TASKS, "done")
            writer.writerow({"Employee ID": agent, "Site": site, "Campaign": campaign, **done, **given})
    rpa.settings["RPA_TRACKER__FILE"] = str(path)
    return path


def cells(path: Path) -> dict[str, str]:
    """What the tracker's last column says of each agent."""
    with path.open(newline="", encoding="utf-8") as file:
        return {row["Employee ID"]: row["Transfer to Production"] for row in csv.DictReader(file)}
