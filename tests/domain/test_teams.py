"""Teams: who is behind with the tracker, since when, and to whom it is reported."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time

import pytest

from rpa.domain.agents import EmployeeId
from rpa.domain.teams import Standing, Team, TeamUpdate, meeting_day, team_updates
from rpa.domain.tracking import TaskState, TrackedAgent
from rpa.domain.working_days import WorkingDays

UP_TO_DATE, BEHIND = Standing.UP_TO_DATE, Standing.BEHIND
LICENSING = Team(name="Licensing", columns=("AHIP", "Aetna"), by=time(17), reported_to="lead@example.invalid")


def tracked(number: int, updated: str = "", transferred: TaskState = TaskState.OPEN) -> TrackedAgent:
    """An agent whose row Licensing updated on this day of November 2026."""
    days = {"Licensing": date.fromisoformat(f"2026-11-{updated}")} if updated else {}
    return TrackedAgent(
        employee_id=EmployeeId(f"1{number:03}"), row=number, updated=days, transferred=transferred
    )


def stands(
    agents: list[TrackedAgent], now: datetime, followed: Collection[str] = ("Licensing",)
) -> tuple[TeamUpdate, ...]:
    return team_updates([LICENSING], agents, followed=followed, now=now, days=WorkingDays())


@pytest.mark.parametrize(
    ("agents", "now", "standing", "since"),
    [
        ([tracked(1, "24")], "2026-11-24T18:00", Standing.UP_TO_DATE, None),
        ([tracked(1, "23")], "2026-11-24T16:59", Standing.NOT_DUE, None),
        ([tracked(1, "23")], "2026-11-24T17:00", Standing.BEHIND, "2026-11-24"),
        ([tracked(1, "20")], "2026-11-24T09:00", Standing.BEHIND, "2026-11-23"),
        ([tracked(1, "24"), tracked(2, "20")], "2026-11-24T18:00", Standing.BEHIND, "2026-11-23"),
        ([tracked(1, "20")], "2026-11-22T12:00", Standing.UP_TO_DATE, None),  # Sunday: Friday's counts
        ([tracked(1)], "2026-11-24T18:00", Standing.BEHIND, None),
        ([tracked(1, "20", TaskState.DONE)], "2026-11-24T18:00", Standing.UP_TO_DATE, None),
        (
            [tracked(1, "24"), replace(tracked(2), esp_start=date(2026, 11, 30))],
            "2026-11-24T18:00",
            UP_TO_DATE,
            None,
        ),
        (
            [tracked(1, "24"), replace(tracked(2), esp_start=date(2026, 11, 24))],
            "2026-11-24T18:00",
            BEHIND,
            None,
        ),
        ([], "2026-11-24T18:00", Standing.UP_TO_DATE, None),
    ],
)
def test_team_stands(agents: list[TrackedAgent], now: str, standing: Standing, since: str | None) -> None:
    """Behind is who has not updated every open row by the hour, counted in working days."""
    (told,) = stands(agents, datetime.fromisoformat(now))
    assert (told.standing, told.since) == (standing, date.fromisoformat(since) if since else None)


def test_a_team_without_a_column_is_unknown() -> None:
    """Where the tracker has no column for its last update nobody can say that a team is behind."""
    (told,) = stands([tracked(1, "20")], datetime(2026, 11, 24, 18), followed=())  # noqa: DTZ001  local
    assert told.standing is Standing.UNKNOWN


def test_lack_is_told_with_columns_and_whom_to_report_to() -> None:
    """The manager reads what is missing since when, and who has to hear of it."""
    agents = [tracked(1, "20"), tracked(2, "23"), tracked(3, "24")]
    (told,) = stands(agents, datetime(2026, 11, 24, 18))  # noqa: DTZ001  local
    assert told.agents_behind == ("1001", "1002")
    assert told.sentence == (
        "Licensing: behind since Mon 23 Nov 2026 with 2 agents (AHIP, Aetna); "
        "report it to lead@example.invalid"
    )


def test_leaders_meet_working_days_before_the_season() -> None:
    """Five working days before Monday 11 January, with a holiday in between."""
    days = WorkingDays(holidays=frozenset({date(2027, 1, 6)}))
    assert meeting_day(date(2027, 1, 11), 5, days) == date(2027, 1, 1)
