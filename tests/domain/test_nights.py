"""One night beside the last: what is new, solved, or could not be looked at; and the strip of nights."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rpa.domain.nights import PastNight, StripNight, StuckRow, compared, strip
from rpa.domain.stuck import RULE_OF
from rpa.domain.stuck_facts import Facts, Night, Source
from rpa.domain.stuck_judging import Finding, Unchecked
from rpa.domain.working_days import WorkingDays
from tests.domain.stuck_people import RUNNING, TODAY, day, night

FRIDAY = day(-3)
SEEN = {subject: Facts(subject=subject) for subject in ("1", "2")}


def finding(rule: str = "complete-on-roster", subject: str = "1", since: date | None = None) -> Finding:
    """Somebody who is stuck tonight."""
    known = RULE_OF[rule]
    return Finding(
        rule=known,
        subject=subject,
        name="Agent",
        reason="why",
        since=since,
        severity=known.severity,
        action=known.action,
    )


def last_night(*findings: Finding, on: date = FRIDAY) -> PastNight:
    """The night before, when these were stuck."""
    told = compared(findings, (), replace(night(), today=on), SEEN, None)
    return PastNight(day=on, rows=told.rows, stuck=len(told.rows), degraded=False)


def test_what_was_not_there_is_new() -> None:
    """A row is new where the last night did not have it; on the very first night nothing is called new."""
    before = last_night(finding(subject="1"))
    told = compared([finding(subject="1"), finding(subject="2")], (), night(), SEEN, before)
    assert told.new == {("complete-on-roster", "2")}
    assert compared([finding()], (), night(), SEEN, None).new == frozenset()


def test_what_is_gone_is_solved() -> None:
    """A row of the last night that nobody finds tonight is solved."""
    told = compared([], (), night(), SEEN, last_night(finding()))
    assert [row.key for row in told.solved] == [("complete-on-roster", "1")]
    assert not told.carried


@pytest.mark.parametrize(
    ("site", "seen"),
    [
        (night(sources=frozenset(Source) - {Source.ROSTERS}), SEEN),
        (night(sources=frozenset(Source) - {Source.TRACKER}), SEEN),
        (night(unread=(RUNNING,)), SEEN),
        (night(rows_without_id=(4,)), {"2": Facts(subject="2")}),
    ],
    ids=["no rosters", "no tracker", "a class unread", "its row without an id"],
)
def test_what_nobody_could_look_at_is_carried_over(site: Night, seen: dict[str, Facts]) -> None:
    """Silence is not a solution where a source of the rule was missing."""
    told = compared([], (), site, seen, last_night(finding()))
    assert not told.solved
    assert [row.subject for row in told.carried] == ["1"]


def test_a_doubt_is_no_solution() -> None:
    """A row whose rule could not be judged for its subject is carried over, and only that one."""
    before = last_night(finding(subject="1"), finding(subject="2"))
    doubt = Unchecked(rule=RULE_OF["complete-on-roster"], subject="1", name="", why="the record was not read")
    told = compared([], [doubt], night(), SEEN, before)
    assert [row.subject for row in told.carried] == ["1"]
    assert [row.subject for row in told.solved] == ["2"]


def test_age_counts_from_the_rules_date_or_from_the_first_night() -> None:
    """Where the rule knows no date, the first of the nights in a row is one."""
    before = last_night(finding(subject="1"), on=day(-6))
    told = compared(
        [finding(subject="1"), finding("certs-open-at-end", "2", since=day(-2))], (), night(), SEEN, before
    )
    assert {row.subject: row.age(TODAY) for row in told.rows} == {"1": 6, "2": 2}


def test_a_carried_row_keeps_its_first_night() -> None:
    """Found, not looked at, found again: it is as old as it is."""
    first = last_night(finding(), on=day(-4))
    blind = compared([], (), night(sources=frozenset({Source.TRACKER})), SEEN, first)
    again = PastNight(day=day(-3), rows=blind.carried, stuck=0, degraded=True)
    (row,) = compared([finding()], (), night(), SEEN, again).rows
    assert row.first_seen == day(-4)


def test_the_clock_set_back_makes_nobody_younger_than_today() -> None:
    """A last night in the future, after the clock was set back, gives no age below 0."""
    before = last_night(finding(), on=day(5))
    (row,) = compared([finding()], (), night(), SEEN, before).rows
    assert row.first_seen == TODAY
    assert row.age(TODAY) == 0


def test_rows_stand_by_urgency_and_age() -> None:
    """What must be done now comes first, and there the oldest."""
    rows = compared(
        [
            finding("complete-on-roster", "1"),
            finding("certs-open-at-end", "2", since=day(-1)),
            finding("certs-open-at-end", "1", since=day(-9)),
        ],
        (),
        night(),
        SEEN,
        None,
    ).rows
    assert [(row.rule, row.subject) for row in rows] == [
        ("certs-open-at-end", "1"),
        ("certs-open-at-end", "2"),
        ("complete-on-roster", "1"),
    ]


def test_the_strip_shows_missed_nights() -> None:
    """Ten working days, tonight last; a night without a report is a gap, and holidays have none."""
    past = [
        PastNight(day=day(-3), rows=(), stuck=4, degraded=True),
        PastNight(day=day(-5), rows=(), stuck=0, degraded=False),
    ]
    days = WorkingDays(holidays=frozenset({day(-4)}))
    shown = strip(past, StripNight(day=TODAY, stuck=2), days)
    assert len(shown) == 10
    assert [(one.day, one.stuck, one.degraded) for one in shown[-4:]] == [
        (day(-6), None, False),
        (day(-5), 0, False),
        (day(-3), 4, True),
        (TODAY, 2, False),
    ]


def test_a_rule_that_is_gone_does_not_hold_a_row_for_ever() -> None:
    """A row that a former version kept under a rule of another name counts as solved."""
    before = last_night(finding())
    old: StuckRow = replace(before.rows[0], rule="former-rule")
    told = compared([], (), night(), SEEN, replace(before, rows=(old,)))
    assert told.solved == (old,)
