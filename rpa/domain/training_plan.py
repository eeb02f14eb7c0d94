"""Lays the sessions of a class into the calendar (guide: "Manage Go To Trainings")."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from rpa.domain.training_deadlines import days_before
from rpa.domain.training_links import link_ends, within_links
from rpa.domain.trainings import ClassPlan, Moved, Session, SessionKind, Sitting, Syllabus
from rpa.domain.working_days import WorkingDays

ONE_DAY = timedelta(days=1)


def plan_class(
    name: str,
    start: date,
    *,
    zone: str,
    syllabus: Syllabus,
    days: WorkingDays,
    fixed: Mapping[SessionKind, date] | None = None,
) -> ClassPlan:
    """The sessions of a class that starts on this day, one after the other.

    Each begins on the first working day after the one before has ended, half days included (assumed);
    `fixed` gives the day of a session that cannot follow so, and the ones after it follow from there.
    """
    frame = _Frame(name, zone, syllabus, days)
    sessions: list[Session] = []
    wanted = start
    for kind in SessionKind:
        wanted = (fixed or {}).get(kind, wanted)
        lasting = syllabus.booked(kind)
        taught = tuple(islice(_working(wanted, days), math.ceil(lasting)))
        given = wanted == start or wanted in (fixed or {}).values()
        moved = _moved(wanted, taught[-1], days, given=given)
        sessions += frame.parts(kind, _sittings(taught, lasting, syllabus), moved)
        wanted = taught[-1] + ONE_DAY
    return ClassPlan(
        name=name,
        start=start,
        zone=zone,
        sessions=tuple(sessions),
        fixed=tuple((kind, (fixed or {})[kind]) for kind in SessionKind if kind in (fixed or {})),
    )


def _working(start: date, days: WorkingDays) -> Iterator[date]:
    """The working days from this one on."""
    day = start if days.is_working(start) else days.next(start)
    while True:
        yield day
        day = days.next(day)


def _sittings(taught: Sequence[date], lasting: float, syllabus: Syllabus) -> tuple[Sitting, ...]:
    """A sitting for each day; where half a day is left, it is the last day's."""
    *whole, last = taught
    ends_early = lasting < len(taught)
    return (
        *(Sitting(day=day, hours=syllabus.hours) for day in whole),
        Sitting(day=last, hours=syllabus.half_day if ends_early else syllabus.hours),
    )


def _moved(wanted: date, last: date, days: WorkingDays, *, given: bool) -> tuple[Moved, ...]:
    """The holidays that the session had to go round, and a given day on which nobody works.

    A weekend that simply follows is no news.
    """
    between = (wanted + n * ONE_DAY for n in range((last - wanted).days))
    return tuple(
        Moved(day=day, why="weekend" if day.weekday() in days.weekend else "holiday")
        for day in between
        if not days.is_working(day) and (day.weekday() not in days.weekend or (given and day == wanted))
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is the same for all sessions of a class."""

    name: str
    zone: str
    syllabus: Syllabus
    days: WorkingDays

    def parts(
        self, kind: SessionKind, sittings: Sequence[Sitting], moved: Sequence[Moved]
    ) -> Iterator[Session]:
        """The session in parts, each within the life of one link."""
        parts = within_links(sittings, self.syllabus.link_life)
        left, before = self.syllabus.days[kind], date.min
        for number, part in enumerate(parts, start=1):
            last = part[-1].day
            yield self._session(
                kind,
                (number, len(parts)),
                part,
                needed=min(left, len(part)),
                moved=tuple(one for one in moved if before < one.day < last),
            )
            left, before = max(left - len(part), 0), last

    def _session(
        self,
        kind: SessionKind,
        part: tuple[int, int],
        sittings: tuple[Sitting, ...],
        *,
        needed: float,
        moved: tuple[Moved, ...],
    ) -> Session:
        first = sittings[0].day
        organizer, co_organizer = self.syllabus.opened_by.get(kind, ("", ""))
        return Session(
            class_name=self.name,
            kind=kind,
            part=part[0],
            parts=part[1],
            sittings=sittings,
            needed=needed,
            zone=self.zone,
            organizer=organizer,
            co_organizer=co_organizer,
            due=days_before(first, self.syllabus.days_ahead, self.days),
            link_ends=link_ends(first, self.syllabus.link_life),
            moved=moved,
        )
