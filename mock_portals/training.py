"""The training environment: which classes BlackDash makes of what ADP says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from mock_portals.departments import CAMPAIGNS

if TYPE_CHECKING:
    from mock_portals.people import Employee


@dataclass(frozen=True, slots=True)
class TrainingClass:
    """A class as BlackDash lists it; `end` is None for an uptraining class."""

    class_id: str
    name: str
    manager: str
    start: date | None
    end: date | None
    campaign: str
    spun_up: bool
    roster: tuple[str, ...]


def classes(employees: Iterable[Employee], today: date, spun_up: Collection[str]) -> list[TrainingClass]:
    """Every class in the training environment; `spun_up` has the ids of those that NOC has spun up."""
    active = [one for one in employees if one.status == "Active"]
    return [*_esp_classes(active, today, spun_up), *_uptraining_classes(active, today)]


def _esp_classes(
    active: Iterable[Employee], today: date, spun_up: Collection[str]
) -> Iterable[TrainingClass]:
    groups: defaultdict[tuple[date, date, str], list[Employee]] = defaultdict(list)
    for one in active:
        if one.esp_start_date and one.esp_end_date and _is_in_esp(one, today):
            groups[one.esp_end_date, one.esp_start_date, one.esp_manager].append(one)
    for (end, start, manager), members in sorted(groups.items()):
        class_id = f"esp-{_slug(manager)}-{start:%Y%m%d}-{end:%Y%m%d}"
        yield TrainingClass(
            class_id=class_id,
            # Two classes of one manager who began together have one name: only the dates tell them apart.
            name=f"ESP {manager.split(' ')[-1]} {start:%m/%d}",
            manager=manager,
            start=start,
            end=end,
            campaign=members[0].campaign,
            spun_up=class_id in spun_up,
            roster=_roster(members),
        )


def _is_in_esp(employee: Employee, today: date) -> bool:
    """Up to the last day; on that day a head that is counted in production already is out."""
    assert employee.esp_end_date is not None
    if employee.esp_end_date != today:
        return employee.esp_end_date > today
    effective = employee.home_department_effective
    is_counted = effective is not None and effective <= today
    return not (is_counted and employee.home_department.endswith("Contact Center"))


def _uptraining_classes(active: Iterable[Employee], today: date) -> Iterable[TrainingClass]:
    expired = [one for one in active if _has_expired(one, today)]
    for campaign in CAMPAIGNS:
        yield TrainingClass(
            class_id=f"uptraining-{_slug(campaign)}",
            name=campaign,
            manager="",
            start=None,
            end=None,
            campaign=campaign,
            spun_up=True,
            roster=_roster(one for one in expired if one.uptraining_class == campaign),
        )


def _has_expired(employee: Employee, today: date) -> bool:
    dates = (employee.esp_end_date, employee.training_graduation_date)
    return all(day is not None and day < today for day in dates)


def _roster(members: Iterable[Employee]) -> tuple[str, ...]:
    return tuple(sorted(one.employee_id for one in members))


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text.casefold(), flags=re.ASCII).strip("-")
