"""Every page and mail that people read, judged by axe: nothing that keeps somebody from reading it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from rpa.adapters.mail_texts import Escalated, Report, it_escalation, report
from rpa.adapters.nightly_report import write_nightly_report
from rpa.adapters.run_report import write_report
from rpa.cli.daily_reports import sent
from rpa.cli.nightly_mail import mail_of
from rpa.cli.office import Office
from rpa.settings import load_settings
from tests.adapters import sample_runs
from tests.adapters.sample_nights import full_night, quiet_night

ZONE = ZoneInfo("America/Denver")
GRAVE = {"serious", "critical"}


def night(folder: Path) -> Path:
    """The nightly report with everything in it."""
    return write_nightly_report(full_night(), folder / "report.html", zone=ZONE)


def still_night(folder: Path) -> Path:
    """The report of a night in which nobody is stuck."""
    return write_nightly_report(quiet_night(), folder / "report.html", zone=ZONE)


def run(folder: Path) -> Path:
    """The report of a run with every trouble in it."""
    told = replace(sample_runs.troubled_run(), mails=sample_runs.good_run().mails)
    return write_report(told, folder, made_at=sample_runs.START, zone=ZONE)


def night_mail(folder: Path) -> Path:
    """The mail to the manager."""
    return _html(report(_mail("2026-11-23: 25 stuck"), mail_of(full_night())), folder)


def escalation(folder: Path) -> Path:
    """The mail to IT."""
    agent = Escalated(
        employee_id="10032",
        name="Park, Ana",
        class_name="Aetna 12",
        done="Home Department is 511 - Aetna SLC Contact Center",
        at="Mon 23 Nov 2026 09:10 CST",
        shows="still on the roster",
        pictures=["10032-after.png"],
    )
    return _html(it_escalation(_mail("BlackDash does not follow"), [agent]), folder)


def empty_report(folder: Path) -> Path:
    """A daily report without anybody on it."""
    return _html(report(_mail("TBT: No agents"), Report(intro=["TBT incompletions: no agents."])), folder)


def daily_report(folder: Path) -> Path:
    """A daily report with agents on it, as it is sent."""
    return _sent(folder, "Call Cert")


def teams_behind(folder: Path) -> Path:
    """The mail about teams that are behind, likewise."""
    return _sent(folder, "ESP tracker")


def _sent(folder: Path, subject: str) -> Path:
    header = "Employee ID,Name,ESP Start,Call Cert,Transfer to Production,Licensing updated"
    row = '0012,"Park, Ana",2026-11-02,,,2026-11-20'
    (folder / "tracker.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {
            "RPA_STATE_DIR": str(folder / "state"),
            "RPA_TRACKER__FILE": str(folder / "tracker.csv"),
            "RPA_TRACKER__TEAMS": '{"Licensing": "Licensing updated"}',
            "RPA_TEAMS__DUE": "00:00",
            "RPA_TODAY": "2026-11-23",
        }.items():
            environment.setenv(name, value)
        sent(Office(load_settings()))
    files = (folder / "state" / "outbox").glob("*.eml")
    mails = [message_from_bytes(path.read_bytes(), policy=SMTP) for path in files]
    (mail,) = (one for one in mails if str(one["Subject"]).startswith(subject))
    return _html(mail, folder)


def _mail(subject: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    return message


def _html(message: EmailMessage, folder: Path) -> Path:
    body = message.get_body(("html",))
    assert body is not None
    path = folder / "mail.html"
    path.write_text(body.get_content(), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "made", [night, still_night, run, night_mail, escalation, empty_report, daily_report, teams_behind]
)
def test_nothing_keeps_anybody_from_reading_it(
    made: Callable[[Path], Path], tmp_path: Path, page: Page
) -> None:
    """By axe's rules, those of WCAG and of good practice, nothing is serious."""
    page.goto(made(tmp_path).as_uri())
    found = Axe().run(page)
    grave = [one["id"] for one in found.response["violations"] if one["impact"] in GRAVE]
    assert grave == [], found.generate_report()
