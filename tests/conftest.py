"""What every test may use: the mock portals in a process of their own, and the browser of this machine."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import settings
from playwright.sync_api import Playwright

TODAY = "2026-11-23"
ROOT = Path(__file__).parent.parent
SECONDS_TO_END = 10

if TYPE_CHECKING:
    from tests.command import Rpa

StartMock = Callable[..., "MockPortals"]
SoakFigures = Callable[..., None]

# How long an example takes is the machine's matter, and no test's.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@dataclass(frozen=True)
class SignIn:
    """Where one account signs in."""

    url: str
    username: str
    password: str
    code: str = ""


class MockPortals:
    """A running pair of mock portals, and the doors that are for tests only."""

    def __init__(self, told: dict[str, Any], process: subprocess.Popen[str]) -> None:
        self.process = process
        self.adp = SignIn(**told["adp"])
        self.blackdash = SignIn(**told["blackdash"])
        self._accounts = told["accounts"]
        self._client = httpx.Client(base_url=f"{self.adp.url}/_mock", timeout=30)

    def account(self, portal: str, kind: str, nth: int = 0) -> SignIn:
        """The nth account of a kind: manager, read_only, step_up, interrupted, no_access."""
        of_kind = [one for one in self._accounts if (one["portal"], one["kind"]) == (portal, kind)]
        url = self.adp.url if portal == "adp" else self.blackdash.url
        found = of_kind[nth]
        return SignIn(url, found["username"], found["password"], found.get("code", ""))

    def writes(self) -> list[dict[str, Any]]:
        """Every accepted write since the last reset."""
        told: list[dict[str, Any]] = self._client.get("/writes").raise_for_status().json()
        return told

    def state(self) -> dict[str, Any]:
        """Everybody in ADP, and every class in BlackDash."""
        told: dict[str, Any] = self._client.get("/state").raise_for_status().json()
        return told

    def people(self) -> str:
        """Everybody in ADP, as JSON that is the same to the byte when they are."""
        return json.dumps(self.state()["employees"], sort_keys=True)

    def requests(self) -> list[dict[str, Any]]:
        """Every request since the last reset."""
        told: list[dict[str, Any]] = self._client.get("/requests").raise_for_status().json()
        return told

    def sessions(self) -> list[str]:
        """The tokens of all sessions since the last reset."""
        told: list[str] = self._client.get("/sessions").raise_for_status().json()
        return told

    def hits(self) -> list[int]:
        """How often each planted fault has struck."""
        return [fault["hits"] for fault in self._client.get("/faults").raise_for_status().json()]

    def employee(self, employee_id: str) -> dict[str, Any]:
        """One person in ADP."""
        return next(one for one in self.state()["employees"] if one["employee_id"] == employee_id)

    def reset(self) -> None:
        """Everything as it was at the start."""
        self._client.post("/reset").raise_for_status()

    def advance(self, seconds: float) -> None:
        """Let the portals' clock jump."""
        self._client.post("/advance", json={"seconds": seconds}).raise_for_status()

    def faults(self, *faults: dict[str, Any]) -> None:
        """Plant these faults in place of all others."""
        self._client.post("/faults", json=list(faults)).raise_for_status()

    def set(self, employee_id: str, **values: str | None) -> None:
        """Somebody else changes a record."""
        self._client.post("/set", json={"employee_id": employee_id, **values}).raise_for_status()

    def departments(self, *entries: dict[str, Any]) -> None:
        """Somebody adds these entries ({"code", "name", "active"}) to the table, or changes them."""
        self._client.post("/departments", json=list(entries)).raise_for_status()

    def approve(self, employee_id: str) -> None:
        """Somebody approves what waits for this employee."""
        self._client.post("/approve", json={"employee_id": employee_id}).raise_for_status()

    def spin_up(self, class_id: str) -> None:
        """NOC spins a class up."""
        self._client.post("/spin-up", json={"class_id": class_id}).raise_for_status()

    def close(self) -> None:
        """Let go of the connections to the doors."""
        self._client.close()


@contextmanager
def running_mock(**options: object) -> Iterator[MockPortals]:
    """Mock portals on free ports until the block ends; options as on the command line."""
    given = {"adp_port": 0, "blackdash_port": 0, "today": TODAY, "lag": 0, **options}
    words = [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    command = [sys.executable, "-m", "mock_portals", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the mock portals did not start"
        portals = MockPortals(json.loads(line), process)
        try:
            yield portals
        finally:
            portals.close()
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()


@pytest.fixture(scope="session", autouse=True)
def _signals() -> None:
    """Commands hear the signals that a test sends: a shell has what runs in its background ignore them."""
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


@pytest.fixture(scope="session")
def pace() -> float:
    """How fast the mock portals answer, next to the real ones: brisk where no test is about it."""
    return 0.2


@pytest.fixture(scope="session")
def _shared_mock(pace: float) -> Iterator[MockPortals]:
    with running_mock(pace=pace) as portals:
        yield portals


@pytest.fixture
def mock(_shared_mock: MockPortals) -> MockPortals:
    """Mock portals without lag on 2026-11-23, as new."""
    _shared_mock.reset()
    return _shared_mock


@pytest.fixture
def rpa(tmp_path: Path, mock: MockPortals) -> Rpa:
    """The command `rpa`, set up for the mock portals."""
    from tests.command import Rpa  # noqa: PLC0415 - the module is made of what stands here

    return Rpa(tmp_path, mock)


@pytest.fixture
def start_mock(pace: float) -> Iterator[StartMock]:
    """A function that starts mock portals with a test's own options, as lag=600 or variant="strict"."""
    with ExitStack() as open_ones:
        yield lambda **options: open_ones.enter_context(running_mock(**{"pace": pace, **options}))


@pytest.fixture
def soak_figures(request: pytest.FixtureRequest) -> SoakFigures:
    """Notes what a soak test measured, as in `soak_figures("browser kills", tried=1, lost=0)`.

    Whole numbers of all tests of one name are added up, of others the greatest is kept. Noted before it
    is asserted, a figure is told of a test that fails as well.
    """

    def note(what: str, /, **figures: float) -> None:
        request.node.user_properties.append(("soak", (what, figures)))

    return note


@pytest.hookimpl(tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One table of what the soak tests measured, at the end of `make soak`."""
    rows: dict[str, dict[str, float]] = {}
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    for report in reports:
        if report.when != "call" or "soak" not in report.keywords:
            continue
        for what, figures in (told for kind, told in report.user_properties if kind == "soak"):
            row = rows.setdefault(what, {"tests": 0, "failed": 0})
            row["tests"] += 1
            row["failed"] += report.failed
            for name, value in figures.items():
                before = row.get(name, 0)
                row[name] = before + value if isinstance(value, int) else max(before, value)
    if not rows:
        return
    terminalreporter.section("soak")
    width = max(map(len, rows))
    for what, row in rows.items():
        told = "   ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in row.items())
        terminalreporter.line(f"{what:{width}}   {told}", red=bool(row["failed"]), green=not row["failed"])


@pytest.fixture(scope="session")
def base_url() -> None:
    """No common address: each portal has its own."""


# Chromium without its own window: the same pages for two thirds of the work.
HEADLESS_SHELL = shutil.which("chromium-headless-shell")


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    """Playwright's own Chromium where it is installed, else the machine's, the lightest first."""
    if Path(playwright.chromium.executable_path).exists():
        return browser_type_launch_args
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = HEADLESS_SHELL or next(filter(None, map(shutil.which, names)), None)
    return {**browser_type_launch_args, "executable_path": found}
