"""When a roster counts as confirmed, with a clock that only the test moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from rpa.domain.roster_wait import Look, WaitState, next_wait, right_now, state_of, waited_before

WRITE = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
WANTED = frozenset({"1001", "1002"})
TIMEOUT, POLL = 600.0, 15.0


def waited(
    shows: Callable[[float, int], frozenset[str]], before: float = 0.0
) -> tuple[WaitState, list[Look]]:
    """The end of a wait on a roster that shows this at a moment and at its nth reading."""
    looks: list[Look] = []
    now, state = before, WaitState.WAITING
    while state not in {WaitState.CONFIRMED, WaitState.GIVEN_UP}:
        looks.append(Look(at=now, right=shows(now, len(looks))))
        state = state_of(looks, WANTED, TIMEOUT)
        now += next_wait(looks, state, POLL, TIMEOUT)
        assert len(looks) < 200
    return state, looks


@pytest.mark.parametrize(
    ("lag", "verdict"),
    [
        (0, WaitState.CONFIRMED),
        (599, WaitState.CONFIRMED),
        (600, WaitState.CONFIRMED),
        (601, WaitState.GIVEN_UP),
        (10**9, WaitState.GIVEN_UP),
    ],
)
def test_lag_against_the_deadline(lag: int, verdict: WaitState) -> None:
    """Listed up to exactly ten minutes is in time; a second later, or never, is not."""
    state, looks = waited(lambda now, _nth: WANTED if now >= lag else frozenset())
    assert state is verdict
    assert looks[-1].at <= TIMEOUT


def test_roster_that_is_ready_costs_two_readings() -> None:
    """A roster that lists everybody is read once more at once, and no time passes."""
    _, looks = waited(lambda _now, _nth: WANTED)
    assert [look.at for look in looks] == [0.0, 0.0]


def test_flapping_roster_is_not_confirmed() -> None:
    """An agent who is there in every other reading is not on the roster."""
    state, looks = waited(lambda _now, nth: WANTED if nth % 2 else frozenset({"1001"}))
    assert state is WaitState.GIVEN_UP
    assert right_now(looks, WANTED) == {"1001"}


def test_readings_are_never_added_up() -> None:
    """Two agents of whom always one is missing are not both listed, though each was seen."""
    state, _ = waited(lambda _now, nth: frozenset({"1001" if nth % 2 else "1002"}))
    assert state is WaitState.GIVEN_UP


def test_roster_that_settles_after_flapping_is_confirmed() -> None:
    """Two readings in a row, a poll apart, are enough once a roster has calmed down."""
    state, looks = waited(lambda _now, nth: WANTED if nth in {1, 4} or nth > 6 else frozenset())
    assert state is WaitState.CONFIRMED
    assert looks[-1].at - looks[-2].at == POLL


def test_nobody_is_listed_before_a_look() -> None:
    """Without a reading nobody is known to be listed."""
    assert right_now([], WANTED) == frozenset()


def at(*seconds: float) -> list[datetime]:
    """Moments so many seconds after the write."""
    return [WRITE + timedelta(seconds=one) for one in seconds]


@pytest.mark.parametrize(
    ("looks", "now", "seconds"),
    [
        ((), 700, 0),  # nobody has looked yet
        ((100, 400), 500, 400),  # since the first look, not the last
        ((-50, 100), 500, 400),  # a look before the write was another wait
        ((-50,), 500, 0),
        ((100,), 90, 0),  # the clock was set back
    ],
)
def test_wait_goes_on_from_its_first_look(looks: tuple[float, ...], now: float, seconds: float) -> None:
    """After a restart the wait has lasted since the first look after the last write."""
    assert waited_before(at(*looks), WRITE, *at(now)) == seconds


def test_run_without_a_write_waits_from_its_first_look() -> None:
    """Where everything stood already, any look of the run began the wait."""
    assert waited_before(at(-50, 10), None, *at(100)) == 150


@pytest.mark.parametrize(
    ("before", "at_looks"), [(599, [599, 600]), (600, [600]), (601, [601]), (9e9, [9e9])]
)
def test_restart_looks_once_more_and_then_gives_up(before: float, at_looks: list[float]) -> None:
    """What is left of the deadline is waited; one that is past still costs one look, and no more."""
    state, looks = waited(lambda _now, _nth: frozenset(), before)
    assert state is WaitState.GIVEN_UP
    assert [look.at for look in looks] == at_looks


@pytest.mark.parametrize("before", [0, 599, 600, 601, 9e9])
def test_roster_that_is_ready_after_a_restart_is_confirmed(before: float) -> None:
    """However long the machine was off, a roster that lists everybody in two looks is confirmed."""
    state, looks = waited(lambda _now, _nth: WANTED, before)
    assert state is WaitState.CONFIRMED
    assert len(looks) == 2
