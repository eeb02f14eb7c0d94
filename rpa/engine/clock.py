"""Time as a port: the real clock here, a clock that jumps in the tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from typing import Protocol


class Clock(Protocol):
    """The moment, the site's day, and waiting."""

    def now(self) -> datetime:
        """The moment, aware and in UTC."""
        ...

    def today(self) -> date:
        """The day that the rules count from."""
        ...

    def elapsed(self) -> float:
        """Seconds on a clock that never goes back; only differences mean anything."""
        ...

    def wait(self, seconds: float) -> None:
        """Return after so many seconds."""
        ...


class StoppableClock:
    """A clock whose waiting ends with KeyboardInterrupt, at most `SLICE` seconds after a stop was asked for.

    For waits in which no agent is in hand: whoever stops a run must not sit out ten minutes of rosters.
    """

    SLICE = 1.0

    def __init__(self, clock: Clock, stop_asked: Callable[[], bool]) -> None:
        self._clock = clock
        self._stop_asked = stop_asked

    def now(self) -> datetime:
        return self._clock.now()

    def today(self) -> date:
        return self._clock.today()

    def elapsed(self) -> float:
        return self._clock.elapsed()

    def wait(self, seconds: float) -> None:
        until = self.elapsed() + seconds
        self._stop_if_asked()
        while (rest := until - self.elapsed()) > 0:
            self._clock.wait(min(rest, self.SLICE))
            self._stop_if_asked()

    def _stop_if_asked(self) -> None:
        if self._stop_asked():
            raise KeyboardInterrupt


class SystemClock:
    """The machine's clock, in the site's time zone or else the machine's; `today` is set for rehearsals.

    Waiting is lent by the browser (`pump`), because a guarded browser needs its events answered even
    while nobody clicks.
    """

    def __init__(
        self, pump: Callable[[float], None], today: date | None = None, zone: tzinfo | None = None
    ) -> None:
        self._pump = pump
        self._today = today
        self._zone = zone

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return self._today or datetime.now(self.zone()).date()

    def elapsed(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        self._pump(seconds)

    def zone(self) -> tzinfo:
        """The time zone for what people read."""
        if self._zone is not None:
            return self._zone
        zone = datetime.now().astimezone().tzinfo
        assert zone is not None
        return zone
