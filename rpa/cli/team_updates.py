"""Tells which team keeps which columns of the tracker, and which one is behind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from rpa.cli import output
from rpa.cli.office import Office
from rpa.cli.training_desk import TrainingDesk
from rpa.domain.hours import parse_time
from rpa.domain.teams import Standing, Team, TeamUpdate, team_updates
from rpa.domain.tracking import TrackedAgent
from rpa.setting_model import Settings
from rpa.settings import load_settings


def teams(*, as_json: bool) -> int:
    """The teams, and how they stand by the tracker; 0 where none is behind, else 1."""
    desk = TrainingDesk(Office(load_settings()))
    known = teams_of(desk.office.settings)
    if desk.office.tracker is None:
        _show_rules(known, as_json=as_json)
        output.talk("There is no tracker to see who is behind; set RPA_TRACKER__FILE.")
        return 0
    read = desk.office.tracked()
    updates = teams_now(desk.office, desk.tracked(), read.sheet.teams if read else ())
    if as_json:
        output.emit({"teams": updates_document(updates)})
    else:
        for update in updates:
            output.show(update.sentence)
    return int(any(update.standing is Standing.BEHIND for update in updates))


def _show_rules(teams: Sequence[Team], *, as_json: bool) -> None:
    if as_json:
        output.emit({"teams": [_document(team) for team in teams]})
        return
    for team in teams:
        columns = ", ".join(team.columns)
        output.show(f"{team.name}: {columns}, by {team.by:%H:%M}; reported to {team.reported_to}")


def teams_of(settings: Settings) -> tuple[Team, ...]:
    """The teams of the site; a lack is reported to the ESP manager unless told otherwise."""
    rules = settings.teams
    return tuple(
        Team(
            name=name,
            columns=tuple(columns),
            by=parse_time(rules.due_at.get(name, rules.due)),
            reported_to=rules.reported_to.get(name, settings.mail.manager),
        )
        for name, columns in rules.columns.items()
    )


def teams_now(
    office: Office, agents: Sequence[TrackedAgent], followed: Collection[str]
) -> tuple[TeamUpdate, ...]:
    """How each team stands at this moment, by the site's clocks; the tracker has a column for `followed`."""
    clock = office.clock()
    now = datetime.combine(clock.today(), clock.now().astimezone(clock.zone()).time())
    return team_updates(teams_of(office.settings), agents, followed=followed, now=now, days=office.days)


def updates_document(updates: Sequence[TeamUpdate]) -> list[dict[str, Any]]:
    """How the teams stand, as JSON."""
    return [
        {
            **_document(update.team),
            "standing": update.standing.value,
            "last": update.last.isoformat() if update.last else None,
            "since": update.since.isoformat() if update.since else None,
            "agents_behind": list(update.agents_behind),
        }
        for update in updates
    ]


def _document(team: Team) -> dict[str, Any]:
    return {
        "team": team.name,
        "columns": list(team.columns),
        "by": f"{team.by:%H:%M}",
        "reported_to": team.reported_to,
    }


def unfollowed(updates: Sequence[TeamUpdate]) -> list[str]:
    """A sentence about the teams of whom the tracker says nothing; none where it tells of all."""
    names = ", ".join(one.team.name for one in updates if one.standing is Standing.UNKNOWN)
    mend = "set RPA_TRACKER__TEAMS, or take them out of RPA_TEAMS__COLUMNS"
    return [f"Whether these teams are behind the tracker does not tell: {names}; {mend}."] if names else []
