"""What a row's end is called, once Done was pressed and the record was read again on a fresh load."""

from __future__ import annotations

from dataclasses import dataclass

from rpa.domain.outcomes import Outcome
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.values import Values, differences, label, only, shown

LOOK = "Open the record in ADP and compare; do not apply again before you know."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of a row with its reason and what the manager does next."""

    outcome: Outcome
    reason: str = ""
    next_step: str = ""


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
                next_step="Nothing was written for this agent. Plan again when the cause is mended.",
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
