"""Trainings from the command line: planned, linked, sent; the link and private addresses in invites alone."""

from __future__ import annotations

import json
import subprocess
import sys
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from urllib.parse import quote

import pytest

from rpa.cli import output
from rpa.engine.log import Redaction
from tests.canaries import everything_in
from tests.command import Rpa
from tests.importing_calendar import ImportingCalendar, calendar_part, read_with_icalendar

LINK = 'https://g2t.example.com/join/c4n4ry"&x'
CLASS = """employee id,name,site,campaign,cxp email,personal email
1001,"Nu\u00f1ez, I\u00f1aki",MEM,Aetna,i.nunez@example.invalid,inaki.home@example.com
1002,"Lee, Kim",MEM,Aetna,,
"""


@pytest.fixture
def class_file(rpa: Rpa) -> Path:
    """A class of two in Memphis; one of them has no address."""
    path = rpa.folder / "class-1207.csv"
    path.write_text(CLASS, encoding="utf-8")
    return path


def test_class_is_planned_linked_and_invited(rpa: Rpa, class_file: Path) -> None:
    """The manager plans, is told which rooms to make, enters a link, and sends: once."""
    plan = rpa("trainings", "plan", class_file, "--start", "2026-12-07", "--json")
    assert plan.code == 0
    assert [session["session"] for session in plan.json["sessions"]] == [
        f"class-1207/{of}"
        for of in ("onboarding", "ahip-aetna", "training", "training-2", "training-3", "call-cert")
    ]
    assert {conflict["kind"] for conflict in plan.json["conflicts"]} == {"holiday"}
    assert (plan.json["time_zone"], plan.json["without_address"]) == ("America/Chicago", ["1002"])
    todo = rpa("trainings", "todo", "--json").json["rooms"]
    assert (todo[0]["session"], todo[0]["due"]) == ("class-1207/onboarding", "2026-12-02")
    said = [rpa("trainings", "link", "class-1207/onboarding", LINK)]
    assert said[0].code == 0
    sent = rpa("trainings", "send", "class-1207", "--json")
    said += [sent, rpa("trainings", "send", "class-1207", "--json"), rpa("trainings", "show", "--json")]
    assert sent.code == 1  # five rooms are still missing
    assert [one["to"] for one in sent.json["invites"]] == [
        "organizer",
        "co-organizer",
        "1001 cxp",
        "1001 personal",
    ]
    assert said[2].json["invites"] == []
    assert {one["link"] for one in said[3].json["classes"][0]["sessions"]} == {"there", "missing"}
    _invites_are_right(rpa.folder / "state" / "outbox")
    said += [
        rpa("trainings", "link", "class-1207/none", LINK),
        rpa("trainings", "link", "class-1207/training", "x c4n4ry"),
    ]
    assert [one.code for one in said[4:]] == [2, 2]
    sent_as = rpa("outbox", "list", "--json").json["mails"][0]["run"]
    said += [rpa(command, sent_as) for command in ("show", "resume", "undo")]
    assert {(one.code, "There is no run" in one.err) for one in said[-3:]} == {(2, True)}
    _private_things_are_in_invites_alone(rpa, "".join(one.out + one.err for one in [plan, *said]))


def _invites_are_right(outbox: Path) -> None:
    mails = [path.read_bytes() for path in outbox.glob("*.eml")]
    to = {str(message_from_bytes(mail, policy=SMTP)["To"]): mail for mail in mails}
    assert set(to) == {
        "esp-manager@example.invalid",
        "esp-deputy@example.invalid",
        "i.nunez@example.invalid",
        "inaki.home@example.com",
    }
    content, _ = calendar_part(to["inaki.home@example.com"])
    event = read_with_icalendar(content)
    assert [f"{begin:%m-%d %H} {end:%H}" for begin, end in event.days] == ["12-07 15 23", "12-08 15 23"]
    assert event.place == LINK
    assert b"i.nunez" not in to["inaki.home@example.com"]
    assert b"inaki.home" not in to["i.nunez@example.invalid"]


def _private_things_are_in_invites_alone(rpa: Rpa, said: str) -> None:
    for private in (LINK, quote(LINK), quote(LINK, safe=""), json.dumps(LINK)[1:-1], "c4n4ry", "inaki.home@"):
        assert private not in said
        for name, content in everything_in(rpa.folder / "state"):
            assert private.encode() not in content or "/outbox/" in name, name


def test_a_link_can_be_piped_in(rpa: Rpa, class_file: Path) -> None:
    """Without a terminal the link is the first line of the input, asked for by nobody and said nowhere."""
    rpa("trainings", "plan", class_file, "--start", "2026-12-07")
    words = [sys.executable, "-m", "rpa", "trainings", "link", "class-1207/onboarding"]
    told = subprocess.run(
        words,
        env=rpa.environment(),
        cwd=rpa.folder,
        input=f"{LINK}\n",
        text=True,
        capture_output=True,
        check=True,
    )
    assert told.stderr.startswith("The link of class-1207/onboarding is kept")
    assert LINK not in told.stderr + told.stdout


def test_out_writes_files_and_sends_nothing(rpa: Rpa, class_file: Path) -> None:
    """With --out the files are there to look at, and the next send still sends everything."""
    rpa("trainings", "plan", class_file, "--start", "2026-12-07")
    rpa("trainings", "link", "class-1207/onboarding", LINK)
    written = rpa("trainings", "send", "class-1207", "--out", "looked-at", "--json")
    assert written.json["sent"] is False
    files = sorted(path.suffix for path in (rpa.folder / "looked-at").iterdir())
    assert files == [".eml"] * 4 + [".ics"] * 4
    assert not (rpa.folder / "state" / "outbox").exists()
    assert len(rpa("trainings", "send", "class-1207", "--json").json["invites"]) == 4


def test_mentors_are_assigned_and_kept(rpa: Rpa, class_file: Path) -> None:
    """Who is missing a mentor is told, with the day by which one is needed; exit code 1."""
    (rpa.folder / "mentors.csv").write_text(
        'employee id,name,site,campaign,trusted\n9001,"Fox, Ada",MEM,Aetna,yes\n', encoding="utf-8"
    )
    rpa.settings |= {"RPA_MENTORS__FILE": "mentors.csv", "RPA_MENTORS__RATIO": "1"}
    rpa("trainings", "plan", class_file, "--start", "2026-12-07")
    told = rpa("mentors", class_file, "--json")
    assert told.code == 1
    assert [(row["employee_id"], row["mentor"]) for row in told.json["rows"]] == [
        ("1001", "9001"),
        ("1002", None),
    ]
    assert "Mentors are missing: 1 for MEM Aetna; needed before call shadowing starts, on " in told.err


def test_leaders_are_invited_to_their_meeting(rpa: Rpa) -> None:
    """Each team's leader gets one invite, five working days before the season."""
    rpa.settings["RPA_TEAMS__LEADERS"] = json.dumps({"Licensing": "lead@example.invalid"})
    told = rpa("trainings", "meeting", "--season", "2027-02-08", "--json")
    assert [one["to"] for one in told.json["invites"]] == ["leader of Licensing"]
    (mail,) = (rpa.folder / "state" / "outbox").glob("*.eml")
    event = read_with_icalendar(calendar_part(mail.read_bytes())[0])
    assert [f"{begin:%m-%d %H} {end:%H}" for begin, end in event.days] == ["02-01 17 18"]


def test_tracker_tells_who_is_slow_and_which_team_is_behind(rpa: Rpa, class_file: Path) -> None:
    """From the tracker: whose invite is forwarded, who is behind since when; exit code 1 for a lack."""
    lines = "Employee ID,Call Cert,TBT,Licensing updated", "1001,,2026-11-20,2026-11-19"
    (rpa.folder / "tracker.csv").write_text("\n".join(lines), encoding="utf-8")
    rpa.settings["RPA_TRACKER__FILE"] = "tracker.csv"
    rpa.settings["RPA_TRACKER__TEAMS"] = json.dumps({"Licensing": "Licensing updated"})
    fixed = ("--fix", "call-cert=2026-11-19")
    rpa("trainings", "plan", class_file, "--start", "2026-10-26", *fixed)
    (slow,) = rpa("trainings", "todo", "--json").json["longer_call_certs"]
    assert (slow["employee_id"], slow["day"], slow["until"]) == ("1001", 3, "2026-11-25")
    told = rpa("teams", "--json")
    standing = {team["team"]: (team["standing"], team["since"]) for team in told.json["teams"]}
    assert standing["Licensing"] == ("behind", "2026-11-20")
    assert standing["Onboarding"][0] == "the tracker does not say"
    assert told.code == 1


def test_every_secret_that_became_known_stays_hidden() -> None:
    """A link that is learnt later is taken out as well as the passwords are."""
    output.hide(Redaction(["c4n4ry-password"]))
    output.hide(Redaction(["https://c4n4ry.example/link"]))
    said = output.clean("c4n4ry-password opened https://c4n4ry.example/link")
    assert said == "[removed] opened [removed]"


def test_a_class_is_cancelled_and_can_come_again(rpa: Rpa, class_file: Path) -> None:
    """Every calendar loses its events, plan and links are gone; planned again, the events come back."""
    calendar = ImportingCalendar()
    for _ in range(2):
        rpa("trainings", "plan", class_file, "--start", "2026-12-07")
        rpa("trainings", "link", "class-1207/onboarding", LINK)
        assert len(rpa("trainings", "send", "class-1207", "--yes", "--json").json["invites"]) == 4
        assert len(taken(calendar, rpa).events) == 1
        asked = rpa("trainings", "cancel", "class-1207")
        assert (asked.code, "--yes" in asked.err) == (2, True)
        told = rpa("trainings", "cancel", "class-1207", "--yes", "--json")
        assert (told.code, len(told.json["invites"])) == (0, 4)
        assert taken(calendar, rpa).events == {}
        assert rpa("trainings", "show", "--json").json["classes"] == []
    assert rpa("trainings", "cancel", "class-1207", "--yes").code == 2


def taken(calendar: ImportingCalendar, rpa: Rpa) -> ImportingCalendar:
    """The calendar of one agent, after every mail that came so far."""
    for path in sorted(
        (rpa.folder / "state" / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns
    ):
        mail = path.read_bytes()
        if message_from_bytes(mail, policy=SMTP)["To"] == "i.nunez@example.invalid":
            calendar.take(calendar_part(mail)[0])
    return calendar
