"""What a stuck rule says of a subject: found, or in doubt, or neither (None)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rpa.domain.rosters import TrainingClass
from rpa.domain.stuck_facts import Facts


class Severity(StrEnum):
    """How soon somebody must act."""

    NOW = "now"
    SOON = "soon"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Action:
    """What to do next: in words, and the flow with its options where a batch file does it."""

    words: str
    flow: str = ""
    options: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A rule has found its subject: why, since when; what differs from the rule's own action and severity."""

    reason: str
    since: date | None = None
    action: Action | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Nobody can tell; `asks_adp` where the record would."""

    why: str
    asks_adp: bool = False


Verdict = Found | Doubt | None


def ask(facts: Facts) -> Doubt | None:
    """Only the record would tell; one that ADP does not have is the matter of another rule."""
    if facts.no_record:
        return None
    return Doubt(facts.record_missing or "the record was not read", asks_adp=True)


def names(classes: tuple[TrainingClass, ...]) -> str:
    """These classes by name, for a sentence."""
    return " and ".join(sorted(one.name for one in classes))
