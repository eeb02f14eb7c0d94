"""What stands in the way of a plan: told, never settled by the software."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from rpa.domain.trainings import ClassPlan, Session, told


class ConflictKind(StrEnum):
    """Why a person has to look."""

    OVERLAP = "overlap"
    TWO_ROOMS = "two rooms"
    NO_CO_ORGANIZER = "no co-organizer"
    DEADLINE_PAST = "deadline past"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One thing to settle; `sessions` by id."""

    kind: ConflictKind
    sessions: tuple[str, ...]
    what: str

    @property
    def open(self) -> bool:
        """Whether a person must settle it; the plan goes round a holiday by itself."""
        return self.kind is not ConflictKind.HOLIDAY


def conflicts_of(
    plan: ClassPlan, others: Iterable[ClassPlan], today: date, ready: frozenset[str] = frozenset()
) -> tuple[Conflict, ...]:
    """Everything that stands in the way of this plan, beside the plans of other classes.

    `ready` are the sessions, by id, whose room is there already: no deadline of theirs can pass.
    """
    elsewhere = [session for other in others if other.name != plan.name for session in other.sessions]
    return (
        *_overlaps(plan.sessions),
        *_two_rooms(plan.sessions, elsewhere),
        *_alone(plan.sessions),
        *_past(plan.sessions, today, ready),
        *_moved(plan.sessions),
    )


def meet(one: Session, other: Session) -> bool:
    """Whether a sitting of one and a sitting of the other are at the same time, wherever each is held."""
    return any(
        begin < other_end and other_begin < end
        for begin, end in one.moments()
        for other_begin, other_end in other.moments()
    )


def _overlaps(sessions: Sequence[Session]) -> Iterator[Conflict]:
    for one, other in combinations(sessions, 2):
        if meet(one, other):
            yield Conflict(
                kind=ConflictKind.OVERLAP,
                sessions=(one.id, other.id),
                what=f"{one.title} and {other.title} of {one.class_name} overlap",
            )


def _two_rooms(sessions: Sequence[Session], elsewhere: Sequence[Session]) -> Iterator[Conflict]:
    """An organizer whose sessions of several classes meet (guide: can only the creator open a room?)."""
    for one in sessions:
        meeting = [other for other in elsewhere if meet(one, other)]
        for other in meeting:
            if one.organizer and one.organizer == other.organizer:
                both = f"{one.organizer} is to be in {one.id} and in {other.id} at once"
                yield Conflict(
                    kind=ConflictKind.TWO_ROOMS,
                    sessions=(one.id, other.id),
                    what=f"{both}; {_way_out(one, meeting)}",
                )


def _way_out(one: Session, meeting: Sequence[Session]) -> str:
    """Who can open one of the rooms: a co-organizer opens one, and not a third."""
    busy = {other.organizer for other in meeting}
    rooms = sum(other.organizer == one.organizer for other in meeting)
    if one.co_organizer and one.co_organizer not in busy and rooms == 1:
        return f"{one.co_organizer} can open one of them"
    return "nobody else is free: name other organizers"


def _alone(sessions: Sequence[Session]) -> Iterator[Conflict]:
    for one in sessions:
        if not one.co_organizer or one.co_organizer == one.organizer:
            yield Conflict(
                kind=ConflictKind.NO_CO_ORGANIZER,
                sessions=(one.id,),
                what=f"nobody beside {one.organizer or 'its maker'} can open {one.id}",
            )


def _past(sessions: Sequence[Session], today: date, ready: frozenset[str]) -> Iterator[Conflict]:
    for one in sessions:
        if one.due < today <= one.last_day and one.id not in ready:
            yield Conflict(
                kind=ConflictKind.DEADLINE_PAST,
                sessions=(one.id,),
                what=f"{one.id} should have been on calendars by {told(one.due)}",
            )


def _moved(sessions: Sequence[Session]) -> Iterator[Conflict]:
    for one in sessions:
        for moved in one.moved:
            yield Conflict(
                kind=ConflictKind.HOLIDAY,
                sessions=(one.id,),
                what=f"{one.id} is {moved}; the plan goes round it",
            )
