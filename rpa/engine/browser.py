"""The browser that is driven: found on this machine, or installed, and started."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

import structlog
from playwright.sync_api import Error as BrowserError

from rpa.domain.errors import UsageError
from rpa.engine.machine import Machine, ThisMachine

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

Command = tuple[str, ...]

log = structlog.get_logger(__name__)

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
CONNECT_MILLISECONDS = 30_000
HOW_TO = (
    "Nothing was started. Run `rpa browser install`, install Google Chrome, or set RPA_BROWSER__PATH to a "
    "Chromium-based browser."
)
BY_HAND = "Nothing was started. Install Google Chrome or Microsoft Edge by hand, or set RPA_BROWSER__PATH."
LIBRARY_BY_HAND = (
    "Nothing was started. On Debian and Ubuntu an administrator can run: apt-get install libatomic1"
)
PLAYWRIGHT = (sys.executable, "-m", "playwright")
DRIVER = (
    sys.executable,
    "-c",
    "from playwright.sync_api import sync_playwright; sync_playwright().start().stop()",
)
MISSING_LIBRARY = re.compile(r"error while loading shared libraries: ([^:\s]+)|(Host system is missing dep)")
WHY_NOT_JOINED = re.compile(r"E[A-Z]{4,}|\b[45]\d\d\b|[Tt]imeout|version")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserChoice:
    """What the settings ask for; all empty leaves the choice to what is found."""

    channel: str = ""
    path: Path | None = None
    ws_endpoint: str = ""
    headless: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBrowser:
    """A browser that can be started (`path`, `channel`) or joined (`ws_endpoint`); `how` it was found."""

    name: str
    path: Path | None = None
    channel: str = ""
    ws_endpoint: str = ""
    how: str = field(default="found on this machine", compare=False)

    def __str__(self) -> str:
        return f"{self.name} at {self.path}" if self.path else self.name


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
    if named := _named(choice):
        return named
    found = next(candidates(ThisMachine(), playwright.chromium.executable_path), None)
    if found is None:
        raise UsageError("No browser was found on this machine.", next_step=HOW_TO)
    return found


def _named(choice: BrowserChoice) -> FoundBrowser | None:
    if choice.channel:
        return FoundBrowser(name=choice.channel, channel=choice.channel, how="RPA_BROWSER__CHANNEL")
    if choice.path:
        if not choice.path.is_file():
            raise UsageError(f"RPA_BROWSER__PATH names {choice.path}, which is not there.", next_step=HOW_TO)
        return FoundBrowser(name=choice.path.stem, path=choice.path, how="RPA_BROWSER__PATH")
    if choice.ws_endpoint:
        if not choice.ws_endpoint.startswith(("ws://", "wss://")):
            raise UsageError(
                "RPA_BROWSER__WS_ENDPOINT must begin with ws:// or wss://.", next_step="Nothing was started."
            )
        return FoundBrowser(
            name="a browser elsewhere", ws_endpoint=choice.ws_endpoint, how="RPA_BROWSER__WS_ENDPOINT"
        )
    return None


def launch(playwright: Playwright, found: FoundBrowser, *, headless: bool) -> Browser:
    """The browser, started or joined; UsageError with the reason where that fails."""
    if found.ws_endpoint:
        return _joined(playwright, found)
    return _started(playwright, found, headless=headless, sandbox=may_sandbox(ThisMachine.user))


def may_sandbox(user: int | None) -> bool:
    """Whether Chromium can keep its sandbox: everybody's can but root's (user 0; Windows has no ids)."""
    return user != 0


def _joined(playwright: Playwright, found: FoundBrowser) -> Browser:
    try:
        return playwright.chromium.connect(found.ws_endpoint, timeout=CONNECT_MILLISECONDS)
    except BrowserError as error:
        # The endpoint is a secret, and Playwright's message repeats it.
        why = WHY_NOT_JOINED.search(error.message.replace(found.ws_endpoint, ""))
        raise UsageError(
            f"{found} cannot be joined ({why[0] if why else 'no reason given'}).",
            next_step="Nothing was started. It must run, and have the same Playwright version.",
        ) from None


def _started(playwright: Playwright, found: FoundBrowser, *, headless: bool, sandbox: bool) -> Browser:
    try:
        return playwright.chromium.launch(
            executable_path=found.path,
            channel=found.channel or None,
            headless=headless,
            chromium_sandbox=sandbox,
            # Ctrl-C at a terminal goes to the driver as well, which would close the browser under the agent
            # in hand. Who stops, and when, is decided by the run alone; the browser ends with its driver.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
    except BrowserError as error:
        if sandbox and "sandboxing failed" in error.message:
            # Containers and some distributions forbid it to everybody; the guard still holds.
            log.warning("browser_without_sandbox", browser=str(found))
            return _started(playwright, found, headless=headless, sandbox=False)
        raise _not_started(found, error.message) from error


def _not_started(found: FoundBrowser, message: str) -> UsageError:
    if library := MISSING_LIBRARY.search(message):
        return UsageError(
            f"{found} does not start: system libraries are missing ({library[1] or 'several'}).",
            next_step="Nothing was started. An administrator can run: playwright install-deps chromium",
        )
    if "XServer" in message:
        return UsageError(
            f"{found} does not start: there is no screen to show it on.",
            next_step="Nothing was started. Set RPA_BROWSER__HEADLESS=true.",
        )
    reason = message.splitlines()[0].removeprefix("BrowserType.launch: ") if message else "no reason given"
    return UsageError(f"{found} does not start: {reason.rstrip('.')}.", next_step=HOW_TO)


def install_browser(tell: Callable[[str], None]) -> FoundBrowser:
    """A browser of this machine that starts, installed where there is none; UsageError where that fails."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  starts a process of its own

    machine = ThisMachine()
    ready_driver(machine, tell)
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        return provide(machine, own, lambda it: launch(playwright, it, headless=True).close(), tell)


def ready_driver(machine: Machine, tell: Callable[[str], None]) -> None:
    """See that Playwright itself starts: its node needs a library that the smallest systems lack."""
    failure = machine.run(*DRIVER)
    if "libatomic" in failure and (commands := _debian_packages(machine, "libatomic1")):
        tell("Installing a library that Playwright needs …")
        failure = _first_failure(machine, [*commands, DRIVER])
    if failure:
        raise UsageError(f"Playwright does not start: {failure.rstrip('.')}.", next_step=LIBRARY_BY_HAND)


def provide(
    machine: Machine, own: str, prove: Callable[[FoundBrowser], None], tell: Callable[[str], None]
) -> FoundBrowser:
    """The browser that `find_browser` will choose, once it is there and is proven to start."""
    trouble = UsageError("There is no browser, and none could be installed.", next_step=BY_HAND)
    for what, commands in _ways(machine, own):
        if what:
            tell(f"Installing {what} …")
        if failure := _first_failure(machine, commands):
            tell(f"That did not work: {failure}")
        elif found := next(candidates(machine, own), None):
            try:
                prove(found)
            except UsageError as error:
                trouble = error
            else:
                tell(f"{found} is ready." if what else f"{found} is there already.")
                return found
    raise trouble


def _ways(machine: Machine, own: str) -> Iterator[tuple[str, list[Command]]]:
    """Nothing to do, then what to install, in the order of trying; each asks what the last has left."""
    yield "", []
    if not machine.exists(own):
        yield "Playwright's Chromium", [(*PLAYWRIGHT, "install", "chromium")]
    system = _debian_packages(machine, "chromium", "chromium-sandbox", "fonts-liberation")
    if system and machine.exists(own):
        yield "the libraries that Chromium needs", [(*PLAYWRIGHT, "install-deps", "chromium")]
    elif system:
        yield "the system's Chromium", system


def _debian_packages(machine: Machine, *packages: str) -> list[Command]:
    """The commands that install them; none where the system is another, or not ours to change."""
    apt = machine.which("apt-get")
    if not apt or machine.user != 0:
        return []
    patient = (apt, "-qq", "-o", "DPkg::Lock::Timeout=120")
    return [(*patient, "update"), (*patient, "install", "-y", "--no-install-recommends", *packages)]


def _first_failure(machine: Machine, commands: Sequence[Command]) -> str:
    """Why the first command that failed did; the ones after it are not tried."""
    return next(filter(None, (machine.run(*command) for command in commands)), "")
