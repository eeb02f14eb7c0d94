"""`rpa schedule run`, as a scheduler starts it: each job once a day, and a failure that somebody hears of."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import update

from rpa.adapters.schedule import cron_line
from rpa.cli import nightly_check, scheduling
from rpa.cli.daily_reports import sent
from rpa.cli.office import Office
from rpa.domain.errors import BrowserLost, Busy, RpaError, UsageError
from rpa.domain.plans import Plan
from rpa.domain.runs import EventKind
from rpa.domain.stuck_facts import Source
from rpa.engine.tables import plans
from rpa.settings import load_settings
from tests.cli.site_in_chicago import settle_in_chicago
from tests.command import Rpa

TRACKER = 'Employee ID,Name,ESP Start,TBT,Transfer to Production\n0012,"Park, Ana",2026-11-02,,\n'


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


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site in Chicago without portals, in this process; its folder."""
    (tmp_path / "tracker.csv").write_text(TRACKER, encoding="utf-8")
    settle_in_chicago(tmp_path, monkeypatch)
    return tmp_path


@contextmanager
def at(moment: str) -> Iterator[None]:
    """A moment in UTC, six hours ahead of Chicago."""
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False):
        yield


def test_mails_that_waited_are_sent_by_the_next_start(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The mail server is down in the morning: not 0 until the mails are out, and each goes once."""
    monkeypatch.setenv("RPA_MAIL__SMTP_URL", "smtp://127.0.0.1:9")
    for moment in ("2026-11-23 13:00", "2026-11-23 14:00"):
        with at(moment):
            assert scheduling.run(as_json=False) == 1
            assert "of today still wait" in capsys.readouterr().out
    monkeypatch.setenv("RPA_MAIL__SMTP_URL", "")
    with at("2026-11-23 15:00"):
        assert scheduling.run(as_json=False) == 0
        told = capsys.readouterr().out
        assert told.count("was done before") == 2
        assert "mails: what had waited was handed over" in told
        assert len(subjects(site)) == 5 + 1
        assert scheduling.run(as_json=False) == 0
    assert len(subjects(site)) == len(set(subjects(site))) == 5 + 1


def test_nothing_is_due_before_the_hour(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scheduler that starts it at each sign-in sends nothing in the night."""
    with at("2026-11-23 12:29"):
        assert scheduling.run(as_json=False) == 0
        assert "nothing is due before 06:30" in capsys.readouterr().out
    assert subjects(site) == []
    with at("2026-11-23 12:30"):
        scheduling.run(as_json=False)
    assert len(subjects(site)) == 5 + 1


@pytest.mark.parametrize(
    ("first", "days"),
    [
        ("2026-03-06", ["2026-03-06", "2026-03-09"]),  # Sunday has 23 hours
        ("2026-10-30", ["2026-10-30", "2026-11-02"]),  # Sunday has 25 hours
    ],
)
def test_each_day_has_one_night_and_one_of_each_report(site: Path, first: str, days: list[str]) -> None:
    """Started every four hours over a change of the clocks, and set back a day in between."""
    begin = datetime.fromisoformat(f"{first} 06:00").replace(tzinfo=UTC)
    hours = [*range(0, 96, 4), *range(24, 48, 12), 95]
    for hour in hours:
        with time_machine.travel(begin + timedelta(hours=hour), tick=False):
            scheduling.run(as_json=False)
    told = Counter(subjects(site))
    assert set(told.values()) == {1}
    assert len([one for one in told if one.startswith("20")]) == len(days)
    assert Counter(
        one.split(":")[0].split()[-1] for one in told if not one.startswith("20")
    ) == dict.fromkeys(days, 5)


def test_a_calendar_that_cannot_be_read_is_mailed(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody knows whether today is a working day: the manager hears of it, and the log has it."""
    (site / "calendar.csv").write_text("date,open\n2026-13-45,closed\n", encoding="utf-8")
    monkeypatch.setenv("RPA_DAYS__CALENDAR", "calendar.csv")
    with at("2026-11-23 15:00"):
        assert scheduling.run(as_json=False) == 2
    assert "calendar.csv" in capsys.readouterr().out
    assert subjects(site) == ["ESP 2026-11-23: the scheduled days failed"]
    logs = "".join(path.read_text() for path in (site / "state" / "logs").glob("*"))
    assert "scheduled_job_failed" in logs


def test_settings_that_are_wrong_are_kept_where_nothing_else_keeps_them(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Windows task keeps nothing of what is said: the log that it is given has it."""
    log = site / "logs" / "schedule.log"
    monkeypatch.setenv("RPA_DAYS__TIME_ZONE", "Nowhere")
    with pytest.raises(UsageError):
        scheduling.run(as_json=False, log=log)
    assert "Nowhere" in log.read_text(encoding="utf-8")
    monkeypatch.setenv("RPA_DAYS__TIME_ZONE", "America/Chicago")
    with at("2026-11-26 15:00"):
        scheduling.run(as_json=False, log=log)
    assert log.read_text(encoding="utf-8").splitlines()[-1].endswith("is no working day: nothing is due.")


def test_a_check_that_finds_somebody_at_work_is_made_later(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another run holds the account, or the check itself: the day is not over with that."""
    failures: list[RpaError] = [Busy("a run works now"), BrowserLost("gone")]

    def opened(*_: object, **__: object) -> None:
        raise failures.pop(0)

    monkeypatch.setattr(nightly_check, "opened", opened)
    for moment, left in (("2026-11-23 13:00", 1), ("2026-11-23 14:00", 0), ("2026-11-23 15:00", 0)):
        with at(moment):
            scheduling.run(as_json=False)
        assert len(failures) == left
    assert "check: was done before" in capsys.readouterr().out
    monkeypatch.setattr(nightly_check, "check", lambda _: (_ for _ in ()).throw(Busy("held by hand")))
    with at("2026-11-24 13:00"):
        assert scheduling.run(as_json=False) == 4
    assert "ESP 2026-11-24: the scheduled check failed" in subjects(site)


def test_a_report_that_is_held_back_is_tried_again(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The manager names the missing column in the morning: the same day the report goes out."""
    (site / "tracker.csv").write_text(TRACKER.replace("Transfer to", "Gone to"), encoding="utf-8")
    with at("2026-11-23 13:00"):
        assert scheduling.run(as_json=False) == 1
    assert "transfer: held back" in capsys.readouterr().out
    (site / "tracker.csv").write_text(TRACKER, encoding="utf-8")
    with at("2026-11-23 14:00"):
        assert scheduling.run(as_json=False) == 0
    assert "Transfer to Production needed 2026-11-23: No agents" in subjects(site)
    assert len(subjects(site)) == 5 + 1


@pytest.mark.parametrize(("machine", "line"), [("UTC", "30 12-18 "), ("America/New_York", "30 7-18 ")])
def test_the_hour_is_the_sites_on_a_machine_elsewhere(
    site: Path, monkeypatch: pytest.MonkeyPatch, machine: str, line: str
) -> None:
    """Half past six in Chicago is another hour of this machine's clock, which is all that cron knows."""
    monkeypatch.setenv("RPA_TODAY", "2026-11-23")
    monkeypatch.setenv("TZ", machine)
    time.tzset()
    try:
        daily = scheduling.daily(Office(load_settings()))
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    assert cron_line(daily).startswith(line)


def test_a_start_before_midnight_is_of_one_day(site: Path) -> None:
    """What begins on Monday sends Monday's reports, though Tuesday has begun before they are made."""
    with at("2026-11-24 05:59"):
        office = Office(load_settings()).on_this_day()
    with at("2026-11-24 06:01"):
        sent(office)
    assert all("2026-11-23" in one for one in subjects(site))


def test_two_starts_at_once_do_everything_once(scheduled: Rpa) -> None:
    """Two real processes together: one night, one of each report."""
    scheduled.settings["RPA_BROWSER__PATH"] = "/bin/false"
    (scheduled.folder / "tracker.csv").write_text(TRACKER, encoding="utf-8")
    scheduled("reports")
    racing = [scheduled.start("schedule", "run") for _ in range(2)]
    for process in racing:
        _, told = process.communicate(timeout=120)
        assert "Traceback" not in told
    assert len(subjects(scheduled.folder)) == len(set(subjects(scheduled.folder))) == 5 + 1


def test_a_browser_that_does_not_start_hides_nothing_else(scheduled: Rpa) -> None:
    """No browser: the gap is told, and the tracker and the journal are."""
    scheduled.settings["RPA_BROWSER__PATH"] = "/bin/false"
    (scheduled.folder / "tracker.csv").write_text(TRACKER, encoding="utf-8")
    night = scheduled("nightly", "--no-mail", "--json")
    assert night.code == 1
    assert {one["source"] for one in night.json["gaps"]} >= {"the rosters in BlackDash"}
    assert night.json["reads"]["tracked"] == 1


@pytest.mark.parametrize("content", ["{}", "", "no plan at all"])
def test_an_old_plan_that_was_changed_is_a_gap_of_its_run(site: Path, content: str) -> None:
    """Some old plan that is damaged costs what is known of its run, and not the night."""
    with at("2026-11-23 15:00"):
        office = Office(load_settings()).on_this_day()
        made = datetime(2026, 11, 2, tzinfo=UTC)
        plan = Plan(
            id="plan-1",
            flow="extend",
            route="end-date",
            order={},
            tenant={},
            source="x",
            today=made.date(),
            created_at=made,
            expires_at=made + timedelta(hours=12),
            rows=(),
        )
        office.plans.keep(plan)
        office.journal.append("run-1", EventKind.RUN_STARTED, data={"plan": "plan-1"})
        assert not [gap for gap in nightly_check.check(office)[0].gaps if gap.source is Source.JOURNAL]
        with office.journal.transaction() as connection:
            connection.execute(update(plans).where(plans.c.id == plan.id).values(document=content))
        report, _, _ = nightly_check.check(office)
    assert next(gap.what for gap in report.gaps if gap.source is Source.JOURNAL).startswith(
        "Run run-1 cannot"
    )
    assert report.reads.tracked == 1
