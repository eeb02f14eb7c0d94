"""Who needs longer for Call Cert and TBT, and what is done for them."""

from __future__ import annotations

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
        ("2026-06-23", (5, "new")),  # day 5 is over: beyond it
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
    assert one.next_step == "Forward the invite of own/call-cert up to Tue 23 Jun 2026"


@pytest.mark.parametrize(
    ("starts", "way"),
    [
        ("2026-06-23", Way.NEW),  # has begun
        ("2026-06-24", Way.JOIN),
        ("2026-06-30", Way.JOIN),  # the fifth working day from today
        ("2026-07-01", Way.NEW),  # too far ahead to wait for
    ],
)
def test_beyond_day_five_another_class_that_is_starting_is_joined(starts: str, way: Way) -> None:
    """Another class's Call Cert session is joined where one is starting; else a new one is made."""
    (one,) = lines("2026-06-23", planned("next", starts))
    assert one.way is way
    assert one.joins == ("next/call-cert" if way is Way.JOIN else "")


def test_of_two_starting_sessions_the_earlier_is_joined() -> None:
    """Nobody waits longer than needed."""
    (one,) = lines("2026-06-23", planned("later", "2026-06-26"), planned("sooner", "2026-06-25"))
    assert one.next_step == "Add the agent to sooner/call-cert"


def test_no_other_class_is_joined_while_the_invite_can_be_forwarded() -> None:
    """Up to day five the agent stays in the own session."""
    (one,) = lines("2026-06-22", planned("next", "2026-06-23"))
    assert one.way is Way.FORWARD


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
