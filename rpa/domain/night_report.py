"""The report of one night, before anybody renders it: who is stuck, what is missing, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rpa.domain.counted import counted
from rpa.domain.next_actions import Batch, Extending, next_actions
from rpa.domain.nights import Compared, PastNight, StripNight, StuckRow, compared, strip
from rpa.domain.stuck import NOT_OF_AGENTS
from rpa.domain.stuck_facts import Facts, Night, Source
from rpa.domain.stuck_judging import Unchecked, half_judged, judge, unjudged
from rpa.domain.stuck_verdicts import Severity
from rpa.domain.tracking import TASK_NAMES, Task, TaskState, TrackedAgent
from rpa.domain.working_days import WorkingDays

BUCKETS = ("today", "1 to 2 days", "3 days and more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A source that could not be read, wholly or in part: which, what happened, what to do about it."""

    source: Source
    what: str
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """Rules that could not be judged for one reason; without subjects, for nobody at all."""

    why: str
    titles: tuple[str, ...]
    subjects: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What to tell of it."""
        whom = f"for {counted(len(self.subjects), 'agent')}, because " if self.subjects else ""
        return f"Not judged {whom}{self.why.rstrip('.')}: {'; '.join(self.titles)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskBar:
    """How far the cohort is with one task."""

    title: str
    done: int
    open: int
    unreadable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBar:
    """How many one rule has found, by age: today, 1 to 2 days, 3 days and more."""

    title: str
    severity: Severity
    ages: tuple[int, int, int]

    @property
    def total(self) -> int:
        return sum(self.ages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What was read for it."""

    tracked: int
    rosters: int
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NightReport:
    """One night, whole; `notes` are about what the site has not set, and no gap of this night."""

    day: date
    made_at: datetime
    compared: Compared
    gaps: tuple[Gap, ...]
    not_judged: tuple[NotJudged, ...]
    batches: tuple[Batch, ...]
    strip: tuple[StripNight, ...]
    cohort: int
    funnel: tuple[TaskBar, ...]
    reads: Reads
    last_night: date | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_degraded(self) -> bool:
        """Whether something could not be looked at."""
        return bool(self.gaps or self.not_judged)

    @property
    def stuck(self) -> int:
        """How many agents are stuck; what is only a note does not count."""
        return stuck_agents(self.compared.rows)

    @property
    def urgent(self) -> int:
        """How many agents somebody must act upon now."""
        return stuck_agents(row for row in self.compared.rows if row.severity is Severity.NOW)

    @property
    def loose_ends(self) -> int:
        """Mails and teams that need somebody."""
        return len({row.subject for row in self.compared.rows if row.rule in NOT_OF_AGENTS})

    @property
    def bars(self) -> tuple[RuleBar, ...]:
        """One bar a rule that found somebody, in the order of the rows."""
        by_rule: dict[str, list[StuckRow]] = {}
        for row in self.compared.rows:
            by_rule.setdefault(row.title, []).append(row)
        return tuple(_bar(rows, self.day) for rows in by_rule.values())

    @property
    def headline(self) -> str:
        """The night in one sentence."""
        agents = "agent is" if self.stuck == 1 else "agents are"
        parts = [f"{self.stuck} {agents} stuck" if self.stuck else "Nobody is stuck"]
        if self.urgent:
            parts.append(f"{self.urgent} {'needs' if self.urgent == 1 else 'need'} you now")
        if self.loose_ends:
            parts.append(counted(self.loose_ends, "loose end"))
        told = ", ".join(parts)
        return f"{told}; not everything could be looked at" if self.is_degraded else told


def night_report(
    facts: Mapping[str, Facts],
    night: Night,
    gaps: Sequence[Gap],
    *,
    past: Sequence[PastNight],
    days: WorkingDays,
    noc_minimum: int,
    reads: Reads,
) -> NightReport:
    """Judge everybody, and put beside it the nights before and what to do next; `past` is oldest first."""
    findings, unchecked = judge(facts.values(), night)
    before = [one for one in past if one.day < night.today]
    told = compared(findings, unchecked, night, facts, before[-1] if before else None)
    not_judged = (*_silent_rules(night), *_grouped(unchecked))
    extending = Extending(until=days.add(night.today, night.thresholds.extend_by), noc_minimum=noc_minimum)
    tonight = StripNight(day=night.today, stuck=stuck_agents(told.rows), degraded=bool(gaps or not_judged))
    learning = [one.tracked for one in facts.values() if one.tracked and _is_learning(one.tracked, night)]
    return NightReport(
        day=night.today,
        made_at=night.now,
        compared=told,
        gaps=tuple(gaps),
        not_judged=not_judged,
        batches=next_actions(told.rows, facts, extending, night.today, night.departments),
        strip=strip(before, tonight, days),
        cohort=len(learning),
        funnel=tuple(
            _task_bar(task, learning) for task in Task if any(task in one.tasks for one in learning)
        ),
        reads=reads,
        last_night=before[-1].day if before else None,
    )


def stuck_agents(rows: Iterable[StuckRow]) -> int:
    """How many agents these rows are about, but for notes."""
    return len(
        {row.subject for row in rows if row.rule not in NOT_OF_AGENTS and row.severity is not Severity.NOTE}
    )


def _silent_rules(night: Night) -> list[NotJudged]:
    """The rules that nobody could judge, by the sources that they lack."""
    by_why: dict[str, list[str]] = {}
    for rule, missing in unjudged(night.sources):
        by_why.setdefault(f"for anybody without {' and '.join(missing)}", []).append(rule.title)
    for rule, missing in half_judged(night.sources):
        by_why.setdefault(f"for everybody without {' and '.join(missing)}", []).append(rule.title)
    return [NotJudged(why=why, titles=tuple(titles)) for why, titles in by_why.items()] + [
        NotJudged(
            why=f"for whoever stands on {one.name}",
            titles=tuple(
                dict.fromkeys(rule.title for rule, _ in unjudged(frozenset(Source) - {Source.ROSTERS}))
            ),
        )
        for one in night.unread
    ]


def _grouped(unchecked: Iterable[Unchecked]) -> list[NotJudged]:
    by_why: dict[str, list[Unchecked]] = {}
    for one in unchecked:
        by_why.setdefault(one.why, []).append(one)
    return [
        NotJudged(
            why=why,
            titles=tuple(dict.fromkeys(one.rule.title for one in ones)),
            subjects=tuple(dict.fromkeys(one.subject for one in ones)),
        )
        for why, ones in by_why.items()
    ]


def _bar(rows: Sequence[StuckRow], today: date) -> RuleBar:
    ages = [row.age(today) for row in rows]
    counts = (sum(age < 1 for age in ages), sum(1 <= age < 3 for age in ages), sum(age >= 3 for age in ages))  # noqa: PLR2004 - BUCKETS says it
    return RuleBar(title=rows[0].title, severity=rows[0].severity, ages=counts)


def _is_learning(agent: TrackedAgent, night: Night) -> bool:
    has_started = agent.esp_start is None or agent.esp_start <= night.today
    return has_started and not agent.transferred.is_closed


def _task_bar(task: Task, agents: Sequence[TrackedAgent]) -> TaskBar:
    states = [agent.tasks[task] for agent in agents if task in agent.tasks]
    return TaskBar(
        title=TASK_NAMES[task],
        done=sum(state.is_closed for state in states),
        open=sum(state is TaskState.OPEN for state in states),
        unreadable=sum(state is TaskState.UNREADABLE for state in states),
    )
