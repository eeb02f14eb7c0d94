"""Waiting for a roster: the real page objects on the mock BlackDash, with a clock that only waiting moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from rpa.domain.errors import PortalBusy, PortalFailed
from rpa.domain.rosters import ClassKey, RosterSeen
from rpa.domain.runs import Roster
from rpa.flows.portals import Portals
from rpa.flows.roster_wait import Patience, RosterWait
from tests.conftest import MockPortals, StartMock
from tests.engine.stand_ins import JumpingClock, NoWatcher
from tests.flows.conftest import Launch
from tests.flows.stand_ins import ListeningDesk, SharedClock

UNTIL = date(2026, 12, 4)


def extended(mock: MockPortals, agents: int) -> ClassKey:
    """So many agents of one class whom somebody has just extended in ADP, and the class they come to."""
    one = next(one for one in mock.state()["classes"] if one["end"])
    for agent in one["roster"][:agents]:
        mock.set(agent, esp_end_date=UNTIL.isoformat())
    return ClassKey(manager=one["manager"], start=date.fromisoformat(one["start"]), end=UNTIL)


def members(mock: MockPortals, key: ClassKey) -> frozenset[str]:
    people = mock.state()["employees"]
    return frozenset(
        one["employee_id"]
        for one in people
        if one["esp_manager"] == key.manager and one["esp_end_date"] == UNTIL.isoformat()
    )


def waited(
    portals: Portals, mock: MockPortals, key: ClassKey, before: float = 0.0
) -> tuple[Roster, ListeningDesk, SharedClock]:
    clock, desk = SharedClock(mock), ListeningDesk(before=before)
    wait = RosterWait(
        read=portals.read_rosters,
        clock=clock,
        patience=Patience(timeout=600, poll=60),
        desk=desk,  # type: ignore[arg-type]
        watcher=NoWatcher(),
    )
    return wait.until_listed({key: members(mock, key)})[key], desk, clock


@pytest.mark.parametrize(
    ("lag", "is_listed"),
    [(0, True), (598, True), (600, True), (640, False), pytest.param(100_000, False, marks=pytest.mark.soak)],
)
def test_lag_against_ten_minutes(launch: Launch, start_mock: StartMock, lag: int, is_listed: bool) -> None:
    """A roster that follows within ten minutes is confirmed, one that follows later or never is not."""
    mock = start_mock(lag=lag)
    # The portals' clock runs on while pages load, so a lag of exactly ten minutes is in time here.
    key = extended(mock, 6)
    roster, _, clock = waited(launch(mock)[0], mock, key)
    assert (len(roster.listed), len(roster.missing)) == ((6, 0) if is_listed else (0, 6))
    assert clock.passed <= 600


def test_hundred_agents_cost_as_many_reads_as_one(launch: Launch, mock: MockPortals) -> None:
    """A poll reads a class once, whatever the number of agents that are waited for."""
    key = extended(mock, 14)
    _, desk, _ = waited(launch(mock)[0], mock, key)
    rosters = [one for one in mock.requests() if one["path"].endswith("/roster")]
    assert len(rosters) == len(desk.readings) == 2


def test_class_of_no_named_manager_is_found_by_its_dates(launch: Launch, mock: MockPortals) -> None:
    """Without a manager the class is the one of these dates."""
    named = extended(mock, 6)
    roster, _, _ = waited(launch(mock)[0], mock, ClassKey(start=named.start, end=named.end))
    assert roster.missing == ()


def test_restart_waits_for_what_is_left(launch: Launch, start_mock: StartMock) -> None:
    """A run that had waited eight minutes when it was killed waits two more, for all agents together."""
    mock = start_mock(lag=100_000)
    roster, desk, clock = waited(launch(mock)[0], mock, extended(mock, 6), before=480)
    assert len(roster.missing) == 6
    assert clock.passed == 120
    assert len(desk.readings) == 3


@pytest.mark.parametrize(
    ("lag", "is_gone"), [(0, True), (300, True), pytest.param(100_000, False, marks=pytest.mark.soak)]
)
def test_who_leaves_is_waited_for(launch: Launch, start_mock: StartMock, lag: int, is_gone: bool) -> None:
    """Agents whose ESP was ended are gone once the roster has let go of them, else still listed."""
    mock = start_mock(lag=lag)
    one = next(one for one in mock.state()["classes"] if one["end"])
    leaving = frozenset(one["roster"][:3])
    for agent in leaving:
        mock.set(agent, esp_end_date="2026-11-20")
    key = ClassKey(start=date.fromisoformat(one["start"]), end=date.fromisoformat(one["end"]))
    clock, desk = SharedClock(mock), ListeningDesk()
    wait = RosterWait(
        read=launch(mock)[0].read_rosters,
        clock=clock,
        patience=Patience(timeout=600, poll=60),
        desk=desk,  # type: ignore[arg-type]
        watcher=NoWatcher(),
        round="second wait",
    )
    roster = wait.until_gone({key: leaving})[key]
    assert roster.key == f"{key}, second wait"
    assert frozenset(roster.gone or ()) == (leaving if is_gone else frozenset())
    assert (frozenset(roster.listed), roster.missing) == (frozenset() if is_gone else leaving, ())


def test_who_changes_the_class_has_not_left(launch: Launch, mock: MockPortals) -> None:
    """An agent who goes from one class to another while both are watched is still listed."""
    one = next(one for one in mock.state()["classes"] if one["end"])
    agent, stays = one["roster"][:2]
    start = date.fromisoformat(one["start"])
    old = ClassKey(start=start, end=date.fromisoformat(one["end"]))
    new = ClassKey(start=start, end=UNTIL)

    wait = RosterWait(
        read=launch(mock)[0].read_rosters,
        clock=SharedClock(mock, meanwhile=lambda: mock.set(agent, esp_end_date=UNTIL.isoformat())),
        patience=Patience(timeout=180, poll=60),
        desk=ListeningDesk(),  # type: ignore[arg-type]
        watcher=NoWatcher(),
    )
    rosters = wait.until_gone({old: frozenset({agent, stays}), new: frozenset({agent})})
    assert (rosters[old].listed, rosters[old].gone) == ((stays,), (agent,))
    assert rosters[new].listed == (agent,)


def failing(*failures: PortalFailed) -> tuple[RosterWait, JumpingClock, ClassKey]:
    """A wait for one agent at a BlackDash that fails so often before it lists her."""
    key, clock = ClassKey(campaign_class="Aetna"), JumpingClock()
    left = iter(failures)

    def read(keys: Sequence[ClassKey]) -> dict[ClassKey, RosterSeen]:
        if failure := next(left, None):
            raise failure
        return {one: RosterSeen(name="Aetna", listed=frozenset({"1001"})) for one in keys}

    desk: Any = ListeningDesk()
    wait = RosterWait(
        read=read, clock=clock, patience=Patience(timeout=600, poll=60), desk=desk, watcher=NoWatcher()
    )
    return wait, clock, key


def test_look_that_fails_costs_a_poll_and_not_the_wait() -> None:
    """A BlackDash that fails at two looks, once busy, is looked at again after a poll, or when it said."""
    wait, clock, key = failing(PortalFailed("down"), PortalBusy("busy", retry_after=90))
    assert wait.until_listed({key: frozenset({"1001"})})[key].missing == ()
    assert clock.passed == 60 + 90


def test_blackdash_that_stays_down_is_told_at_the_deadline() -> None:
    """A BlackDash that fails to the end of the wait gives its failure, not an empty roster."""
    wait, clock, key = failing(*(PortalFailed("down") for _ in range(100)))
    with pytest.raises(PortalFailed, match="down"):
        wait.until_listed({key: frozenset({"1001"})})
    assert clock.passed == 600
