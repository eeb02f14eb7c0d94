"""Which browser is found, how one is installed, and what is said when it does not start."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Playwright
from structlog.testing import capture_logs

from rpa.domain.errors import UsageError
from rpa.engine import browser
from rpa.engine.browser import BrowserChoice, FoundBrowser, candidates, find_browser, launch
from rpa.engine.machine import ThisMachine

OWN = "/home/maria/.cache/ms-playwright/chromium/chrome"
DOWNLOAD = f"{sys.executable} -m playwright install chromium"
DEPENDENCIES = f"{sys.executable} -m playwright install-deps chromium"
UPDATE = "/usr/bin/apt-get -qq -o DPkg::Lock::Timeout=120 update"
APT = (
    "/usr/bin/apt-get -qq -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "
    "chromium chromium-sandbox fonts-liberation"
)
DRIVER = " ".join(browser.DRIVER)
LIBRARY = "/usr/bin/apt-get -qq -o DPkg::Lock::Timeout=120 install -y --no-install-recommends libatomic1"
PROGRAMS = {"LOCALAPPDATA": r"C:\Users\maria\AppData\Local", "PROGRAMFILES": r"C:\Program Files"}


@dataclass
class FakeMachine:
    """A machine of files and variables, where commands do what the test says."""

    platform: str = "linux"
    user: int | None = 1000
    files: set[str] = field(default_factory=set)
    variables: dict[str, str] = field(default_factory=dict)
    brings: dict[str, str] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)

    def exists(self, path: str) -> bool:
        return path in self.files

    def which(self, name: str) -> str | None:
        path = f"/usr/bin/{name}"
        return path if path in self.files else None

    def variable(self, name: str) -> str:
        return self.variables.get(name, "")

    def run(self, *command: str) -> str:
        said = " ".join(command)
        self.ran.append(said)
        if said not in self.brings:
            return "Error: no network"
        self.files.add(self.brings[said])
        return ""


def paths(machine: FakeMachine) -> list[str]:
    return [str(found.path) for found in candidates(machine, OWN)]


def test_playwrights_own_comes_first() -> None:
    """Playwright's own Chromium is preferred: it is the version that was tested."""
    machine = FakeMachine(files={OWN, "/usr/bin/chromium", "/usr/bin/google-chrome"})
    assert paths(machine) == [OWN, "/usr/bin/google-chrome", "/usr/bin/chromium"]


def test_linux_looks_on_the_path() -> None:
    """On Linux Chrome goes before Edge before Chromium, each where the PATH has it."""
    machine = FakeMachine(files={"/usr/bin/chromium-browser", "/usr/bin/microsoft-edge"})
    assert paths(machine) == ["/usr/bin/microsoft-edge", "/usr/bin/chromium-browser"]


def test_mac_looks_in_applications() -> None:
    """On a Mac the programs in Applications are found."""
    edge = "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"
    found = list(candidates(FakeMachine(platform="darwin", files={edge}), OWN))
    assert found == [FoundBrowser(name="Microsoft Edge", path=Path(edge))]


def test_windows_looks_in_its_program_folders() -> None:
    """On Windows Chrome of this user, then Edge of the machine; a variable that is not set is left out."""
    chrome = r"C:\Users\maria\AppData\Local\Google\Chrome\Application\chrome.exe"
    edge = r"C:\Program Files\Microsoft\Edge\Application\msedge.exe"
    machine = FakeMachine(platform="win32", user=None, files={edge, chrome}, variables=PROGRAMS)
    assert [found.name for found in candidates(machine, OWN)] == ["chrome", "msedge"]


def test_nothing_is_found_on_a_bare_machine() -> None:
    """A machine without any browser has no candidates."""
    assert paths(FakeMachine()) == []


def test_no_browser_names_the_command_that_installs_one(
    playwright: Playwright, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is found, one sentence names `rpa browser install`."""
    monkeypatch.setattr(browser, "ThisMachine", FakeMachine)
    with pytest.raises(UsageError, match=r"No browser was found .* `rpa browser install`"):
        find_browser(BrowserChoice(), playwright)


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (BrowserChoice(path=Path("/no/such/chrome")), "RPA_BROWSER__PATH names /no/such/chrome"),
        (BrowserChoice(ws_endpoint="http://127.0.0.1:1/word"), "must begin with ws:// or wss://"),
    ],
)
def test_a_configured_browser_is_never_replaced(
    playwright: Playwright, choice: BrowserChoice, sentence: str
) -> None:
    """What the settings name and is not there is an error, though other browsers are."""
    with pytest.raises(UsageError, match=sentence):
        find_browser(choice, playwright)


def test_the_first_setting_wins(playwright: Playwright) -> None:
    """Channel before path before endpoint, in the order of `.env.example`."""
    here = Path(__file__)
    endpoint = "wss://elsewhere.example.invalid/word"
    everything = BrowserChoice(channel="msedge", path=here, ws_endpoint=endpoint)
    assert find_browser(everything, playwright).channel == "msedge"
    assert find_browser(BrowserChoice(path=here, ws_endpoint=endpoint), playwright).path == here
    assert find_browser(BrowserChoice(ws_endpoint=endpoint), playwright).ws_endpoint == endpoint


@pytest.mark.parametrize(("user", "kept"), [(0, False), (1000, True), (None, True)])
def test_only_root_gives_up_the_sandbox(user: int | None, kept: bool) -> None:
    """Chromium cannot sandbox root; every other user keeps the sandbox, and so does Windows."""
    assert browser.may_sandbox(user) is kept


def test_the_browser_of_this_machine_starts(playwright: Playwright) -> None:
    """What is found can be started, and shows a page."""
    started = launch(playwright, find_browser(BrowserChoice(), playwright), headless=True)
    page = started.new_page()
    page.set_content("<h1>Employees</h1>")
    assert page.get_by_role("heading", name="Employees").count() == 1
    started.close()


@pytest.mark.skipif(ThisMachine.user != 0, reason="only root is sure to be refused a sandbox")
def test_a_forbidden_sandbox_is_given_up_aloud(
    playwright: Playwright, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system forbids the sandbox the browser starts without, and the log says so."""
    monkeypatch.setattr(ThisMachine, "user", 1000)
    found = find_browser(BrowserChoice(), playwright)
    with capture_logs() as logs:
        launch(playwright, found, headless=True).close()
    assert logs == [{"event": "browser_without_sandbox", "browser": str(found), "log_level": "warning"}]


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (FoundBrowser(name="chrome-canary", channel="chrome-canary"), "chrome-canary does not start: "),
        (FoundBrowser(name="test", path=Path(__file__)), "does not start: Failed to launch"),
    ],
)
def test_what_does_not_start_is_told_with_its_reason(
    playwright: Playwright, found: FoundBrowser, sentence: str
) -> None:
    """A browser that does not start is a wrong setting, told in one line with a next step."""
    with pytest.raises(UsageError, match=sentence) as told:
        launch(playwright, found, headless=True)
    assert "\n" not in told.value.what
    assert told.value.next_step == browser.HOW_TO


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (
            "…closed\n[err] chrome: error while loading shared libraries: libnss3.so: cannot open",
            r"system libraries are missing \(libnss3.so\). .* playwright install-deps chromium",
        ),
        ("Host system is missing dependencies to run browsers.", r"libraries are missing \(several\)"),
        ("Looks like you launched a headed browser without having a XServer running.", "HEADLESS=true"),
        ("", "no reason given"),
    ],
)
def test_known_reasons_come_with_their_own_next_step(message: str, sentence: str) -> None:
    """Missing libraries and a missing screen are recognised in Playwright's message."""
    with pytest.raises(UsageError, match=sentence):
        raise browser._not_started(FoundBrowser(name="chromium"), message)


@pytest.fixture
def endpoint(playwright: Playwright, tmp_path: Path) -> Iterator[str]:
    """The address of a browser that another process serves."""
    served = find_browser(BrowserChoice(), playwright)
    options = {"executablePath": str(served.path), "chromiumSandbox": False, "wsPath": "/secret-word"}
    configuration = tmp_path / "server.json"
    configuration.write_text(json.dumps(options))
    command = [sys.executable, "-m", "playwright", "launch-server", "--browser", "chromium"]
    with subprocess.Popen(
        [*command, "--config", str(configuration)], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        # Its node and browser outlive it unless the whole group is told.
        os.killpg(server.pid, signal.SIGTERM)


@pytest.mark.skipif(sys.platform == "win32", reason="ends the server by its process group")
def test_a_browser_elsewhere_is_joined_and_its_address_kept_secret(
    playwright: Playwright, endpoint: str
) -> None:
    """A served browser is joined by its endpoint; a wrong endpoint is refused without being shown."""
    joined = launch(playwright, find_browser(BrowserChoice(ws_endpoint=endpoint), playwright), headless=True)
    assert joined.new_page().evaluate("1 + 1") == 2
    joined.close()
    wrong = find_browser(BrowserChoice(ws_endpoint=f"{endpoint}-wrong"), playwright)
    with pytest.raises(UsageError, match=r"cannot be joined \(400\)") as told:
        launch(playwright, wrong, headless=True)
    assert "secret-word" not in str(told.value)


def provided(machine: FakeMachine, prove: Callable[[FoundBrowser], None] = lambda _: None) -> tuple[str, str]:
    """Which browser is provided, and everything that was told."""
    told: list[str] = []
    found = browser.provide(machine, OWN, prove, told.append)
    return str(found.path), " ".join(told)


def test_nothing_is_installed_where_a_browser_is() -> None:
    """A browser that is there is proven to start, and nothing else is done."""
    machine = FakeMachine(files={"/usr/bin/chromium"})
    proven: list[FoundBrowser] = []
    assert provided(machine, proven.append) == (
        "/usr/bin/chromium",
        "chromium at /usr/bin/chromium is there already.",
    )
    assert len(proven) == 1
    assert machine.ran == []


def test_playwrights_own_is_downloaded_first() -> None:
    """Without a browser, Playwright's own is downloaded, by whoever asks."""
    machine = FakeMachine(brings={DOWNLOAD: OWN})
    path, told = provided(machine)
    assert path == OWN
    assert told.endswith("is ready.")
    assert machine.ran == [DOWNLOAD]


def test_debian_helps_out_where_the_download_fails() -> None:
    """Where the download fails, root on Debian gets the system's Chromium."""
    machine = FakeMachine(
        user=0, files={"/usr/bin/apt-get"}, brings={UPDATE: "/var/lib/apt", APT: "/usr/bin/chromium"}
    )
    path, told = provided(machine)
    assert path == "/usr/bin/chromium"
    assert "That did not work: Error: no network" in told
    assert machine.ran == [DOWNLOAD, UPDATE, APT]


def test_a_failed_step_ends_its_way() -> None:
    """Where `apt-get update` fails, `apt-get install` is not tried."""
    machine = FakeMachine(user=0, files={"/usr/bin/apt-get"})
    with pytest.raises(UsageError, match=r"none could be installed\. .* by hand"):
        provided(machine)
    assert machine.ran == [DOWNLOAD, UPDATE]


def test_nobody_but_root_touches_the_system() -> None:
    """An ordinary user's machine is left alone; the sentence says what to do by hand."""
    machine = FakeMachine(files={"/usr/bin/apt-get"})
    with pytest.raises(UsageError, match="by hand"):
        provided(machine)
    assert machine.ran == [DOWNLOAD]


def test_missing_libraries_are_installed_by_root() -> None:
    """A downloaded Chromium that lacks libraries gets them, and is proven again."""
    machine = FakeMachine(
        user=0, files={OWN, "/usr/bin/apt-get"}, brings={DEPENDENCIES: "/usr/lib/libnss3.so"}
    )

    def prove(found: FoundBrowser) -> None:
        if not machine.exists("/usr/lib/libnss3.so"):
            raise UsageError(f"{found} does not start")

    assert provided(machine, prove)[0] == OWN
    assert machine.ran == [DEPENDENCIES]


def test_a_browser_that_never_starts_is_told_as_such() -> None:
    """Where what is there does not start and cannot be mended, its own reason is told."""

    def prove(found: FoundBrowser) -> None:
        raise UsageError(f"{found} does not start: libnss3.so is missing")

    with pytest.raises(UsageError, match=r"libnss3\.so is missing"):
        provided(FakeMachine(files={OWN}), prove)


@dataclass
class MachineWithoutLibrary(FakeMachine):
    """A machine so small that Playwright's node does not start until a library is there."""

    def run(self, *command: str) -> str:
        if command == browser.DRIVER:
            self.ran.append("driver")
            return "" if "/usr/lib/libatomic.so.1" in self.files else "node: libatomic.so.1: cannot open"
        return super().run(*command)


def test_the_driver_gets_its_library_from_root() -> None:
    """Where Playwright's own node lacks its library, root on Debian gets it before anything else."""
    brings = {UPDATE: "/var/lib/apt", LIBRARY: "/usr/lib/libatomic.so.1"}
    machine = MachineWithoutLibrary(user=0, files={"/usr/bin/apt-get"}, brings=brings)
    told: list[str] = []
    browser.ready_driver(machine, told.append)
    assert machine.ran == ["driver", UPDATE, LIBRARY, "driver"]
    assert told == ["Installing a library that Playwright needs …"]


def test_others_are_told_which_library_the_driver_lacks() -> None:
    """An ordinary user gets one sentence with the library and the command for an administrator."""
    with pytest.raises(UsageError, match=r"libatomic\.so\.1: cannot open\. .* apt-get install libatomic1"):
        browser.ready_driver(MachineWithoutLibrary(files={"/usr/bin/apt-get"}), print)


def test_a_driver_that_starts_is_left_alone() -> None:
    """Where Playwright starts, nothing is installed and nothing is said."""
    told: list[str] = []
    machine = FakeMachine(user=0, files={"/usr/bin/apt-get"}, brings={DRIVER: "/dev/null"})
    browser.ready_driver(machine, told.append)
    assert (machine.ran, told) == ([DRIVER], [])
