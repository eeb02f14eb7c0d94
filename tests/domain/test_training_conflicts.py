"""What stands in the way of a plan, and what a person has to create by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rpa.domain.hours import parse_hours
from rpa.domain.training_conflicts import Conflict, ConflictKind, conflicts_of
from rpa.domain.training_deadlines import Unsent, rooms_to_make
from rpa.domain.training_plan import plan_class
from rpa.domain.trainings import ClassPlan, SessionKind, Syllabus
from rpa.domain.working_days import WorkingDays

PLAIN = Syllabus(
    days={
        SessionKind.ONBOARDING: 2,
        SessionKind.AHIP_AETNA: 3.5,
        SessionKind.TRAINING: 10,
        SessionKind.CALL_CERT: 3,
    },
    opened_by=dict.fromkeys(SessionKind, ("ann@example.invalid", "ben@example.invalid")),
)
EARLY = date(2026, 1, 1)


def planned(name: str, start: str, zone: str = "America/Denver", **changed: Any) -> ClassPlan:
    """A class by these figures."""
    syllabus = replace(PLAIN, **{key: value for key, value in changed.items() if key != "fixed"})
    fixed = changed.get("fixed")
    return plan_class(
        name,
        date.fromisoformat(start),
        zone=zone,
        syllabus=syllabus,
        days=WorkingDays(holidays=frozenset({date(2026, 7, 3)})),
        fixed=fixed,
    )


def kinds(conflicts: tuple[Conflict, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """What kind, and of which sessions."""
    return [(conflict.kind.value, conflict.sessions) for conflict in conflicts]


def test_plan_alone_has_nothing_in_its_way() -> None:
    """A class that is planned early, with two people for each room, has no conflict."""
    assert conflicts_of(planned("a", "2026-06-08"), [], EARLY) == ()


def test_sessions_of_one_class_that_overlap_are_told() -> None:
    """A session that was fixed to a day of the one before is a conflict."""
    plan = planned("a", "2026-06-08", fixed={SessionKind.AHIP_AETNA: date(2026, 6, 9)})
    assert kinds(conflicts_of(plan, [], EARLY)) == [("overlap", ("a/onboarding", "a/ahip-aetna"))]


def test_half_day_leaves_the_afternoon_free() -> None:
    """A session in the afternoon does not meet one that ended at noon of that day."""
    morning = planned("a", "2026-06-08")
    ahip, training = morning.sessions[1], morning.sessions[2]
    sitting = replace(
        training.sittings[0],
        day=ahip.last_day,
        hours=replace(training.sittings[0].hours, starts=ahip.sittings[-1].hours.ends),
    )
    plan = replace(morning, sessions=(ahip, replace(training, sittings=(sitting,))))
    assert conflicts_of(plan, [], EARLY) == ()


def test_organizer_in_two_rooms_is_told_with_the_way_out() -> None:
    """One person cannot open two rooms at once; the co-organizer can open one of them."""
    one, other = planned("a", "2026-06-08"), planned("b", "2026-06-09")
    (first, *_) = conflicts_of(one, [one, other], EARLY)
    assert first == Conflict(
        kind=ConflictKind.TWO_ROOMS,
        sessions=("a/onboarding", "b/onboarding"),
        what="ann@example.invalid is to be in a/onboarding and in b/onboarding at once; "
        "ben@example.invalid can open one of them",
    )


def test_third_room_at_once_needs_somebody_else() -> None:
    """Two people open two rooms, and not three."""
    plans = [planned(name, "2026-06-08") for name in "abc"]
    told = [one.what for one in conflicts_of(plans[0], plans, EARLY)]
    assert all(what.endswith("nobody else is free: name other organizers") for what in told)


def test_rooms_one_after_the_other_leave_the_co_organizer_free() -> None:
    """A room in the morning and one in the afternoon, each beside a long one, are two at a time."""
    long = planned("a", "2026-06-08")
    morning, afternoon = (
        planned(name, "2026-06-08", hours=parse_hours(hours), half_day=parse_hours(hours))
        for name, hours in (("b", "09:00-13:00"), ("c", "13:00-17:00"))
    )
    told = [one.what for one in conflicts_of(long, [morning, afternoon], EARLY)]
    assert told
    assert {what.partition("; ")[2] for what in told} == {"ben@example.invalid can open one of them"}


def test_third_room_that_begins_later_is_a_third_room() -> None:
    """Two rooms in the morning can be opened by two; from noon on there are three."""
    one, other = planned("a", "2026-06-08"), planned("b", "2026-06-08")
    afternoon = parse_hours("13:00-17:00")
    third = planned("c", "2026-06-08", hours=afternoon, half_day=afternoon)
    told = conflicts_of(one, [other, third], EARLY)
    assert told[0].sessions == ("a/onboarding", "b/onboarding")
    assert told[0].what.endswith("nobody else is free: name other organizers")


def test_co_organizer_of_the_other_room_is_a_way_out_too() -> None:
    """Either room can be the one that somebody else opens."""
    pairs = dict.fromkeys(SessionKind, ("ann@example.invalid", "zoe@example.invalid"))
    busy = dict.fromkeys(SessionKind, ("ben@example.invalid", "ann@example.invalid"))
    one, other = planned("a", "2026-06-08"), planned("b", "2026-06-08", opened_by=pairs)
    third = planned("c", "2026-06-08", opened_by=busy)
    told = [found.what for found in conflicts_of(one, [other, third], EARLY)]
    assert told
    assert all(what.endswith("zoe@example.invalid can open one of them") for what in told)


def test_link_of_other_days_is_told_until_there_is_a_new_one() -> None:
    """A room that was made before the class was moved opens on the wrong days."""
    plan = planned("a", "2026-06-08")
    old = {"a/onboarding": (date(2026, 6, 1), date(2026, 6, 2))}
    (told,) = conflicts_of(plan, [], EARLY, frozenset(), old)
    assert (told.kind, told.open) == (ConflictKind.OLD_LINK, True)
    assert "made for other days (Mon 1 Jun 2026 to Tue 2 Jun 2026)" in told.what
    (room, *_) = rooms_to_make([plan], EARLY, frozenset(), old)
    assert "again: its link was made for Mon 1 Jun 2026 to Tue 2 Jun 2026" in room.what


@pytest.mark.parametrize(
    ("today", "kind", "is_open"),
    [
        ("2026-06-03", ConflictKind.NOT_SENT, False),
        ("2026-06-04", ConflictKind.DEADLINE_PAST, True),
    ],
)
def test_invites_that_were_not_sent_are_told(today: str, kind: ConflictKind, is_open: bool) -> None:
    """A plan that nobody was sent is no plan: it is told with its day, and is a deadline past after it."""
    plan = planned("a", "2026-06-08")
    unsent = Unsent(
        class_name="a", sessions=("a/onboarding",), due=date(2026, 6, 3), invites=6, updates=1, cancelled=2
    )
    ready = frozenset(session.id for session in plan.sessions)
    (told,) = conflicts_of(plan, [], date.fromisoformat(today), ready, None, unsent)
    assert (told.kind, told.open) == (kind, is_open)
    assert told.what == (
        "6 invites, 1 update, 2 cancellations not sent, due Wed 3 Jun 2026: rpa trainings send a"
    )


@pytest.mark.parametrize(
    ("hours_apart", "meet"), [("America/Chicago", True), ("Asia/Tokyo", False), ("America/Denver", True)]
)
def test_rooms_are_compared_by_the_moment_not_by_the_clock_on_the_wall(hours_apart: str, meet: bool) -> None:
    """Nine in Tokyo is over before nine in Denver has begun."""
    one, other = planned("a", "2026-06-08"), planned("b", "2026-06-08", zone=hours_apart)
    assert bool(conflicts_of(one, [other], EARLY)) is meet


def test_room_that_only_its_maker_can_open_is_told() -> None:
    """A co-organizer is always named, and is somebody else."""
    alone = dict.fromkeys(SessionKind, ("ann@example.invalid", "ann@example.invalid"))
    told = kinds(conflicts_of(planned("a", "2026-06-08", opened_by=alone), [], EARLY))
    assert [kind for kind, _ in told] == ["no co-organizer"] * 5


def test_deadline_past_is_told_until_the_room_is_there() -> None:
    """From the day after the deadline until the session ends, unless its link is known."""
    plan = planned("a", "2026-06-08")
    assert conflicts_of(plan, [], date(2026, 6, 3)) == ()
    assert kinds(conflicts_of(plan, [], date(2026, 6, 4))) == [("deadline past", ("a/onboarding",))]
    assert conflicts_of(plan, [], date(2026, 6, 4), frozenset({"a/onboarding"})) == ()
    over = kinds(conflicts_of(plan, [], date(2026, 6, 10)))
    assert ("deadline past", ("a/onboarding",)) not in over


def test_session_on_a_holiday_is_told_with_why_it_moved() -> None:
    """The plan goes round a holiday and says so."""
    (told,) = conflicts_of(planned("a", "2026-07-02"), [], EARLY)
    assert (told.kind, told.what) == (
        ConflictKind.HOLIDAY,
        "a/onboarding is not on Fri 3 Jul 2026: holiday; the plan goes round it",
    )


def test_rooms_to_make_come_oldest_deadline_first() -> None:
    """Rooms of all classes in one list; what has a link or is over is not on it."""
    plans = [planned("b", "2026-06-10"), planned("a", "2026-06-08")]
    rooms = rooms_to_make(plans, date(2026, 6, 10), frozenset({"a/ahip-aetna"}))
    assert [(room.session.id, f"{room.session.due:%m-%d}", room.overdue) for room in rooms] == [
        ("b/onboarding", "06-05", True),
        ("b/ahip-aetna", "06-09", True),
        ("a/training", "06-11", False),
        ("b/training", "06-15", False),
        ("a/training-2", "06-18", False),
        ("b/training-2", "06-22", False),
        ("a/call-cert", "06-25", False),
        ("b/call-cert", "06-29", False),
    ]
    assert rooms[0].when == "at once; it was due on Fri 5 Jun 2026"
    assert (
        "with a breakout room; organizer ann@example.invalid, co-organizer ben@example.invalid"
        in rooms[0].what
    )


def test_onboarding_is_due_as_early_as_possible() -> None:
    """The guide wants the Onboarding room as soon as roster and start date are known."""
    (first, *_) = rooms_to_make([planned("a", "2026-06-08")], EARLY, frozenset())
    assert first.when == "as early as possible, at the latest on Wed 3 Jun 2026"
