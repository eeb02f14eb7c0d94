"""A time zone as calendars need it: its offsets, and the yearly rule by which they change.

Outlook and some others misread a zone whose changes are listed as dates, so they are given as rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

HOUR = timedelta(hours=1)
YEARS_LOOKED_AT = 12
FIFTH = 5


@cache
def zone_component(name: str, year: int) -> Timezone:
    """The VTIMEZONE of an IANA zone, good from this year on for as long as its rule stays."""
    zone = Timezone()
    zone.add("tzid", name)
    changes = list(_changes(ZoneInfo(name), year))
    if not changes:
        moment = datetime(year, 1, 1, tzinfo=ZoneInfo(name))
        zone.add_component(_part(moment, moment))
    for before, after in changes:
        part = _part(before, after)
        part.add("rrule", {"freq": "yearly", "bymonth": before.month, "byday": _weekday(name, before)})
        zone.add_component(part)
    return zone


def _changes(zone: ZoneInfo, year: int) -> Iterator[tuple[datetime, datetime]]:
    """The last moment of the old offset's clock and the first one of the new, for each change of the year."""
    moment = datetime(year, 1, 1, tzinfo=UTC)
    while moment.year == year:
        before, after = moment.astimezone(zone), (moment + HOUR).astimezone(zone)
        if before.utcoffset() != after.utcoffset():
            yield before + HOUR, after
        moment += HOUR


def _part(before: datetime, after: datetime) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if after.dst() else TimezoneStandard()
    old = (before - HOUR).utcoffset() if before is not after else after.utcoffset()
    # A change begins at the wall clock's time before it, as RFC 5545 has it.
    part.add("dtstart", before.replace(tzinfo=None))
    part.add("tzoffsetfrom", old)
    part.add("tzoffsetto", after.utcoffset())
    part.add("tzname", after.tzname() or "")
    return part


def _weekday(name: str, change: datetime) -> str:
    """The weekday of the rule, such as 2SU or -1SU: counted from whichever end of the month it stays at."""
    zone = ZoneInfo(name)
    same = [
        before.date()
        for year in range(change.year, change.year + YEARS_LOOKED_AT)
        for before, _ in _changes_near(zone, year, change.month)
    ]
    numbers = {(day.day - 1) // 7 + 1 for day in same}
    number = str(numbers.pop()) if len(numbers) == 1 and FIFTH not in numbers else "-1"
    return f"{number}{('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')[change.weekday()]}"


def _changes_near(zone: ZoneInfo, year: int, month: int) -> Iterator[tuple[datetime, datetime]]:
    return ((before, after) for before, after in _changes(zone, year) if before.month == month)
