"""The batch files of a night: which agents, for which flow, by which command."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rpa.domain.next_actions import COLUMNS, Batch, Extending, next_actions
from rpa.domain.nights import StuckRow, compared
from rpa.domain.stuck_facts import Facts
from rpa.domain.stuck_judging import judge, needs_record
from rpa.domain.stuck_verdicts import Severity
from tests.domain.stuck_people import (
    DONE,
    ENDING,
    RUNNING,
    STUCK,
    TODAY,
    Person,
    World,
    day,
    night,
    record,
    seeded,
    tracked,
)

UNTIL = Extending(until=day(7))


def batches_of(world: World) -> dict[str, Batch]:
    """The batches for everybody in this world, by file."""
    site = night()
    facts = {
        subject: world.opened_record(one) if needs_record(one, site) else one
        for subject, one in world.facts().items()
    }
    findings, _ = judge(facts.values(), site)
    rows = compared(findings, (), site, facts, None).rows
    return {batch.file: batch for batch in next_actions(rows, facts, UNTIL, TODAY, site.departments)}


def test_every_planted_case_of_a_flow_is_in_its_batch() -> None:
    """Whoever a flow can mend stands in its file, once; nobody else does."""
    world, planted = seeded(400)
    batches = batches_of(world)
    rules = {
        "extend.csv": {"certs-open-at-end"},
        "transfer.csv": {"complete-on-roster", "complete-in-training-department"},
        "transfer-again.csv": {"transferred-on-roster", "transferred-in-training-department"},
        "clear-uptraining.csv": {"uptraining-not-undone"},
        "verify-wait.csv": {"extended-not-on-roster", "row-without-roster"},
    }
    for file, of in rules.items():
        by_hand = {one for one, who in world.people.items() if who.record and not who.record.fields.esp_end}
        wanted = {subject for rule, subject in planted if rule in of} - by_hand
        assert sorted(wanted) == sorted(batches[file].employee_ids)
    by_case = {
        subject
        for rule, subject in planted
        if rule == "uptraining-misspelt" and (seen := world.people[subject].record)
        if seen.fields.uptraining.strip().casefold() == "aetna"
    }
    assert set(batches["extend-route-uptraining.csv"].employee_ids) == by_case
    assert set(batches) == {*rules, "extend-route-uptraining.csv"}


def test_a_row_has_what_the_tracker_knows() -> None:
    """The columns are those of a batch file, so that the flow can check name and start against ADP."""
    world = World()
    subject = world.put(STUCK["complete-on-roster"][0], 5)
    batch = batches_of(world)["transfer.csv"]
    assert COLUMNS == ("employee id", "name", "site", "campaign", "esp manager", "esp start")
    assert batch.rows == ((subject, "Agent, Number5", "PRV", "Aetna", "Ortiz, Maria", "2026-11-22"),)
    assert batch.command == "rpa transfer transfer.csv"


def test_five_agents_are_extended_by_their_end_date() -> None:
    """From NOC's minimum on the command names the new end date, below it takes the uptraining route."""
    world = World()
    for number in range(4):
        world.put(STUCK["certs-open-at-end"][1], number)
    assert batches_of(world)["extend.csv"].command == "rpa extend extend.csv"
    world.put(STUCK["certs-open-at-end"][1], 4)
    assert batches_of(world)["extend.csv"].command == "rpa extend extend.csv --until 2026-11-30"


def test_few_who_end_only_today_are_told() -> None:
    """The uptraining route wants expired dates: who ends today is refused until tomorrow."""
    world = World()
    world.put(lambda n: Person(tracked=tracked(n, end=day(0)), classes=(ENDING,), record=record(day(0))), 1)
    note = batches_of(world)["extend.csv"].note
    assert note.startswith("1 of them end only today")
    assert "--route end-date --until 2026-11-30" in note


def test_transfer_takes_uptraining_along() -> None:
    """Who is to be transferred and to be taken off uptraining stands in the transfer's file alone."""
    world = World()
    agent = tracked(5, STUCK["complete-on-roster"][0](5).tracked.tasks, end=day(-9))  # type: ignore[union-attr]
    aetna = STUCK["uptraining-not-undone"][0](5).classes
    world.put(lambda _: Person(tracked=agent, classes=aetna, record=record(day(-9))), 5)
    assert set(batches_of(world)) == {"transfer.csv"}


@pytest.mark.parametrize("flow", ["extend", "transfer", "clear-uptraining", "verify"])
def test_a_second_finding_without_a_flow_takes_nobody_out(flow: str) -> None:
    """Whoever waits for a person's hand in one thing still stands in the batch of the other."""
    by_hand = StuckRow(
        rule="call-cert-slow",
        title="",
        subject="100005",
        name="",
        reason="",
        severity=Severity.SOON,
        since=None,
        first_seen=TODAY,
        action="Forward the invite",
    )
    rows = [replace(by_hand, rule="other", flow=flow), by_hand]
    facts = {"100005": Facts(subject="100005", tracked=tracked(5))}
    for given in (rows, rows[::-1]):
        (batch,) = next_actions(given, facts, UNTIL, TODAY, night().departments)
        assert (batch.flow, batch.employee_ids) == (flow, ("100005",))


def test_a_slow_agent_whose_end_has_come_is_extended() -> None:
    """The two findings that come together most often: Call Cert takes longer, and the end date is reached."""
    world = World()
    slow = STUCK["call-cert-slow"][0](5).longer
    world.put(
        lambda n: Person(
            tracked=tracked(n, end=day(0)), classes=(ENDING,), record=record(day(0)), longer=slow
        ),
        5,
    )
    assert batches_of(world)["extend.csv"].employee_ids == ("100005",)


def test_a_word_that_the_settings_do_not_know_is_left_blank() -> None:
    """A batch with an unknown site or campaign is a bad one, and neither extending nor clearing needs it."""
    world = World()
    agent = replace(tracked(5, DONE), site="Provo", campaign="Aetna PRV")
    world.put(lambda _: Person(tracked=agent, classes=(RUNNING,), record=record()), 5)
    (row,) = batches_of(world)["transfer.csv"].rows
    assert row == ("100005", "Agent, Number5", "", "", "Ortiz, Maria", "2026-11-22")


def test_an_agent_of_two_rules_stands_once() -> None:
    """Two rules with the same mend make one row."""
    site = night()
    both = Facts(
        subject="100005",
        tracked=STUCK["transferred-on-roster"][0](5).tracked,
        classes=STUCK["transferred-on-roster"][0](5).classes,
        record=record(),
    )
    findings, _ = judge([both], site)
    rows = compared(findings, (), site, {"100005": both}, None).rows
    assert len(rows) == 2
    (batch,) = next_actions(rows, {"100005": both}, UNTIL, TODAY, site.departments)
    assert batch.employee_ids == ("100005",)
    (nameless,) = next_actions(rows, {"100005": replace(both, tracked=None)}, UNTIL, TODAY, site.departments)
    assert nameless.rows == (("100005", "Agent, Number", "", "", "", ""),)
