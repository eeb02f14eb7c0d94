"""The figures of the dashboard; made up, but of the people who are there, and steady for a minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from mock_portals.people import Employee
from mock_portals.training import TrainingClass

STATES = (*("On call",) * 5, *("Available",) * 2, "Wrap-up", "Break")
TARGET = 80


@dataclass(frozen=True, slots=True)
class Queue:
    """One campaign at one site."""

    campaign: str
    site: str
    agents: int
    waiting: int
    longest: str
    answered: int
    service_level: int

    @property
    def is_below_target(self) -> bool:
        """Whether too few calls are answered in time."""
        return self.service_level < TARGET


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure, and the line beneath it."""

    title: str
    figure: str
    note: str
    tone: str = ""


def queues(employees: Mapping[str, Employee], now: datetime) -> list[Queue]:
    """All queues by campaign and site."""
    staffed = Counter((one.campaign, one.site) for one in employees.values() if one.status == "Active")
    return [_queue(campaign, site, agents, now) for (campaign, site), agents in sorted(staffed.items())]


def tiles(found: Iterable[Queue], classes: Iterable[TrainingClass]) -> list[Tile]:
    """What the floor looks at first."""
    every, running = list(found), [one for one in classes if one.end]
    in_training = sum(len(one.roster) for one in running)
    logged_in = sum(one.agents for one in every) - in_training
    waiting = sum(one.waiting for one in every)
    level = round(sum(one.service_level for one in every) / max(1, len(every)))
    below = sum(one.is_below_target for one in every)
    return [
        Tile("Agents on production", f"{logged_in:,}", f"{len(every)} queues staffed"),
        Tile("In training ENV", f"{in_training:,}", f"{len(running)} ESP classes"),
        Tile("Calls waiting", str(waiting), f"longest {max((one.longest for one in every), default='0:00')}"),
        Tile("Service level", f"{level}%", f"{below} queues below {TARGET}%", "bad" if below else "good"),
    ]


def state_of(employee: Employee, now: datetime) -> str:
    """What the phone system says of an agent."""
    return STATES[_steady(employee.employee_id, now) % len(STATES)]


def _queue(campaign: str, site: str, agents: int, now: datetime) -> Queue:
    steady = _steady(campaign + site, now)
    waiting = steady % 9
    seconds = waiting * 11 + steady // 9 % 30 if waiting else 0
    return Queue(
        campaign=campaign,
        site=site,
        agents=agents,
        waiting=waiting,
        longest=f"{seconds // 60}:{seconds % 60:02d}",
        answered=agents * (now.hour + 3) + steady % 40,
        service_level=97 - 3 * waiting,
    )


def _steady(text: str, now: datetime) -> int:
    return crc32(f"{text} {now:%d%H%M}".encode())
