"""The mock portals' clock: the machine's, begun on a day of one's choice, and moved forward at will."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta


class Clock:
    """Moments of the mock world; naive, in the machine's zone, as a portal shows them."""

    def __init__(self, today: date | None = None) -> None:
        now = datetime.now()  # noqa: DTZ005 - a portal shows local time
        self._start = datetime.combine(today or now.date(), now.time())
        self.reset()

    def reset(self) -> None:
        """Back to the start."""
        self._began = time.monotonic()
        self._ahead = timedelta()

    def advance(self, seconds: float) -> None:
        """Let so much time have passed."""
        self._ahead += timedelta(seconds=seconds)

    def now(self) -> datetime:
        """The moment."""
        return self._start + timedelta(seconds=time.monotonic() - self._began) + self._ahead

    def today(self) -> date:
        """The day."""
        return self.now().date()
