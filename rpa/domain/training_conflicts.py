"""What stands in the way of a plan: told, never settled by the software."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations

from rpa.domain.training_deadlines import Unsent
from rpa.domain.trainings import ClassPlan, Session, days_told, told

TWO = 2


class ConflictKind(StrEnum):
    """Why a person has to look."""

    OVERLAP = "overlap"
    TWO_ROOMS = "two rooms"
    NO_CO_ORGANIZER = "no co-organizer"
    DEADLINE_PAST = "deadline past"
    OLD_LINK = "old link"
    NOT_SENT = "not sent"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One thing to settle; `sessions` by id."""

    kind: ConflictKind
    sessions: tuple[str, ...]
    what: str

    @property
    def open(self) -> bool:
        """Whether a person must settle it; a plan goes round a holiday, and is made before it is sent."""
        return self.kind not in {ConflictKind.HOLIDAY, ConflictKind.NOT_SENT}


def conflicts_of(
    plan: ClassPlan,
    others: Iterable[ClassPlan],
    today: date,
    ready: frozenset[str] = frozenset(),
    outdated: Mapping[str, tuple[date, ...]] | None = None,
    unsent: Unsent | None = None,
) -> tuple[Conflict, ...]:
    """Everything that stands in the way of this plan, beside the plans of other classes.

    `ready` are the sessions, by id, whose room is there already: no deadline of theirs can pass. `outdated`
    tells for which days the link of a session was made where these are others than it has.
    """
    elsewhere = [session for other in others if other.name != plan.name for session in other.sessions]
    return (
        *_overlaps(plan.sessions),
        *_two_rooms(plan.sessions, elsewhere),
        *_alone(plan.sessions),
        *_past(plan.sessions, today, ready),
        *_old_links(plan.sessions, today, outdated or {}),
        *_not_sent(unsent, today),
        *_moved(plan.sessions),
    )


def meet(one: Session, other: Session) -> bool:
    """Whether a sitting of one and a sitting of the other are at the same time, wherever each is held."""
    return any(True for _ in _common(one, other))


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
    everywhere = [*sessions, *elsewhere]
    for one in sessions:
        for other in elsewhere:
            if one.organizer and one.organizer == other.organizer and meet(one, other):
                both = f"{one.organizer} is to be in {one.id} and in {other.id} at once"
                yield Conflict(
                    kind=ConflictKind.TWO_ROOMS,
                    sessions=(one.id, other.id),
                    what=f"{both}; {_way_out(one, other, everywhere)}",
                )


def _way_out(one: Session, other: Session, everywhere: Sequence[Session]) -> str:
    """Who can open one of the two rooms: a co-organizer opens one, and not a third."""
    held = list(_held_meanwhile(one, other, everywhere))
    for helper in dict.fromkeys((one.co_organizer, other.co_organizer)):
        is_free = helper != one.organizer and not any(
            room.organizer == helper for rooms in held for room in rooms
        )
        if helper and is_free and all(_rooms_of(one.organizer, rooms) <= TWO for rooms in held):
            return f"{helper} can open one of them"
    return "nobody else is free: name other organizers"


def _rooms_of(organizer: str, rooms: Sequence[Session]) -> int:
    return sum(room.organizer == organizer for room in rooms)


def _held_meanwhile(one: Session, other: Session, everywhere: Sequence[Session]) -> Iterator[list[Session]]:
    """What is held at each moment at which both are: a third room in the morning is none at noon."""
    for begin, end in _common(one, other):
        while_both = [
            (max(begin, starts), room)
            for room in everywhere
            for starts, ends in room.moments()
            if starts < end and begin < ends
        ]
        # Rooms only come together where one of them begins.
        for moment in {starts for starts, _ in while_both}:
            yield [
                room for room in everywhere if any(starts <= moment < ends for starts, ends in room.moments())
            ]


def _common(one: Session, other: Session) -> Iterator[tuple[datetime, datetime]]:
    """From when to when both sessions are held."""
    for begin, end in one.moments():
        for other_begin, other_end in other.moments():
            if begin < other_end and other_begin < end:
                yield max(begin, other_begin), min(end, other_end)


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


def _old_links(
    sessions: Sequence[Session], today: date, outdated: Mapping[str, tuple[date, ...]]
) -> Iterator[Conflict]:
    for one in sessions:
        if one.id in outdated and one.last_day >= today:
            yield Conflict(
                kind=ConflictKind.OLD_LINK,
                sessions=(one.id,),
                what=f"the link of {one.id} was made for other days ({days_told(outdated[one.id])}), and is "
                "not sent: create the room anew, or move it, and enter its link",
            )


def _not_sent(unsent: Unsent | None, today: date) -> Iterator[Conflict]:
    """Invites that nobody has yet are no news until they should be there."""
    if unsent:
        late = unsent.due is not None and unsent.due < today
        yield Conflict(
            kind=ConflictKind.DEADLINE_PAST if late else ConflictKind.NOT_SENT,
            sessions=unsent.sessions,
            what=unsent.what,
        )


def _moved(sessions: Sequence[Session]) -> Iterator[Conflict]:
    for one in sessions:
        for moved in one.moved:
            yield Conflict(
                kind=ConflictKind.HOLIDAY,
                sessions=(one.id,),
                what=f"{one.id} is {moved}; the plan goes round it",
            )
