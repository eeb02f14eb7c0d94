"""Ends a browser that keeps a call waiting for ever, where nobody is looking.

Some questions to a page have no time limit (how many of these are there?). A page that freezes in that very
moment never answers, and the command would hold its account until somebody came by. Once its browser has
ended, it goes on as after any other crash.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psutil
import structlog

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LOOKS = 8  # so many in the time that it is patient

log = structlog.get_logger(__name__)


class Watchdog:
    """Watches for signs of life, and ends the browsers that it has seen start once they stay out.

    `patience` are seconds, more than anything takes that has limits of its own. A browser that runs
    elsewhere, and is only joined, cannot be ended.
    """

    def __init__(self, patience: float) -> None:
        self._pause = patience / LOOKS
        self._browsers: list[psutil.Process] = []
        # Looks are counted, and no seconds: a computer that slept for an hour has missed one look.
        self._quiet = 0
        self._resting = 0
        self._closed = threading.Event()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def seen_starting(self, launch: Callable[[], Browser]) -> Browser:
        """The browser that `launch` starts, whose processes are the ones to end."""
        before = set(_descendants())
        browser = launch()
        self._browsers = [process for process in _descendants() if process not in before]
        return browser

    def sign_of_life(self) -> None:
        """The command is at work."""
        self._quiet = 0

    @contextmanager
    def resting(self) -> Iterator[None]:
        """A block that may take as long as it likes, for it waits on purpose."""
        self._resting += 1
        try:
            yield
        finally:
            self._resting -= 1
            self.sign_of_life()

    def close(self) -> None:
        """Stop watching."""
        self._closed.set()

    def _watch(self) -> None:
        while not self._closed.wait(self._pause):
            self._quiet = 0 if self._resting else self._quiet + 1
            if self._quiet >= LOOKS:
                log.warning("browser_hangs", seconds=round(self._pause * LOOKS))
                self._quiet = 0
                for process in self._browsers:
                    with suppress(psutil.Error):  # it has ended by itself, or is not ours to end
                        process.kill()


def _descendants() -> list[psutil.Process]:
    """The processes below this one; none where the system keeps them secret, and so none is ended."""
    try:
        return psutil.Process().children(recursive=True)
    except psutil.Error:
        return []
