"""Calendar invites: iCalendar files as Outlook, Google and Apple calendars take them, and their mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from rpa.adapters.mail import new_message
from rpa.adapters.time_zones import zone_component

PRODUCT = "-//esp-rpa//trainings//EN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """One address that is invited; `opens` tells who opens the room."""

    address: str
    name: str = ""
    opens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """One version of an invite for one attendee: what Outlook calls a meeting request.

    `sittings` are begin and end of each day as written on the wall in `zone`; all but the last have the
    same hours. `place` is the join link. `stamp` is when this version was made, in UTC.
    """

    uid: str
    sequence: int
    stamp: datetime
    title: str
    description: str
    place: str
    zone: str
    sittings: Sequence[tuple[datetime, datetime]]
    organizer: str
    attendee: Attendee
    cancelled: bool = False

    @property
    def method(self) -> str:
        """A request; to the organizer, who cannot be invited to the own meeting, a plain entry."""
        if self.cancelled:
            return "CANCEL"
        is_own = self.attendee.address.casefold() == self.organizer.casefold()
        return "PUBLISH" if is_own else "REQUEST"


def calendar_text(invite: Invite) -> bytes:
    """The iCalendar file (RFC 5545 and 5546): one UID, whatever days the session has."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", invite.method)
    # From the year before: a session in January still goes by the change of last autumn.
    calendar.add_component(zone_component(invite.zone, invite.sittings[0][0].year - 1))
    calendar.add_component(_whole(invite))
    if not invite.cancelled and _last_is_different(invite.sittings):
        calendar.add_component(_last_day(invite))
    written: bytes = calendar.to_ical()
    return written


def invite_mail(invite: Invite, *, sender: str, message_id: str) -> EmailMessage:
    """The mail with the invite in it, as mail clients want it: the text, and the calendar beside it."""
    word = "Cancelled: " if invite.cancelled else "Updated: " if invite.sequence else ""
    message = new_message(
        sender=sender, to=invite.attendee.address, subject=f"{word}{invite.title}", message_id=message_id
    )
    greeting = f"Hello {invite.attendee.name}," if invite.attendee.name else "Hello,"
    message.set_content(f"{greeting}\n\n{_text(invite)}\n")
    message.add_alternative(
        calendar_text(invite),
        maintype="text",
        subtype="calendar",
        params={"method": invite.method, "charset": "utf-8"},
    )
    return message


def _text(invite: Invite) -> str:
    return f"{invite.title} was cancelled." if invite.cancelled else invite.description


def _whole(invite: Invite) -> Event:
    """Every day from the first to the last, but for those on which nothing takes place."""
    begins, ends = _local(invite.sittings[0], invite.zone)
    event = _event(invite, begins, ends)
    length = (invite.sittings[-1][0].date() - begins.date()).days + 1
    if length > 1 and not invite.cancelled:
        event.add("rrule", {"freq": "daily", "count": length})
        held = {begin.date() for begin, _ in invite.sittings}
        left_out = [
            day
            for n in range(length)
            if (day := begins + timedelta(days=n)).date() not in held  # the same time on the wall
        ]
        if left_out:
            event.add("exdate", left_out)
    return event


def _last_day(invite: Invite) -> Event:
    """The last day with its own hours, in place of the one that the rule gives it."""
    begins, ends = _local(invite.sittings[-1], invite.zone)
    event = _event(invite, begins, ends)
    regular = _local(invite.sittings[0], invite.zone)[0].timetz()
    event.add("recurrence-id", datetime.combine(begins.date(), regular))
    return event


def _last_is_different(sittings: Sequence[tuple[datetime, datetime]]) -> bool:
    first, last = sittings[0], sittings[-1]
    return [moment.time() for moment in first] != [moment.time() for moment in last]


def _event(invite: Invite, begins: datetime, ends: datetime) -> Event:
    event = Event()
    event.add("uid", invite.uid)
    event.add("sequence", invite.sequence)
    event.add("dtstamp", invite.stamp)
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", invite.title)
    event.add("status", "CANCELLED" if invite.cancelled else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{invite.organizer}"))
    if invite.method != "PUBLISH":
        event.add("attendee", _attendee(invite.attendee))
    if not invite.cancelled:
        if invite.place:
            event.add("location", invite.place)
        event.add("description", invite.description)
    return event


def _attendee(attendee: Attendee) -> vCalAddress:
    address = vCalAddress(f"mailto:{attendee.address}")
    # A quotation mark cannot stand in a parameter, and few calendars read its escape.
    if name := attendee.name.replace('"', "'"):
        address.params["CN"] = vText(name)
    address.params["ROLE"] = vText("CHAIR" if attendee.opens else "REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("NEEDS-ACTION")
    address.params["RSVP"] = vText("TRUE")
    return address


def _local(sitting: tuple[datetime, datetime], zone: str) -> tuple[datetime, datetime]:
    begin, end = (moment.replace(tzinfo=ZoneInfo(zone)) for moment in sitting)
    return begin, end
