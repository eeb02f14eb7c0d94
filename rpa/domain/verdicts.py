"""What a row's end is called: before Done, and after it, when the record was read again on a fresh load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision, PlanRow
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.values import Values, differences, label, only, shown

LOOK = "Open the record in ADP and compare; do not apply again before you know."
NOTHING_WRITTEN = "Nothing was written for this agent. Plan again when the cause is mended."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of a row with its reason and what the manager does next."""

    outcome: Outcome
    reason: str = ""
    next_step: str = ""


def already(row: PlanRow, seen: Values) -> Verdict:
    """The verdict on a row that is so already, unless what its plan rested on has changed."""
    if row.outcome is Outcome.UNCHANGED and (lost := differences(row.seen, seen)):
        return drift(row.seen, seen, lost)
    return Verdict(outcome=Outcome.UNCHANGED, reason=row.reason or "ADP shows the wanted values already")


def drift(planned: Values, seen: Values, fields: Sequence[str]) -> Verdict:
    """The verdict on a row in which these fields have changed since the plan."""
    told = ", ".join(
        f"{label(name)} was {shown(planned.get(name))} and is now {shown(seen.get(name))}" for name in fields
    )
    return Verdict(
        outcome=Outcome.DRIFTED,
        reason=f"changed since the plan: {told}",
        next_step="Nothing was written for this agent. Plan again and look at the new values.",
    )


def no_longer_right(decision: Decision, row: PlanRow) -> Verdict | None:
    """The rules are asked again: a run can be resumed on another day than its plan was made for."""
    if decision.outcome is Outcome.PLANNED and dict(decision.after) == dict(row.after):
        return None
    return Verdict(
        outcome=Outcome.REFUSED,
        reason=f"the rules say something else now: {decision.reason or 'other values'}",
        next_step=NOTHING_WRITTEN,
    )


def after_done(answer: Answer | None, before: Values, wanted: Values, found: Values | None) -> Verdict:
    """The verdict on a write: the read-back decides, the portal's own words only explain.

    `answer` is None when Done was pressed and no answer was seen in time; `found` is None when the
    record could not be read again.
    """
    if found is None:
        return _unknown("Done was pressed, and the record could not be read again")
    if not differences(wanted, only(found, wanted)):
        return Verdict(outcome=Outcome.DONE)
    if differences(before, only(found, before)):
        return _unknown(f"ADP shows neither the old nor the new values: {_told(wanted, found)}")
    return _still_old(answer)


def _still_old(answer: Answer | None) -> Verdict:
    if answer is None:
        return _unknown("Done was pressed and ADP gave no answer; the old values still show")
    match answer.kind:
        case AnswerKind.APPROVAL:
            return Verdict(
                outcome=Outcome.PENDING,
                reason="ADP took the change, but somebody must approve it first",
                next_step="Have the change approved in ADP, then plan again to see that it is there.",
            )
        case AnswerKind.REJECTED:
            return Verdict(
                outcome=Outcome.FAILED,
                reason=f"ADP did not save: {answer.sentence}",
                next_step=NOTHING_WRITTEN,
            )
        case AnswerKind.SAVED:
            return _unknown("ADP said that it saved, but after reloading the old values show")
        case AnswerKind.SILENT:
            return _unknown("ADP closed the panel without a word, and the old values show")


def _unknown(reason: str) -> Verdict:
    return Verdict(outcome=Outcome.UNKNOWN, reason=reason, next_step=LOOK)


def _told(wanted: Values, found: Values) -> str:
    return ", ".join(f"{label(field)} is {shown(found.get(field))}" for field in wanted)
