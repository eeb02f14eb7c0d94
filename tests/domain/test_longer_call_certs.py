"""Who needs longer for Call Cert and TBT, and what is done for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rpa.domain.agents import EmployeeId
from rpa.domain.longer_call_certs import Longer, Patience, Way, longer_call_certs
from rpa.domain.tracking import Task, TaskState, TrackedAgent
from rpa.domain.training_plan import plan_class
from rpa.domain.trainings import ClassPlan, SessionKind, Syllabus
from rpa.domain.working_days import WorkingDays

SYLLABUS = Syllabus(
    days={
        SessionKind.ONBOARDING: 2,
        SessionKind.AHIP_AETNA: 3.5,
        SessionKind.TRAINING: 10,
        SessionKind.CALL_CERT: 2,
    },
    scheduled={SessionKind.CALL_CERT: 3},
)
SLOW = EmployeeId("1001")


def planned(name: str, call_cert: str) -> ClassPlan:
    """A class whose Call Cert session starts on this day."""
    day = date.fromisoformat(call_cert)
    return plan_class(
        name,
        date(2026, 1, 5),
        zone="America/Denver",
        syllabus=SYLLABUS,
        days=WorkingDays(),
        fixed={SessionKind.CALL_CERT: day},
    )


def slow(**tasks: TaskState) -> TrackedAgent:
    """An agent with these tasks."""
    return TrackedAgent(
        employee_id=SLOW, row=2, name="Slow, Sam", tasks={Task(name): state for name, state in tasks.items()}
    )


def lines(today: str, *others: ClassPlan, agent: TrackedAgent | None = None) -> tuple[Longer, ...]:
    """What is told of an agent of the class whose Call Cert is on Wed 17, Thu 18 and Fri 19 June."""
    return longer_call_certs(
        [agent or slow(call_cert=TaskState.OPEN, tbt=TaskState.DONE)],
        [planned("own", "2026-06-17"), *others],
        {"own": frozenset({SLOW})},
        patience=Patience(),
        days=WorkingDays(),
        today=date.fromisoformat(today),
    )


@pytest.mark.parametrize(
    ("today", "told"),
    [
        ("2026-06-16", None),  # before the session
        ("2026-06-18", None),  # day 2: the third is still booked
        ("2026-06-19", (3, "forward")),  # the last booked day
        ("2026-06-20", (3, "forward")),  # Saturday counts no day
        ("2026-06-22", (4, "forward")),
        ("2026-06-23", (5, "forward")),  # the morning of day 5
        ("2026-06-24", (6, "new")),
    ],
)
def test_invite_is_forwarded_up_to_day_five(today: str, told: tuple[int, str] | None) -> None:
    """From the third day on the invite is forwarded for two more days; after the fifth it is not."""
    found = [(one.day, one.way.name.lower()) for one in lines(today)]
    assert found == ([told] if told else [])


def test_forwarded_invite_ends_on_day_five() -> None:
    """Three booked days from Wednesday, two more: Tuesday, which the link of one week still covers."""
    (one,) = lines("2026-06-19")
    assert (one.until, one.note) == (date(2026, 6, 23), "")
    assert one.reason == "Call Cert open on day 3"
    assert one.next_step == (
        "Forward the invite of own/call-cert up to Tue 23 Jun 2026; beyond it make a new Call Cert session"
    )


@pytest.mark.parametrize(
    ("starts", "way"),
    [
        ("2026-06-23", Way.NEW),  # has begun
        ("2026-06-24", Way.JOIN),  # begins this morning
        ("2026-07-01", Way.JOIN),  # the fifth working day from today
        ("2026-07-02", Way.NEW),  # too far ahead to wait for
    ],
)
def test_beyond_day_five_another_class_that_is_starting_is_joined(starts: str, way: Way) -> None:
    """Another class's Call Cert session is joined where one is starting; else a new one is made."""
    (one,) = lines("2026-06-24", planned("next", starts))
    assert one.way is way
    assert one.joins == ("next/call-cert" if way is Way.JOIN else "")


def test_of_two_starting_sessions_the_earlier_is_joined() -> None:
    """Nobody waits longer than needed."""
    (one,) = lines("2026-06-24", planned("later", "2026-06-26"), planned("sooner", "2026-06-25"))
    assert one.next_step == "Add the agent to sooner/call-cert"


def test_no_other_class_is_joined_while_the_invite_can_be_forwarded() -> None:
    """Up to day five the agent stays in the own session."""
    (one,) = lines("2026-06-22", planned("next", "2026-06-23"))
    assert one.way is Way.FORWARD


@pytest.mark.parametrize("starts", ["2026-06-23", "2026-06-24", "2026-06-25", "2026-07-01", "2026-07-02"])
def test_advice_of_day_five_is_what_day_six_advises(starts: str) -> None:
    """The manager who prepares the day after is told nothing else on that day."""
    (before,) = lines("2026-06-23", planned("next", starts))
    (then,) = lines("2026-06-24", planned("next", starts))
    assert before.next_step.partition("; beyond it ")[2] == then.next_step[0].lower() + then.next_step[1:]


@pytest.mark.parametrize("name", ["next", "a-class-before-own-in-the-alphabet"])
def test_agent_who_was_added_to_another_class_has_its_session(name: str) -> None:
    """After the join nothing is to be done until that class's session is in its last booked day as well."""
    plans = [planned("own", "2026-06-17"), planned(name, "2026-06-24")]

    def told(today: date) -> list[tuple[str, int]]:
        found = longer_call_certs(
            [slow(call_cert=TaskState.OPEN)],
            plans,
            dict.fromkeys(("own", name), frozenset({SLOW})),
            patience=Patience(),
            days=WorkingDays(),
            today=today,
        )
        return [(one.session, one.day) for one in found]

    assert told(date(2026, 6, 24)) == []
    assert told(date(2026, 6, 26)) == [(f"{name}/call-cert", 3)]


def test_session_in_two_links_lasts_until_the_second_is_over() -> None:
    """With a life of two days the third day has a link of its own, and that is the invite to forward."""
    plan = plan_class(
        "own",
        date(2026, 1, 5),
        zone="America/Denver",
        syllabus=replace(SYLLABUS, link_life=2),
        days=WorkingDays(),
        fixed={SessionKind.CALL_CERT: date(2026, 6, 17)},
    )

    def told(today: date) -> list[tuple[str, int, date | None]]:
        found = longer_call_certs(
            [slow(call_cert=TaskState.OPEN)],
            [plan],
            {"own": frozenset({SLOW})},
            patience=Patience(),
            days=WorkingDays(),
            today=today,
        )
        return [(one.session, one.day, one.until) for one in found]

    assert told(date(2026, 6, 18)) == []
    assert told(date(2026, 6, 19)) == [("own/call-cert-2", 3, date(2026, 6, 23))]


@pytest.mark.parametrize(
    ("agent", "is_told"),
    [
        (slow(call_cert=TaskState.DONE, tbt=TaskState.DONE, producer_world=TaskState.OPEN), False),
        (slow(call_cert=TaskState.DONE, tbt=TaskState.OPEN), True),
        (slow(call_cert=TaskState.UNREADABLE), True),
        (slow(call_cert=TaskState.NOT_NEEDED), False),
    ],
)
def test_only_open_call_certs_and_tbts_need_longer(agent: TrackedAgent, is_told: bool) -> None:
    """Other tasks have sessions of their own; a cell that cannot be read is never taken for done."""
    assert bool(lines("2026-06-22", agent=agent)) is is_told


def test_link_that_dies_before_day_five_is_told() -> None:
    """With a long holiday in between, the forwarded invite outlives its link."""
    days = WorkingDays(holidays=frozenset({date(2026, 6, 22), date(2026, 6, 23)}))
    (one,) = longer_call_certs(
        [slow(call_cert=TaskState.OPEN)],
        [planned("own", "2026-06-17")],
        {"own": frozenset({SLOW})},
        patience=Patience(),
        days=days,
        today=date(2026, 6, 19),
    )
    assert (one.until, one.note) == (date(2026, 6, 25), "its link lives until Tue 23 Jun 2026")
