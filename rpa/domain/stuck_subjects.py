"""Puts together what the sources tell of each subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rpa.domain.longer_call_certs import Longer
from rpa.domain.rosters import TrainingClass
from rpa.domain.stuck_facts import Facts, Remembered, UnsentMail
from rpa.domain.teams import Standing, TeamUpdate
from rpa.domain.tracking import Task, TaskState, TrackedAgent


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerSeen:
    """The tracker of one night: `doubt` names the fields that cannot be read, by employee id.

    `blind` are the fields that it has no column for, and `untold` tasks likewise, without which nobody can be
    called complete; `rows_without_id` are rows that belong to nobody. `teams` have a column for their last
    update, `teams_missing` should have one.
    """

    agents: tuple[TrackedAgent, ...]
    doubled: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    doubt: Mapping[str, frozenset[str]] = field(default_factory=dict)
    blind: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()
    rows_without_id: tuple[int, ...] = ()
    problems: tuple[str, ...] = ()
    teams: frozenset[str] = frozenset()
    teams_missing: tuple[str, ...] = ()

    def at_worst(self) -> tuple[TrackedAgent, ...]:
        """The agents with every task open that cannot be read."""
        return tuple(
            replace(one, tasks={**one.tasks, **dict.fromkeys(self._unread(one), TaskState.OPEN)})
            for one in self.agents
        )

    def _unread(self, agent: TrackedAgent) -> tuple[Task, ...]:
        doubt = self.doubt.get(agent.employee_id, frozenset()) | self.blind
        return tuple(task for task in Task if task.value in doubt)


def subjects(
    tracker: TrackerSeen | None,
    rosters: Mapping[TrainingClass, frozenset[str]],
    remembered: Mapping[str, Remembered],
    mails: Iterable[UnsentMail] = (),
    teams: Iterable[TeamUpdate] = (),
    slow: Iterable[Longer] = (),
) -> dict[str, Facts]:
    """The facts by subject; the case of an id's letters does not tell two agents apart."""
    found = _Found()
    for agent in tracker.agents if tracker else ():
        doubt = tracker.doubt.get(agent.employee_id, frozenset()) | tracker.blind if tracker else frozenset()
        doubt |= tracker.untold if tracker else frozenset()
        found.add(agent.employee_id, tracked=agent, doubt=doubt)
    for doubled, rows in tracker.doubled.items() if tracker else ():
        found.add(doubled, rows=rows)
    for one, listed in rosters.items():
        for employee_id in sorted(listed):
            found.add(employee_id, classes=(*found.facts(employee_id).classes, one))
    for employee_id, known in remembered.items():
        found.add(employee_id, remembered=known)
    for mail in mails:
        found.add(f"mail {mail.number}", mail=mail)
    for team in teams:
        if team.standing is Standing.BEHIND:
            found.add(team.team.name, team=team)
    for longer in slow:
        found.add(longer.employee_id, longer=longer)
    return {facts.subject: facts for facts in found.all.values()}


class _Found:
    """The facts while they are put together."""

    def __init__(self) -> None:
        self.all: dict[str, Facts] = {}

    def facts(self, subject: str) -> Facts:
        return self.all.get(subject.casefold(), Facts(subject=subject))

    def add(self, subject: str, **known: object) -> None:
        self.all[subject.casefold()] = replace(self.facts(subject), **known)  # type: ignore[arg-type]
