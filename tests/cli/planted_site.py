"""A site of made-up agents in mock portals and a tracker, with agents planted who are stuck in every way.

What BlackDash must not have noticed is changed last, because BlackDash lags behind.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from rpa.adapters.mail_texts import Report
from rpa.cli.office import Office
from rpa.domain.agents import EmployeeId
from rpa.domain.tracker_cells import CellChange
from rpa.flows.post import report_letter
from rpa.settings import load_settings
from tests.command import Rpa, transferred
from tests.conftest import TODAY, MockPortals

LAG = 600
PRODUCTION = "511 - CareSource SLC Contact Center"
LATER, PASSED = "2026-11-30", "2026-11-20"
CERTS = ("Producer World", "AHIP", "Aetna", "TBT", "Call Cert")
BEGUN = CERTS[:3]
TASKS = (*CERTS, "Call Shadowing")
TRANSFER = "Transfer to Production"
TEAMS = ("Onboarding", "Licensing", "Mentors")
NAMES = {
    "Employee ID": "employee_id",
    "Name": "name",
    "Site": "site",
    "Campaign": "campaign",
    "ESP Manager": "esp_manager",
    "ESP Start": "esp_start_date",
    "ESP End": "esp_end_date",
}


@dataclass(frozen=True)
class Planting:
    """How a rule is planted: on an agent whose training `runs` or has passed, with this much done."""

    runs: bool
    done: Sequence[str] = BEGUN
    cells: Mapping[str, str] = field(default_factory=dict)
    adp: Mapping[str, str] = field(default_factory=dict)
    rows: int = 1


PLANTINGS = {
    "certs-open-at-end": Planting(runs=False),
    "uptraining-misspelt": Planting(runs=False, adp={"uptraining_class": "Atena"}),
    "transferred-on-roster": Planting(
        runs=True, done=TASKS, cells={TRANSFER: TODAY}, adp={"home_department": PRODUCTION}
    ),
    "transferred-in-training-department": Planting(runs=False, done=TASKS, cells={TRANSFER: TODAY}),
    "roster-without-row": Planting(runs=True, rows=0),
    "complete-on-roster": Planting(runs=True, done=TASKS),
    "complete-in-training-department": Planting(runs=False, done=TASKS),
    "uptraining-not-undone": Planting(runs=False, done=CERTS, adp={"uptraining_class": "Aetna"}),
    "rows-doubled": Planting(runs=True, rows=2),
    "row-without-roster": Planting(runs=False, cells={"ESP End": LATER}),
    "extended-not-on-roster": Planting(runs=False),
    "call-cert-slow": Planting(runs=True),
}
# ADP has these in training, and BlackDash does not know it yet.
UNNOTICED = {"row-without-roster", "extended-not-on-roster"}


@dataclass
class PlantedSite:
    """The site: `rows` of its tracker by employee id, and what is `planted` as (rule, subject)."""

    rpa: Rpa
    mock: MockPortals
    each: int
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    planted: set[tuple[str, str]] = field(default_factory=set)
    run_with_doubts: str = ""

    def __post_init__(self) -> None:
        people = self.mock.state()["employees"]
        self.rows = {one["employee_id"]: [_row(one)] for one in people if one["status"] == "Active"}
        in_class = {id_ for one in self.mock.state()["classes"] for id_ in one["roster"]}
        idle = [one for one in people if one["status"] == "Active" and "Training" in one["home_department"]]
        self._running = iter(
            [
                one["employee_id"]
                for one in idle
                if one["employee_id"] in in_class and one["esp_end_date"] > TODAY
            ]
        )
        self._ended = iter(
            [
                one["employee_id"]
                for one in idle
                if one["employee_id"] not in in_class
                and max(one["esp_end_date"] or LATER, one["training_graduation_date"] or LATER) < TODAY
            ]
        )
        self.rpa.settings |= {
            "RPA_TRACKER__FILE": str(self.tracker),
            "RPA_TRACKER__TEAMS": json.dumps({team: f"{team} updated" for team in TEAMS}),
            "RPA_TEAMS__DUE": "00:00",
            "RPA_DAYS__TIME_ZONE": "UTC",
        }

    @property
    def tracker(self) -> Path:
        """The tracker's file."""
        return self.rpa.folder / "tracker.csv"

    def write_tracker(self, updated: Mapping[str, str] = {}) -> None:
        """Write the tracker as `rows` have it; `updated` says by team when it did its columns."""
        teams = {f"{team} updated": updated.get(team, TODAY) for team in TEAMS}
        with self.tracker.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, [*NAMES, *TASKS, TRANSFER, *teams, "Note"])
            writer.writeheader()
            writer.writerows({**row, **teams} for rows in self.rows.values() for row in rows)

    def running(self, rule: str) -> Iterator[str]:
        """So many agents in training, planted for this rule."""
        return self._taken(self._running, rule)

    def ended(self, rule: str) -> Iterator[str]:
        """So many agents whose training has passed, planted for this rule."""
        return self._taken(self._ended, rule)

    def _taken(self, pool: Iterator[str], rule: str) -> Iterator[str]:
        for _ in range(self.each):
            agent = next(pool)
            self.planted.add((rule, agent))
            yield agent

    def put(self, agent: str, *done: str, **cells: str) -> None:
        """Mark these tasks as done in the agent's row, and write these other cells."""
        row = self.rows[agent][0]
        row.update(dict.fromkeys(TASKS, ""), **dict.fromkeys(done, "done"))
        row.update(cells)

    def plant(self) -> None:
        """Everything that can be wrong, so many times each."""
        self._plant_seen_by_blackdash()
        self.write_tracker()
        self._plant_trainings()
        self._plant_runs()
        self.mock.advance(LAG)
        self._plant_not_seen_by_blackdash()
        self.write_tracker(dict.fromkeys(TEAMS[: self.each], PASSED))
        self.planted |= {("team-behind", team) for team in TEAMS[: self.each]}

    def _plant_seen_by_blackdash(self) -> None:
        for rule, planting in PLANTINGS.items():
            for agent in self.running(rule) if planting.runs else self.ended(rule):
                self.put(agent, *planting.done, **planting.cells)
                self.rows[agent] *= planting.rows
                self.mock.set(agent, **planting.adp)
        for nth in range(self.each):
            nobody = str(990001 + nth)
            self.rows[nobody] = [_nobody(nobody)]
            self.planted.add(("no-one-record", nobody))

    def _plant_trainings(self) -> None:
        """A class whose Call Cert session of three days ended on the last working day."""
        slow = sorted(agent for rule, agent in self.planted if rule == "call-cert-slow")
        planned = self.rpa(
            "trainings",
            *("plan", self.rpa.batch(slow), "--name", "slow", "--start", "2026-11-02"),
            *("--fix", "call-cert=2026-11-18", "--json"),
        )
        assert planned.json["sessions"], planned.err

    def _plant_runs(self) -> None:
        """What our own runs left behind: real runs, on a portal that loses and holds back what is saved."""
        lost, held = list(self.running("outcome-unknown")), list(self.running("approval-pending"))
        faults = [({"employee_id": agent}, "silent_loss") for agent in lost]
        faults += [({"employee_id": agent}, "approval") for agent in held]
        self.mock.faults(*({"match": match, "effect": effect} for match, effect in faults))
        # In turn: of three unknown in a row the run would think that the portal is down.
        in_turn = [agent for pair in zip(lost, held, strict=True) for agent in pair]
        run = self.rpa.apply(self.rpa.planned(in_turn, "--route", "end-date")).json
        assert run["counts"] == {"unknown": self.each, "pending": self.each}, run
        self.run_with_doubts = run["run"]
        self.mock.faults()
        ahead = list(self.running("change-pending"))
        for agent in ahead:
            self.put(agent, *TASKS)
        transferred(self.rpa, ahead, "pending", "--effective", LATER)
        opened = list(self.ended("uptraining-open"))
        for agent in opened:
            self.put(agent, *BEGUN)
        self.write_tracker()
        self.rpa.settings["RPA_ROSTER__TIMEOUT"] = "1"
        run = self.rpa.apply(self.rpa.planned(opened, "--route", "uptraining")).json
        assert run["counts"] == {"pending": self.each}, run
        self.mock.advance(LAG)
        assert self.rpa("resume", run["run"], "--json").json["counts"] == {"done": self.each}

    def _plant_not_seen_by_blackdash(self) -> None:
        for rule, agent in sorted(self.planted):
            if rule in UNNOTICED:
                self.mock.set(agent, esp_end_date=LATER, training_graduation_date=LATER)

    def leave_loose_ends(self) -> None:
        """Mails that did not go, and cells that were not written, as an office has them."""
        with pytest.MonkeyPatch.context() as environment:
            for name, value in self.rpa.settings.items():
                environment.setenv(name, value)
            office = Office(load_settings())
            for nth in range(self.each):
                letter = report_letter(
                    f"noc:{nth}", to="noc@example.invalid", subject="Spin up", about=Report(intro=["Please."])
                )
                office.outbox.queue("extend-1", letter, datetime.now(UTC))
                self.planted.add(("mail-unsent", f"mail {nth + 1}"))
            # Two things at once, of which one only a person mends: the other must not be forgotten for it.
            twice = next(agent for rule, agent in sorted(self.planted) if rule == "complete-on-roster")
            self.planted.add(("tracker-write-waiting", twice))
            for agent in (*self.running("tracker-write-waiting"), twice):
                change = CellChange(employee_id=EmployeeId(agent), field="Note", value=date(2026, 11, 23))
                assert office.tracker_queue.queue("transfer-1", change, datetime.now(UTC))

    def mend_by_hand(self) -> None:
        """What the report leaves to people, done as its rows say."""
        by_rule = {
            rule: [one for other, one in sorted(self.planted) if other == rule] for rule, _ in self.planted
        }
        for agent in by_rule["uptraining-misspelt"]:
            self.mock.set(agent, uptraining_class="")
            self.put(agent, *CERTS)
        for agent in by_rule["call-cert-slow"]:
            self.put(agent, *CERTS)
        for agent in by_rule["roster-without-row"]:
            self.rows[agent] = [_row(self.mock.employee(agent))]
        for agent in by_rule["rows-doubled"]:
            self.rows[agent] = self.rows[agent][:1]
        for agent in by_rule["no-one-record"]:
            del self.rows[agent]
        for agent in by_rule["approval-pending"]:
            self.mock.approve(agent)
        self.mock.advance(LAG)
        self.rpa("resume", self.run_with_doubts)
        for agent in by_rule["outcome-unknown"]:
            assert self.rpa("settle", self.run_with_doubts, agent, "--not-saved").code == 0
        for mail in by_rule["mail-unsent"]:
            assert self.rpa("outbox", "discard", mail.removeprefix("mail ")).code == 0
        self._send_by_hand()
        self.write_tracker()
        self.rpa("tracker", "sync")

    def _send_by_hand(self) -> None:
        """The mails that are only files, as a person sends them, and says so."""
        for mail in self.rpa("outbox", "list", "--json").json["mails"]:
            if mail["state"] == "written" and mail["kind"] in {"noc-spin-up", "it-escalation"}:
                assert self.rpa("outbox", "settle", str(mail["id"]), "--sent").code == 0


def found(night: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Rule and subject of every row of a report's document."""
    return {(row["rule"], row["subject"]) for row in night["stuck"]}


def _row(person: Mapping[str, Any]) -> dict[str, str]:
    """The tracker's row of somebody who is not stuck."""
    row = {header: person[key] or "" for header, key in NAMES.items()} | dict.fromkeys((*TASKS, TRANSFER), "")
    if "Contact Center" in person["home_department"]:
        return row | dict.fromkeys(TASKS, "done") | {TRANSFER: row["ESP End"]}
    if row["ESP End"] <= TODAY:
        return row | dict.fromkeys(CERTS, "done")
    return row | dict.fromkeys(BEGUN, "done")


def _nobody(employee_id: str) -> dict[str, str]:
    return {
        **dict.fromkeys((*NAMES, *TASKS, TRANSFER), ""),
        **dict.fromkeys(TASKS, "done"),
        "Employee ID": employee_id,
        "Name": "Nobody, At All",
        "ESP Start": "2026-11-09",
        "ESP End": PASSED,
    }
