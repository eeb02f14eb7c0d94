"""What the stuck rules say of everybody on one night: findings, and what could not be judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rpa.domain.stuck import RECORD, RULES, Rule
from rpa.domain.stuck_facts import Facts, Night, Source, readings
from rpa.domain.stuck_verdicts import Action, Doubt, Found, Severity, Verdict
from rpa.domain.tracker_cells import TRANSFER


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One subject that one rule has found; `since` is None where no date is known."""

    rule: Rule
    subject: str
    name: str
    reason: str
    since: date | None
    severity: Severity
    action: Action

    def age(self, today: date) -> int:
        """For how many days, 0 for today."""
        return max((today - self.since).days, 0) if self.since else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """One subject of which one rule could not be judged, and why."""

    rule: Rule
    subject: str
    name: str
    why: str


def needs_record(facts: Facts, night: Night) -> bool:
    """Whether a rule can be judged only with this agent's record in ADP.

    A Transfer cell that cannot be read, in the row of somebody whose training is long over, opens no
    record: one unknown word in an old tracker would open all of them, every night.
    """
    meanings = list(readings(facts, night.today))
    if _is_taken_as_transferred(facts, night):
        meanings = [one for one in meanings if one.tracked and one.tracked.transferred.is_closed]
    verdicts = (
        rule.condition(meant, night)
        for rule in RULES
        if rule.needs - {RECORD} <= night.sources
        for meant in meanings
    )
    return any(isinstance(verdict, Doubt) and verdict.asks_adp for verdict in verdicts)


def judge(facts: Iterable[Facts], night: Night) -> tuple[list[Finding], list[Unchecked]]:
    """What every rule says of every subject; one whose sources are missing as a whole says nothing."""
    findings: list[Finding] = []
    unchecked: list[Unchecked] = []
    for one in facts:
        for rule in RULES:
            if not rule.needs - {RECORD} <= night.sources:
                continue
            match _judged(rule, one, night):
                case Found() as found:
                    findings.append(_finding(rule, one, found))
                case Doubt(why=why):
                    unchecked.append(Unchecked(rule=rule, subject=one.subject, name=one.name, why=why))
    return findings, unchecked


def unjudged(sources: frozenset[Source]) -> list[tuple[Rule, list[Source]]]:
    """The rules that nobody can judge with these sources, and which they lack."""
    lacking = ((rule, [source for source in Source if source in rule.needs - sources]) for rule in RULES)
    return [(rule, missing) for rule, missing in lacking if missing]


def half_judged(sources: frozenset[Source]) -> list[tuple[Rule, list[Source]]]:
    """The rules that may be silent about somebody with these sources, and which of those they go by lack."""
    able = (rule for rule in RULES if rule.needs <= sources)
    lacking = ((rule, [source for source in Source if source in rule.uses - sources]) for rule in able)
    return [(rule, missing) for rule, missing in lacking if missing and missing != [RECORD]]


def _judged(rule: Rule, facts: Facts, night: Night) -> Verdict:
    """What the rule says however the unreadable cells are meant; a doubt where that makes a difference."""
    verdicts = [rule.condition(meant, night) for meant in readings(facts, night.today)]
    kinds = {type(verdict) for verdict in verdicts}
    doubt = next((verdict for verdict in verdicts if isinstance(verdict, Doubt)), None)
    was_not_asked = doubt is not None and doubt.asks_adp and _is_taken_as_transferred(facts, night)
    if len(kinds) == 1 or (doubt and not was_not_asked):
        return doubt or verdicts[0]
    # Without the row's number, so that thousands of them are one line of the report.
    return Doubt(f"the tracker's {', '.join(sorted(facts.doubt)).replace('_', ' ')} cannot be read")


def _is_taken_as_transferred(facts: Facts, night: Night) -> bool:
    """For the question alone whether a record is opened."""
    agent = facts.tracked
    if agent is None or TRANSFER not in facts.doubt or facts.doubt & {"esp_start", "esp_end"}:
        return False
    return night.is_long_over(agent)


def _finding(rule: Rule, facts: Facts, found: Found) -> Finding:
    return Finding(
        rule=rule,
        subject=facts.subject,
        name=facts.name,
        reason=found.reason,
        since=found.since,
        severity=found.severity or rule.severity,
        action=found.action or rule.action,
    )
