"""Waits until agents have left the training environment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rpa.domain.records import CustomFields
from rpa.domain.rosters import ClassKey, standing_on
from rpa.domain.runs import Roster, RunRow
from rpa.engine.clock import Clock
from rpa.engine.flow import Desk, Watcher
from rpa.engine.reading import Limits, Reader
from rpa.flows.portals import Portals
from rpa.flows.roster_wait import Patience, RosterWait

SECOND = "second wait"
UNSEEN = "nobody has seen the agent leave training"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Who has left every class, and the classes that still list the others, by employee id."""

    gone: frozenset[str]
    listed: dict[str, tuple[str, ...]]


NOBODY = Left(gone=frozenset(), listed={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The guide's "if yes, go back to ADP and check; wait another 10 minutes"."""

    patience: Patience
    limits: Limits
    clock: Clock
    watcher: Watcher
    uptraining_class: str

    def wait(self, portals: Portals, desk: Desk, rows: Sequence[RunRow], *, again: bool = False) -> Left:
        """Who of these rows' agents has left every class.

        A row tells only where its agent may be. Where one is, all rosters tell: they are looked at before
        the wait for those that list somebody, and once more when the agents seem to be gone.
        """
        looks = _Looks(self, portals, desk, SECOND if again else "", self.clock.elapsed())
        agents = frozenset(row.employee_id for row in rows)
        watched = _together(classes_of_all(rows, self.uptraining_class), looks.standing(agents))
        rosters = looks.until_gone(watched)
        left = _left(agents, rosters.values())
        if left.gone and (back := looks.standing(left.gone)):
            also = {key: watched.get(key, frozenset()) | here for key, here in back.items()}
            left = _left(agents, {**rosters, **looks.until_gone(also)}.values())
        return left


@dataclass(frozen=True, slots=True)
class _Looks:
    """The looks of one wait, which share its time."""

    of: Leaving
    portals: Portals
    desk: Desk
    round: str
    began: float

    def standing(self, agents: frozenset[str]) -> dict[ClassKey, frozenset[str]]:
        """The classes that list any of these agents now, of all that there are."""
        reader = self._reader()
        return standing_on(self._wait().survey(lambda: reader.read(self.portals.all_rosters)), agents)

    def until_gone(self, watched: Mapping[ClassKey, frozenset[str]]) -> dict[ClassKey, Roster]:
        """What these classes came to in the time that is left."""
        return self._wait().until_gone(watched)

    def _wait(self) -> RosterWait:
        reader = self._reader()
        return RosterWait(
            read=lambda asked: reader.read(lambda: self.portals.read_rosters(asked)),
            clock=self.of.clock,
            patience=self.of.patience,
            spent=self.of.clock.elapsed() - self.began,
            desk=self.desk,
            watcher=self.of.watcher,
            round=self.round,
        )

    def _reader(self) -> Reader[Portals]:
        return Reader(self.portals, self.of.clock, self.of.limits)


def classes_of(row: RunRow, uptraining_class: str) -> set[ClassKey]:
    """The classes that an agent may stand on: the campaign's, and the ESP class with the dates of old or now.

    No manager is named: whoever leads a class with these dates, the agent should not be on it.
    """
    now = CustomFields.from_values(row.found)
    before = CustomFields.from_values({**row.found, **row.before})
    campaigns = {uptraining_class, before.uptraining, now.uptraining} - {""}
    ends: set[date | None] = {before.esp_end, now.esp_end} - {None}
    return {ClassKey(campaign_class=one) for one in campaigns} | {
        ClassKey(start=now.esp_start, end=end) for end in ends
    }


def classes_of_all(rows: Iterable[RunRow], uptraining_class: str) -> dict[ClassKey, frozenset[str]]:
    """The same of several agents, by class."""
    keys: defaultdict[ClassKey, set[str]] = defaultdict(set)
    for row in rows:
        for key in classes_of(row, uptraining_class):
            keys[key].add(row.employee_id)
    return {key: frozenset(agents) for key, agents in keys.items()}


def _together(*watched: Mapping[ClassKey, frozenset[str]]) -> dict[ClassKey, frozenset[str]]:
    keys = dict.fromkeys(key for one in watched for key in one)
    return {key: frozenset[str]().union(*(one.get(key, ()) for one in watched)) for key in keys}


def _left(agents: frozenset[str], rosters: Iterable[Roster]) -> Left:
    listed: defaultdict[str, list[str]] = defaultdict(list)
    for roster in rosters:
        for employee_id in roster.wrong:
            listed[employee_id].append(roster.name)
    return Left(
        gone=agents - listed.keys(),
        listed={employee_id: tuple(names) for employee_id, names in listed.items()},
    )
