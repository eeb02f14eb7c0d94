"""Invites, read back by two parsers that know nothing of how they were written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa.adapters.invites import Attendee, Invite, calendar_text, invite_mail
from rpa.adapters.time_zones import zone_component
from tests.importing_calendar import (
    ImportingCalendar,
    calendar_part,
    read_with_icalendar,
    read_with_vobject,
    unfolded,
)

LINK = "https://g2t.example.com/join/0123456789?a=b;c,d&e=\u00e9"
ZONES = ("America/Denver", "America/Chicago", "Europe/Berlin")


def text_for_people(message: EmailMessage) -> str:
    """What a person reads who opens the mail in no calendar."""
    (body,) = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    return str(body.get_content())


def sitting(day: str, ends: int = 17) -> tuple[datetime, datetime]:
    """Nine to five, or to another hour, on the wall."""
    at = datetime.fromisoformat(day)
    return at.replace(hour=9), at.replace(hour=ends)


def invite(*days: tuple[datetime, datetime], **changed: object) -> Invite:
    """An invite of these days."""
    usual = {
        "uid": "u-1@esp-rpa.invalid",
        "sequence": 0,
        "stamp": datetime(2026, 11, 1, 12, tzinfo=UTC),
        "title": "AHIP/Aetna; class 1123, \\ and more",
        "description": "Line one, with a comma; and more\n  Zwei \u00dcml\u00e4ute \U0001f393\n" + LINK,
        "place": LINK,
        "zone": "America/Denver",
        "sittings": days or (sitting("2026-06-10"), sitting("2026-06-11", 13)),
        "organizer": "manager@example.invalid",
        "attendee": Attendee(
            address="i.nunez@example.invalid", name='Nu\u00f1ez; I\u00f1aki, "Jr": \u5f20\u4f1f'
        ),
    }
    return Invite(**{**usual, **changed})  # type: ignore[arg-type]


def both(content: bytes) -> tuple[object, object]:
    """The event as each of the parsers reads it."""
    return read_with_icalendar(content), read_with_vobject(content)


def test_two_parsers_read_the_same() -> None:
    """What is written means the same to both parsers: texts, attendees, every day with its own hours."""
    written = invite(sitting("2026-06-12"), sitting("2026-06-15"), sitting("2026-06-16", 13))
    first, second = both(calendar_text(written))
    assert first == second
    seen = read_with_icalendar(calendar_text(written))
    assert (seen.title, seen.description, seen.place) == (written.title, written.description, LINK)
    assert seen.attendees == ("mailto:i.nunez@example.invalid",)
    assert [(f"{begin:%m-%d %H}", f"{end:%d %H}") for begin, end in seen.days] == [
        ("06-12 15", "12 23"),
        ("06-15 15", "15 23"),
        ("06-16 15", "16 19"),
    ]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "days",
    [
        ("2026-10-23", "2026-10-26"),  # Europe's clocks go back on 25 October
        ("2026-10-30", "2026-11-02"),  # America's on 1 November
        ("2027-03-12", "2027-03-15"),  # America's go forward on 14 March
        ("2027-03-26", "2027-03-29"),  # Europe's on 28 March
        ("2026-12-31", "2027-01-04"),
        ("2027-01-04",),  # before any change of its year
    ],
)
def test_times_are_right_in_three_zones(zone: str, days: tuple[str, ...]) -> None:
    """Nine on the wall of the site is the right moment everywhere, whenever the clocks change."""
    written = invite(*map(sitting, days), zone=zone)
    right = tuple(
        (
            begin.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC),
            end.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC),
        )
        for begin, end in written.sittings
    )
    first, second = both(calendar_text(written))
    assert first.days == right  # type: ignore[attr-defined]
    assert second.days == right  # type: ignore[attr-defined]


@pytest.mark.parametrize("zone", [*ZONES, "America/Phoenix", "Australia/Sydney", "Asia/Kolkata"])
def test_zone_rule_is_that_of_the_zone_for_years(zone: str) -> None:
    """The rule in the file gives the zone's own offset on each day of the next five years."""
    written: Any = icalendar.Timezone.from_ical(zone_component(zone, 2026).to_ical())
    read = written.to_tz(lookup_tzid=False)
    for number in range(5 * 365):
        noon = datetime(2026, 4, 15, 12) + timedelta(days=number)  # noqa: DTZ001  on the wall
        assert noon.replace(tzinfo=read).utcoffset() == noon.replace(tzinfo=ZoneInfo(zone)).utcoffset(), noon


def test_zone_changes_are_rules_and_not_lists_of_dates() -> None:
    """Outlook misreads a zone whose changes are listed as dates."""
    text = zone_component("America/Denver", 2026).to_ical().decode()
    assert "RDATE" not in text
    assert "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11" in text
    assert "BYDAY=-1SU" in zone_component("Europe/Berlin", 2026).to_ical().decode()


@given(
    title=st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=200),
    description=st.text(
        st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")) | st.just("\n"), max_size=2000
    ),
    name=st.text(st.characters(categories=("L", "M", "Nd", "Zs", "Po")), max_size=120),
)
def test_any_text_survives_folding_and_escaping(title: str, description: str, name: str) -> None:
    """No line is longer than 75 octets, none is cut within a character, and the texts come back whole."""
    content = calendar_text(
        invite(
            title=title, description=description, attendee=Attendee(address="a@example.invalid", name=name)
        )
    )
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        line.decode()
    seen = read_with_icalendar(content)
    assert (seen.title, seen.description) == (title, description)


def test_file_says_what_calendars_look_for() -> None:
    """Method, sequence, attendee with a question for an answer, and no second UID for the changed day."""
    lines = list(unfolded(calendar_text(invite(sequence=3))))
    assert "METHOD:REQUEST" in lines
    assert lines.count("SEQUENCE:3") == lines.count("UID:u-1@esp-rpa.invalid") == 2
    assert any(line.startswith("ATTENDEE;") and "RSVP=TRUE" in line for line in lines)
    assert any(line.startswith("RECURRENCE-ID;TZID=America/Denver:20260611T090000") for line in lines)
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_single_day_has_no_rule() -> None:
    """A session of one day is a plain event."""
    text = calendar_text(invite(sitting("2026-06-10"))).decode()
    assert "RRULE:FREQ=DAILY" not in text
    assert "RECURRENCE-ID" not in text


def test_session_of_one_half_day_is_a_plain_event_too() -> None:
    """The morning that a further link is for stands with its own hours."""
    (day,) = read_with_icalendar(calendar_text(invite(sitting("2026-12-02", 13)))).days
    assert day[1] - day[0] == timedelta(hours=4)


def test_request_update_and_cancel_leave_one_event_and_then_none() -> None:
    """A calendar keeps one event for all versions, the newest, in whatever order the mails arrive."""
    first = invite()
    moved = replace(first, sequence=1, sittings=(sitting("2026-06-12"),))
    gone = replace(moved, sequence=2, cancelled=True)
    calendar = ImportingCalendar()
    calendar.take(calendar_text(first))
    calendar.take(calendar_text(moved))
    calendar.take(calendar_text(first))
    (event,) = calendar.events.values()
    assert [begin.date() for begin, _ in event.days] == [date(2026, 6, 12)]
    calendar.take(calendar_text(gone))
    calendar.take(calendar_text(moved))
    assert calendar.events == {}


def test_cancellation_holds_no_link() -> None:
    """Who is not invited any more is not sent the link once again."""
    cancelled = invite(cancelled=True, sequence=1)
    mail = invite_mail(cancelled, sender="manager@example.invalid", message_id="<1@rpa.invalid>").as_bytes(
        policy=SMTP
    )
    content, parameters = calendar_part(mail)
    assert parameters["method"] == "CANCEL"
    assert b"g2t.example.com" not in content
    assert "g2t.example.com" not in text_for_people(message_from_bytes(mail, policy=SMTP))


def test_mail_is_a_meeting_request_to_one_address() -> None:
    """The text for people, the calendar beside it with its method, exactly the file's bytes."""
    written = invite()
    message = invite_mail(written, sender="manager@example.invalid", message_id="<1@rpa.invalid>")
    content, parameters = calendar_part(message.as_bytes(policy=SMTP))
    assert content == calendar_text(written)
    assert parameters == {"method": "REQUEST", "charset": "utf-8"}
    assert message["To"] == "i.nunez@example.invalid"
    assert message.get_content_type() == "multipart/alternative"
    assert LINK in text_for_people(message)


def test_organizer_gets_an_entry_and_not_a_request() -> None:
    """Calendars refuse a request from oneself."""
    own = invite(attendee=Attendee(address="manager@example.invalid", opens=True))
    lines = list(unfolded(calendar_text(own)))
    assert "METHOD:PUBLISH" in lines
    assert not any(line.startswith("ATTENDEE") for line in lines)


def test_january_s_session_comes_after_a_rule_of_its_zone() -> None:
    """A rule that begins later says nothing of an earlier day; what calendars then do is their own affair."""
    calendar: Any = icalendar.Calendar.from_ical(calendar_text(invite(sitting("2027-01-04"))))
    begins = [part["DTSTART"].dt for part in calendar.walk("STANDARD") + calendar.walk("DAYLIGHT")]
    assert max(begins) < datetime(2027, 1, 4)  # noqa: DTZ001  on the wall
