"""Gathering for the nightly check: each source may fail, wholly or in part, and the rest stays right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from rpa.domain.errors import (
    AccessMissing,
    Busy,
    GuardBroken,
    PortalFailed,
    RpaError,
    SignInNeeded,
    TrackerBusy,
    UsageError,
)
from rpa.domain.longer_call_certs import Longer
from rpa.domain.night_report import Gap, NightReport, Reads, night_report
from rpa.domain.nights import PastNight
from rpa.domain.records import CustomFields, HomeDepartment
from rpa.domain.rosters import TrainingClass
from rpa.domain.stuck import RULES
from rpa.domain.stuck_facts import Remembered, Source
from rpa.domain.stuck_subjects import TrackerSeen
from rpa.domain.tracker_cells import TRANSFER
from rpa.domain.tracking import TaskState
from rpa.domain.working_days import WorkingDays
from rpa.flows.night_portals import NoPortals
from rpa.flows.nightly import Gathered, Gathering
from tests.domain.stuck_people import (
    AETNA,
    CERT_OPEN,
    CLASSES,
    DONE,
    RUNNING,
    Person,
    World,
    day,
    marked,
    night,
    ours,
    record,
    seeded,
    tracked,
)
from tests.engine.stand_ins import NoWatcher

DOWN = PortalFailed("it shows an error", next_step="Look at it.")


def long_gone(number: int) -> Person:
    """An agent who was transferred long ago."""
    return Person(tracked=marked(number, DONE, end=day(-60), on=day(-50)))


@dataclass
class WorldPortals:
    """Both portals as the world has them; `fails` says which reading raises what."""

    world: World
    fails: Callable[[str, str], RpaError | None] = lambda _what, _which: None
    asked: list[tuple[str, str]] = field(default_factory=list)

    def _ask(self, what: str, which: str) -> None:
        self.asked.append((what, which))
        if failure := self.fails(what, which):
            raise failure

    def classes(self) -> Sequence[TrainingClass]:
        self._ask("classes", "")
        return CLASSES

    def roster(self, one: TrainingClass) -> frozenset[str]:
        self._ask("roster", one.name)
        return frozenset(subject for subject, who in self.world.people.items() if one in who.classes)

    def read(self, employee_id: str) -> tuple[str, CustomFields]:
        self._ask("record", employee_id)
        seen = self.world.record_of(employee_id)
        return seen.name, seen.fields

    def home_department(self, employee_id: str) -> HomeDepartment:
        self._ask("department", employee_id)
        return HomeDepartment(entry=self.world.record_of(employee_id).department, effective=None)

    def opened(self) -> list[str]:
        """Whose record was opened."""
        return [which for what, which in self.asked if what == "record"]


def gathering(world: World, portals: WorldPortals | NoPortals, **known: object) -> Gathering:
    """The gathering of this world."""
    values: dict[str, object] = {
        "night": night(sources=frozenset(), managers=frozenset()),
        "tracker": world.tracker,
        "blackdash": portals,
        "adp": portals,
        "remembered": {
            s: one.remembered for s, one in world.people.items() if one.remembered != Remembered()
        },
        "mails": [one.mail for one in world.people.values() if one.mail],
        "teams": lambda _seen: [one.team for one in world.people.values() if one.team],
        "slow": lambda _agents: [one.longer for one in world.people.values() if one.longer],
        "next_agent": lambda: None,
        "watcher": NoWatcher(),
        **known,
    }
    return Gathering(**values)  # type: ignore[arg-type]


def told(gathered: Gathered, *past: PastNight) -> NightReport:
    """The report of what was gathered, after these nights."""
    reads = Reads(tracked=0, rosters=gathered.rosters_read, records=gathered.records_read)
    return night_report(
        gathered.facts,
        gathered.night,
        gathered.gaps,
        past=past,
        days=WorkingDays(),
        noc_minimum=5,
        reads=reads,
    )


def found(report: NightReport) -> set[tuple[str, str]]:
    """Rule and subject of every row."""
    return {row.key for row in report.compared.rows}


def raising(error: RpaError) -> Callable[[], TrackerSeen]:
    """A tracker that cannot be read."""

    def read() -> TrackerSeen:
        raise error

    return read


def in_doubt(report: NightReport) -> set[str]:
    """Whoever is named as not judged."""
    return {subject for one in report.not_judged for subject in one.subjects}


def test_with_every_source_all_planted_ones_are_found() -> None:
    """Four hundred agents: exactly the planted ones are found, nothing is missing, one read a class."""
    world, planted = seeded(400)
    portals = WorldPortals(world)
    gathered = gathering(world, portals).gather()
    report = told(gathered)
    assert found(report) == planted
    assert not report.is_degraded
    assert [which for what, which in portals.asked if what == "roster"] == [one.name for one in CLASSES]
    assert gathered.night.sources == frozenset(Source)


def test_of_two_thousand_few_records_are_opened() -> None:
    """2,000 in the tracker, 300 in training: a record is opened only for those in question, and once."""
    world = World()
    for number in range(2000):
        if number < 300:
            world.put(lambda n: Person(tracked=tracked(n), classes=(RUNNING,), record=record()), number)
        elif number < 320:
            world.put(lambda n: Person(tracked=tracked(n, end=day(-4)), record=record(day(-4))), number)
        else:
            world.put(long_gone, number)
    portals = WorldPortals(world)
    report = told(gathering(world, portals).gather())
    assert len(portals.opened()) == len(set(portals.opened())) == 20
    assert {row.subject for row in report.compared.rows} == set(portals.opened())


@pytest.mark.parametrize("failure", [DOWN, SignInNeeded("sign in"), AccessMissing("no menu")])
def test_with_blackdash_down_the_rest_is_right(failure: RpaError) -> None:
    """No roster: what tracker, ADP and journal tell is told, nobody is said to be missing from a roster."""
    world, planted = seeded(400)
    portals = WorldPortals(world, lambda what, _which: failure if what in {"classes", "roster"} else None)
    report = told(gathering(world, portals).gather())
    by_rosters = {rule.name for rule in RULES if Source.ROSTERS in rule.needs}
    assert not {rule for rule, _ in found(report)} & by_rosters
    assert {one.source for one in report.gaps} == {Source.ROSTERS}
    assert any("the rosters in BlackDash" in one.why for one in report.not_judged)
    lost = {one for one in planted - found(report) if one[0] not in by_rosters}
    # Only that a roster lists them told these two of ADP; without one they look as the tracker has them.
    assert {rule for rule, subject in lost if subject not in in_doubt(report)} <= {
        "uptraining-not-undone",
        "no-one-record",
    }


def test_with_adp_down_who_needs_it_is_named() -> None:
    """ADP fails for everybody: three tries in a row end it, and all who needed it are named."""
    world, planted = seeded(400)
    portals = WorldPortals(world, lambda what, _which: DOWN if what == "record" else None)
    report = told(gathering(world, portals).gather())
    assert len(portals.opened()) == 3
    assert found(report) <= planted
    assert {subject for _, subject in planted - found(report)} <= in_doubt(report)
    assert [one.source for one in report.gaps] == [Source.RECORD]
    assert "it shows an error" in report.gaps[0].what


def test_after_a_refused_sign_in_adp_is_not_asked_again() -> None:
    """Three bad passwords lock an account: one refused sign-in is enough."""
    world, _ = seeded(400)
    portals = WorldPortals(world, lambda what, _which: SignInNeeded("password") if what == "record" else None)
    told(gathering(world, portals).gather())
    assert len(portals.opened()) == 1


def test_one_record_that_fails_costs_that_agent_alone() -> None:
    """A single broken record is told, and everybody else is judged."""
    world, planted = seeded(400)
    broken = next(subject for rule, subject in sorted(planted) if rule == "row-without-roster")
    portals = WorldPortals(world, lambda what, which: DOWN if (what, which) == ("record", broken) else None)
    report = told(gathering(world, portals).gather())
    assert planted - found(report) == {("row-without-roster", broken)}
    assert in_doubt(report) == {broken}


@pytest.mark.parametrize("failure", [UsageError("not there"), TrackerBusy("locked")])
def test_with_the_tracker_locked_the_portals_and_the_journal_are_told(failure: RpaError) -> None:
    """Without the tracker nothing is made up of it; the rest is told, the gap first."""
    world, planted = seeded(400)
    report = told(gathering(world, WorldPortals(world), tracker=raising(failure)).gather())
    by_tracker = {rule.name for rule in RULES if Source.TRACKER in rule.needs}
    assert not {rule for rule, _ in found(report)} & by_tracker
    without = {one for one in planted if one[0] in {"outcome-unknown", "approval-pending", "mail-unsent"}}
    assert without <= found(report)
    assert report.gaps[0].source is Source.TRACKER
    assert report.funnel == ()


def test_one_broken_class_page_costs_its_agents_alone() -> None:
    """Who stands on other classes is judged as ever; nobody is wrongly found."""
    world, planted = seeded(400)
    portals = WorldPortals(world, lambda _what, which: DOWN if which == RUNNING.name else None)
    report = told(gathering(world, portals).gather())
    stuck = {subject for _, subject in planted}
    # Complete and on the broken roster: found by the Home Department instead, with the same mend.
    assert {subject for _, subject in found(report)} <= stuck
    lost = stuck - {subject for _, subject in found(report)}
    assert all(RUNNING in world.people[one].classes or one in in_doubt(report) for one in lost)
    assert any(RUNNING.name in one.what for one in report.gaps)
    assert any(RUNNING.name in one.why for one in report.not_judged)


def test_with_half_the_rows_bad_nobody_is_wrongly_found() -> None:
    """Half of the rows have a cell that cannot be read: who is found is right, who is not may be in doubt."""
    world, planted = seeded(400)
    names = ("call_cert", "transfer_to_production", "esp_end")
    people = [subject for subject, person in world.people.items() if person.tracked]
    for at, subject in enumerate(people[::2]):
        world.people[subject] = replace(world.people[subject], doubt=frozenset({names[at % len(names)]}))
    report = told(gathering(world, WorldPortals(world)).gather())
    assert found(report) <= planted
    assert {subject for _, subject in planted - found(report)} <= in_doubt(report)
    good = set(people[1::2])
    assert {one for one in planted if one[1] in good} <= found(report)


def test_portals_that_cannot_be_opened_leave_tracker_and_journal() -> None:
    """Another run holds the account: nothing is asked, both gaps are told, loose ends still stand."""
    world, planted = seeded(400)
    report = told(gathering(world, NoPortals(Busy("run-1 works with this account now"))).gather())
    assert {one.source for one in report.gaps} == {Source.ROSTERS, Source.RECORD}
    assert {one for one in planted if one[0] in {"mail-unsent", "team-behind", "rows-doubled"}} <= found(
        report
    )
    assert report.reads.records == 0


def test_a_guard_that_broke_ends_the_check() -> None:
    """What is no failure of a source is not swallowed: a broken guard stops everything."""
    world, _ = seeded(400)
    portals = WorldPortals(world, lambda what, _which: GuardBroken("open") if what == "record" else None)
    with pytest.raises(GuardBroken):
        gathering(world, portals).gather()


def test_a_missing_column_is_told_and_judged_as_unreadable() -> None:
    """A tracker without Call Cert and Transfer columns makes nobody stuck by guessing."""
    world = World()
    world.put(lambda n: Person(tracked=tracked(n, CERT_OPEN, end=day(-4)), record=record(day(-4))), 1)

    def blind() -> TrackerSeen:
        return TrackerSeen(agents=world.tracker().agents, blind=frozenset({"transfer_to_production"}))

    report = told(gathering(world, WorldPortals(world), tracker=blind).gather())
    assert found(report) == set()
    assert in_doubt(report) == {"100001"}
    assert "no column for transfer to production" in report.gaps[0].what


@pytest.mark.parametrize(
    ("fails", "tracker"),
    [
        (lambda what, _which: DOWN if what in {"classes", "roster"} else None, None),
        (lambda what, _which: DOWN if what == "roster" else None, None),
        (lambda _what, which: DOWN if which == RUNNING.name else None, None),
        (lambda _what, which: DOWN if which == AETNA.name else None, None),
        (lambda what, _which: DOWN if what == "record" else None, None),
        (lambda _what, _which: None, TrackerBusy("locked")),
    ],
    ids=["BlackDash", "all rosters", "a class page", "the Aetna page", "ADP", "tracker"],
)
def test_what_a_missing_source_hides_is_not_solved(
    fails: Callable[[str, str], RpaError | None], tracker: RpaError | None
) -> None:
    """Nobody was helped between two nights: without a source the second calls no row solved."""
    world, planted = seeded(400)
    before = told(gathering(world, WorldPortals(world)).gather())
    past = PastNight(day=day(-3), rows=before.compared.rows, stuck=before.stuck, degraded=False)
    known = {"tracker": raising(tracker)} if tracker else {}
    gathered = gathering(world, WorldPortals(world, fails), **known).gather()
    after = told(gathered, past)
    assert [row.key for row in after.compared.solved] == []
    new = found(after) - planted
    # Whoever is on a roster that could not be read is told by what ADP has of them.
    assert {subject for _, subject in new} <= {subject for _, subject in planted}
    assert planted - found(after) <= {row.key for row in after.compared.carried}


def old_and_transferred(number: int) -> World:
    """So many old rows of agents who were transferred long ago, and one who is stuck today."""
    world = World()
    for at in range(number):
        world.put(long_gone, at)
    world.put(lambda n: Person(tracked=tracked(n, end=day(-4)), record=record(day(-4))), number)
    return world


@pytest.mark.parametrize("is_blind", [True, False], ids=["no column", "an unknown word"])
def test_old_rows_that_cannot_be_read_open_no_records(is_blind: bool) -> None:
    """No Transfer column, or a word in it that nobody knows: hundreds of old rows are one line, no record."""
    world = old_and_transferred(300)
    seen = world.tracker()
    ids = [agent.employee_id for agent in seen.agents[:-1]]
    agents = tuple(replace(one, transferred=TaskState.UNREADABLE, transferred_on=None) for one in seen.agents)
    tracker = replace(
        seen,
        agents=agents,
        blind=frozenset({TRANSFER}) if is_blind else frozenset(),
        doubt={} if is_blind else dict.fromkeys(ids, frozenset({TRANSFER})),
    )
    portals = WorldPortals(world)
    report = told(gathering(world, portals, tracker=lambda: tracker).gather())
    assert portals.opened() == ["100300"]
    why = "the tracker's transfer to production cannot be read"
    (line,) = [one for one in report.not_judged if one.why == why and len(one.subjects) >= 300]
    assert set(ids) <= set(line.subjects)


def test_no_more_records_are_opened_than_the_site_allows() -> None:
    """Beyond the night's number the others are named as not judged, the gap is told, and none is solved."""
    world = World()
    for number in range(7):
        world.put(lambda n: Person(tracked=tracked(n, end=day(-n - 1)), record=record(day(-n - 1))), number)
    portals = WorldPortals(world)
    report = told(gathering(world, portals, most_records=3).gather())
    assert portals.opened() == ["100000", "100001", "100002"]
    assert {subject for _, subject in found(report)} == set(portals.opened())
    assert in_doubt(report) == {"100003", "100004", "100005", "100006"}
    assert "4 more records were not opened: 3 a night" in report.gaps[0].what


def test_rosters_that_fail_in_a_row_end_the_asking() -> None:
    """After three broken class pages the others are not waited for, and are told as unread."""
    world, _ = seeded(400)
    portals = WorldPortals(world, lambda what, _which: DOWN if what == "roster" else None)
    gathered = gathering(world, portals).gather()
    assert len([what for what, _ in portals.asked if what == "roster"]) == 3
    assert gathered.night.unread == CLASSES
    assert "the other 2 rosters" in [gap.what for gap in gathered.gaps if gap.source is Source.ROSTERS][-1]


def test_a_run_that_cannot_be_read_hides_its_agents_alone() -> None:
    """A damaged plan of an old run is a gap; what the journal said of its agents is not solved by it."""
    world = World()
    for number in range(2):
        world.put(
            lambda n: Person(
                tracked=tracked(n, end=day(-5)),
                classes=(AETNA,),
                record=record(day(-5), uptraining="Aetna"),
                remembered=Remembered(uptraining=ours(n)),
            ),
            number,
        )
    before = told(gathering(world, WorldPortals(world)).gather())
    past = PastNight(day=day(-3), rows=before.compared.rows, stuck=before.stuck, degraded=False)
    gap = Gap(source=Source.JOURNAL, what="Run run-1 cannot be read: changed")
    site = night(sources=frozenset(), managers=frozenset(), journal_unread=frozenset({"100000"}))
    after = told(
        gathering(world, WorldPortals(world), remembered={}, night=site, unread_runs=[gap]).gather(), past
    )
    assert after.gaps == (gap,)
    assert [row.key for row in after.compared.carried] == [("uptraining-open", "100000")]
    assert [row.key for row in after.compared.solved] == [("uptraining-open", "100001")]


def test_with_the_tracker_locked_a_word_of_ours_is_not_written_anew() -> None:
    """Transferred, and still with a word of ours: without the tracker nobody proposes to extend."""
    world = World()
    world.put(
        lambda n: Person(
            tracked=marked(n, DONE, on=day(-40)),
            record=record(day(-40), uptraining="aetna"),
            remembered=Remembered(uptraining=ours(n)),
        ),
        5,
    )
    report = told(gathering(world, WorldPortals(world), tracker=raising(TrackerBusy("locked"))).gather())
    assert {rule for rule, _ in found(report)} == {"uptraining-open"}
    assert report.batches == ()
    assert in_doubt(report) == {"100005"}


def test_classes_that_cannot_be_opened_cost_no_other_row() -> None:
    """With the key of the planned classes lost the rest is found, and what is missing is told."""
    world, planted = seeded(60)

    def sealed(_agents: object) -> Sequence[Longer]:
        raise UsageError("It is sealed.", next_step="Put the key back.")

    report = told(gathering(world, WorldPortals(world), slow=sealed).gather())
    assert found(report) == {key for key in planted if key[0] != "call-cert-slow"}
    (gap,) = report.gaps
    assert ("It is sealed." in gap.what, gap.next_step) == (True, "Put the key back.")
