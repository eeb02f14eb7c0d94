"""`rpa` whose browser, page or driver is killed at one step of a row, a moment after the step has begun.

Use: python -m tests.faults.killed_browser browser Done 2 0.05 apply PLAN --yes

At the end it tells on stderr the first address that each guard of the command saw.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any
from urllib.parse import urlsplit

from rpa.cli import main
from rpa.engine.clock import SystemClock
from rpa.engine.guard import Guard
from rpa.engine.row_work import RowWork
from rpa.flows.portals import Portals
from rpa.pages.adp import CustomFieldsCard, CustomFieldsPanel, PeoplePage
from tests.faults import processes

VICTIMS = {
    "browser": processes.browser_of,
    "pages": processes.renderers_of,
    "driver": processes.driver_of,
}
STEPS: dict[str, tuple[type[Any], str]] = {
    "reading": (PeoplePage, "open_agent"),
    "panel open": (CustomFieldsCard, "edit"),
    "before Done": (CustomFieldsPanel, "fill"),
    "Done": (CustomFieldsPanel, "press_done"),
    "after Done": (RowWork, "_read_back"),
    "read-back": (PeoplePage, "open_agent"),
    "roster": (Portals, "read_rosters"),
    "waiting": (SystemClock, "wait"),
}
AT_THE_END = {"panel open", "before Done"}


class Executioner:
    """Waits for the nth time that a step begins (or has ended), and kills a moment later; once."""

    def __init__(self, victim: str, step: str, nth: int, delay: float) -> None:
        self._victim, self._step, self._left, self._delay = victim, step, nth, delay

    def watch(self) -> None:
        """Replace the step by one that counts."""
        owner, name = STEPS[self._step]
        original = getattr(owner, name)

        def watched(*about: Any, **more: Any) -> Any:
            if self._step not in AT_THE_END:
                self._count()
            told = original(*about, **more)
            if self._step in AT_THE_END:
                self._count()
            return told

        setattr(owner, name, watched)

    def _count(self) -> None:
        self._left -= 1
        if self._left == 0:
            threading.Timer(self._delay, self._strike).start() if self._delay else self._strike()

    def _strike(self) -> None:
        processes.kill(*VICTIMS[self._victim](os.getpid()))


def note_first_requests() -> dict[Guard, str]:
    """What each guard judges first, kept while the command runs."""
    first: dict[Guard, str] = {}
    judge = Guard._judge

    def noted(self: Guard, event: dict[str, Any]) -> None:
        first.setdefault(self, urlsplit(event["request"]["url"]).path)
        judge(self, event)

    Guard._judge = noted  # type: ignore[method-assign]
    return first


if __name__ == "__main__":
    victim, step, nth, delay, *command = sys.argv[1:]
    Executioner(victim, step, int(nth), float(delay)).watch()
    seen = note_first_requests()
    sys.argv = ["rpa", *command]
    try:
        main()
    finally:
        sys.stderr.write(f"\nfirst requests: {json.dumps(list(seen.values()))}\n")
