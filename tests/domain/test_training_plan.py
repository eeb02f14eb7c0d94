"""Class calendars that were worked out by hand with a paper calendar, and what holds for every plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa.domain.training_plan import plan_class
from rpa.domain.trainings import ClassPlan, Session, SessionKind, Syllabus
from rpa.domain.working_days import WorkingDays

USUAL = Syllabus(
    days={
        SessionKind.ONBOARDING: 2,
        SessionKind.AHIP_AETNA: 3.5,
        SessionKind.TRAINING: 10,
        SessionKind.CALL_CERT: 2,
    },
    scheduled={SessionKind.CALL_CERT: 3},
    opened_by=dict.fromkeys(SessionKind, ("first@example.invalid", "second@example.invalid")),
)
OTHER = replace(
    USUAL,
    days={**USUAL.days, SessionKind.AHIP_AETNA: 4},
    scheduled={SessionKind.CALL_CERT: 5},
    link_life=14,
    days_ahead=5,
)
DENVER, CHICAGO = "America/Denver", "America/Chicago"

# start, zone, holidays, open days, syllabus, fixed days, and the calendar: one line a link with its days
# (h for a half one), the last day to make the room, the last day of the link, and what moved.
CALENDARS = {
    "a plain Monday": (
        ("2026-06-08", DENVER, "", "", USUAL, {}),
        """
        onboarding   06-08 06-09                   due 06-03  link 06-14
        ahip-aetna   06-10 06-11 06-12 06-15h      due 06-05  link 06-16
        training     06-16 06-17 06-18 06-19 06-22 due 06-11  link 06-22
        training-2   06-23 06-24 06-25 06-26 06-29 due 06-18  link 06-29
        call-cert    06-30 07-01 07-02             due 06-25  link 07-06
        """,
    ),
    "a Friday, and a holiday that costs a third link": (
        ("2026-06-12", DENVER, "2026-07-03", "", USUAL, {}),
        """
        onboarding   06-12 06-15                   due 06-09  link 06-18
        ahip-aetna   06-16 06-17 06-18 06-19h      due 06-11  link 06-22
        training     06-22 06-23 06-24 06-25 06-26 due 06-17  link 06-28
        training-2   06-29 06-30 07-01 07-02       due 06-24  link 07-05
        training-3   07-06                         due 06-30  link 07-12  moved 07-03 holiday
        call-cert    07-07 07-08 07-09             due 07-01  link 07-13
        """,
    ),
    "Thanksgiving in the middle of AHIP": (
        ("2026-11-23", DENVER, "2026-11-26 2026-11-27 2026-12-25", "", USUAL, {}),
        """
        onboarding   11-23 11-24                   due 11-18  link 11-29
        ahip-aetna   11-25 11-30 12-01             due 11-20  link 12-01  moved 11-26 holiday, 11-27 holiday
        ahip-aetna-2 12-02h                        due 11-25  link 12-08
        training     12-03 12-04 12-07 12-08 12-09 due 11-30  link 12-09
        training-2   12-10 12-11 12-14 12-15 12-16 due 12-07  link 12-16
        call-cert    12-17 12-18 12-21             due 12-14  link 12-23
        """,
    ),
    "over the year's end": (
        ("2026-12-10", CHICAGO, "2026-12-25 2027-01-01", "", USUAL, {}),
        """
        onboarding   12-10 12-11                   due 12-07  link 12-16
        ahip-aetna   12-14 12-15 12-16 12-17h      due 12-09  link 12-20
        training     12-18 12-21 12-22 12-23 12-24 due 12-15  link 12-24
        training-2   12-28 12-29 12-30 12-31       due 12-22  link 01-03  moved 12-25 holiday
        training-3   01-04                         due 12-29  link 01-10  moved 01-01 holiday
        call-cert    01-05 01-06 01-07             due 12-30  link 01-11
        """,
    ),
    "clocks go forward on 14 March 2027": (
        ("2027-03-10", DENVER, "", "", USUAL, {}),
        """
        onboarding   03-10 03-11                   due 03-05  link 03-16
        ahip-aetna   03-12 03-15 03-16 03-17h      due 03-09  link 03-18
        training     03-18 03-19 03-22 03-23 03-24 due 03-15  link 03-24
        training-2   03-25 03-26 03-29 03-30 03-31 due 03-22  link 03-31
        call-cert    04-01 04-02 04-05             due 03-29  link 04-07
        """,
    ),
    "clocks go back on 1 November 2026": (
        ("2026-10-28", CHICAGO, "", "", USUAL, {}),
        """
        onboarding   10-28 10-29                   due 10-23  link 11-03
        ahip-aetna   10-30 11-02 11-03 11-04h      due 10-27  link 11-05
        training     11-05 11-06 11-09 11-10 11-11 due 11-02  link 11-11
        training-2   11-12 11-13 11-16 11-17 11-18 due 11-09  link 11-18
        call-cert    11-19 11-20 11-23             due 11-16  link 11-25
        """,
    ),
    "a start on a Saturday": (
        ("2026-06-13", DENVER, "", "", USUAL, {}),
        """
        onboarding   06-15 06-16                   due 06-10  link 06-21  moved 06-13 weekend
        ahip-aetna   06-17 06-18 06-19 06-22h      due 06-12  link 06-23
        training     06-23 06-24 06-25 06-26 06-29 due 06-18  link 06-29
        training-2   06-30 07-01 07-02 07-03 07-06 due 06-25  link 07-06
        call-cert    07-07 07-08 07-09             due 07-02  link 07-13
        """,
    ),
    "a start on Labor Day": (
        ("2026-09-07", DENVER, "2026-09-07", "", USUAL, {}),
        """
        onboarding   09-08 09-09                   due 09-02  link 09-14  moved 09-07 holiday
        ahip-aetna   09-10 09-11 09-14 09-15h      due 09-04  link 09-16
        training     09-16 09-17 09-18 09-21 09-22 due 09-11  link 09-22
        training-2   09-23 09-24 09-25 09-28 09-29 due 09-18  link 09-29
        call-cert    09-30 10-01 10-02             due 09-25  link 10-06
        """,
    ),
    "a Saturday on which the site works": (
        ("2026-06-11", DENVER, "", "2026-06-13", USUAL, {}),
        """
        onboarding   06-11 06-12                   due 06-08  link 06-17
        ahip-aetna   06-13 06-15 06-16 06-17h      due 06-10  link 06-19
        training     06-18 06-19 06-22 06-23 06-24 due 06-15  link 06-24
        training-2   06-25 06-26 06-29 06-30 07-01 due 06-22  link 07-01
        call-cert    07-02 07-03 07-06             due 06-29  link 07-08
        """,
    ),
    "other figures, and a training that starts later": (
        ("2026-08-03", DENVER, "", "", OTHER, {SessionKind.TRAINING: date(2026, 8, 19)}),
        """
        onboarding   08-03 08-04                         due 07-27  link 08-16
        ahip-aetna   08-05 08-06 08-07 08-10             due 07-29  link 08-18
        training     08-19 08-20 08-21 08-24 08-25 08-26 08-27 08-28 08-31 09-01 due 08-12  link 09-01
        call-cert    09-02 09-03 09-04 09-07 09-08       due 08-26  link 09-15
        """,
    ),
}


def days_of(text: str) -> frozenset[date]:
    """The days in this text."""
    return frozenset(map(date.fromisoformat, text.split()))


def line(session: Session) -> str:
    """A session as the calendars above write it."""
    held = [
        f"{sitting.day:%m-%d}{'h' if sitting.hours.ends == time(13) else ''}" for sitting in session.sittings
    ]
    moved = ", ".join(f"{one.day:%m-%d} {one.why}" for one in session.moved)
    words = [
        session.id.partition("/")[2],
        *held,
        f"due {session.due:%m-%d}",
        f"link {session.link_ends:%m-%d}",
    ]
    return " ".join([*words, f"moved {moved}"] if moved else words)


@pytest.mark.parametrize("name", CALENDARS)
def test_calendar_is_the_one_worked_out_by_hand(name: str) -> None:
    """Every session, half day, deadline and link of the class stands where a person would put it."""
    (start, zone, holidays, opened, syllabus, fixed), wanted = CALENDARS[name]
    days = WorkingDays(holidays=days_of(holidays), open_days=days_of(opened))
    plan = plan_class("c", date.fromisoformat(start), zone=zone, syllabus=syllabus, days=days, fixed=fixed)
    assert [line(session) for session in plan.sessions] == [
        " ".join(told.split()) for told in wanted.strip().splitlines()
    ]


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("clocks go forward on 14 March 2027", ["03-12 16", "03-15 15", "03-16 15", "03-17 15"]),
        ("clocks go back on 1 November 2026", ["10-30 14", "11-02 15", "11-03 15", "11-04 15"]),
    ],
)
def test_nine_on_the_wall_stays_nine_when_clocks_change(name: str, hours: list[str]) -> None:
    """A session over a change of the clocks begins at nine local time on each day, whatever UTC says."""
    (start, zone, *_), _ = CALENDARS[name]
    plan = plan_class("c", date.fromisoformat(start), zone=zone, syllabus=USUAL, days=WorkingDays())
    begins = [begin.astimezone(UTC) for begin, _ in plan.of_kind(SessionKind.AHIP_AETNA)[0].moments()]
    assert [f"{moment:%m-%d %H}" for moment in begins] == hours


def test_call_cert_is_needed_for_two_days_and_booked_for_three() -> None:
    """The third day stands in the calendars, and is told as one that most will not need."""
    (session,) = planned(date(2026, 6, 8)).of_kind(SessionKind.CALL_CERT)
    assert (session.needed, len(session.sittings)) == (2, 3)


def planned(start: date, days: WorkingDays | None = None, name: str = "c") -> ClassPlan:
    """A class by the usual figures."""
    return plan_class(name, start, zone=DENVER, syllabus=USUAL, days=days or WorkingDays())


starts = st.dates(date(2026, 1, 1), date(2028, 12, 31))
calendars = st.builds(
    WorkingDays, holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2029, 3, 1)), max_size=40)
)


@given(start=starts, days=calendars)
def test_every_plan_keeps_the_rules(start: date, days: WorkingDays) -> None:
    """Working days alone, one after the other, each link alive on all of its days, no day lost."""
    plan = planned(start, days)
    held = [sitting.day for session in plan.sessions for sitting in session.sittings]
    assert held == sorted(set(held))
    assert len(held) == 2 + 4 + 10 + 3
    assert all(days.is_working(day) for day in held)
    assert held[0] >= start
    for session in plan.sessions:
        assert session.last_day <= session.link_ends == session.first_day + timedelta(days=6)
        between = [session.due + timedelta(days=n) for n in range((session.first_day - session.due).days)]
        assert sum(days.is_working(day) for day in between) == 3
        assert days.is_working(session.due)


@given(start=starts, days=calendars)
def test_moved_days_are_every_holiday_that_was_in_the_way(start: date, days: WorkingDays) -> None:
    """No holiday on a weekday within the class passes unsaid, and nothing else is said to have moved."""
    plan = planned(start, days)
    told = {moved.day for session in plan.sessions for moved in session.moved}
    span = [start + timedelta(days=n) for n in range((plan.last_day - start).days)]
    in_the_way = {day for day in span if day.weekday() < 5 and not days.is_working(day)}
    assert told == in_the_way | ({start} if start.weekday() >= 5 else set())


@given(start=starts, days=calendars)
def test_same_inputs_give_the_same_plan(start: date, days: WorkingDays) -> None:
    """Nothing but the inputs goes into a plan: not the order of a set, not the moment."""
    again = WorkingDays(holidays=frozenset(sorted(days.holidays, reverse=True)))
    assert repr(planned(start, days)) == repr(planned(start, again))
