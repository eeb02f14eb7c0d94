"""The teams that keep the tracker up to date: which columns, by when, and who is behind.

The guide: "The ESP Manager is responsible to ensure each team follows expectations outlined for them
including daily updates to the ESP Tracker".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from rpa.domain.agents import EmployeeId
from rpa.domain.counted import counted
from rpa.domain.tracking import TrackedAgent
from rpa.domain.training_deadlines import days_before
from rpa.domain.trainings import told
from rpa.domain.working_days import WorkingDays


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team, its columns of the tracker, the hour by which it updates them, whom its lack is reported to."""

    name: str
    columns: tuple[str, ...]
    by: time
    reported_to: str


class Standing(StrEnum):
    """How a team stands with today's update."""

    UP_TO_DATE = "up to date"
    NOT_DUE = "not due yet"
    BEHIND = "behind"
    UNKNOWN = "the tracker does not say"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamUpdate:
    """One team today; `last` is its latest update, `since` the first working day that it has missed."""

    team: Team
    standing: Standing
    last: date | None = None
    since: date | None = None
    agents_behind: tuple[EmployeeId, ...] = ()

    @property
    def sentence(self) -> str:
        """What to tell, and to whom."""
        if self.standing is not Standing.BEHIND:
            return f"{self.team.name}: {self.standing}"
        since = f" since {told(self.since)}" if self.since else ""
        return (
            f"{self.team.name}: behind{since} with {counted(len(self.agents_behind), 'agent')} "
            f"({', '.join(self.team.columns)}); report it to {self.team.reported_to}"
        )


def team_updates(
    teams: Iterable[Team],
    agents: Sequence[TrackedAgent],
    *,
    followed: Collection[str],
    now: datetime,
    days: WorkingDays,
) -> tuple[TeamUpdate, ...]:
    """How each team stands at this moment, the site's own local time.

    `followed` are the teams that the tracker has a column for: one that never filled it is behind. Agents who
    are transferred need no update any more, those whose ESP has not begun none yet. On a day off, the last
    working day's counts.
    """
    today = now.date()
    learning = [
        agent
        for agent in agents
        if not agent.transferred.is_closed and (agent.esp_start is None or agent.esp_start <= today)
    ]
    return tuple(
        _update(team, learning, now, days)
        if team.name in followed
        else TeamUpdate(team=team, standing=Standing.UNKNOWN)
        for team in teams
    )


def meeting_day(season_start: date, days_ahead: int, days: WorkingDays) -> date:
    """When the leaders of the teams meet (guide: "shortly before the onboarding season begins")."""
    return days_before(season_start, days_ahead, days)


def _update(team: Team, agents: Sequence[TrackedAgent], now: datetime, days: WorkingDays) -> TeamUpdate:
    updates = {agent.employee_id: agent.updated[team.name] for agent in agents if team.name in agent.updated}
    last = max(updates.values(), default=None)
    if not agents:
        return TeamUpdate(team=team, standing=Standing.UP_TO_DATE)
    wanted = _wanted(team, now, days)
    behind = tuple(agent.employee_id for agent in agents if updates.get(agent.employee_id, date.min) < wanted)
    if behind:
        known = [updates[agent] for agent in behind if agent in updates]
        since = days.next(min(known)) if known else None
        return TeamUpdate(
            team=team, standing=Standing.BEHIND, last=last, since=since, agents_behind=tuple(sorted(behind))
        )
    is_today = all(day >= now.date() for day in updates.values())
    due = is_today or not days.is_working(now.date())
    return TeamUpdate(team=team, standing=Standing.UP_TO_DATE if due else Standing.NOT_DUE, last=last)


def _wanted(team: Team, now: datetime, days: WorkingDays) -> date:
    """The day of which the update must be there by now."""
    today = now.date()
    is_due = days.is_working(today) and now.time() >= team.by
    return today if is_due else days.previous(today)
