"""The rules of stuck agents: who is found, who nearly is, and what is said where nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from rpa.domain.agents import EmployeeId
from rpa.domain.outcomes import Outcome
from rpa.domain.rosters import TrainingClass
from rpa.domain.stuck import RULES
from rpa.domain.stuck_facts import Facts, Night, Remembered, Source
from rpa.domain.stuck_judging import judge, needs_record, unjudged
from rpa.domain.stuck_on_uptraining import edit_distance
from rpa.domain.stuck_subjects import TrackerSeen, subjects
from rpa.domain.stuck_verdicts import Severity
from rpa.domain.tracking import Task, TaskState
from tests.domain.stuck_people import (
    CERT_OPEN,
    CLASSES,
    DONE,
    ENDING,
    NEARLY,
    NOW,
    RUNNING,
    STUCK,
    Maker,
    Person,
    World,
    day,
    night,
    ours,
    pending,
    record,
    seeded,
    tracked,
)

ALL = frozenset(Source)


def looked_up(world: World, site: Night, facts: dict[str, Facts] | None = None) -> list[Facts]:
    """The facts of everybody, with the records of those for whom a rule needs one."""
    facts = world.facts() if facts is None else facts
    return [world.opened_record(one) if needs_record(one, site) else one for one in facts.values()]


def found_in(world: World, site: Night) -> set[tuple[str, str]]:
    """Rule and subject of everything that is found."""
    findings, unchecked = judge(looked_up(world, site), site)
    assert not unchecked
    return {(one.rule.name, one.subject) for one in findings}


@pytest.mark.parametrize(
    ("rule", "maker"),
    [(rule, maker) for rule, makers in STUCK.items() for maker in makers],
    ids=[f"{rule}-{number}" for rule, makers in STUCK.items() for number in range(len(makers))],
)
def test_who_is_stuck_is_found_by_that_rule_alone(rule: str, maker: Maker) -> None:
    """Each planted case is found by its own rule, and by no other."""
    world = World()
    subject = world.put(maker, 5)
    assert found_in(world, night()) == {(rule, subject)}


@pytest.mark.parametrize(
    "maker",
    [maker for makers in NEARLY.values() for maker in makers],
    ids=[f"{rule}-{number}" for rule, makers in NEARLY.items() for number in range(len(makers))],
)
def test_who_is_nearly_stuck_is_left_alone(maker: Maker) -> None:
    """A case that differs from a planted one in the point that matters is found by no rule."""
    world = World()
    world.put(maker, 5)
    assert found_in(world, night()) == set()


def test_every_rule_has_at_least_three_planted_cases() -> None:
    """The tables above leave no rule out."""
    assert set(STUCK) == {rule.name for rule in RULES}
    assert all(len(makers) >= 3 for makers in STUCK.values())


@pytest.mark.parametrize("seed", range(5))
def test_precision_and_recall_among_four_hundred(seed: int) -> None:
    """Among 400 agents every planted case is found, and nobody beside them."""
    world, planted = seeded(400, seed)
    assert len(world.people) == 400
    assert found_in(world, night()) == planted


def test_records_are_opened_only_for_those_in_question() -> None:
    """Of 400 agents the records of few are opened: nobody's who is on a roster and in order."""
    world, _ = seeded(400)
    looked_up(world, night())
    assert len(world.opened) == len(set(world.opened)) < 100
    assert not [
        subject
        for subject in world.opened
        if world.people[subject].classes == (RUNNING,)
        and world.people[subject].tracked == tracked(int(subject) - 100000)
    ]


@pytest.mark.parametrize(
    ("cell", "tasks", "agent_end", "doubtful"),
    [
        ("call_cert", {**DONE, Task.CALL_CERT: TaskState.UNREADABLE}, day(0), True),
        ("call_cert", {**DONE, Task.CALL_CERT: TaskState.UNREADABLE}, day(3), True),
        ("tbt", {**CERT_OPEN, Task.TBT: TaskState.UNREADABLE}, day(3), False),
        ("transfer_to_production", CERT_OPEN, day(3), True),
        ("esp_end", CERT_OPEN, None, False),
    ],
)
def test_a_cell_that_cannot_be_read_is_a_doubt_only_where_it_matters(
    cell: str, tasks: dict[Task, TaskState], agent_end: object, doubtful: bool
) -> None:
    """An unreadable cell is never taken for one meaning: where both lead to the same, nothing is told."""
    world = World()
    agent = tracked(5, tasks, end=agent_end)  # type: ignore[arg-type]
    roster = ENDING if agent_end == day(0) else RUNNING
    maker = Person(tracked=agent, classes=(roster,), record=record(), doubt=frozenset({cell}))
    world.put(lambda _: maker, 5)
    findings, unchecked = judge(looked_up(world, night()), night())
    assert not findings
    assert bool(unchecked) is doubtful
    assert all(cell.replace("_", " ") in one.why for one in unchecked)


def test_without_the_tracker_only_its_rules_are_silent() -> None:
    """A locked tracker silences the rules that need it, by name, and no other."""
    world, planted = seeded(400)
    site = night(sources=frozenset(Source) - {Source.TRACKER})
    findings, _ = judge(looked_up(world, site, world.facts(with_tracker=False)), site)
    silent = {rule.name for rule, missing in unjudged(site.sources) if missing == [Source.TRACKER]}
    assert silent == {rule.name for rule in RULES if Source.TRACKER in rule.needs}
    without = {
        "outcome-unknown",
        "approval-pending",
        "tracker-write-waiting",
        "mail-unsent",
        "uptraining-open",
    }
    assert {(one.rule.name, one.subject) for one in findings} >= {one for one in planted if one[0] in without}
    assert not {one.rule.name for one in findings} & silent


def test_without_adp_who_needs_a_record_is_named() -> None:
    """With ADP down the rest is right, and everybody who needs a record is named as not judged."""
    world, planted = seeded(400)
    site = night(sources=frozenset(Source) - {Source.RECORD})
    facts = world.facts().values()
    needing = {one.subject for one in facts if needs_record(one, site)}
    findings, unchecked = judge(
        (replace(one, record_missing="ADP is down") if one.subject in needing else one for one in facts), site
    )
    found = {(one.rule.name, one.subject) for one in findings}
    assert found <= planted
    assert {subject for _, subject in planted - found} <= {one.subject for one in unchecked} == needing
    assert {one.why for one in unchecked} == {"ADP is down"}


def test_without_blackdash_who_is_on_no_roster_is_not_missed() -> None:
    """With BlackDash down nobody is said to be missing from a roster, and what ADP alone tells is told."""
    world, planted = seeded(400)
    site = night(sources=frozenset(Source) - {Source.ROSTERS})
    findings, unchecked = judge(looked_up(world, site, world.facts(classes=())), site)
    silent = {rule.name for rule, _ in unjudged(site.sources)}
    assert not {one.rule.name for one in findings} & silent
    # Whether ADP has a record at all is asked for some only because they are on no roster.
    silent.add("no-one-record")
    off_rosters = {one for one in planted if not world.people[one[1]].classes and one[0] not in silent}
    # A word that is nearly the class may be another class's name, which only BlackDash tells.
    told = {(one.rule.name, one.subject) for one in findings}
    told |= {(one.rule.name, one.subject) for one in unchecked}
    assert off_rosters <= told
    assert {rule for rule, _ in off_rosters - {(one.rule.name, one.subject) for one in findings}} == {
        "uptraining-misspelt"
    }


def test_a_broken_class_page_leaves_its_agents_in_doubt() -> None:
    """Agents whose class could not be read are not said to be missing; others of other classes are."""
    world = World()
    on_broken = world.put(lambda n: Person(tracked=tracked(n), classes=(RUNNING,), record=record()), 1)
    missing = world.put(
        lambda n: Person(tracked=tracked(n, end=day(9), start=day(-1)), record=record(day(9), start=day(-1))),
        2,
    )
    site = night(unread=(RUNNING,))
    facts = world.facts(classes=tuple(one for one in CLASSES if one is not RUNNING))
    findings, unchecked = judge(looked_up(world, site, facts), site)
    assert [(one.rule.name, one.subject) for one in findings] == [("row-without-roster", missing)]
    assert {(one.subject, one.why) for one in unchecked} == {
        (on_broken, "the roster of ESP Ortiz running could not be read")
    }
    assert world.opened == [missing]


@pytest.mark.parametrize("word", ["Aetna PRV", "Uptraining", "none", "TBD"])
def test_a_word_that_is_no_class_hides_nobody(word: str) -> None:
    """Some other text in Uptraining Class puts nobody on a class; a person looks first."""
    world = World()
    world.put(lambda n: Person(tracked=tracked(n, end=day(-4)), record=record(day(-4), uptraining=word)), 5)
    (found,), unchecked = judge(looked_up(world, night()), night())
    assert not unchecked
    assert found.rule.name == "certs-open-at-end"
    assert repr(word) in found.reason
    assert found.action.flow == ""
    _, (doubt,) = judge(looked_up(world, night()), night(sources=frozenset(Source) - {Source.ROSTERS}))
    assert repr(word) in doubt.why


@pytest.mark.parametrize("without", [Source.TRACKER, Source.ROSTERS])
def test_a_word_is_misspelt_only_where_the_sources_say_so(without: Source) -> None:
    """Without rosters a class of another name, without the tracker one who is done, is a doubt."""
    word = "Etna" if without is Source.ROSTERS else "aetna"
    facts = Facts(
        subject="1", record=record(day(-4), uptraining=word), remembered=Remembered(uptraining=ours(1))
    )
    site = night(sources=frozenset(Source) - {without}, words=frozenset({"Aetna"}))
    findings, unchecked = judge([facts], site)
    assert "uptraining-misspelt" not in {one.rule.name for one in findings}
    assert [one.rule.name for one in unchecked] == ["uptraining-misspelt"]


def test_no_end_date_is_mended_by_hand() -> None:
    """Both routes refuse a record without an ESP End Date, so it stands in no batch."""
    world = World()
    world.put(lambda n: Person(tracked=tracked(n, end=None), record=record(None)), 5)
    (found,), _ = judge(looked_up(world, night()), night())
    assert (found.rule.name, found.action.flow) == ("certs-open-at-end", "")


def test_whoever_was_extended_long_ago_is_not_asked_for_ever() -> None:
    """An extension that a run wrote asks for a record while it lasts, and no longer."""
    for until, is_asked in ((day(0), True), (day(-1), False), (None, False)):
        known = Remembered(extended_at=NOW - timedelta(days=400), extended_to=until)
        assert needs_record(Facts(subject="1", remembered=known), night()) is is_asked


def test_whoever_left_after_an_extension_is_no_finding() -> None:
    """Only our journal knows the agent, and ADP has no active record: there is nothing to correct."""
    left = Facts(subject="1", remembered=Remembered(uptraining=ours(1)), no_record="ADP shows nobody active")
    assert judge([left], night()) == ([], [])
    tracker_locked = night(sources=frozenset(Source) - {Source.TRACKER})
    findings, (doubt,) = judge([left], tracker_locked)
    assert (findings, doubt.rule.name) == ([], "no-one-record")
    (found,), _ = judge([replace(left, classes=(RUNNING,), tracked=tracked(1))], night())
    assert found.rule.name == "no-one-record"


def test_rows_without_an_id_may_be_whom_the_rosters_list() -> None:
    """Somebody on a roster is not said to be missing in the tracker while it has rows without an id."""
    world = World()
    subject = world.put(lambda _: Person(classes=(RUNNING,)), 1)
    findings, unchecked = judge(world.facts().values(), night(rows_without_id=(7, 9)))
    assert not findings
    assert [(one.rule.name, one.subject) for one in unchecked] == [("roster-without-row", subject)]
    assert "(7, 9)" in unchecked[0].why


def test_an_old_open_uptraining_is_more_than_a_note() -> None:
    """From the site's number of days on, an open uptraining must be looked after soon."""
    for since, severity in ((day(-9), Severity.NOTE), (day(-10), Severity.SOON)):
        facts = Facts(
            subject="1", remembered=replace(Facts(subject="1").remembered, uptraining=ours(1, since))
        )
        findings, _ = judge([replace(facts, record=record(uptraining="Aetna"))], night())
        assert severity in {one.severity for one in findings if one.rule.name == "uptraining-open"}


def test_ids_of_rosters_and_tracker_meet_whatever_their_case() -> None:
    """An id of letters is one agent, however the portals write it."""
    world = World()
    agent = replace(tracked(5), employee_id=EmployeeId("ab12"))
    world.people["AB12"] = Person(tracked=agent, classes=(RUNNING,))
    assert len(world.facts()) == 1
    assert found_in(world, night()) == set()


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("aetna", "aetna", 0),
        ("atena", "aetna", 1),
        ("aetn", "aetna", 1),
        ("etn", "aetna", 2),
        ("anthem", "aetna", 4),
        ("", "aetna", 5),
        ("aetnaa", "aetna", 1),
    ],
)
def test_edit_distance(one: str, other: str, distance: int) -> None:
    """Letters put in, left out, changed, or swapped with their neighbour each count once."""
    assert edit_distance(one, other) == distance == edit_distance(other, one)


@pytest.mark.parametrize(
    ("tasks", "doubt", "doubtful"),
    [
        ({Task.CALL_CERT: TaskState.UNREADABLE, Task.TBT: TaskState.DONE}, "call_cert", True),
        ({Task.CALL_CERT: TaskState.UNREADABLE, Task.TBT: TaskState.OPEN}, "call_cert", False),
    ],
)
def test_a_slow_agent_with_an_unreadable_cert_is_told_apart(
    tasks: dict[Task, TaskState], doubt: str, doubtful: bool
) -> None:
    """Unreadable, Call Cert leaves it open whether the session was long enough; an open TBT settles it."""
    agent = tracked(1, {**DONE, **tasks})
    slow = STUCK["call-cert-slow"][0](1).longer
    seen = TrackerSeen(agents=(agent,), doubt={agent.employee_id: frozenset({doubt})})
    assert seen.at_worst()[0].tasks[Task.CALL_CERT] is TaskState.OPEN
    assert slow is not None
    facts = subjects(seen, {RUNNING: frozenset({agent.employee_id})}, {}, slow=[slow])
    findings, unchecked = judge(facts.values(), night())
    rule = "call-cert-slow"
    assert [one.rule.name for one in findings if one.rule.name == rule] == ([] if doubtful else [rule])
    assert [one.rule.name for one in unchecked if one.rule.name == rule] == ([rule] if doubtful else [])


@pytest.mark.parametrize(
    ("on", "severity", "words"),
    [
        (day(1), Severity.NOTE, f"From {day(2)} on: rpa resume run-1"),
        (day(2), Severity.SOON, "rpa resume run-1"),
    ],
)
def test_a_change_dated_ahead_is_followed_up_from_its_day_on(
    on: date, severity: Severity, words: str
) -> None:
    """Before its day it is a note, and nobody is told to transfer the agent a second time."""
    facts = Facts(
        subject="100005", tracked=tracked(5, DONE, end=day(-1)), remembered=pending(shows_from=day(2))
    )
    (finding,), _ = judge([replace(facts, record=record(day(-1)))], replace(night(), today=on))
    assert (finding.rule.name, finding.severity) == ("change-pending", severity)
    assert finding.action.words == words


@pytest.mark.parametrize(
    ("remembers", "classes", "sources", "words"),
    [
        ({}, (RUNNING,), ALL, "rpa resume run-1"),
        ({}, (), ALL - {Source.ROSTERS}, "rpa resume run-1"),
        ({"extended_to": day(-1)}, (RUNNING,), ALL, ""),
        ({"extended_to": day(1)}, (RUNNING,), ALL, "rpa resume run-1"),
    ],
    ids=["listed by now", "rosters unread", "its end is past", "its end is to come"],
)
def test_an_extension_whose_mail_waits_is_seen_through(
    remembers: dict[str, Any], classes: tuple[TrainingClass, ...], sources: frozenset[Source], words: str
) -> None:
    """Nobody had seen the roster, so NOC was not written to: the run goes on while there is time for it."""
    remembered = replace(pending("extend"), **remembers)
    facts = Facts(subject="100005", tracked=tracked(5), classes=classes, remembered=remembered)
    findings, _ = judge([facts], replace(night(), sources=sources))
    actions = [one.action.words for one in findings if one.rule.name == "change-pending"]
    assert actions == ([words] if words else [])


def test_an_extension_on_no_roster_is_found_once() -> None:
    """Where no roster lists the agent, the rule of missing rosters says so, and this one says nothing."""
    remembered = replace(pending("extend"), extended_at=night().now - timedelta(days=1))
    facts = Facts(subject="100005", tracked=tracked(5), record=record(), remembered=remembered)
    findings, _ = judge([facts], night())
    assert [one.rule.name for one in findings] == ["extended-not-on-roster"]


CANCEL = "Cancel it in ADP, as its run was taken back; then: rpa settle run-1 100005 --not-saved"


@pytest.mark.parametrize(
    ("last_row", "words"),
    [
        ({"waits_for_approval": True, "is_to_come": True}, CANCEL),
        ({"shows_from": day(2), "is_to_come": True}, CANCEL),
        ({}, ""),
    ],
    ids=["waits for approval", "dated ahead", "waits for BlackDash"],
)
def test_what_a_taken_back_run_left_in_adp_is_to_be_cancelled(last_row: dict[str, Any], words: str) -> None:
    """`rpa resume` refuses such a run: what ADP has still to come of it must be cancelled there."""
    before = pending()
    assert before.last is not None
    remembered = replace(before, last=replace(before.last, taken_back=True, **last_row))
    facts = Facts(subject="100005", tracked=tracked(5), classes=(RUNNING,), remembered=remembered)
    findings, _ = judge([facts], night())
    assert [one.action.words for one in findings] == ([words] if words else [])


def test_an_extension_stays_open_while_its_roster_cannot_be_read() -> None:
    """One roster that fails tonight may be the agent's own: the row of last night is not solved by that."""
    facts = Facts(subject="100005", tracked=tracked(5), remembered=pending("extend"))
    findings, _ = judge([facts], replace(night(), unread=(RUNNING,)))
    assert "change-pending" in {one.rule.name for one in findings}


@pytest.mark.parametrize("outcome", [Outcome.DONE, Outcome.UNCHANGED])
@pytest.mark.parametrize("flow", ["extend", "transfer", "clear-uptraining", "undo"])
def test_a_run_that_was_cut_off_before_its_last_step_is_found(flow: str, outcome: Outcome) -> None:
    """Killed while it waited for rosters: the record is right, and NOC, IT or the tracker were never told."""
    before = pending(flow)
    assert before.last is not None
    for unfinished in (True, False):
        last = replace(before.last, outcome=outcome, unfinished=unfinished)
        facts = Facts(
            subject="100005", tracked=tracked(5), classes=(RUNNING,), remembered=replace(before, last=last)
        )
        findings, _ = judge([facts], night())
        found = [one.action.words for one in findings if one.rule.name == "change-pending"]
        assert found == (["rpa resume run-1"] if unfinished else [])
