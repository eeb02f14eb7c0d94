"""`rpa schedule run`, as a scheduler starts it: each job once a day, and a failure that somebody hears of."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from tests.command import Rpa

TRACKER = 'Employee ID,Name,ESP Start,TBT\n0012,"Park, Ana",2026-11-02,\n'


@pytest.fixture
def scheduled(rpa: Rpa) -> Rpa:
    """A command whose tracker is named, and not there yet."""
    rpa.settings["RPA_TRACKER__FILE"] = "tracker.csv"
    return rpa


def subjects(folder: Path) -> list[str]:
    """What went out, by subject."""
    files = (folder / "state" / "outbox").glob("*.eml")
    return sorted(str(message_from_bytes(path.read_bytes(), policy=SMTP)["Subject"]) for path in files)


def test_what_fails_is_mailed_and_tried_again(scheduled: Rpa) -> None:
    """The reports cannot be made, the check can: one mail and the log say so; the next start does it."""
    first = scheduled("schedule", "run", "--json")
    assert first.code != 0
    jobs = first.json["jobs"]
    assert "tracker.csv" in jobs["reports"]["told"]
    night, failed = subjects(scheduled.folder)
    assert failed == "ESP 2026-11-23: the scheduled reports failed"
    assert night.startswith("2026-11-23: ")
    logs = "".join(path.read_text() for path in (scheduled.folder / "state" / "logs").glob("*"))
    assert [json.loads(line)["job"] for line in logs.splitlines() if "scheduled_job_failed" in line] == [
        "reports"
    ]
    assert scheduled("schedule", "run").code == first.code
    assert len(subjects(scheduled.folder)) == 2
    (scheduled.folder / "tracker.csv").write_text(TRACKER, encoding="utf-8")
    third = scheduled("schedule", "run", "--json").json["jobs"]
    assert third["check"]["told"] == "was done before on 2026-11-23"
    assert third["reports"]["told"].startswith("producer-world: for esp-manager@")
    assert len(subjects(scheduled.folder)) == 2 + 5
    last = scheduled("schedule", "run")
    assert last.code == 0
    assert last.out.count("was done before") == 2
    assert len(subjects(scheduled.folder)) == 2 + 5
    shown = scheduled("schedule", "show", "--kind", "cron", "--json").json
    assert {"scheduled check", "scheduled reports"} <= {one["job"] for one in shown["today"]}
    assert "rpa schedule run" in shown["text"]


def test_nothing_is_due_on_a_holiday(scheduled: Rpa) -> None:
    """Thanksgiving: no portal is opened, nobody gets a mail."""
    scheduled.settings["RPA_TODAY"] = "2026-11-26"
    asked = len(scheduled.mock.requests())
    told = scheduled("schedule", "run")
    assert (told.code, told.out) == (0, "none: 2026-11-26 is no working day: nothing is due.\n")
    assert len(scheduled.mock.requests()) == asked
    assert subjects(scheduled.folder) == []
