"""Mentors: who can be one, whether there are enough, who gets whom."""

from __future__ import annotations

from collections import Counter
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.hours import Hours, parse_hours
from rpa.domain.mentors import Mentor, Mentoring, assign_mentors, still_mentored, why_not

NINE_TO_FIVE = Hours(starts=time(9), ends=time(17))


def mentor(number: int, **changed: object) -> Mentor:
    """A mentor whom nothing speaks against."""
    usual = {"row": number, "site": "SLC", "campaign": "Aetna", "trusted": True}
    return Mentor(employee_id=EmployeeId(f"9{number:03}"), **{**usual, **changed})  # type: ignore[arg-type]


def agent(number: int, site: str = "SLC", campaign: str = "Aetna") -> Agent:
    """An agent of a class."""
    return Agent(employee_id=EmployeeId(f"1{number:03}"), row=number, site=site, campaign=campaign)


def assigned(
    agents: list[Agent],
    mentors: list[Mentor],
    before: dict[EmployeeId, EmployeeId] | None = None,
    ratio: int = 2,
) -> Mentoring:
    """The assignment at this ratio."""
    return assign_mentors(agents, mentors, ratio=ratio, hours=NINE_TO_FIVE, before=before)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, ""),
        ({"in_esp": True}, "is in ESP"),
        ({"trusted": False}, "is not marked as trusted"),
        ({"campaign": ""}, "has no site or no campaign in the list"),
        ({"shift": parse_hours("08:00-17:00")}, ""),
        ({"shift": parse_hours("10:00-19:00")}, "works 10:00-19:00, call shadowing is 09:00-17:00"),
    ],
)
def test_who_can_mentor(changed: dict[str, object], why: str) -> None:
    """Trusted, not in ESP, at a known site and campaign, and there while the class works."""
    assert why_not(mentor(1, **changed), NINE_TO_FIVE, frozenset()) == why


def test_nobody_in_esp_mentors_whatever_the_list_says() -> None:
    """An agent of the class itself is in ESP, even where the mentors list is out of date."""
    told = assigned(
        [agent(1)],
        [Mentor(employee_id=EmployeeId("1001"), row=2, site="SLC", campaign="Aetna", trusted=True)],
    )
    assert told.not_taken == {"1001": "is in ESP"}
    assert not told.enough


def test_site_and_campaign_must_be_the_agent_s_own() -> None:
    """A mentor of another site or campaign helps nobody here; an agent without them is told, not guessed."""
    told = assigned(
        [agent(1), agent(2, site="MEM"), agent(3, campaign="Anthem"), agent(4, site="")], [mentor(1)]
    )
    assert told.mentor_of == {"1001": "9001"}
    assert told.without == {
        "1002": "no mentor of MEM Aetna is free",
        "1003": "no mentor of SLC Anthem is free",
        "1004": "the class file gives no site or campaign",
    }


@pytest.mark.parametrize(
    ("agents", "mentors", "ratio", "missing"),
    [(4, 2, 2, 0), (5, 2, 2, 1), (7, 2, 2, 2), (3, 0, 3, 1), (3, 3, 1, 0)],
)
def test_how_many_mentors_are_missing(agents: int, mentors: int, ratio: int, missing: int) -> None:
    """Enough is one mentor for each `ratio` agents, rounded up."""
    told = assigned([agent(n) for n in range(agents)], [mentor(n) for n in range(mentors)], ratio=ratio)
    assert told.needs[0].mentors_missing == missing
    assert told.enough is (missing == 0)


def test_agents_that_a_mentor_has_already_count() -> None:
    """Who looks after one already gets one fewer."""
    told = assigned([agent(n) for n in range(3)], [mentor(1, agents=1), mentor(2)])
    assert Counter(told.mentor_of.values()) == {"9001": 1, "9002": 2}


classes = st.lists(st.integers(0, 60), unique=True, max_size=30)


@given(agents=classes, mentors=st.integers(1, 12), ratio=st.integers(1, 4))
def test_assignment_is_even(agents: list[int], mentors: int, ratio: int) -> None:
    """Mentors of one site and campaign differ by one agent at most, and nobody has more than the ratio."""
    told = assigned([agent(n) for n in agents], [mentor(n) for n in range(mentors)], ratio=ratio)
    load = Counter(told.mentor_of.values())
    loads = [load[EmployeeId(f"9{n:03}")] for n in range(mentors)]
    assert max(loads) <= ratio
    assert max(loads) - min(loads) <= 1
    assert len(told.mentor_of) == min(len(agents), mentors * ratio)


@given(agents=classes, order=st.randoms(use_true_random=False), new=st.integers(61, 99))
def test_assignment_is_stable(agents: list[int], order: object, new: int) -> None:
    """The order of the files does not count, and a further agent moves nobody."""
    mentors = [mentor(n) for n in range(8)]
    first = assigned([agent(n) for n in agents], mentors, ratio=5)
    shuffled = list(agents)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert assigned([agent(n) for n in shuffled], mentors[::-1], ratio=5) == first
    more = assigned([agent(n) for n in [*agents, new]], mentors, dict(first.mentor_of), ratio=5)
    assert {one: more.mentor_of[one] for one in first.mentor_of} == first.mentor_of


def test_one_who_leaves_moves_no_more_than_evenness_asks_for() -> None:
    """A mentor who is not trusted any more gives the agents up; the others keep theirs."""
    mentors = [mentor(n) for n in range(3)]
    agents = [agent(n) for n in range(6)]
    first = assigned(agents, mentors, ratio=3).mentor_of
    gone = [mentor(0, trusted=False), *mentors[1:]]
    then = assigned(agents, gone, dict(first), ratio=3).mentor_of
    assert {one for one in first if first[one] != then[one]} == {one for one in first if first[one] == "9000"}


def test_agents_of_a_class_that_is_over_leave_places() -> None:
    """So do those who have finished; a class whose end nobody knows counts on."""
    one = {EmployeeId(f"1{n:03}"): EmployeeId("9001") for n in range(3)}
    told = still_mentored(
        {"over": one, "just over": one, "unknown": one},
        {"over": date(2026, 5, 31), "just over": date(2026, 6, 1)},
        frozenset({EmployeeId("1000")}),
        freed_before=date(2026, 6, 1),
    )
    assert told == {"9001": 4}


def test_new_mentor_takes_over_until_it_is_even() -> None:
    """Four agents of one mentor become two and two, and no more are moved."""
    agents = [agent(n) for n in range(4)]
    first = assigned(agents, [mentor(0)], ratio=5).mentor_of
    then = assigned(agents, [mentor(0), mentor(1)], dict(first), ratio=5).mentor_of
    assert Counter(then.values()) == {"9000": 2, "9001": 2}
