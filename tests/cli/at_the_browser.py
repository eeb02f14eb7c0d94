"""Somebody at the browser that a command has opened: real keys and clicks, from beside the command."""

from __future__ import annotations

import socket
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic

from playwright.sync_api import Browser, Page, Playwright
from playwright.sync_api import Error as BrowserError

from tests.command import Rpa
from tests.conftest import HEADLESS_SHELL

PATIENCE = 60


def with_a_door(rpa: Rpa) -> int:
    """Have the command's browser, which shows no window here, open a port for somebody at it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    script = rpa.folder / "browser"
    script.write_text(f'#!/bin/sh\nexec {HEADLESS_SHELL} --remote-debugging-port={port} "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    rpa.settings["RPA_BROWSER__PATH"] = str(script)
    return port


@dataclass
class Listener:
    """Hears what a command says while it runs."""

    process: subprocess.Popen[str]

    def __post_init__(self) -> None:
        self.heard: list[str] = []
        self._news = Event()
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.heard.append(line)
            self._news.set()

    def wait_for(self, words: str) -> str:
        """The first sentence with these words, once it was said."""
        end = monotonic() + PATIENCE
        while monotonic() < end:
            if said := next((line for line in self.heard if words in line), ""):
                return said
            self._news.wait(0.2)
            self._news.clear()
        raise AssertionError(f"{words!r} was not said, but: {self.heard}")

    def ended(self) -> tuple[int, str]:
        """The exit code and what the command gave, once it is over."""
        assert self.process.stdout is not None
        out = self.process.stdout.read()
        code = self.process.wait(PATIENCE)
        self._thread.join(PATIENCE)
        self.process.stdout.close()
        if self.process.stderr:
            self.process.stderr.close()
        return code, out


def sit_down(playwright: Playwright, port: int, is_meant: Callable[[Page], bool]) -> tuple[Browser, Page]:
    """The command's browser and the page that is meant, once both are there."""
    end = monotonic() + PATIENCE
    while monotonic() < end:
        Event().wait(0.3)
        try:
            browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        except BrowserError:
            continue
        pages = [page for context in browser.contexts for page in context.pages]
        if found := next(filter(is_meant, pages), None):
            return browser, found
        browser.close()  # what opens later would not be seen from here
    raise AssertionError("no such page came")
