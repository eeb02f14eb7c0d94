"""A calendar that takes invites as RFC 5546 has it, reading them with either of two parsers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import icalendar
import vobject
from dateutil.rrule import rruleset, rrulestr


@dataclass(frozen=True)
class Event:
    """An event as a calendar shows it: its days as begin and end in UTC."""

    uid: str
    sequence: int
    stamp: datetime
    method: str
    title: str
    description: str
    place: str
    attendees: tuple[str, ...]
    days: tuple[tuple[datetime, datetime], ...]


@dataclass
class ImportingCalendar:
    """Events by UID; an older version never replaces a newer one, and a cancellation removes."""

    events: dict[str, Event] = field(default_factory=dict)
    _newest: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def take(self, content: bytes) -> None:
        """Import one iCalendar file."""
        event = read_with_icalendar(content)
        version = (event.sequence, event.stamp)
        if event.uid in self._newest and version <= self._newest[event.uid]:
            return
        self._newest[event.uid] = version
        if event.method == "CANCEL":
            self.events.pop(event.uid, None)
        else:
            self.events[event.uid] = event


def calendar_part(mail: bytes) -> tuple[bytes, dict[str, str]]:
    """The iCalendar file in a mail, and the parameters of its content type."""
    message = message_from_bytes(mail, policy=SMTP)
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content, dict(part["content-type"].params)


def read_with_icalendar(content: bytes) -> Event:
    """The event as icalendar reads it; the zone is taken from the file's own VTIMEZONE."""
    calendar: Any = icalendar.Calendar.from_ical(content)
    zones = {str(one["tzid"]): one.to_tz(lookup_tzid=False) for one in calendar.walk("VTIMEZONE")}
    main, *changed = calendar.walk("VEVENT")

    def moment(event: Any, name: str) -> tuple[datetime, Any]:
        found = event[name]
        zone = zones[found.params["TZID"]]
        return found.dt.replace(tzinfo=None), zone

    def utc(event: Any, name: str) -> datetime:
        naive, zone = moment(event, name)
        return _utc(naive, zone)

    begin, zone = moment(main, "DTSTART")
    length = utc(main, "DTEND") - utc(main, "DTSTART")
    starts = [begin]
    if "RRULE" in main:
        rules = rruleset()
        rules.rrule(rrulestr(main["RRULE"].to_ical().decode(), dtstart=begin))
        for left_out in main["EXDATE"].dts if "EXDATE" in main else ():
            rules.exdate(left_out.dt.replace(tzinfo=None))
        starts = list(rules)
    days = {start: (_utc(start, zone), _utc(start, zone) + length) for start in starts}
    for one in changed:
        replaced, _ = moment(one, "RECURRENCE-ID")
        assert replaced in days
        assert one["SEQUENCE"] == main["SEQUENCE"]
        days[replaced] = (utc(one, "DTSTART"), utc(one, "DTEND"))
    people = main.get("ATTENDEE", [])
    return Event(
        uid=str(main["UID"]),
        sequence=int(main["SEQUENCE"]),
        stamp=main["DTSTAMP"].dt,
        method=str(calendar["METHOD"]),
        title=str(main["SUMMARY"]),
        description=str(main.get("DESCRIPTION", "")),
        place=str(main.get("LOCATION", "")),
        attendees=tuple(str(one) for one in (people if isinstance(people, list) else [people])),
        days=tuple(sorted(days.values())),
    )


def read_with_vobject(content: bytes) -> Event:
    """The same as vobject reads it."""
    calendar: Any = vobject.readOne(content.decode())
    main, *changed = calendar.vevent_list
    length = main.dtend.value - main.dtstart.value
    rules = main.getrruleset(addRDate=True)
    starts = list(rules) if rules else [main.dtstart.value]
    days = {_plain(start): (_in_utc(start), _in_utc(start) + length) for start in starts}
    for one in changed:
        days[_plain(one.recurrence_id.value)] = (_in_utc(one.dtstart.value), _in_utc(one.dtend.value))
    return Event(
        uid=main.uid.value,
        sequence=int(main.sequence.value),
        stamp=main.dtstamp.value.astimezone(UTC),
        method=calendar.method.value,
        title=main.summary.value,
        description=main.description.value if hasattr(main, "description") else "",
        place=main.location.value if hasattr(main, "location") else "",
        attendees=tuple(one.value for one in getattr(main, "attendee_list", [])),
        days=tuple(sorted(days.values())),
    )


def unfolded(content: bytes) -> Iterator[str]:
    """The content lines with their folds taken out."""
    yield from content.replace(b"\r\n ", b"").decode().split("\r\n")


def _utc(naive: datetime, zone: Any) -> datetime:
    return naive.replace(tzinfo=zone).astimezone(UTC)


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _plain(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
