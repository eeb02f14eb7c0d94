"""On which class an agent should be, and on which one is (guide: "Verify all agents are listed")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rpa.domain.extension import UPTRAINING_CLASS
from rpa.domain.records import CustomFields
from rpa.domain.rosters import ClassKey, TrainingClass, told_apart


class Standing(StrEnum):
    """Where an agent stands, compared with ADP."""

    LISTED = "listed"
    MISSING = "missing"
    MISPLACED = "misplaced"
    PRODUCTION = "production"

    @property
    def is_right(self) -> bool:
        """True where BlackDash agrees with ADP."""
        return self in {Standing.LISTED, Standing.PRODUCTION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One agent: the class that ADP means, and what the classes are called that list the agent."""

    standing: Standing
    expected: ClassKey | None
    found: tuple[str, ...]


def expected_class(
    fields: CustomFields,
    manager: str,
    today: date,
    *,
    uptraining_class: str = UPTRAINING_CLASS,
    is_counted_in_production: bool = False,
) -> ClassKey | None:
    """The class that the record's values put an agent on, or None for production.

    Assumed: on the last day itself, an agent whose head is counted in production is on no class.
    """
    if fields.esp_end == today and is_counted_in_production:
        return None
    if fields.esp_end is not None and fields.esp_end >= today:
        return ClassKey(manager=manager, start=fields.esp_start, end=fields.esp_end)
    if fields.uptraining == uptraining_class:
        return ClassKey(campaign_class=uptraining_class)
    return None


def place(
    employee_id: str, expected: ClassKey | None, rosters: Mapping[TrainingClass, frozenset[str]]
) -> Placement:
    """Compare the expected class with all rosters; several classes may have one name."""
    on = [one for one, listed in rosters.items() if employee_id in listed]
    if any(expected is None or not expected.matches(one) for one in on):
        standing = Standing.MISPLACED
    elif on:
        standing = Standing.LISTED
    else:
        standing = Standing.PRODUCTION if expected is None else Standing.MISSING
    names = told_apart(rosters)
    return Placement(standing=standing, expected=expected, found=tuple(sorted(names[one] for one in on)))
