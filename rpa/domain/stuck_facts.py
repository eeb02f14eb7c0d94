"""What is known of one subject on one night, and what the rules of stuck agents need to know of the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import product

from rpa.domain.agents import same_person_name
from rpa.domain.departments import DepartmentRules
from rpa.domain.extension import UPTRAINING_CLASS
from rpa.domain.longer_call_certs import Longer
from rpa.domain.open_uptraining import OpenUptraining
from rpa.domain.outcomes import Outcome
from rpa.domain.records import CustomFields
from rpa.domain.rosters import TrainingClass
from rpa.domain.teams import TeamUpdate
from rpa.domain.tracker_cells import TRANSFER
from rpa.domain.tracking import Task, TaskState, TrackedAgent


class Source(StrEnum):
    """Where a fact comes from."""

    TRACKER = "the tracker"
    ROSTERS = "the rosters in BlackDash"
    RECORD = "the record in ADP"
    JOURNAL = "the journal"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSeen:
    """What ADP shows of one agent."""

    name: str
    fields: CustomFields
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRow:
    """The last row of a run that wrote, or may have written, an agent's record, or found it as wanted.

    `shows_from` is the day to come from which ADP shows a change that is dated ahead, `is_to_come` tells of
    anything that ADP has taken and does not show yet. A run that is `unfinished` was stopped or killed before
    its last step; one that was `taken_back` does not go on.
    """

    run: str
    flow: str
    outcome: Outcome
    on: date
    reason: str = ""
    waits_for_approval: bool = False
    shows_from: date | None = None
    is_to_come: bool = False
    unfinished: bool = False
    taken_back: bool = False

    @property
    def is_open_transfer(self) -> bool:
        """Whether a transfer was accepted and is still to be seen through: it is not offered again."""
        return self.flow == "transfer" and self.outcome is Outcome.PENDING and not self.taken_back


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What the journal knows of one agent; `cells` are the tracker's columns that wait to be written.

    `extended_to` is the end date of the last extension, None for the other route: that one is `uptraining`.
    """

    uptraining: OpenUptraining | None = None
    last: LastRow | None = None
    extended_at: datetime | None = None
    extended_to: date | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentMail:
    """A mail that has not left, or may not have."""

    number: int
    to: str
    subject: str
    state: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that is known of one subject: an agent by employee id, or a mail, or a team.

    `rows` are all of its rows in the tracker where there are several, `doubt` the tracker's fields that
    cannot be read for it; `longer` is what becomes of a slow agent's Call Cert session. `record` stays None
    until it was read; `no_record` is ADP's own word that it has none, `record_missing` why it could not be
    read.
    """

    subject: str
    tracked: TrackedAgent | None = None
    rows: tuple[int, ...] = ()
    doubt: frozenset[str] = frozenset()
    classes: tuple[TrainingClass, ...] = ()
    record: RecordSeen | None = None
    no_record: str = ""
    record_missing: str = ""
    remembered: Remembered = field(default_factory=Remembered)
    mail: UnsentMail | None = None
    team: TeamUpdate | None = None
    longer: Longer | None = None

    @property
    def name(self) -> str:
        """What the subject is called, as far as that is known."""
        if self.tracked and self.tracked.name:
            return self.tracked.name
        if self.record:
            return self.record.name
        return self.remembered.uptraining.name if self.remembered.uptraining else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What a site may set.

    `extend_by` working days is how far the proposed extension goes. For `recheck_days` after a transfer
    the Home Department is looked at again. An uptraining that is open for `uptraining_days` is more than a
    note. Two words are one misspelt by up to `misspelt` letters. BlackDash may be `lag` behind ADP.
    """

    extend_by: int = 5
    recheck_days: int = 14
    uptraining_days: int = 10
    misspelt: int = 2
    lag: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """The site on this night: what the rules go by, and which sources could be read.

    `managers` are those whose classes are ours; with none, every class is. `unread` are the classes whose
    roster could not be read, `words` the names of all uptraining classes, `rows_without_id` the tracker's
    rows that belong to nobody, `journal_unread` whoever is in a run that cannot be read.
    """

    today: date
    now: datetime
    departments: DepartmentRules
    sources: frozenset[Source]
    thresholds: Thresholds = field(default_factory=Thresholds)
    manager: str = ""
    managers: frozenset[str] = frozenset()
    uptraining_class: str = UPTRAINING_CLASS
    words: frozenset[str] = frozenset()
    unread: tuple[TrainingClass, ...] = ()
    rows_without_id: tuple[int, ...] = ()
    journal_unread: frozenset[str] = frozenset()

    def read_whole(self, subject: str) -> frozenset[Source]:
        """The sources of which nothing is missing that could be about this subject."""
        missing = set()
        if self.unread:
            missing.add(Source.ROSTERS)
        if subject in self.journal_unread:
            missing.add(Source.JOURNAL)
        return self.sources - missing

    def is_ours(self, one: TrainingClass) -> bool:
        """Assumed: a class of another manager is theirs; an uptraining class has everybody's agents."""
        if not self.managers or not one.manager:
            return True
        return any(same_person_name(one.manager, manager) for manager in self.managers)

    def may_have_ended(self, agent: TrackedAgent) -> bool:
        """Whether the ESP period can have ended, by the tracker."""
        return self._has_started(agent) and (agent.esp_end is None or agent.esp_end <= self.today)

    def may_be_in_training(self, agent: TrackedAgent) -> bool:
        """Whether today can be a day of the ESP period, by the tracker."""
        is_over = agent.esp_end is not None and agent.esp_end < self.today
        return self._has_started(agent) and not is_over and not agent.transferred.is_closed

    def was_transferred_lately(self, agent: TrackedAgent) -> bool:
        """Whether the transfer is so recent that the Home Department is worth a look."""
        on = agent.transferred_on or agent.esp_end
        return on is not None and not self._is_long_ago(on)

    def is_long_over(self, agent: TrackedAgent) -> bool:
        """Whether the ESP period ended so long ago that a transfer then is not looked at any more."""
        on = agent.esp_end or agent.esp_start
        return on is not None and self._is_long_ago(on)

    def _is_long_ago(self, day: date) -> bool:
        return day < self.today - timedelta(days=self.thresholds.recheck_days)

    def _has_started(self, agent: TrackedAgent) -> bool:
        return agent.esp_start is None or agent.esp_start <= self.today


def readings(facts: Facts, today: date) -> Iterator[Facts]:
    """Every way in which the cells that cannot be read could be meant; the facts alone where all can be."""
    agent = facts.tracked
    if agent is None or not facts.doubt:
        yield facts
        return
    states = (TaskState.OPEN, TaskState.DONE)
    unread = [task for task in Task if task.value in facts.doubt]
    for cells, transferred, start, end in product(
        states if unread else (TaskState.OPEN,),
        states if TRANSFER in facts.doubt else (agent.transferred,),
        _days("esp_start", agent.esp_start, facts, today),
        _days("esp_end", agent.esp_end, facts, today),
    ):
        tasks: Mapping[Task, TaskState] = {**agent.tasks, **dict.fromkeys(unread, cells)}
        meant = replace(agent, tasks=tasks, transferred=transferred, esp_start=start, esp_end=end)
        yield replace(facts, tracked=meant)


def _days(name: str, found: date | None, facts: Facts, today: date) -> tuple[date | None, ...]:
    return (today, today + timedelta(days=1)) if name in facts.doubt else (found,)
