"""The demo: the real commands, each in a process of its own, on mock portals that the demo serves."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from rpa.cli import output
from rpa.domain.errors import RpaError, UsageError
from rpa.settings import load_settings

CLASS_SIZE = 12
COMPLETE = 2
LAG_SECONDS = 6


@dataclass(frozen=True)
class Stage:
    """Where the demo plays: the mock portals' addresses, and the environment of its commands."""

    portals: Mapping[str, Any]
    folder: Path
    environment: Mapping[str, str]

    def newest(self, kind: str) -> str:
        """The id of the plan or run that was made last."""
        found = (self.folder / "state" / kind).glob("*-*")
        return max(found, key=lambda path: path.stat().st_mtime).stem

    def command(self, *words: str) -> int:
        """Run one `rpa` command as a user would; its exit code."""
        output.talk(f"\n$ rpa {' '.join(words)}")
        # In its own folder: a `.env` of the real site, with its mail server, lies in the user's.
        return subprocess.call(  # noqa: S603 - our own command
            [sys.executable, "-m", "rpa", *words], env=dict(self.environment), cwd=self.folder
        )


def run(*, headed: bool) -> int:
    """Play the demo; 0 when every agent ends as it should."""
    folder = Path(tempfile.mkdtemp(prefix="rpa-demo-"))
    with _served() as portals:
        stage = Stage(portals, folder, _environment(portals, folder, headed=headed))
        agents, until = _class_to_extend(portals)
        batch = _batch_file(folder / "class.csv", agents)
        output.talk(f"A class of {len(agents)} made-up agents is in {batch}.")
        failures = [stage.command("extend", str(batch), "--until", until.isoformat())]
        failures.append(stage.command("apply", stage.newest("plans"), "--yes"))
        failures.append(stage.command("verify", str(batch)))
        failures.append(_transfer(stage, agents))
    output.talk(f"\nEverything that the demo made is in {folder}:")
    for path in sorted(folder.rglob("*.html")) + sorted(folder.rglob("*.eml")):
        output.talk(f"  {path}")
    return max(failures)


def _transfer(stage: Stage, agents: Sequence[Mapping[str, Any]]) -> int:
    """Those who are complete go to production, and the run is taken back; the worst exit code."""
    complete = agents[:COMPLETE]
    tracker = _tracker_file(stage.folder / "tracker.csv", agents, COMPLETE)
    output.talk(f"\nThe ESP tracker, {tracker}, shows {COMPLETE} of them as complete.")
    batch = _batch_file(stage.folder / "complete.csv", complete)
    codes = [stage.command("transfer", str(batch))]
    codes.append(stage.command("apply", stage.newest("plans"), "--yes"))
    codes.append(stage.command("tracker", "show"))
    codes.append(stage.command("undo", stage.newest("runs")))
    codes.append(stage.command("apply", stage.newest("plans"), "--yes"))
    codes.append(stage.command("outbox", "list"))
    return max(codes)


@contextmanager
def _served() -> Iterator[dict[str, Any]]:
    """Mock portals in a process of their own, until the demo is over."""
    command = [sys.executable, "-m", "mock_portals", "--adp-port", "0", "--blackdash-port", "0"]
    options = ["--lag", str(LAG_SECONDS), "--agents", "240", "--seed", "1"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            if not line:
                raise RpaError("The mock portals did not start.", next_step="Nothing was changed anywhere.")
            yield json.loads(line)
        finally:
            process.terminate()


def _environment(portals: Mapping[str, Any], folder: Path, *, headed: bool) -> dict[str, str]:
    """The demo's own settings: nothing of the user's real portals can leak in."""
    kept = {name: value for name, value in os.environ.items() if not _is_setting_of_a_site(name)}
    access = {
        f"RPA_{portal.upper()}__{key.upper()}": portals[portal][key]
        for portal in ("adp", "blackdash")
        for key in ("url", "username", "password")
    }
    nothing = folder / "portals.toml"
    nothing.write_text("# The mock portals need nothing adjusted.\n", encoding="utf-8")
    return {
        **kept,
        **_browser_of_this_machine(),
        **access,
        "RPA_STATE_DIR": str(folder / "state"),
        "RPA_PORTALS_FILE": str(nothing),
        "RPA_ROSTER__POLL": "1",
        "RPA_ROSTER__TIMEOUT": "60",
        "RPA_TRACKER__FILE": str(folder / "tracker.csv"),
        "RPA_BROWSER__HEADLESS": "false" if headed else "true",
    }


def _browser_of_this_machine() -> dict[str, str]:
    """The browser that the user has chosen, in `.env` too; settings that are wrong otherwise cost no demo."""
    try:
        chosen = load_settings().browser
    except UsageError:
        return {}
    told = {"CHANNEL": chosen.channel, "PATH": str(chosen.path or "")}
    return {f"RPA_BROWSER__{name}": value for name, value in told.items() if value}


def _is_setting_of_a_site(name: str) -> bool:
    return name.startswith("RPA_") and not name.startswith("RPA_BROWSER__")


def _class_to_extend(portals: Mapping[str, Any]) -> tuple[Sequence[Mapping[str, Any]], date]:
    """A class that is still in training, and a date a week after its end."""
    with urlopen(f"{portals['adp']['url']}/_mock/state") as answer:  # noqa: S310  our own server
        state = json.load(answer)
    today = date.today()  # noqa: DTZ011  the mock portals' day is the machine's
    by_id = {agent["employee_id"]: agent for agent in state["employees"]}
    running = [
        one
        for one in state["classes"]
        if one["end"] and today.isoformat() <= one["end"] and len(one["roster"]) >= CLASS_SIZE
    ]
    chosen = min(running, key=lambda one: one["end"])
    end = date.fromisoformat(chosen["end"])
    return [by_id[agent] for agent in chosen["roster"][:CLASS_SIZE]], end + timedelta(days=7)


def _batch_file(path: Path, agents: Sequence[Mapping[str, Any]]) -> Path:
    columns = {
        "employee id": "employee_id",
        "name": "name",
        "site": "site",
        "campaign": "campaign",
        "esp manager": "esp_manager",
    }
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([agent[key] for key in columns.values()] for agent in agents)
    return path


def _tracker_file(path: Path, agents: Sequence[Mapping[str, Any]], complete: int) -> Path:
    tasks = ["Producer World", "AHIP/Aetna", "TBT", "Call Cert"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Employee ID", "Name", *tasks, "Transfer to Production"])
        for place, agent in enumerate(agents):
            done = ["done"] * (len(tasks) if place < complete else len(tasks) - 1)
            writer.writerow(
                [agent["employee_id"], agent["name"], *done, *[""] * (len(tasks) + 1 - len(done))]
            )
    return path
