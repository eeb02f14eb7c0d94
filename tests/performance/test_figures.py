"""The figures of the design, measured in one run as ratios and medians; printed, and never asserted."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from rpa.cli.office import Office
from rpa.domain.outcomes import Outcome
from rpa.settings import load_settings
from tests.command import UNTIL, Rpa
from tests.conftest import MockPortals, running_mock

AGENTS = 12
ROUNDS = 3


@pytest.fixture(scope="module")
def quick_mock() -> Iterator[MockPortals]:
    with running_mock(agents=200) as portals:
        yield portals


def told(figure: str, value: str) -> None:
    sys.stdout.write(f"\n{figure:<60} {value}")
    sys.stdout.flush()


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def bare_script(page: Page, mock: MockPortals, agents: list[str], until: str) -> None:
    """What somebody would write without any of our promises: the same clicks, one agent after the other."""
    for agent in agents:
        for last in (False, True):
            if last:
                page.goto(f"{mock.adp.url}/theme/admin.html#/home")
                page.reload()
            page.get_by_role("navigation", name="Main").get_by_role("button", name="People").click()
            page.get_by_role("link", name="Employees", exact=True).click()
            page.get_by_role("searchbox", name="Search employees").fill(agent)
            row = page.get_by_role("row").filter(has=page.get_by_role("gridcell", name=agent, exact=True))
            row.get_by_role("link").first.click()
            card = page.get_by_role("region", name="Custom Fields").filter(
                has=page.get_by_label("ESP End Date")
            )
            card.get_by_label("ESP End Date").filter(has_not_text="…").wait_for()
            if last:
                continue
            card.get_by_role("button", name="Edit").click()
            panel = page.get_by_role("dialog", name="Custom Fields")
            panel.and_(page.locator(":not([aria-busy])")).wait_for()
            panel.get_by_label("ESP End Date", exact=True).fill(until)
            panel.get_by_label("ESP End Date", exact=True).press("Tab")
            panel.get_by_role("button", name="Done", exact=True).click()
            page.get_by_role("status").filter(has_text="Your changes have been saved.").wait_for()


def bare_sign_in(page: Page, mock: MockPortals) -> None:
    page.goto(mock.adp.url)
    page.get_by_label("User ID", exact=True).fill(mock.adp.username)
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Password", exact=True).fill(mock.adp.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Welcome,").wait_for()


def test_overhead_per_agent(
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    quick_mock: MockPortals,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Wall time of one agent in an applied plan against a bare Playwright script doing the same clicks."""
    rpa = Rpa(tmp_path, quick_mock)
    for name, value in rpa.settings.items():
        monkeypatch.setenv(name, value)
    people = [one for one in quick_mock.state()["classes"] if one["end"]]
    agents = next(one["roster"][:AGENTS] for one in people if len(one["roster"]) >= AGENTS)
    browser = playwright.chromium.launch(**browser_type_launch_args)
    ours, bare = [], []
    for _ in range(ROUNDS):
        quick_mock.reset()
        page = browser.new_context().new_page()
        bare_sign_in(page, quick_mock)
        begin = time.perf_counter()
        bare_script(page, quick_mock, agents, "12/04/2026")
        bare.append((time.perf_counter() - begin) / AGENTS)
        page.context.close()
        quick_mock.reset()
        plan = rpa.planned(agents)
        run = rpa.apply(plan).json
        rows = [row for row in run["rows"] if row["outcome"] == Outcome.DONE]
        assert len(rows) == AGENTS
        events = Office(load_settings()).journal.events_of(run["run"])
        row_events = [event for event in events if event.row is not None]
        # From the second agent on: the first one signs in.
        starts = [event.at for event in row_events if event.kind == "row_started"]
        ended = row_events[-1].at
        ours.append((ended - starts[1]).total_seconds() / (AGENTS - 1))
    browser.close()
    told("seconds an agent, bare script (median)", f"{median(bare):.2f}")
    told("seconds an agent, rpa apply (median)", f"{median(ours):.2f}")
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    told("ratio (goal: at most 1.3)", f"{median(ratios):.2f}   of {', '.join(f'{r:.2f}' for r in ratios)}")


@pytest.mark.parametrize("agents", [1, 14])
def test_roster_reads(quick_mock: MockPortals, tmp_path: Path, agents: int) -> None:
    """Reads of a class roster for one agent and for a whole class."""
    quick_mock.reset()
    rpa = Rpa(tmp_path, quick_mock)
    roster = next(one["roster"] for one in quick_mock.state()["classes"] if one["end"])[:agents]
    rpa.apply(rpa.planned(roster, "--route", "end-date"))
    reads = sum(one["path"].endswith("/roster") for one in quick_mock.requests())
    told(f"roster reads after applying {agents} agents (goal: the same)", str(reads))


def test_start() -> None:
    """`rpa --help`, and the refusal of a bad file, which starts no browser."""
    help_times = [seconds(lambda: _ran("--help")) for _ in range(7)]
    told("rpa --help, seconds (median; goal: under 0.3)", f"{median(help_times):.3f}")
    refusals = [seconds(lambda: _ran("extend", "nothing.csv", "--until", UNTIL)) for _ in range(5)]
    told("rpa extend on a missing file, seconds (median)", f"{median(refusals):.3f}")


def _ran(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "rpa", *words], capture_output=True, check=False)
