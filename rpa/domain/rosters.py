"""Training classes as BlackDash shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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

    def matches(self, listed: TrainingClass) -> bool:
        """Whether the listed class is meant (guide: "the class that coordinates the ESP manager and dates
        selected", "find the Aetna class").
        """
        if self.campaign_class:
            return listed.name == self.campaign_class and listed.start is None
        return (
            self.end is not None
            and (listed.start, listed.end) == (self.start, self.end)
            and (not self.manager or same_person_name(self.manager, listed.manager))
        )


def find_classes(listed: Iterable[TrainingClass], key: ClassKey) -> list[TrainingClass]:
    """The listed classes that the key means; more than one only where no manager is named."""
    return [one for one in listed if key.matches(one)]
