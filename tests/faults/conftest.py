"""What the fault harnesses share: one browser for many faults, and one plan for many crashes.

The plan is made once, and each case gets a copy of the state folder it lies in.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

from rpa.domain.runs import EventKind
from rpa.engine import audit
from rpa.engine.guard_rules import Policy, ReadPost
from rpa.engine.journal import Journal
from rpa.engine.sessions import Sessions
from tests.command import UNTIL, Rpa, Told, class_of
from tests.conftest import ROOT, MockPortals
from tests.faults.faulty_run import Bench, journal_in
from tests.faults.matrix import ARRIVE

AGENTS = 3


@dataclass(frozen=True)
class Planned:
    """A plan that nobody has applied, its agents, and how its run ends when nothing interrupts it."""

    folder: Path
    settings: dict[str, str]
    plan: str
    agents: list[str]
    whole: dict[str, Any]
    seconds: float


@dataclass(frozen=True)
class Case:
    """A copy of the plan on portals as new, and what must be so when its run has come to its end."""

    rpa: Rpa
    mock: MockPortals
    planned: Planned

    @property
    def journal(self) -> Journal:
        """The journal as another process sees it."""
        state = self.rpa.folder / "state"
        key = bytes.fromhex((state / "journal.key").read_text())
        return Journal.open(f"sqlite:///{state / 'journal.sqlite'}", key, state / "journal.head")

    def double_writes(self) -> int:
        """How many accepted writes were not the first of their agent."""
        return sum(times - 1 for times in Counter(one["employee_id"] for one in self.mock.writes()).values())

    def intended(self) -> set[str]:
        """The agents for whom Done was to be pressed, as the journal has it."""
        journal = self.journal
        return {
            event.employee_id
            for run in journal.runs()
            for event in journal.events_of(run)
            if event.kind is EventKind.WRITE_INTENDED
        }

    def unmeant_writes(self) -> list[str]:
        """The agents who were written without an intent in the journal."""
        meant = self.intended()
        return [one["employee_id"] for one in self.mock.writes() if one["employee_id"] not in meant]

    def mails(self) -> int:
        """How many mails would be sent."""
        return len(list((self.rpa.folder / "state" / "outbox").glob("*.eml")))

    def check_whole(self, told: Told) -> None:
        """The run came to the same end as one that nothing interrupted, and everything was done once."""
        assert comparable(told.json) == comparable(self.planned.whole), told.err
        written = sorted((one["employee_id"], one["after"]) for one in self.mock.writes())
        assert written == sorted((agent, UNTIL) for agent in self.planned.agents)
        assert self.mails() == 1
        assert audit.verify(self.journal).holds


def comparable(run: dict[str, Any]) -> dict[str, Any]:
    """What two runs of one plan must agree in; where a mail's file lies is each one's own."""
    mails = [{key: mail[key] for key in ("to", "subject", "state")} for mail in run["mails"]]
    same = {key: run[key] for key in ("plan", "state", "rows", "rosters", "notices", "counts")}
    return {**same, "mails": mails}


def prepared(rpa: Rpa) -> Rpa:
    """The command with figures for crashes: three agents are enough for NOC, and waiting is not cut short."""
    rpa.settings["RPA_EXTENSION__NOC_MINIMUM"] = str(AGENTS)
    rpa.settings["RPA_ROSTER__TIMEOUT"] = "120"
    return rpa


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory, _shared_mock: MockPortals) -> Planned:
    """A plan for three agents of one class."""
    mock, folder = _shared_mock, tmp_path_factory.mktemp("planned")
    mock.reset()
    rpa = prepared(Rpa(folder, mock))
    agents = class_of(mock, AGENTS)
    plan = rpa.planned(agents, "--route", "end-date")
    twin = prepared(Rpa(tmp_path_factory.mktemp("whole"), mock))
    shutil.copytree(folder / "state", twin.folder / "state")
    began = time.monotonic()
    whole = twin.apply(plan)
    assert whole.json["counts"] == {"done": AGENTS}, whole.err
    return Planned(folder, rpa.settings, plan, agents, whole.json, time.monotonic() - began)


@pytest.fixture
def case(planned: Planned, rpa: Rpa, mock: MockPortals) -> Case:
    """The plan, to be applied under some crash."""
    return new_case(planned, prepared(rpa), mock)


def new_case(planned: Planned, rpa: Rpa, mock: MockPortals) -> Case:
    """Portals as new, and the state folder as it was when the plan was made."""
    mock.reset()
    shutil.rmtree(rpa.folder / "state", ignore_errors=True)
    shutil.copytree(planned.folder / "state", rpa.folder / "state")
    return Case(rpa, mock, planned)


def killed(rpa: Rpa, edge: int, moment: str, plan: str) -> int:
    """Apply the plan and be killed at the edge; the process's return code."""
    command = [sys.executable, "-m", "tests.faults.killed_run", str(edge), moment, "apply", plan, "--yes"]
    done = subprocess.run(
        command, env=rpa.environment(), cwd=ROOT, capture_output=True, timeout=150, check=False
    )
    return done.returncode


@pytest.fixture(scope="module")
def bench(
    _shared_mock: MockPortals,
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Bench]:
    """One browser for all cells."""
    mock = _shared_mock
    posts = (
        ReadPost(method="POST", origin=mock.adp.url, path="/signin/v1/*"),
        ReadPost(method="POST", origin=mock.blackdash.url, path="/login"),
    )
    policy = Policy(origins=frozenset({mock.adp.url, mock.blackdash.url}), read_posts=posts)
    sessions = Sessions(lambda: playwright.chromium.launch(**browser_type_launch_args), policy, ARRIVE)
    yield Bench(mock, sessions, journal_in(tmp_path_factory.mktemp("matrix")))
    sessions.close()
