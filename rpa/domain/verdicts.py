"""What a row's end is called: before Done, and after it, when the record was read again on a fresh load."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision, PlanRow
from rpa.domain.records import Answer, AnswerKind, Pressed
from rpa.domain.values import Values, differences, label, labels, only, shown, still_missing

LOOK = "Open the record in ADP and compare; do not apply again before you know."
# A refused row stays refused in its run; a failed one is tried again when the run is resumed.
PLAN_AGAIN = "Nothing was written for this agent. Plan again when the cause is mended."
TRY_AGAIN = "Nothing was written for this agent. When the cause is mended, `rpa resume` tries it again."
PLAN_THE_REST = "Plan again: only what is missing will be done. `rpa undo` takes the saved part back."
LOOKS_AGAIN = "`rpa resume` looks again."
LEFT_ALONE = "This run does nothing more for this agent. `rpa undo` takes back what it has saved."
TRY_THE_REST = "`rpa resume` does only what is missing. `rpa undo` takes the saved part back."
REST = {PLAN_AGAIN: PLAN_THE_REST, TRY_AGAIN: TRY_THE_REST}
EFFECTIVE = "home_department_effective"


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


def drifted_fields(row: PlanRow, seen: Values) -> list[str]:
    """The fields that somebody has changed since the plan; one that has the wanted value is none."""
    missing = still_missing(row.after, seen)
    return [field for field in differences(row.seen, seen) if field in missing or field not in row.after]


def no_longer_right(decision: Decision, missing: Values) -> Verdict | None:
    """The rules are asked again: a run can be resumed on another day than its plan was made for."""
    if decision.outcome is Outcome.PLANNED and dict(decision.after) == dict(missing):
        return None
    return Verdict(
        outcome=Outcome.REFUSED,
        reason=f"the rules say something else now: {decision.reason or 'other values'}",
        next_step=PLAN_AGAIN,
    )


def after_done(
    pressed: Pressed,
    before: Values,
    wanted: Values,
    found: Values | None,
    *,
    failure: str = "",
    today: date = date.max,
) -> Verdict:
    """The verdict on a write: the read-back decides, the portal's own words only explain.

    `found` is None when the record could not be read again, `failure` what kept a part from being sent.
    What is dated after `today` cannot show yet.
    """
    if found is None:
        return _unknown("Done was pressed, and the record could not be read again")
    missing = still_missing(wanted, found)
    if not missing:
        return Verdict(outcome=Outcome.DONE)
    if differences(only(before, missing), only(found, missing)):
        return _unknown(f"ADP shows neither the old nor the new values: {_told(wanted, found)}")
    verdict = _dated_ahead(pressed, missing, today) or _still_old(pressed, missing, failure)
    return with_part(verdict, before, wanted, found)


def with_part(verdict: Verdict, before: Values, wanted: Values, found: Values) -> Verdict:
    """The verdict, saying plainly which part of the change stands already, if one does."""
    stands = [field for field in differences(before, wanted) if field not in still_missing(wanted, found)]
    if not stands:
        return verdict
    next_step = REST.get(verdict.next_step, verdict.next_step)
    reason = f"only a part stands, {labels(stands)}; of the rest: {verdict.reason}"
    return replace(verdict, reason=reason, next_step=next_step)


def _dated_ahead(pressed: Pressed, missing: Values, today: date) -> Verdict | None:
    """A change of department that ADP took and shows from its day on."""
    effective = missing.get(EFFECTIVE)
    answer = pressed.get(EFFECTIVE)
    if answer is None or answer.kind is not AnswerKind.SAVED or effective is None:
        return None
    if date.fromisoformat(effective) <= today or set(missing) - {"home_department", EFFECTIVE}:
        return None
    return Verdict(
        outcome=Outcome.PENDING,
        reason=f"ADP took the change, which is dated ahead and shows from {effective} on",
        next_step="`rpa resume` looks on that day whether it has come to be.",
    )


def _still_old(pressed: Pressed, missing: Collection[str], failure: str) -> Verdict:
    answers = [pressed[field] for field in missing if field in pressed]
    if not answers:
        reason = f"{labels(missing)} was not changed: {failure or 'the run stopped before'}"
        return Verdict(outcome=Outcome.FAILED, reason=reason, next_step=TRY_AGAIN)
    if answers[0] is None:
        return _unknown("Done was pressed and ADP gave no answer; the old values still show")
    return _by_words(answers[0])


def _by_words(answer: Answer) -> Verdict:
    """What the portal's own words make of old values that still show."""
    match answer.kind:
        case AnswerKind.APPROVAL:
            return Verdict(
                outcome=Outcome.PENDING,
                reason="ADP took the change, but somebody must approve it first",
                next_step="Have the change approved in ADP, then `rpa resume` this run.",
            )
        case AnswerKind.REJECTED:
            return Verdict(
                outcome=Outcome.FAILED,
                reason=f"ADP did not save: {answer.sentence}",
                next_step=TRY_AGAIN,
            )
        case AnswerKind.SIGNED_OUT:
            return Verdict(
                outcome=Outcome.FAILED,
                reason="the ADP session ended before Done, and the old values still show",
                next_step="Nothing was written for this agent. `rpa resume` the run.",
            )
        case AnswerKind.SAVED:
            return _unknown("ADP said that it saved, but after reloading the old values show")
        case AnswerKind.SILENT:
            return _unknown("ADP closed the panel without a word, and the old values show")


def _unknown(reason: str) -> Verdict:
    return Verdict(outcome=Outcome.UNKNOWN, reason=reason, next_step=LOOK)


def _told(wanted: Values, found: Values) -> str:
    return ", ".join(f"{label(field)} is {shown(found.get(field))}" for field in wanted)
