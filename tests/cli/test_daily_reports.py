"""The daily reports as their teams get them: each exactly once a business day, whatever the clocks do."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import time_machine

from rpa.cli.daily_reports import sent
from rpa.cli.office import Office
from rpa.domain.reports import REPORTS
from rpa.settings import load_settings
from tests.adapters.smtp_servers import real_server
from tests.cli.site_in_chicago import settle_in_chicago
from tests.command import Rpa
from tests.conftest import SoakFigures

NAMES = [report.name for report in REPORTS]
HEADER = ["Employee ID", "Name", "ESP Start", "Producer World", "AHIP", "Aetna", "TBT", "Call Cert"]
HEADER += ["Call Shadowing", "Transfer to Production", "Licensing updated"]
DONE = ["2026-11-20"] * 6
ROWS = [
    ["0012", "Park, Ana", "2026-11-02", *[""] * 6, "", ""],
    ["1002", "Lee, Kim", "2026-11-02", *DONE, "", "2026-11-20"],
]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site in Chicago with a tracker of two, in this process; its folder."""
    with (tmp_path / "tracker.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *ROWS])
    settle_in_chicago(tmp_path, monkeypatch)
    return tmp_path


def mails(folder: Path) -> list[EmailMessage]:
    """Every mail that went to the outbox folder."""
    files = sorted((folder / "state" / "outbox").glob("*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=SMTP) for path in files]


def subjects(folder: Path) -> Counter[str]:
    """How often each report of each day went out."""
    return Counter(str(mail["Subject"]).split(":")[0] for mail in mails(folder))


@pytest.mark.parametrize(
    ("zone", "first", "business_days"),
    [
        ("Africa/Cairo", "2027-04-29", ["2027-04-29", "2027-04-30", "2027-05-03"]),  # Friday has 23 hours
        ("Africa/Cairo", "2026-10-28", ["2026-10-28", "2026-10-29", "2026-10-30"]),  # Thursday has 25 hours
        ("America/Chicago", "2026-11-25", ["2026-11-25", "2026-11-27"]),  # between them Thanksgiving
        *(
            pytest.param(*longer, marks=pytest.mark.soak)
            for longer in (
                ("America/Chicago", "2026-03-06", ["2026-03-06", "2026-03-09"]),  # Sunday has 23 hours
                ("America/Chicago", "2026-10-30", ["2026-10-30", "2026-11-02"]),  # Sunday has 25 hours
                ("Pacific/Auckland", "2028-02-28", ["2028-02-28", "2028-02-29", "2028-03-01"]),
                ("America/Chicago", "2026-12-30", ["2026-12-30", "2026-12-31"]),  # then New Year's Day
            )
        ),
    ],
)
def test_each_report_goes_once_a_business_day(
    site: Path, monkeypatch: pytest.MonkeyPatch, zone: str, first: str, business_days: list[str]
) -> None:
    """Started every other hour, in summer time and out of it, over a leap day, a year's end and a holiday."""
    monkeypatch.setenv("RPA_DAYS__TIME_ZONE", zone)
    begin = datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    last = date.fromisoformat(business_days[-1]) + timedelta(days=1)
    with time_machine.travel(begin, tick=False) as machine:
        while datetime.now(ZoneInfo(zone)).date() < last:
            sent(Office(load_settings()))
            machine.shift(timedelta(hours=2))
    days = Counter(subject.split()[-1] for subject in subjects(site))
    assert set(subjects(site).values()) == {1}
    assert days == dict.fromkeys(business_days, len(NAMES))


def test_a_clock_set_back_sends_nothing_again(site: Path) -> None:
    """Monday's reports went; the clock goes back to Monday morning from Tuesday, and on to Tuesday again."""
    for moment in ("2026-11-23 15:00", "2026-11-24 15:00", "2026-11-23 09:00", "2026-11-24 10:00"):
        with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False):
            sent(Office(load_settings()))
    assert set(subjects(site).values()) == {1}
    assert len(mails(site)) == 2 * len(NAMES)


def test_a_missed_night_costs_that_day_alone(site: Path) -> None:
    """A machine that was off on Tuesday sends Wednesday's reports on Wednesday, and none of Tuesday's."""
    for moment in ("2026-11-23 15:00", "2026-11-25 15:00"):
        with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False):
            sent(Office(load_settings()))
    assert {subject.split()[-1] for subject in subjects(site)} == {"2026-11-23", "2026-11-25"}


def test_the_command_sends_each_to_its_team(rpa: Rpa, site: Path) -> None:
    """By the real command: recipients of their own, workbooks of texts alone, each sent once."""
    rpa.settings |= {
        "RPA_TRACKER__FILE": "tracker.csv",
        "RPA_REPORTS__RECIPIENTS": json.dumps({"tbt": ["tbt@example.invalid", "boss@example.invalid"]}),
    }
    shown = rpa("reports", "--preview")
    assert shown.code == 0
    assert "Nothing was sent" in shown.err
    assert not mails(site)
    first, second = rpa("reports", "--send", "--json"), rpa("reports", "--send", "--json")
    assert (first.code, second.code) == (0, 0)
    assert {one["sent"] for one in second.json["reports"]} == {"was sent before on this day"}
    to = Counter(str(mail["To"]) for mail in mails(site))
    assert to == {
        "tbt@example.invalid": 1,
        "boss@example.invalid": 1,
        "esp-manager@example.invalid": len(NAMES) - 1,
    }
    (mail,) = (one for one in mails(site) if one["To"] == "tbt@example.invalid")
    (workbook,) = mail.iter_attachments()
    cells = openpyxl.load_workbook(io.BytesIO(workbook.get_content())).worksheets[0]["A2:B2"][0]
    assert [(cell.value, cell.data_type) for cell in cells] == [("0012", "s"), ("Park, Ana", "s")]


def test_two_starts_at_once_send_once(rpa: Rpa, site: Path) -> None:
    """Four real processes together: one mail a report; who finds another at work exits with 4."""
    rpa.settings["RPA_TRACKER__FILE"] = "tracker.csv"
    rpa("reports", "--preview")
    racing = [rpa.start("reports", "--send") for _ in range(4)]
    codes = []
    for process in racing:
        _, told = process.communicate(timeout=120)
        assert "Traceback" not in told
        codes.append(process.returncode)
    assert set(codes) <= {0, 4}
    assert 0 in codes
    assert set(subjects(site).values()) == {1}
    assert len(mails(site)) == len(NAMES)


def test_an_unknown_report_is_named(rpa: Rpa, site: Path) -> None:
    """A name that is none of the five sends nothing, and says which there are."""
    told = rpa("reports", "--send", "--only", "tbd")
    assert told.code == 2
    assert "producer-world" in told.err
    assert not mails(site)


def write_tracker(folder: Path, header: list[str], rows: list[list[str]]) -> None:
    with (folder / "tracker.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def test_without_the_transfer_column_its_report_is_held_back(site: Path) -> None:
    """Nobody knows who is in production: that report is not sent, the others say so; later it is."""
    renamed = ["Moved to Prod" if name == "Transfer to Production" else name for name in HEADER]
    write_tracker(site, renamed, [["1002", "Lee, Kim", "2026-11-02", *DONE, "2026-11-20", ""]])
    with time_machine.travel(datetime(2026, 11, 23, 15, tzinfo=UTC), tick=False):
        told = sent(Office(load_settings()))
        assert told.exit_code == 1
        assert told.told["transfer"] == "held back"
        assert len(mails(site)) == len(NAMES) - 1
        assert not [one for one in subjects(site) if one.startswith("Transfer")]
        texts = [str(mail.get_body(("plain",)).get_content()) for mail in mails(site)]  # type: ignore[union-attr]
        assert all("may be in production already" in " ".join(text.split()) for text in texts)
        write_tracker(site, HEADER, ROWS)
        assert sent(Office(load_settings())).exit_code == 0
    assert len(mails(site)) == len(NAMES)


def test_a_team_that_never_filled_its_column_is_named(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that is there and empty is a team behind; one that is not there is said to be unknown."""
    monkeypatch.setenv("RPA_TRACKER__TEAMS", json.dumps({"Licensing": "Licensing updated"}))
    write_tracker(site, HEADER, [["0012", "Park, Ana", "2026-11-02", *[""] * 8]])
    with time_machine.travel(datetime(2026, 11, 23, 15, tzinfo=UTC), tick=False):
        told = sent(Office(load_settings()))
    assert [one.team.name for one in told.behind] == ["Licensing"]
    (note,) = told.notes
    assert "Onboarding, Certification, Mentors" in note
    assert "ESP tracker 2026-11-23" in subjects(site)


@pytest.mark.soak
def test_killed_at_any_moment_every_report_goes_once(rpa: Rpa, site: Path, soak_figures: SoakFigures) -> None:
    """Kill -9 while it sends, ten times at other moments: no report is mailed twice, none is lost."""
    rpa.settings["RPA_TRACKER__FILE"] = "tracker.csv"
    with real_server() as box:
        rpa.settings["RPA_MAIL__SMTP_URL"] = f"smtp://127.0.0.1:{box.port}"
        begun = time.monotonic()
        rpa("reports")
        length = time.monotonic() - begun
        for nth in range(10):
            process = rpa.start("reports", "--send")
            with suppress(subprocess.TimeoutExpired):
                process.wait(length * (0.7 + nth * 0.08))
            process.kill()
            process.communicate()
        rpa("reports", "--send")
        listed = rpa("outbox", "list", "--json").json["mails"]
        arrived = Counter(
            str(message_from_bytes(content, policy=SMTP)["Message-ID"]) for _, content in box.accepted
        )
    unknown = [one for one in listed if one["state"] == "unknown"]
    soak_figures("reports killed", kills=10, twice=sum(arrived.values()) - len(arrived), unknown=len(unknown))
    assert set(arrived.values()) <= {1}
    assert len(listed) == len(NAMES)
    assert {one["state"] for one in listed} <= {"sent", "unknown"}
    assert sum(one["state"] == "sent" for one in listed) <= len(arrived) <= len(NAMES)
