"""One night beside the nights before: what is new, what was solved, and what nobody could look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rpa.domain.stuck import RULE_OF, Rule
from rpa.domain.stuck_facts import Facts, Night, Source
from rpa.domain.stuck_judging import Finding, Unchecked
from rpa.domain.stuck_verdicts import Severity
from rpa.domain.working_days import WorkingDays

NIGHTS_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckRow:
    """One finding as a report tells and keeps it; `first_seen` is the first of its nights in a row."""

    rule: str
    title: str
    subject: str
    name: str
    reason: str
    severity: Severity
    since: date | None
    first_seen: date
    action: str
    flow: str = ""
    options: str = ""
    guide: str = ""

    def age(self, today: date) -> int:
        """Days since it is so, as far as anybody knows."""
        return max((today - (self.since or self.first_seen)).days, 0)

    @property
    def key(self) -> tuple[str, str]:
        """What makes two nights' rows the same."""
        return self.rule, self.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class PastNight:
    """An earlier night, as its report was kept; `rows` are those found or carried over."""

    day: date
    rows: tuple[StuckRow, ...]
    stuck: int
    degraded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Tonight beside the last night: all rows, those that are new, those solved, those not looked at."""

    rows: tuple[StuckRow, ...]
    new: frozenset[tuple[str, str]] = frozenset()
    solved: tuple[StuckRow, ...] = ()
    carried: tuple[StuckRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StripNight:
    """One night of the strip; `stuck` is None where no report was made."""

    day: date
    stuck: int | None
    degraded: bool = False


def compared(
    findings: Sequence[Finding],
    unchecked: Iterable[Unchecked],
    night: Night,
    seen: Mapping[str, Facts],
    last: PastNight | None,
) -> Compared:
    """Tonight's findings as rows, most urgent and oldest first, beside the last night.

    `seen` is what was read, by subject. A row of the last night is solved only where its rule could be
    judged for its subject tonight, with all that it goes by; otherwise it is carried over.
    """
    before = {row.key: row for row in last.rows} if last else {}
    rows = [_row(finding, before, night.today) for finding in findings]
    rows.sort(key=lambda row: (list(Severity).index(row.severity), -row.age(night.today), row.title, row.key))
    found = {row.key for row in rows}
    doubtful = {(one.rule.name, one.subject) for one in unchecked}
    gone = [row for key, row in before.items() if key not in found]
    kept = [row for row in gone if row.key in doubtful or not _was_looked_at(row, night, seen)]
    return Compared(
        rows=tuple(rows),
        new=frozenset(found - before.keys()) if last else frozenset(),
        solved=tuple(row for row in gone if row not in kept),
        carried=tuple(kept),
    )


def strip(past: Iterable[PastNight], tonight: StripNight, days: WorkingDays) -> tuple[StripNight, ...]:
    """The last ten working days, oldest first, tonight at the end; a night without a report shows as such."""
    known = {
        night.day: StripNight(day=night.day, stuck=night.stuck, degraded=night.degraded) for night in past
    }
    shown = [tonight]
    while len(shown) < NIGHTS_SHOWN:
        day = days.previous(shown[0].day)
        shown.insert(0, known.get(day, StripNight(day=day, stuck=None)))
    return tuple(shown)


def _row(finding: Finding, before: Mapping[tuple[str, str], StuckRow], today: date) -> StuckRow:
    row = StuckRow(
        rule=finding.rule.name,
        title=finding.rule.title,
        subject=finding.subject,
        name=finding.name,
        reason=finding.reason,
        severity=finding.severity,
        since=finding.since,
        first_seen=today,
        action=finding.action.words,
        flow=finding.action.flow,
        options=finding.action.options,
        guide=finding.rule.guide,
    )
    earlier = before.get(row.key)
    return replace(row, first_seen=min(earlier.first_seen, today)) if earlier else row


def _was_looked_at(row: StuckRow, night: Night, seen: Mapping[str, Facts]) -> bool:
    """Whether tonight's silence about the row means that it is solved.

    Where something is missing that the rule only goes by, a record that was opened says as much, to a rule
    that asks for it.
    """
    rule: Rule | None = RULE_OF.get(row.rule)
    if rule is None:
        return True
    facts, whole = seen.get(row.subject), night.read_whole(row.subject)
    if facts is None and night.rows_without_id and Source.TRACKER in rule.needs | rule.uses:
        return False
    if not rule.needs <= whole:
        return False
    asks_adp = Source.RECORD in rule.needs | rule.uses
    was_opened = asks_adp and facts is not None and facts.record is not None
    return was_opened or rule.uses - {Source.RECORD} <= whole
