"""The leaders' meeting before the season (guide: "shortly before the onboarding season begins")."""

from __future__ import annotations

from datetime import date

from rpa.domain.trainings import told


def meeting_reminder(season_start: date, day: date, today: date, *, called: bool) -> str:
    """What the ESP manager has to do about the meeting on this day; empty where there is nothing."""
    if called or today >= season_start:
        return ""
    season = f"the leaders' meeting before the season from {told(season_start)}"
    if day < today:
        return f"Nobody was called to {season}, which should have been on {told(day)}: call them by yourself"
    return f"Call {season}; it is on {told(day)}: rpa trainings meeting --season {season_start.isoformat()}"
