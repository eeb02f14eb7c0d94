"""Tells which team keeps which columns of the tracker, and which one is behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rpa.cli import output
from rpa.domain.hours import parse_time
from rpa.domain.teams import Team, TeamUpdate
from rpa.settings import Settings, load_settings


def teams(*, as_json: bool) -> int:
    """The teams as the settings have them."""
    known = teams_of(load_settings())
    if as_json:
        output.emit({"teams": [_document(team) for team in known]})
        return 0
    for team in known:
        output.show(
            f"{team.name}: {', '.join(team.columns)}, by {team.by:%H:%M}; reported to {team.reported_to}"
        )
    return 0


def teams_of(settings: Settings) -> tuple[Team, ...]:
    """The teams of the site; a lack is reported to the ESP manager unless told otherwise."""
    rules = settings.teams
    return tuple(
        Team(
            name=name,
            columns=tuple(columns),
            by=parse_time(rules.due_at.get(name, rules.due)),
            reported_to=rules.reported_to.get(name, settings.mail.manager),
            leader=rules.leaders.get(name, ""),
        )
        for name, columns in rules.columns.items()
    )


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
