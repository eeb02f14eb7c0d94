"""When a class roster counts as confirmed (guide: "Verify all agents are listed, up to 10 minutes").

The same rule says when agents have left one: what is confirmed is that everybody is where they should be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

STEADY_READINGS = 2


class WaitState(StrEnum):
    """Where the wait for one roster stands."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CONFIRMING = "confirming"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One reading: seconds since the wait began, and the ids that were where they should be.

    That is on the roster, or off it where their leaving is waited for.
    """

    at: float
    right: frozenset[str]


def state_of(looks: Sequence[Look], wanted: frozenset[str], timeout: float) -> WaitState:
    """Whether the wait is over, judged by readings and never by their union.

    A roster is confirmed when every wanted agent is right in two readings in a row, the second one
    taken at once: a roster that flaps is not one that the agents are on. The deadline belongs to the
    wait: an agent who is right exactly at `timeout` seconds is in time, one second later is not.
    """
    if not looks:
        return WaitState.WAITING
    last = looks[-STEADY_READINGS:]
    if len(last) == STEADY_READINGS and all(wanted <= look.right for look in last):
        return WaitState.CONFIRMED
    if wanted <= looks[-1].right and not has_flapped(looks, wanted):
        return WaitState.CONFIRMING
    return WaitState.GIVEN_UP if looks[-1].at >= timeout else WaitState.WAITING


def waited_before(looks: Iterable[datetime], last_write: datetime | None, now: datetime) -> float:
    """Seconds that the wait for a class has lasted already when its run goes on after a restart.

    The deadline belongs to what was written, not to the process: the wait began with the first look
    after the run's last write. Where there was none yet, or the clock was set back, it begins now.
    """
    began = min((look for look in looks if last_write is None or look >= last_write), default=now)
    return max(0.0, (now - began).total_seconds())


def has_flapped(looks: Sequence[Look], wanted: frozenset[str]) -> bool:
    """True when a wanted agent was right in one reading and no longer in the next."""
    return any((earlier.right - later.right) & wanted for earlier, later in pairwise(looks))


def next_wait(looks: Sequence[Look], state: WaitState, poll: float, timeout: float) -> float:
    """Seconds until the next reading: none to confirm one, and never past the deadline."""
    if state is WaitState.CONFIRMING:
        return 0.0
    elapsed = looks[-1].at if looks else 0.0
    return max(0.0, min(poll, timeout - elapsed))


def right_now(looks: Sequence[Look], wanted: frozenset[str]) -> frozenset[str]:
    """The wanted agents that are right steadily: in each of the last readings."""
    steady = wanted if looks else frozenset()
    for look in looks[-STEADY_READINGS:]:
        steady &= look.right
    return steady
