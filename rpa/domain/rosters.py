"""Training classes as BlackDash shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from rpa.domain.agents import same_person_name


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingClass:
    """One row of the list of classes; an uptraining class has no manager and no dates."""

    name: str
    campaign: str
    manager: str
    start: date | None
    end: date | None
    agents: int
    spun_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterSeen:
    """The agents on the roster of a class at one look; `name` is None while BlackDash has no such class."""

    name: str | None
    listed: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassKey:
    """Which class is meant: an uptraining class by its exact name, an ESP class by manager and dates.

    Without a manager every ESP class with these dates is meant.
    """

    campaign_class: str = ""
    manager: str = ""
    start: date | None = None
    end: date | None = None

    def __str__(self) -> str:
        if self.campaign_class:
            return f"uptraining class {self.campaign_class}"
        of = f" of {self.manager}" if self.manager else ""
        return f"ESP class{of} {self.start} to {self.end}"

    def is_same(self, other: ClassKey) -> bool:
        """Whether both mean one class, however its manager's name is written."""
        managers = (self.manager, other.manager)
        return replace(self, manager="") == replace(other, manager="") and (
            managers[0] == managers[1] or same_person_name(*managers)
        )

    def matches(self, listed: TrainingClass) -> bool:
        """Whether the listed class is meant (guide: "the class that coordinates the ESP manager and dates
        selected", "find the Aetna class").
        """
        if self.campaign_class:
            return listed.name == self.campaign_class and listed.start is None
        return (
            (self.start, self.end) != (None, None)
            and (listed.start, listed.end) == (self.start, self.end)
            and (not self.manager or same_person_name(self.manager, listed.manager))
        )


def key_by_dates(listed: TrainingClass) -> ClassKey:
    """The key that means this class, whoever leads it."""
    if listed.start is None:
        return ClassKey(campaign_class=listed.name)
    return ClassKey(start=listed.start, end=listed.end)


def find_classes(listed: Iterable[TrainingClass], key: ClassKey) -> list[TrainingClass]:
    """The listed classes that the key means; more than one only where no manager is named."""
    return [one for one in listed if key.matches(one)]


def told_apart(listed: Iterable[TrainingClass]) -> dict[TrainingClass, str]:
    """What to call each class: its name, with manager and dates where several have the same one."""
    classes = list(listed)
    often = Counter(one.name for one in classes)
    return {one: one.name if often[one.name] == 1 else _in_full(one) for one in classes}


def named(listed: Iterable[TrainingClass], name: str) -> list[TrainingClass]:
    """The classes that are called so, alone or with manager and dates; case and spacing do not count."""
    asked = _folded(name)
    return [one for one, told in told_apart(listed).items() if asked in {_folded(one.name), _folded(told)}]


def _in_full(one: TrainingClass) -> str:
    of = f" of {one.manager}" if one.manager else ""
    return f"{one.name}{of}, {one.start or '-'} to {one.end or '-'}"


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def standing_on(
    rosters: Mapping[TrainingClass, frozenset[str]], agents: frozenset[str]
) -> dict[ClassKey, frozenset[str]]:
    """The classes that list any of these agents, by their dates, and whom of them each lists."""
    found: dict[ClassKey, frozenset[str]] = {}
    for one, listed in rosters.items():
        if here := listed & agents:
            key = key_by_dates(one)
            found[key] = found.get(key, frozenset()) | here
    return found
