"""The browser that is driven: found on this machine, or installed, and started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Protocol

from playwright.sync_api import Error as BrowserError

from rpa.domain.errors import UsageError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

ON_PATH = (
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chromium",
    "chromium-browser",
)
IN_MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
IN_PROGRAM_FILES = (
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
    r"Chromium\Application\chrome.exe",
)
PROGRAM_FOLDERS = ("LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)")
INSTALL_SECONDS = 600
HOW_TO = (
    "Nothing was started. Run `rpa browser install`, install Google Chrome, or set RPA_BROWSER__PATH to a "
    "Chromium-based browser."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserChoice:
    """What the settings ask for; all empty leaves the choice to what is found."""

    channel: str = ""
    path: Path | None = None
    ws_endpoint: str = ""
    headless: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBrowser:
    """A browser that can be started (`path`, `channel`) or joined (`ws_endpoint`)."""

    name: str
    path: Path | None = None
    channel: str = ""
    ws_endpoint: str = ""

    def __str__(self) -> str:
        return f"{self.name} at {self.path}" if self.path else self.name


class Machine(Protocol):
    """The part of the machine that a browser is looked for on."""

    platform: str

    def exists(self, path: str) -> bool: ...
    def which(self, name: str) -> str | None: ...
    def variable(self, name: str) -> str: ...


class ThisMachine:
    """The machine that this runs on."""

    platform = sys.platform

    def exists(self, path: str) -> bool:
        return Path(path).is_file()

    def which(self, name: str) -> str | None:
        return shutil.which(name)

    def variable(self, name: str) -> str:
        return os.environ.get(name, "")


def candidates(machine: Machine, own: str) -> Iterator[FoundBrowser]:
    """The browsers of this machine, best first: Playwright's own, then what a person has installed."""
    if own and machine.exists(own):
        yield FoundBrowser(name="Playwright's Chromium", path=Path(own))
    for path in _installed(machine):
        if machine.exists(path):
            yield FoundBrowser(name=PureWindowsPath(path).stem, path=Path(path))


def _installed(machine: Machine) -> Iterator[str]:
    if machine.platform == "win32":
        folders = [folder for name in PROGRAM_FOLDERS if (folder := machine.variable(name))]
        yield from (f"{folder}\\{program}" for program in IN_PROGRAM_FILES for folder in folders)
    elif machine.platform == "darwin":
        yield from IN_MAC_APPLICATIONS
    yield from (path for name in ON_PATH if (path := machine.which(name)))


def find_browser(choice: BrowserChoice, playwright: Playwright) -> FoundBrowser:
    """The browser of the settings, or the best of this machine; UsageError where there is none.

    What the settings name is used or refused, and never replaced in silence.
    """
    if choice.path:
        if not choice.path.is_file():
            raise UsageError(f"RPA_BROWSER__PATH names {choice.path}, which is not there.", next_step=HOW_TO)
        return FoundBrowser(name=choice.path.stem, path=choice.path)
    if choice.channel:
        return FoundBrowser(name=choice.channel, channel=choice.channel)
    if choice.ws_endpoint:
        return FoundBrowser(name="a browser elsewhere", ws_endpoint=choice.ws_endpoint)
    found = next(candidates(ThisMachine(), playwright.chromium.executable_path), None)
    if found is None:
        raise UsageError("No browser was found on this machine.", next_step=HOW_TO)
    return found


def launch(playwright: Playwright, found: FoundBrowser, *, headless: bool) -> Browser:
    """The browser, started; UsageError with the reason where it does not start."""
    try:
        if found.ws_endpoint:
            return playwright.chromium.connect(found.ws_endpoint)
        return playwright.chromium.launch(
            executable_path=found.path,
            channel=found.channel or None,
            headless=headless,
            chromium_sandbox=may_sandbox(),
        )
    except BrowserError as error:
        reason = error.message.splitlines()[0] if error.message else "no reason given"
        raise UsageError(f"{found} does not start: {reason}.", next_step=HOW_TO) from error


def may_sandbox() -> bool:
    """Whether Chromium can keep its sandbox: everybody's can but root's."""
    return not (hasattr(os, "geteuid") and os.geteuid() == 0)


def install_browser(tell: Callable[[str], None]) -> FoundBrowser:
    """A browser of this machine, installed first where there is none; UsageError where that fails."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  starts a process of its own

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    machine = ThisMachine()
    if found := next(candidates(machine, own), None):
        return found
    for what, commands in _ways_to_install():
        tell(f"Installing a browser: {what} …")
        if all(_ran(command) for command in commands) and (found := next(candidates(machine, own), None)):
            return found
    raise UsageError("No browser could be installed.", next_step=HOW_TO)


def _ways_to_install() -> Iterator[tuple[str, Sequence[Sequence[str]]]]:
    yield "Playwright's own Chromium", [[sys.executable, "-m", "playwright", "install", "chromium"]]
    apt = shutil.which("apt-get")
    if apt and not may_sandbox():
        yield "the system's Chromium", [[apt, "update", "-q"], [apt, "install", "-q", "-y", "chromium"]]


def _ran(command: Sequence[str]) -> bool:
    """Whether the command did its work; what it says goes to stderr, out of the way of data."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603  fixed commands of this module
            command, check=False, stdout=sys.stderr, timeout=INSTALL_SECONDS, env=environment
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
