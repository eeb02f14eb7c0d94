"""Gathers what the stuck rules need, read-only and cheaply; each source may fail without the others.

One read of the tracker, one read a class in BlackDash, and in ADP the records alone of those agents of whom a
rule cannot be judged otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rpa.domain.agents import EmployeeId
from rpa.domain.counted import counted
from rpa.domain.errors import (
    AccessMissing,
    BrowserLost,
    Busy,
    PortalFailed,
    RpaError,
    RuleRefused,
    SignInNeeded,
    TrackerBusy,
    UsageError,
    WrongRecord,
)
from rpa.domain.longer_call_certs import Longer
from rpa.domain.night_report import Gap
from rpa.domain.outcomes import Outcome
from rpa.domain.rosters import TrainingClass
from rpa.domain.stuck_facts import Facts, Night, RecordSeen, Remembered, Source, UnsentMail
from rpa.domain.stuck_judging import needs_record
from rpa.domain.stuck_subjects import TrackerSeen, subjects
from rpa.domain.teams import TeamUpdate
from rpa.domain.tracking import TrackedAgent
from rpa.engine.flow import Watcher
from rpa.engine.reading import Breaker
from rpa.flows.night_portals import Dashboard, Records

# Where one of these comes, asking the same portal again is no use, or costs the account.
_FOR_GOOD = (SignInNeeded, AccessMissing, BrowserLost, Busy, UsageError)
_FAILURES = (PortalFailed, WrongRecord, *_FOR_GOOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What is known of everybody this night, what is missing, and what was read for it.

    `was_busy`: the portals were not opened, as another run held the account.
    """

    facts: Mapping[str, Facts]
    night: Night
    gaps: tuple[Gap, ...]
    tracker: TrackerSeen | None
    rosters_read: int
    records_read: int
    was_busy: bool = False


@dataclass(kw_only=True)
class Gathering:
    """Asks one source after the other.

    `night` is the site without its sources; `teams` judges the teams by what the tracker says, `slow` the
    agents in Call Cert sessions. After `failures_in_a_row` records that failed, ADP is not asked for more,
    nor BlackDash after so many rosters; `most_records` are opened in one night. `unread_runs` are told by
    their gaps.
    """

    night: Night
    tracker: Callable[[], TrackerSeen]
    blackdash: Dashboard
    adp: Records
    remembered: Mapping[str, Remembered]
    mails: Iterable[UnsentMail]
    teams: Callable[[TrackerSeen], Sequence[TeamUpdate]]
    slow: Callable[[Sequence[TrackedAgent]], Sequence[Longer]]
    next_agent: Callable[[], None]
    watcher: Watcher
    failures_in_a_row: int = 3
    most_records: int = 500
    unread_runs: Sequence[Gap] = ()
    _gaps: list[Gap] = field(default_factory=list)
    _sources: set[Source] = field(default_factory=lambda: {Source.JOURNAL})

    def gather(self) -> Gathered:
        """Everything that can be known tonight; never raises for a source that fails."""
        self._gaps.extend(self.unread_runs)
        seen = self._tracker()
        rosters, unread = self._rosters()
        teams = self.teams(seen) if seen else ()
        slow = self._slow(seen) if seen else ()
        facts = subjects(seen, rosters, self.remembered, self.mails, teams, slow)
        night = replace(
            self.night,
            sources=frozenset(self._sources | {Source.RECORD}),
            managers=self.night.managers | {one.esp_manager for one in seen.agents if one.esp_manager}
            if seen
            else self.night.managers,
            words=frozenset(one.name for one in (*rosters, *unread) if one.start is None),
            unread=unread,
            rows_without_id=seen.rows_without_id if seen else (),
        )
        read, failed = self._records(facts, night)
        return Gathered(
            facts={**facts, **read},
            night=replace(night, sources=frozenset(self._sources)),
            gaps=tuple(self._gaps),
            tracker=seen,
            rosters_read=len(rosters),
            records_read=len(read) - failed,
        )

    def _slow(self, seen: TrackerSeen) -> Sequence[Longer]:
        try:
            return self.slow(seen.at_worst())
        except UsageError as failure:
            what = f"The classes that were planned cannot be looked at: {failure.what}"
            self._gaps.append(Gap(source=Source.JOURNAL, what=what, next_step=failure.next_step))
            return ()

    def _tracker(self) -> TrackerSeen | None:
        try:
            seen = self.tracker()
        except (UsageError, TrackerBusy) as failure:
            self._miss(Source.TRACKER, failure)
            return None
        self._sources.add(Source.TRACKER)
        if seen.problems:
            rows = counted(len(seen.problems), "cell or row", "cells or rows")
            self._gaps.append(
                Gap(
                    source=Source.TRACKER,
                    what=f"{rows} of the tracker cannot be read: {_some(seen.problems)}",
                    next_step="Mend them; `rpa tracker show` lists all.",
                )
            )
        for name in sorted(seen.blind | seen.untold):
            what = f"The tracker has no column for {name.replace('_', ' ')}."
            self._gaps.append(Gap(source=Source.TRACKER, what=what, next_step="Set RPA_TRACKER__COLUMNS."))
        for team in seen.teams_missing:
            what = f"The tracker has not the column in which {team} notes its last update."
            self._gaps.append(Gap(source=Source.TRACKER, what=what, next_step="Set RPA_TRACKER__TEAMS."))
        return seen

    def _rosters(self) -> tuple[dict[TrainingClass, frozenset[str]], tuple[TrainingClass, ...]]:
        """Who stands on each class, and the classes whose roster could not be read."""
        try:
            classes = self.blackdash.classes()
        except _FAILURES as failure:
            self._miss(Source.ROSTERS, failure)
            return {}, ()
        self._sources.add(Source.ROSTERS)
        rosters: dict[TrainingClass, frozenset[str]] = {}
        unread: list[TrainingClass] = []
        portal = _Portal(self.failures_in_a_row)
        self.watcher.begin("Rosters", len(classes))
        for one in classes:
            self.watcher.step(one.name)
            if portal.is_down:
                unread.append(one)
                continue
            try:
                rosters[one] = self.blackdash.roster(one)
                portal.answered()
            except _FAILURES as failure:
                portal.failed(failure)
                unread.append(one)
                what = f"The roster of {one.name} could not be read: {failure.what}"
                self._gaps.append(Gap(source=Source.ROSTERS, what=what, next_step=failure.next_step))
            self.watcher.row(one.name, Outcome.UNCHANGED, "")
        self.watcher.end()
        if not_asked := len(unread) - len(portal.failures):
            what = f"After that BlackDash was not asked for the other {not_asked} rosters."
            self._gaps.append(Gap(source=Source.ROSTERS, what=what))
        return rosters, tuple(unread)

    def _records(self, facts: Mapping[str, Facts], night: Night) -> tuple[dict[str, Facts], int]:
        """The facts of those who need their record, with it or with why it is missing; how many failed."""
        asked = sorted((one for one in facts.values() if needs_record(one, night)), key=_by_weight)
        asked, too_many = asked[: self.most_records], asked[self.most_records :]
        read: dict[str, Facts] = {}
        portal = _Portal(self.failures_in_a_row)
        self.watcher.begin("Records", len(asked))
        for one in asked:
            self.watcher.step(one.subject)
            if portal.is_down:
                read[one.subject] = replace(one, record_missing=portal.failures[-1].what)
                continue
            try:
                read[one.subject] = self._record(one)
                portal.answered()
            except _FAILURES as failure:
                portal.failed(failure)
                read[one.subject] = replace(one, record_missing=failure.what)
            self.watcher.row(one.subject, Outcome.UNCHANGED, "")
        self.watcher.end()
        missing = self._told_of_records(read, portal.failures)
        left = self._left_for_another_night(too_many)
        return read | left, missing + len(left)

    def _left_for_another_night(self, facts: Sequence[Facts]) -> dict[str, Facts]:
        """Those beyond the night's number of records; a check that never ends would tell nobody anything."""
        if not facts:
            return {}
        self._gaps.append(
            Gap(
                source=Source.RECORD,
                what=f"{len(facts)} more records were not opened: {self.most_records} a night is the most.",
                next_step="See why so many are in question, or raise RPA_NIGHTLY__MOST_RECORDS.",
            )
        )
        why = f"more than {self.most_records} records were in question"
        return {one.subject: replace(one, record_missing=why) for one in facts}

    def _record(self, facts: Facts) -> Facts:
        self.next_agent()
        try:
            name, fields = self.adp.read(EmployeeId(facts.subject))
            department = self.adp.home_department(EmployeeId(facts.subject))
        except RuleRefused as refusal:
            return replace(facts, no_record=refusal.what)
        return replace(facts, record=RecordSeen(name=name, fields=fields, department=department.entry))

    def _told_of_records(self, read: Mapping[str, Facts], failures: Sequence[RpaError]) -> int:
        missing = sum(bool(one.record_missing) for one in read.values())
        if missing < len(read) or not read:
            self._sources.add(Source.RECORD)
        if failures:
            last = failures[-1]
            what = f"ADP could not be asked about {counted(missing, 'agent')}: {last.what}"
            self._gaps.append(Gap(source=Source.RECORD, what=what, next_step=last.next_step))
        return missing

    def _miss(self, source: Source, failure: RpaError) -> None:
        what = f"{source[0].upper()}{source[1:]} could not be read: {failure.what}"
        self._gaps.append(Gap(source=source, what=what, next_step=failure.next_step))


class _Portal:
    """One portal asked again and again; it is down after so many failures in a row, or one for good."""

    def __init__(self, most: int) -> None:
        self._breaker = Breaker(most)
        self.failures: list[RpaError] = []

    @property
    def is_down(self) -> bool:
        return self._breaker.is_open or any(isinstance(one, _FOR_GOOD) for one in self.failures)

    def answered(self) -> None:
        self._breaker.note(failed=False)

    def failed(self, failure: RpaError) -> None:
        self._breaker.note(failed=True)
        self.failures.append(failure)


def _by_weight(facts: Facts) -> tuple[bool, int]:
    """First whose row can be read, and of these whose training was last."""
    agent = facts.tracked
    end = (agent.esp_end or agent.esp_start) if agent else None
    return bool(facts.doubt), -end.toordinal() if end else 0


def _some(problems: Sequence[str], most: int = 3) -> str:
    more = f"; and {len(problems) - most} more" if len(problems) > most else ""
    return f"{'; '.join(one.rstrip('.') for one in problems[:most])}{more}."
