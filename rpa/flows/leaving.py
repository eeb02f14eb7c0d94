"""Waits until agents have left the training environment, mends what keeps them there, and escalates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rpa.domain.outcomes import Outcome
from rpa.domain.records import CustomFields
from rpa.domain.rosters import ClassKey
from rpa.domain.runs import Roster, RunRow
from rpa.engine.clock import Clock
from rpa.engine.flow import Desk, Watcher
from rpa.engine.reading import Limits, Reader
from rpa.flows.portals import Portals
from rpa.flows.roster_wait import Patience, RosterWait

STANDING = frozenset({Outcome.DONE, Outcome.UNCHANGED})
SECOND = "second wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Who has left every class, and the classes that still list the others, by employee id."""

    gone: frozenset[str]
    listed: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The guide's "if yes, go back to ADP and check; wait another 10 minutes"."""

    patience: Patience
    limits: Limits
    clock: Clock
    watcher: Watcher
    uptraining_class: str

    def wait(self, portals: Portals, desk: Desk, rows: Sequence[RunRow], *, again: bool = False) -> Left:
        """Who of these rows' agents has left the classes that they were on, or may be on."""
        keys: defaultdict[ClassKey, set[str]] = defaultdict(set)
        for row in rows:
            for key in classes_of(row, self.uptraining_class):
                keys[key].add(row.employee_id)
        reader = Reader(portals, self.clock, self.limits)
        wait = RosterWait(
            read=lambda asked: reader.read(lambda: portals.read_rosters(asked)),
            clock=self.clock,
            patience=self.patience,
            desk=desk,
            watcher=self.watcher,
            round=SECOND if again else "",
        )
        rosters = wait.until_gone({key: frozenset(agents) for key, agents in keys.items()})
        return _left(rows, list(rosters.values()))


def standing(desk: Desk) -> list[RunRow]:
    """The rows whose record shows what the plan wants."""
    return [row for row in desk.rows if row.outcome in STANDING]


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


def _left(rows: Sequence[RunRow], rosters: Sequence[Roster]) -> Left:
    listed: defaultdict[str, list[str]] = defaultdict(list)
    for roster in rosters:
        for employee_id in roster.wrong:
            listed[employee_id].append(roster.name)
    return Left(
        gone=frozenset(row.employee_id for row in rows) - listed.keys(),
        listed={employee_id: tuple(names) for employee_id, names in listed.items()},
    )
