"""What the stuck rules say of everybody on one night: findings, and what could not be judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rpa.domain.stuck import RECORD, RULES, Rule
from rpa.domain.stuck_facts import Facts, Night, Source, readings
from rpa.domain.stuck_verdicts import Action, Doubt, Found, Severity, Verdict


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
    """Whether a rule can be judged only with this agent's record in ADP."""
    verdicts = (
        rule.condition(meant, night)
        for rule in RULES
        if rule.needs - {RECORD} <= night.sources
        for meant in readings(facts, night.today)
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


def _judged(rule: Rule, facts: Facts, night: Night) -> Verdict:
    """What the rule says however the unreadable cells are meant; a doubt where that makes a difference."""
    verdicts = [rule.condition(meant, night) for meant in readings(facts, night.today)]
    kinds = {type(verdict) for verdict in verdicts}
    if len(kinds) == 1 or Doubt in kinds:
        return next((verdict for verdict in verdicts if isinstance(verdict, Doubt)), verdicts[0])
    row = f"row {facts.tracked.row} of the tracker: " if facts.tracked else ""
    return Doubt(f"{row}{', '.join(sorted(facts.doubt)).replace('_', ' ')} cannot be read")


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
