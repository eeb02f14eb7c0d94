"""Reading a portal: the browser's errors get names here, and named failures are tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

from rpa.domain.errors import PortalBusy, PortalFailed, RuleRefused
from rpa.engine.clock import Clock
from rpa.engine.flow import Portals

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


class Reader(Generic[P]):
    """Readings of the portals, each repeated on a full load while it fails by the portal's fault."""

    def __init__(self, portals: P, clock: Clock, limits: Limits) -> None:
        self._portals = portals
        self._clock = clock
        self._limits = limits
        self._row_began: float | None = None

    def next_row(self) -> None:
        """Begin an agent: not sooner than the pace allows, and with one sign-in more."""
        if self._row_began is not None:
            rest = self._row_began + self._limits.seconds_per_row - self._clock.elapsed()
            if rest > 0:
                self._clock.wait(rest)
        self._row_began = self._clock.elapsed()
        self._portals.new_row()

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
        with named_errors(self._portals):
            return work()


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


def _how_long(state: RetryCallState) -> float:
    failure = state.outcome.exception() if state.outcome else None
    if isinstance(failure, PortalBusy):
        return failure.retry_after
    return wait_exponential_jitter(multiplier=0.5, max=8.0)(state)
