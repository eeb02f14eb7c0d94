"""What another look at a class changes: told, and nothing lost to a typing error."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.training_changes import changes_told, whole_roster
from rpa.domain.training_plan import plan_class
from rpa.domain.trainings import ClassPlan, SessionKind, Syllabus
from rpa.domain.working_days import WorkingDays

SYLLABUS = Syllabus(
    days={
        SessionKind.ONBOARDING: 2,
        SessionKind.AHIP_AETNA: 0.5,
        SessionKind.TRAINING: 10,
        SessionKind.CALL_CERT: 3,
    }
)


def planned(start: str = "2026-06-08", zone: str = "America/Denver", **fixed: str) -> ClassPlan:
    """A class; sessions with a day of their own by kind."""
    return plan_class(
        "c",
        date.fromisoformat(start),
        zone=zone,
        syllabus=SYLLABUS,
        days=WorkingDays(),
        fixed={SessionKind(kind): date.fromisoformat(day) for kind, day in fixed.items()},
    )


def agents(*numbers: int) -> list[Agent]:
    """These agents."""
    return [Agent(employee_id=EmployeeId(str(number)), row=number) for number in numbers]


def test_same_plan_and_roster_have_nothing_to_tell() -> None:
    """The order of the file is no change, nor is the row in which an agent stands."""
    had, has = agents(1, 2), [replace(one, row=9) for one in agents(2, 1)]
    assert changes_told(planned(), planned(), had, has) == ()


def test_every_difference_is_told() -> None:
    """Sessions that move, that come and go, clocks, and who comes and goes."""
    before, after = planned(training="2026-06-15"), planned("2026-06-09", "America/Chicago")
    had = agents(1, 2, 3)
    has = [*agents(2, 4), replace(agents(3)[0], cxp_email="n@example.invalid")]
    assert changes_told(before, after, had, has) == (
        "The class starts on Tue 9 Jun 2026, not on Mon 8 Jun 2026.",
        "Hours are those of America/Chicago, not of America/Denver.",
        "c/onboarding moves to Tue 9 Jun 2026 to Wed 10 Jun 2026; it was Mon 8 Jun 2026 to Tue 9 Jun 2026.",
        "c/ahip-aetna moves to Thu 11 Jun 2026; it was Wed 10 Jun 2026.",
        "c/training moves to Fri 12 Jun 2026 to Thu 18 Jun 2026; it was Mon 15 Jun 2026 to Fri 19 Jun 2026.",
        (
            "c/training-2 moves to Fri 19 Jun 2026 to Thu 25 Jun 2026; "
            "it was Mon 22 Jun 2026 to Fri 26 Jun 2026."
        ),
        "c/call-cert moves to Fri 26 Jun 2026 to Tue 30 Jun 2026; it was Mon 29 Jun 2026 to Wed 1 Jul 2026.",
        "New in the class: 4.",
        "No longer in the class: 1.",
        "With another name or address: 3.",
    )


def test_nobody_leaves_while_a_row_cannot_be_read() -> None:
    """Whoever is missing may be the one in the row; once every row is read, the file decides."""
    had, now = agents(1, 2, 3), agents(4, 2)
    assert whole_roster(now, had, all_readable=False) == (tuple(agents(1, 2, 3, 4)), ("1", "3"))
    assert whole_roster(now, had, all_readable=True) == (tuple(agents(2, 4)), ())


def test_plan_remembers_what_was_fixed() -> None:
    """A day that a person has set stands in the plan, so that the next one can keep it."""
    assert planned(training="2026-06-15").fixed == ((SessionKind.TRAINING, date(2026, 6, 15)),)


def test_half_day_of_its_own_is_no_whole_day() -> None:
    """What a whole day is tells the longest one of the class, not the first of the session."""
    plan = planned()
    (ahip,) = plan.of_kind(SessionKind.AHIP_AETNA)
    assert (len(ahip.sittings), ahip.sittings[-1].hours != plan.whole_day) == (1, True)
