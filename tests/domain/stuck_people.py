"""Made-up people for the stuck rules: for every rule three who are stuck, and those who nearly are."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from rpa.domain.agents import EmployeeId
from rpa.domain.departments import DepartmentRules
from rpa.domain.errors import RuleRefused
from rpa.domain.longer_call_certs import Longer, Way
from rpa.domain.open_uptraining import OpenUptraining
from rpa.domain.outcomes import Outcome
from rpa.domain.records import CustomFields
from rpa.domain.rosters import TrainingClass
from rpa.domain.stuck_facts import Facts, LastRow, Night, RecordSeen, Remembered, Source, UnsentMail
from rpa.domain.stuck_subjects import TrackerSeen, subjects
from rpa.domain.teams import Standing, Team, TeamUpdate
from rpa.domain.tracking import Task, TaskState, TrackedAgent

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
MANAGER = "Ortiz, Maria"
TRAINING, PRODUCTION = "990 - ESP Training PRV", "510 - Aetna PRV Contact Center"
DONE = dict.fromkeys(Task, TaskState.DONE)
CERT_OPEN = {**DONE, Task.CALL_CERT: TaskState.OPEN}
SHADOWING_OPEN = {**DONE, Task.CALL_SHADOWING: TaskState.OPEN}
UNREADABLE_CERT = {**DONE, Task.CALL_CERT: TaskState.UNREADABLE}


def day(offset: int) -> date:
    """A day so many days from today."""
    return TODAY + timedelta(days=offset)


LATER, LATELY = day(3), day(-3)


def dated(name: str, end: date, *, manager: str = MANAGER, start: date | None = None) -> TrainingClass:
    """An ESP class."""
    return TrainingClass(
        name=name,
        campaign="Aetna",
        manager=manager,
        start=start or end - timedelta(days=4),
        end=end,
        agents=0,
        spun_up=True,
    )


RUNNING = dated("ESP Ortiz running", day(3))
ENDING = dated("ESP Ortiz ending", day(0))
OTHERS = dated("ESP Chen running", day(3), manager="Chen, Li")
AETNA = TrainingClass(
    name="Aetna", campaign="Aetna", manager="", start=None, end=None, agents=0, spun_up=True
)
ANTHEM = replace(AETNA, name="Etna")
CLASSES = (RUNNING, ENDING, OTHERS, AETNA, ANTHEM)


@dataclass(frozen=True, kw_only=True)
class Person:
    """One subject as the sources have it; `rows` in the tracker beyond the first are its doubles."""

    tracked: TrackedAgent | None = None
    rows: tuple[int, ...] = ()
    classes: tuple[TrainingClass, ...] = ()
    record: RecordSeen | None = None
    no_record: str = ""
    remembered: Remembered = field(default_factory=Remembered)
    doubt: frozenset[str] = frozenset()
    mail: UnsentMail | None = None
    team: TeamUpdate | None = None
    longer: Longer | None = None


def tracked(
    number: int,
    tasks: Mapping[Task, TaskState] = CERT_OPEN,
    *,
    end: date | None = LATER,
    start: date | None = None,
    transferred: TaskState = TaskState.OPEN,
    on: date | None = None,
) -> TrackedAgent:
    """One row of the tracker."""
    return TrackedAgent(
        employee_id=EmployeeId(str(100000 + number)),
        row=number + 2,
        name=f"Agent, Number{number}",
        site="PRV",
        campaign="Aetna",
        esp_manager=MANAGER,
        esp_start=start or (end - timedelta(days=4) if end else None),
        esp_end=end,
        tasks=tasks,
        transferred=transferred,
        transferred_on=on,
    )


def record(
    end: date | None = LATER, *, uptraining: str = "", department: str = TRAINING, start: date | None = None
) -> RecordSeen:
    """One record of ADP."""
    return RecordSeen(
        name="Agent, Number",
        fields=CustomFields(
            esp_start=start or (end - timedelta(days=4) if end else None),
            esp_end=end,
            graduation=end,
            uptraining=uptraining,
        ),
        department=department,
    )


def ours(number: int, since: date = LATELY) -> OpenUptraining:
    """An uptraining that the journal holds open."""
    return OpenUptraining(
        employee_id=str(100000 + number), name="Agent", word="Aetna", run="run-1", since=since
    )


def last(outcome: Outcome, *, approval: bool = False) -> LastRow:
    """The last row of a run."""
    return LastRow(
        run="run-1", flow="extend", outcome=outcome, on=day(-1), reason="why", waits_for_approval=approval
    )


def pending(flow: str = "transfer", shows_from: date | None = None) -> Remembered:
    """A row of a run that waits."""
    return Remembered(last=replace(last(Outcome.PENDING), flow=flow, shows_from=shows_from))


def mail(state: str) -> UnsentMail:
    """A mail in the outbox."""
    return UnsentMail(number=7, to="noc@example.invalid", subject="Spin up", state=state, since=day(-1))


def team(standing: Standing, name: str) -> TeamUpdate:
    """A team of today."""
    who = Team(name=name, columns=("AHIP",), by=time(17), reported_to="lead@example.invalid")
    return TeamUpdate(team=who, standing=standing, since=day(-1), agents_behind=(EmployeeId("1"),))


Maker = Callable[[int], Person]


def _of_team(_number: int, standing: Standing, name: str) -> Person:
    return Person(team=team(standing, name))


def _slow(number: int, way: Way, tasks: Mapping[Task, TaskState] = CERT_OPEN) -> Person:
    agent = tracked(number, tasks)
    longer = Longer(
        employee_id=agent.employee_id,
        name=agent.name,
        session="class/call-cert",
        since=day(0),
        day=3,
        open_tasks=(Task.CALL_CERT,),
        way=way,
        until=day(2) if way is Way.FORWARD else None,
        joins="other/call-cert" if way is Way.JOIN else "",
    )
    return Person(tracked=agent, classes=(RUNNING,), record=record(), longer=longer)


marked = partial(tracked, transferred=TaskState.DONE)
"""One row of the tracker that is marked as transferred."""

STUCK: Mapping[str, tuple[Maker, ...]] = {
    "certs-open-at-end": (
        lambda n: Person(tracked=tracked(n, end=day(0)), classes=(ENDING,), record=record(day(0))),
        lambda n: Person(tracked=tracked(n, end=day(-4)), record=record(day(-4))),
        lambda n: Person(tracked=tracked(n, end=None), record=record(None)),
    ),
    "uptraining-misspelt": (
        lambda n: Person(tracked=tracked(n, end=day(-4)), record=record(day(-4), uptraining="aetna")),
        lambda n: Person(tracked=tracked(n, end=day(-4)), record=record(day(-4), uptraining="Atena")),
        lambda n: Person(tracked=tracked(n, end=None), record=record(day(-9), uptraining="Aetna ")),
    ),
    "extended-not-on-roster": (
        lambda n: Person(tracked=tracked(n, end=day(-4)), record=record(day(4))),
        lambda n: Person(tracked=tracked(n, end=day(-4)), record=record(day(-4), uptraining="Aetna")),
        lambda n: Person(
            tracked=tracked(n),
            record=record(day(3)),
            remembered=Remembered(extended_at=NOW - timedelta(minutes=10)),
        ),
    ),
    "transferred-on-roster": (
        lambda n: Person(
            tracked=marked(n, DONE, on=day(-1)),
            classes=(RUNNING,),
            record=record(department=PRODUCTION),
        ),
        lambda n: Person(
            tracked=marked(n, DONE, end=day(-90)),
            classes=(OTHERS,),
            record=record(department=PRODUCTION),
        ),
        lambda n: Person(
            tracked=marked(n, CERT_OPEN), classes=(AETNA,), record=record(department=PRODUCTION)
        ),
    ),
    "transferred-in-training-department": (
        lambda n: Person(tracked=marked(n, DONE, end=day(-30), on=day(-1)), record=record(day(-2))),
        lambda n: Person(tracked=marked(n, DONE, end=day(-14)), record=record(day(-14))),
        lambda n: Person(tracked=marked(n, DONE, on=day(-14)), record=record(day(-14), department="")),
    ),
    "outcome-unknown": (
        lambda n: Person(
            tracked=tracked(n), classes=(RUNNING,), remembered=Remembered(last=last(Outcome.UNKNOWN))
        ),
        lambda _: Person(remembered=Remembered(last=last(Outcome.UNKNOWN))),
        lambda n: Person(
            tracked=tracked(n, end=day(9), start=day(5)), remembered=Remembered(last=last(Outcome.UNKNOWN))
        ),
    ),
    "row-without-roster": (
        lambda n: Person(tracked=tracked(n), record=record(day(3))),
        lambda n: Person(tracked=tracked(n, SHADOWING_OPEN, end=None), record=record(day(1))),
        lambda n: Person(tracked=tracked(n, end=day(1), start=day(0)), record=record(day(1), start=day(0))),
    ),
    "roster-without-row": (
        lambda _: Person(classes=(RUNNING,), record=record()),
        lambda _: Person(classes=(AETNA,), record=record(day(-5), uptraining="Aetna")),
        lambda _: Person(classes=(OTHERS, ENDING), record=record()),
    ),
    "complete-on-roster": (
        lambda n: Person(tracked=tracked(n, DONE), classes=(RUNNING,), record=record()),
        lambda n: Person(tracked=tracked(n, DONE, end=day(0)), classes=(ENDING,), record=record(day(0))),
        lambda n: Person(
            tracked=tracked(n, {**DONE, Task.TBT: TaskState.NOT_NEEDED}), classes=(OTHERS,), record=record()
        ),
    ),
    "complete-in-training-department": (
        lambda n: Person(tracked=tracked(n, DONE, end=day(-1)), record=record(day(-1))),
        lambda n: Person(tracked=tracked(n, DONE, end=day(-60)), record=record(day(-60))),
        lambda n: Person(tracked=tracked(n, DONE, end=day(-3)), record=record(day(-3), department="")),
    ),
    "uptraining-not-undone": (
        lambda n: Person(
            tracked=tracked(n, SHADOWING_OPEN, end=day(-9)), classes=(AETNA,), record=record(day(-9))
        ),
        lambda n: Person(
            tracked=tracked(n, SHADOWING_OPEN, end=day(-9)),
            classes=(AETNA,),
            record=record(day(-9)),
            remembered=Remembered(uptraining=ours(n)),
        ),
        lambda n: Person(
            tracked=marked(n, DONE, on=day(-40)),
            record=record(day(-40), uptraining="Aetna ", department=PRODUCTION),
            remembered=Remembered(uptraining=ours(n)),
        ),
    ),
    "no-one-record": (
        lambda n: Person(tracked=tracked(n), no_record="ADP shows nobody active with this id"),
        lambda n: Person(tracked=tracked(n, end=day(-4)), no_record="ADP shows two people with this id"),
        lambda n: Person(tracked=tracked(n, DONE, end=day(-4)), no_record="ADP shows nobody active"),
    ),
    "rows-doubled": (
        lambda n: Person(rows=(n, n + 900)),
        lambda n: Person(rows=(n, n + 900, n + 1800), classes=(RUNNING,)),
        lambda n: Person(rows=(n, n + 900)),
    ),
    "approval-pending": (
        lambda n: Person(
            tracked=tracked(n),
            classes=(RUNNING,),
            remembered=Remembered(last=last(Outcome.PENDING, approval=True)),
        ),
        lambda _: Person(remembered=Remembered(last=last(Outcome.PENDING, approval=True))),
        lambda n: Person(
            tracked=tracked(n, end=day(9), start=day(5)),
            remembered=Remembered(last=last(Outcome.PENDING, approval=True)),
        ),
    ),
    "change-pending": (
        lambda n: Person(
            tracked=tracked(n, DONE, end=day(-1)),
            record=record(day(-1)),
            remembered=pending(shows_from=day(2)),
        ),
        lambda n: Person(tracked=tracked(n, DONE), classes=(RUNNING,), remembered=pending()),
        lambda _: Person(remembered=pending("clear-uptraining")),
        lambda n: Person(tracked=tracked(n), classes=(RUNNING,), remembered=pending("extend")),
    ),
    "tracker-write-waiting": (
        lambda n: Person(
            tracked=tracked(n), classes=(RUNNING,), remembered=Remembered(cells=("transfer_to_production",))
        ),
        lambda _: Person(remembered=Remembered(cells=("esp_end",))),
        lambda n: Person(
            tracked=tracked(n, end=day(9), start=day(5)), remembered=Remembered(cells=("a", "b"))
        ),
    ),
    "call-cert-slow": tuple(partial(_slow, way=way) for way in Way),
    "uptraining-open": (
        lambda n: Person(
            tracked=tracked(n, end=day(-5)),
            classes=(AETNA,),
            record=record(day(-5), uptraining="Aetna"),
            remembered=Remembered(uptraining=ours(n)),
        ),
        lambda n: Person(
            tracked=tracked(n, UNREADABLE_CERT, end=day(-5)),
            classes=(AETNA,),
            record=record(day(-5), uptraining="Aetna"),
            remembered=Remembered(uptraining=ours(n, day(-30))),
        ),
        lambda n: Person(
            tracked=tracked(n, end=day(-5)),
            classes=(AETNA,),
            record=record(day(-5), uptraining="Aetna"),
            remembered=Remembered(uptraining=ours(n, day(0))),
        ),
    ),
    "mail-unsent": (
        lambda _: Person(mail=replace(mail("queued"), number=1)),
        lambda _: Person(mail=replace(mail("refused"), number=2)),
        lambda _: Person(mail=replace(mail("unknown"), number=3)),
    ),
    "team-behind": tuple(
        partial(_of_team, standing=Standing.BEHIND, name=name)
        for name in ("Licensing", "Onboarding", "Mentors")
    ),
}

NEARLY: Mapping[str, tuple[Maker, ...]] = {
    "certs-open-at-end": (
        lambda n: Person(
            tracked=tracked(n, SHADOWING_OPEN, end=day(0)), classes=(ENDING,), record=record(day(0))
        ),
        lambda n: Person(tracked=tracked(n, end=day(-4)), classes=(RUNNING,), record=record(day(3))),
        lambda n: Person(
            tracked=tracked(n, end=day(-4)), classes=(AETNA,), record=record(day(-4), uptraining="Aetna")
        ),
        lambda n: Person(tracked=marked(n, end=day(-40), on=day(-40))),
    ),
    "uptraining-misspelt": (
        lambda n: Person(
            tracked=tracked(n, end=day(-4)), classes=(ANTHEM,), record=record(day(-4), uptraining="Etna")
        ),
        lambda n: Person(
            tracked=tracked(n, DONE, end=day(-40)), record=record(day(-40), department=PRODUCTION)
        ),
    ),
    "extended-not-on-roster": (
        lambda n: Person(
            tracked=tracked(n),
            record=record(day(3)),
            remembered=Remembered(extended_at=NOW - timedelta(minutes=9)),
        ),
        lambda n: Person(tracked=tracked(n, end=day(-4)), classes=(RUNNING,), record=record(day(3))),
    ),
    "transferred-on-roster": (
        lambda n: Person(tracked=marked(n, DONE, on=day(-1)), record=record(department=PRODUCTION)),
        lambda n: Person(
            tracked=tracked(n, SHADOWING_OPEN, transferred=TaskState.NOT_NEEDED), classes=(RUNNING,)
        ),
    ),
    "transferred-in-training-department": (
        lambda n: Person(tracked=marked(n, DONE, end=day(-30), on=day(-15)), record=record(day(-30))),
        lambda n: Person(tracked=marked(n, DONE, on=day(-1)), record=record(day(-1), department=PRODUCTION)),
    ),
    "outcome-unknown": (
        lambda n: Person(
            tracked=tracked(n), classes=(RUNNING,), remembered=Remembered(last=last(Outcome.DONE))
        ),
    ),
    "change-pending": (
        lambda n: Person(
            tracked=tracked(n), classes=(RUNNING,), remembered=Remembered(last=last(Outcome.DONE))
        ),
        lambda n: Person(
            tracked=tracked(n),
            classes=(RUNNING,),
            remembered=Remembered(last=last(Outcome.PENDING), extended_to=day(-1)),
        ),
    ),
    "row-without-roster": (
        lambda n: Person(tracked=tracked(n, end=day(9), start=day(1)), record=record(day(9), start=day(1))),
        lambda n: Person(tracked=tracked(n, SHADOWING_OPEN, end=day(0)), record=record(day(-1))),
        lambda n: Person(
            tracked=tracked(n, SHADOWING_OPEN), record=record(day(0), department=PRODUCTION, start=day(0))
        ),
    ),
    "roster-without-row": (lambda _: Person(classes=(OTHERS,), record=record()),),
    "complete-on-roster": (
        lambda n: Person(tracked=tracked(n, SHADOWING_OPEN), classes=(RUNNING,), record=record()),
        lambda n: Person(tracked=tracked(n, {}), classes=(RUNNING,), record=record()),
    ),
    "complete-in-training-department": (
        lambda n: Person(
            tracked=tracked(n, DONE, end=day(-1)), record=record(day(-1), department=PRODUCTION)
        ),
        lambda n: Person(tracked=tracked(n, SHADOWING_OPEN, end=day(-1)), record=record(day(-1))),
    ),
    "uptraining-not-undone": (
        lambda n: Person(
            tracked=tracked(n, SHADOWING_OPEN, end=day(-9)),
            record=record(day(-9)),
            remembered=Remembered(uptraining=ours(n)),
        ),
        lambda n: Person(
            tracked=tracked(n, SHADOWING_OPEN, end=day(-9)), classes=(RUNNING,), record=record()
        ),
    ),
    "uptraining-open": (
        lambda n: Person(
            tracked=tracked(n, SHADOWING_OPEN, end=day(-9)),
            record=record(day(-9)),
            remembered=Remembered(uptraining=ours(n)),
        ),
        lambda n: Person(tracked=marked(n, DONE, on=day(-40)), record=record(), remembered=Remembered()),
    ),
    "call-cert-slow": (partial(_slow, way=Way.NEW, tasks=SHADOWING_OPEN),),
    "team-behind": (
        partial(_of_team, standing=Standing.NOT_DUE, name="Certification"),
        partial(_of_team, standing=Standing.UP_TO_DATE, name="Quality"),
    ),
}

USUAL: tuple[Maker, ...] = (
    lambda n: Person(tracked=tracked(n), classes=(RUNNING,), record=record()),
    lambda n: Person(tracked=tracked(n, SHADOWING_OPEN, end=day(-7)), record=record(day(-7))),
    lambda n: Person(
        tracked=marked(n, DONE, end=day(-60), on=day(-50)),
        record=record(day(-60), department=PRODUCTION),
    ),
    lambda n: Person(
        tracked=marked(n, DONE, end=day(-6), on=day(-2)),
        record=record(day(-6), department=PRODUCTION),
    ),
    lambda n: Person(tracked=tracked(n, end=day(12), start=day(8)), record=record(day(12), start=day(8))),
)


@dataclass
class World:
    """All people of one night by subject, and how many records were opened for them."""

    people: dict[str, Person] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)

    def put(self, maker: Maker, number: int) -> str:
        """Let the maker's person join; the subject."""
        person = maker(number)
        subject = str(100000 + number)
        if person.mail:
            subject = f"mail {person.mail.number}"
        if person.team:
            subject = person.team.team.name
        self.people[subject] = person
        return subject

    def tracker(self) -> TrackerSeen:
        """The tracker's side of it."""
        return TrackerSeen(
            agents=tuple(one.tracked for one in self.people.values() if one.tracked),
            doubled={subject: one.rows for subject, one in self.people.items() if one.rows},
            doubt={subject: one.doubt for subject, one in self.people.items() if one.doubt},
        )

    def facts(
        self, *, with_tracker: bool = True, classes: tuple[TrainingClass, ...] = CLASSES
    ) -> dict[str, Facts]:
        """What the sources tell, before any record is opened."""
        rosters = {
            one: frozenset(subject for subject, person in self.people.items() if one in person.classes)
            for one in classes
        }
        return subjects(
            self.tracker() if with_tracker else None,
            rosters,
            {s: one.remembered for s, one in self.people.items() if one.remembered != Remembered()},
            [one.mail for one in self.people.values() if one.mail],
            [one.team for one in self.people.values() if one.team],
            [one.longer for one in self.people.values() if one.longer],
        )

    def opened_record(self, facts: Facts) -> Facts:
        """The same with the record in ADP."""
        self.opened.append(facts.subject)
        try:
            return replace(facts, record=self.record_of(facts.subject))
        except RuleRefused as refusal:
            return replace(facts, no_record=refusal.what)

    def record_of(self, subject: str) -> RecordSeen:
        """What ADP shows; somebody of whom nothing is said here has long been in production."""
        person = self.people[subject]
        if person.no_record:
            raise RuleRefused(person.no_record)
        return person.record or record(day(-40), department=PRODUCTION)


def night(**known: object) -> Night:
    """The night on which all of this happens."""
    return replace(
        Night(
            today=TODAY,
            now=NOW,
            departments=DepartmentRules(sites=frozenset({"PRV"}), codes={"Aetna": "510"}),
            sources=frozenset(Source),
            managers=frozenset({"Maria Ortiz"}),
            words=frozenset({"Aetna", "Etna"}),
        ),
        **known,  # type: ignore[arg-type]
    )


def seeded(number: int, seed: int = 1) -> tuple[World, set[tuple[str, str]]]:
    """So many agents, every rule's planted and nearly stuck ones among them, and what must be found."""
    world, planted = World(), set()
    makers = [(rule, maker) for rule, makers in STUCK.items() for maker in makers]
    makers += [("", maker) for makers in NEARLY.values() for maker in makers]
    makers += [("", USUAL[at % len(USUAL)]) for at in range(number - len(makers))]
    numbers = list(range(len(makers)))
    random.Random(seed).shuffle(numbers)
    for at, (rule, maker) in zip(numbers, makers, strict=True):
        subject = world.put(maker, at)
        if rule:
            planted.add((rule, subject))
    return world, planted
