"""What the run report says in words: its title, its headline, and what needs whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from rpa.domain.outcomes import STANDING, Outcome
from rpa.domain.runs import Run, RunRow

TITLES = {
    "extend": "Extend the training environment",
    "clear-uptraining": "Clear the uptraining class",
    "transfer": "Transfer to production",
    "undo": "Undo a run",
}
DONE_WORDS = {
    "extend": "extended",
    "clear-uptraining": "taken off uptraining",
    "transfer": "transferred",
    "undo": "put back",
}
NEEDS_YOU = (Outcome.UNKNOWN, Outcome.FAILED, Outcome.DRIFTED)
WAITS = (Outcome.PENDING,)
LEFT = (Outcome.REFUSED, Outcome.INVALID, Outcome.SKIPPED)
URGENCY = (*NEEDS_YOU, *WAITS, *LEFT)
NOTHING_WRITTEN = "Nothing was written. `rpa resume` does the agents that are left."
NEXT_STEPS = {
    Outcome.UNKNOWN: "Open the record in ADP and compare; do not apply again before you know.",
    Outcome.FAILED: "Nothing was written. When the cause is mended, `rpa resume` tries it again.",
    Outcome.DRIFTED: "Nothing was written. Plan again and look at the new values.",
    Outcome.PENDING: "Look again later.",
    Outcome.REFUSED: "Nothing was written. Where the rule is right, nothing is left to do.",
    Outcome.INVALID: "Mend the row in the file, and plan again.",
}
GLYPHS = {
    Outcome.DONE: "✓",
    Outcome.UNCHANGED: "=",
    Outcome.PENDING: "…",
    Outcome.UNKNOWN: "?",
    Outcome.FAILED: "✗",
    Outcome.DRIFTED: "≠",
    Outcome.REFUSED: "-",
    Outcome.INVALID: "!",
    Outcome.SKIPPED: "»",
}
MAIL_STATES = {
    "queued": "not sent yet",
    "sending": "being sent just now",
    "sent": "handed to the mail server",
    "written": "a file in the outbox: open it and send it",
    "refused": "not sent: the mail server does not take it",
    "unknown": "may have been sent: look in the mailbox",
    "discarded": "not sent, as somebody decided",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Agents that ended alike, for the same reason, and with the same next step."""

    outcome: Outcome
    reason: str
    next_step: str
    rows: tuple[RunRow, ...]


def is_done(outcome: Outcome) -> bool:
    """True where the portal was seen to show what the manager asked for."""
    return outcome in STANDING


def _is_other(outcome: Outcome) -> bool:
    """True for a word that a run of today does not end with; it is told as it stands."""
    return not is_done(outcome) and outcome not in URGENCY


def glyph(outcome: Outcome) -> str:
    """A sign that tells outcomes apart without their colour."""
    return GLYPHS.get(outcome, "·")


def title(run: Run) -> str:
    """The flow in a manager's words, and its batch: the route and the classes."""
    classes = [roster.name for roster in run.rosters]
    batch = classes[0] if len(classes) == 1 else f"{len(classes)} classes" if classes else ""
    route = f"route {run.route}" if run.route else ""
    return " · ".join(filter(None, [TITLES.get(run.flow, run.flow), batch, route]))


def headline(run: Run) -> str:
    """The result in one sentence, as an operations manager says it."""
    tail = [
        _counted(run, NEEDS_YOU, "needs you", "need you"),
        _counted(run, WAITS, "still waits", "still wait"),
        _counted(run, (Outcome.REFUSED,), "refused by a rule"),
        _counted(run, (Outcome.INVALID,), "unusable in the file"),
        _counted(run, (Outcome.SKIPPED,), "not tried"),
        *(_counted(run, (outcome,), outcome.value) for outcome in Outcome if _is_other(outcome)),
    ]
    return "; ".join([_done(run), *filter(None, tail)])


def _done(run: Run) -> str:
    total, word = len(run.rows), DONE_WORDS.get(run.flow, "done")
    done = sum(is_done(row.outcome) for row in run.rows)
    agents = "agent" if total == 1 else "agents"
    if not total:
        return "No agents in this run"
    if not done:
        return f"None of {total} {agents} {word}"
    if done == total > 1:
        return f"All {total} {agents} {word}"
    return f"{done} of {total} {agents} {word}"


def _counted(run: Run, outcomes: Sequence[Outcome], one: str, many: str = "") -> str:
    number = sum(row.outcome in outcomes for row in run.rows)
    return f"{number} {one if number == 1 else many or one}" if number else ""


def how_it_ended(run: Run) -> str:
    """Why the run did not reach its end, or an empty text where it did."""
    if run.state == "completed":
        return ""
    if run.ended_at is None:
        return "The journal holds no end of this run: it was interrupted, or is still going on."
    return f"The run stopped before its end: {run.stopped_because or 'no reason is known'}"


def troubles(run: Run) -> list[Trouble]:
    """What is not done, most urgent first; agents of one cause stand together."""
    groups: dict[tuple[Outcome, str, str], list[RunRow]] = {}
    for row in run.rows:
        if not is_done(row.outcome):
            groups.setdefault((row.outcome, row.reason, next_step(row)), []).append(row)
    return [
        Trouble(outcome=outcome, reason=reason, next_step=step, rows=tuple(rows))
        for (outcome, reason, step), rows in sorted(groups.items(), key=lambda item: _urgency(item[0][0]))
    ]


def _urgency(outcome: Outcome) -> int:
    return URGENCY.index(outcome) if outcome in URGENCY else len(URGENCY)


def next_step(row: RunRow) -> str:
    """What to do about the row; every one that is not done has something."""
    if row.next_step or is_done(row.outcome):
        return row.next_step
    return NEXT_STEPS.get(row.outcome, NOTHING_WRITTEN)


def changed_fields(run: Run) -> list[str]:
    """The fields that the run is about, in the order in which its rows name them."""
    return list(dict.fromkeys(field for row in run.rows for field in row.after))


def found_fields(row: RunRow, fields: Sequence[str]) -> list[str]:
    """Which of the values that ADP showed at the end are told: the row's own, else the run's."""
    return [field for field in (row.after or fields or row.found) if field in row.found]


def duration(span: timedelta | float) -> str:
    """A length of time for a person: "4 min 12 s"."""
    seconds = round(span.total_seconds() if isinstance(span, timedelta) else span)
    hours, minutes = divmod(seconds // 60, 60)
    parts = [(hours, "h"), (minutes, "min"), (seconds % 60, "s")]
    while len(parts) > 1 and not parts[0][0]:
        parts.pop(0)
    return " ".join(f"{number} {unit}" for number, unit in parts)
