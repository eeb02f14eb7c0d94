"""The real command, run in a process of its own, on the mock portals, with settings of its own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import HEADLESS_SHELL, TODAY, MockPortals, SignIn

UNTIL = "2026-12-04"
NOC_MINIMUM = 5


@dataclass
class Told:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout."""
        return dict(json.loads(self.out))

    def outcomes(self) -> dict[str, str]:
        """The outcome of each agent."""
        return {row["employee_id"]: row["outcome"] for row in self.json["rows"]}


@dataclass
class Rpa:
    """`rpa` as a user of the mock portals has it."""

    folder: Path
    mock: MockPortals
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sign_in_as("adp", self.mock.adp)
        self.sign_in_as("blackdash", self.mock.blackdash)
        self.settings |= {
            "RPA_TODAY": TODAY,
            "RPA_STATE_DIR": str(self.folder / "state"),
            "RPA_ROSTER__POLL": "0.3",
            "RPA_ROSTER__TIMEOUT": "5",
            "RPA_ADP__TIMEOUT": "10",
            "RPA_ADP__SETTLE": "0.7",
            "RPA_BLACKDASH__TIMEOUT": "10",
            "RPA_LIMITS__READ_BACK_PAUSE": "0.2",
            **({"RPA_BROWSER__PATH": HEADLESS_SHELL} if HEADLESS_SHELL else {}),
        }

    def sign_in_as(self, portal: str, account: SignIn) -> None:
        """Use another account."""
        for key in ("url", "username", "password"):
            self.settings[f"RPA_{portal.upper()}__{key.upper()}"] = getattr(account, key)

    def environment(self) -> dict[str, str]:
        """The variables of the process: no setting of this machine's."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("RPA_")}
        return {**plain, **self.settings, "COLUMNS": "100"}

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """A command that goes on while the test does."""
        return subprocess.Popen(
            [sys.executable, "-m", "rpa", *map(str, words)],
            env=self.environment(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words: str | Path) -> Told:
        """Run one command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "rpa", *map(str, words)],
            env=self.environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=150,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Told(done.returncode, done.stdout, done.stderr)

    def batch(self, agents: Sequence[str], **columns: Sequence[str]) -> Path:
        """A batch file of these agents."""
        path = self.folder / "batch.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["employee id", *(name.replace("_", " ") for name in columns)])
            writer.writerows(zip(agents, *columns.values(), strict=True))
        return path

    def plan(self, agents: Sequence[str], *options: str, **columns: Sequence[str]) -> Told:
        """The plan to extend these agents, as JSON."""
        return self("extend", self.batch(agents, **columns), "--until", UNTIL, *options, "--json")

    def planned(self, agents: Sequence[str], *options: str) -> str:
        """The id of that plan; a batch that is small for speed still goes by the end date."""
        if not options and len(agents) < NOC_MINIMUM:
            options = ("--route", "end-date")
        return str(self.plan(agents, *options).json["plan"])

    def apply(self, plan: str) -> Told:
        """Apply a plan, as JSON."""
        return self("apply", plan, "--yes", "--json")


def class_of(mock: MockPortals, size: int) -> list[str]:
    """So many agents of one class that is in training now and ends this week."""
    running = [one for one in mock.state()["classes"] if one["end"] and one["end"] < UNTIL]
    return next(one["roster"][:size] for one in running if len(one["roster"]) >= size)


def expired(mock: MockPortals, size: int) -> list[str]:
    """So many active agents whose ESP and training dates have both passed."""
    people = mock.state()["employees"]
    return [
        one["employee_id"]
        for one in people
        if one["status"] == "Active"
        and (one["esp_end_date"] or "9") < TODAY
        and (one["training_graduation_date"] or "9") < TODAY
    ][:size]


def transferred(rpa: Rpa, agents: Sequence[str], outcome: str = "done", *options: str) -> None:
    """Transfer these agents; all of them end so."""
    people = [rpa.mock.employee(agent) for agent in agents]
    where = {key: [one[key] for one in people] for key in ("site", "campaign")}
    plan = rpa("transfer", rpa.batch(agents, **where), "--without-tracker", *options, "--json")
    assert set(plan.outcomes().values()) == {"planned"}, plan.out
    run = rpa.apply(plan.json["plan"])
    assert set(run.outcomes().values()) == {outcome}, run.out
    if outcome == "done":
        departments = {rpa.mock.employee(agent)["home_department"] for agent in agents}
        assert all(one.endswith("Contact Center") for one in departments)
