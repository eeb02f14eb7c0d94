"""Made-up people: classes in training and after it, and the look-alikes that automation must not confuse."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, cycle, islice
from pathlib import Path

from mock_portals.departments import CAMPAIGNS, SITES, contact_center, training

FIRST_ID = 10_001
FIRST_CLASS = 14
CLASS_SIZES = (8, 20)
ESP_CLASSES = 30
FRIDAY = 4
ONE_IN_SO_MANY_IS_ON_LEAVE = 25
ONE_IN_SO_MANY_HAS_NO_GRADUATION = 6

# Days from today to the last ESP day of a class; the pattern repeats over the classes.
CLASS_ENDS = (2, -3, 0, 4, -45, 1, -1, 7, -60, 3)
DAYS_UNTIL_PRODUCTION = 30

NAMES: dict[str, list[str]] = json.loads((Path(__file__).parent / "names.json").read_text(encoding="utf-8"))


@dataclass(slots=True)
class Employee:
    """One person as ADP holds them."""

    employee_id: str
    aoid: str
    position_id: str
    first_name: str
    last_name: str
    site: str
    campaign: str
    esp_manager: str
    status: str = "Active"
    job_title: str = "Licensed Agent I"
    reports_to: str = ""
    esp_start_date: date | None = None
    esp_end_date: date | None = None
    training_graduation_date: date | None = None
    uptraining_class: str = ""
    home_department: str = ""
    home_department_effective: date | None = None
    shirt_size: str = "M"
    parking_permit: str = ""

    @property
    def name(self) -> str:
        """The name as ADP writes it."""
        return f"{self.last_name}, {self.first_name}"


@dataclass(frozen=True, slots=True)
class Cohort:
    """People who began together under one manager."""

    manager: str
    site: str
    campaign: str
    start: date
    end: date
    on_production: bool
    size: int


def people(how_many: int, seed: int, today: date) -> dict[str, Employee]:
    """So many employees by employee id, always the same for the same seed and day."""
    chance = random.Random(seed)  # noqa: S311 - made-up people need no secrecy
    made: dict[str, Employee] = {}
    for cohort in _cohorts(chance, today):
        for _ in range(min(cohort.size, how_many - len(made))):
            employee = _member(chance, cohort, str(FIRST_ID + len(made)))
            made[employee.employee_id] = employee
        if len(made) == how_many:
            break
    if how_many >= FIRST_CLASS:  # a smaller world is a part of one class, and stays plain
        _plant_look_alikes(made, today)
    return made


def _cohorts(chance: random.Random, today: date) -> Iterator[Cohort]:
    """The classes of these weeks, and then, week before week, those who have long been on production."""
    taken: set[tuple[str, date]] = set()
    for number in count():
        weeks_ago = max(0, number - ESP_CLASSES)
        ends_in = CLASS_ENDS[number % len(CLASS_ENDS)] if not weeks_ago else -60 - 7 * weeks_ago
        end = _weekday(today + timedelta(days=ends_in))
        # Weekends move different days to the same Friday; a manager has one class that ends there.
        turn = islice(cycle(NAMES["managers"]), number % len(NAMES["managers"]), None)
        manager = next(one for one in turn if (one, end) not in taken)
        taken.add((manager, end))
        yield Cohort(
            manager=manager,
            site=SITES[(number + number // len(CAMPAIGNS)) % len(SITES)],
            campaign=tuple(CAMPAIGNS)[number % len(CAMPAIGNS)],
            start=_first_day(end),
            end=end,
            on_production=end < today - timedelta(days=DAYS_UNTIL_PRODUCTION),
            size=chance.randint(*CLASS_SIZES) if number else FIRST_CLASS,
        )


def _weekday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - FRIDAY))


def _first_day(end: date) -> date:
    """The first of the five working days that end there."""
    return end - timedelta(days=4 if end.weekday() == FRIDAY else 6)


def _member(chance: random.Random, cohort: Cohort, employee_id: str) -> Employee:
    is_away = cohort.on_production and chance.randrange(ONE_IN_SO_MANY_IS_ON_LEAVE) == 0
    has_graduated = cohort.on_production or int(employee_id) % ONE_IN_SO_MANY_HAS_NO_GRADUATION
    first_name, last_name = cohort.manager.split(" ", 1)
    return Employee(
        employee_id=employee_id,
        aoid=_aoid(chance),
        position_id=_position_id(employee_id),
        first_name=chance.choice(NAMES["first"]),
        last_name=chance.choice(NAMES["last"]),
        site=cohort.site,
        campaign=cohort.campaign,
        esp_manager=cohort.manager,
        status="Leave of absence" if is_away else "Active",
        job_title="Licensed Agent II" if cohort.on_production else "Licensed Agent I",
        reports_to=f"{last_name}, {first_name}",
        esp_start_date=cohort.start,
        esp_end_date=cohort.end,
        training_graduation_date=cohort.end if has_graduated else None,
        home_department=(
            contact_center(cohort.campaign, cohort.site) if cohort.on_production else training(cohort.site)
        ),
        home_department_effective=cohort.end + timedelta(days=3) if cohort.on_production else cohort.start,
        shirt_size=chance.choice(("S", "M", "L", "XL")),
        parking_permit=f"P-{chance.randrange(100, 999)}",
    )


def _plant_look_alikes(made: dict[str, Employee], today: date) -> None:
    """Same names, ids of which one begins another, and a rehire beside the record that was closed."""
    ids = list(made)
    first, twin = made[ids[0]], made[ids[5]]
    twin.first_name, twin.last_name = first.first_name, first.last_name
    # The longer id sits in the class of the id that begins it, where a search by part finds both.
    longer, shorter = made.pop(ids[-1]), made[ids[1]]
    made[f"{shorter.employee_id}2"] = replace(
        shorter,
        employee_id=f"{shorter.employee_id}2",
        position_id=_position_id(f"{shorter.employee_id}2"),
        aoid=longer.aoid,
        first_name=longer.first_name,
        last_name=longer.last_name,
    )
    closed, rehired = made.pop(ids[-2]), made[ids[2]]
    closed.first_name, closed.last_name = f"{rehired.first_name} J.", rehired.last_name
    closed.status = "Terminated"
    closed.home_department_effective = today - timedelta(days=400)
    made[closed.employee_id] = closed


def _aoid(chance: random.Random) -> str:
    return "G" + "".join(chance.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=15))


def _position_id(employee_id: str) -> str:
    return f"X4B{int(employee_id):06d}"
