"""Reading a portal: the browser's errors get names here, and named failures are tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from playwright.sync_api import Error as BrowserError
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential_jitter,
)

from rpa.domain.errors import PortalBusy, PortalFailed, RpaError, RuleRefused
from rpa.engine.clock import Clock
from rpa.engine.flow import Portals

# The longest that a run sits out where a portal asks for time; beyond that it stops and says when to come.
MOST_PATIENCE = 900.0

P = TypeVar("P", bound=Portals)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How patient the engine is; seconds and counts.

    `read_attempts` and `read_seconds` bound the tries of one reading, `failures_in_a_row` stops a run
    whose portal is down, `read_backs` are the looks after a save until the new values show, and
    `seconds_per_row` lie at least between the beginnings of two agents.
    """

    read_attempts: int = 3
    read_seconds: float = 180.0
    failures_in_a_row: int = 3
    read_backs: int = 2
    read_back_pause: float = 2.0
    seconds_per_row: float = 0.0


@dataclass(slots=True)
class Breaker:
    """Open after `most` failures in a row: then the portal is down, and not what is asked of it."""

    most: int
    in_a_row: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the portal is not to be asked for more."""
        return self.in_a_row >= self.most

    def note(self, *, failed: bool) -> None:
        """Count a failure; anything else begins the row anew."""
        self.in_a_row = self.in_a_row + 1 if failed else 0


class Reader(Generic[P]):
    """Readings of the portals, each repeated on a full load while it fails by the portal's fault."""

    def __init__(self, portals: P, clock: Clock, limits: Limits) -> None:
        self._portals = portals
        self._clock = clock
        self._limits = limits
        self._not_before = clock.elapsed()
        self._busy: PortalBusy | None = None

    def next_row(self, clock: Clock | None = None) -> None:
        """Begin an agent: not sooner than the pace and the portal allow, and with one sign-in more.

        `clock` is what waits until then, where that is another one than the readings'. PortalBusy where the
        portal wants to be left alone for longer than a person would wait.
        """
        rest = max(0.0, self._not_before - self._clock.elapsed())
        if self._busy and rest > MOST_PATIENCE:
            raise _come_back(self._busy, self._clock.now() + timedelta(seconds=rest))
        (clock or self._clock).wait(rest)
        self._busy = None
        self._not_before = self._clock.elapsed() + self._limits.seconds_per_row
        self._portals.new_row()

    def heed(self, failure: RpaError) -> None:
        """Remember when the portal wants to be asked again: for the next agent, too."""
        if isinstance(failure, PortalBusy):
            self._busy = failure
            self._not_before = max(self._not_before, self._clock.elapsed() + failure.retry_after)

    def read(self, work: Callable[[], T]) -> T:
        """What `work` gives; raises the last PortalFailed, or any other named error at once."""
        retrying = Retrying(
            retry=retry_if_exception_type(PortalFailed),
            stop=stop_after_attempt(self._limits.read_attempts)
            | stop_before_delay(self._limits.read_seconds),
            wait=_how_long,
            sleep=self._clock.wait,
            before_sleep=lambda _state: self._portals.forget(),
            reraise=True,
        )
        result: T = retrying(self._once, work)
        return result

    def _once(self, work: Callable[[], T]) -> T:
        try:
            with named_errors(self._portals):
                result = work()
        except PortalBusy as busy:
            self.heed(busy)
            raise
        # A page can ask again by itself, and get its answer: the portal wants its rest all the same.
        if asked := self._portals.busy():
            self.heed(asked)
        return result


@contextmanager
def named_errors(portals: Portals) -> Iterator[None]:
    """Turn an error of the browser, or a page's plain failure, into the named error behind it.

    A refusal that rests on an answer that failed is none: an empty list may be one that did not come.
    """
    portals.listen()
    try:
        yield
    except (BrowserError, PortalFailed, RuleRefused) as error:
        raise portals.explain(error) from error


def _come_back(busy: PortalBusy, at: datetime) -> PortalBusy:
    return PortalBusy(
        f"{busy.what}, and not to come back before {at:%H:%M} UTC.",
        retry_after=busy.retry_after,
        next_step="Nothing more is sent until then. A run goes on with `rpa resume`; else start again.",
    )


def _how_long(state: RetryCallState) -> float:
    failure = state.outcome.exception() if state.outcome else None
    if isinstance(failure, PortalBusy):
        return failure.retry_after
    return wait_exponential_jitter(multiplier=0.5, max=8.0)(state)
