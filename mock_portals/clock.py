"""The mock portals' clock: the machine's, or begun in the morning of a chosen day; moved forward at will."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from time import monotonic

# Far from midnight, so that waiting for a roster does not lead into the next day.
MORNING = time(9)


class Clock:
    """Moments of the mock world; naive, in the machine's zone, as a portal shows them."""

    def __init__(self, today: date | None = None) -> None:
        now = datetime.now()  # noqa: DTZ005 - a portal shows local time
        self._start = datetime.combine(today, MORNING) if today else now
        self.reset()

    def reset(self) -> None:
        """Back to the start."""
        self._began = monotonic()
        self._ahead = timedelta()

    def advance(self, seconds: float) -> None:
        """Let so much time have passed."""
        self._ahead += timedelta(seconds=seconds)

    def now(self) -> datetime:
        """The moment."""
        return self._start + timedelta(seconds=monotonic() - self._began) + self._ahead

    def today(self) -> date:
        """The day."""
        return self.now().date()
