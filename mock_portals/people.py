"""Made-up people: classes in training and after it, and the look-alikes that automation must not confuse."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

SITES = ("PRV", "SLC", "MEM", "SAT")
CAMPAIGNS = {"CareSource": "511", "Aetna": "510", "Anthem": "520", "Assurance": "544"}
ESP_DAYS = 5

FIRST_NAMES = tuple(
    "Ava Liam Mia Noah Zoe Ethan Ruby Owen Ivy Leo Nora Caleb Elena Marcus Priya Jonah Aaliyah Mateo "
    "Hannah Darius Sofía Theo Renée Kai Imani Lucas Chloé Andre Mei Tomás Freya Silas Nadia Rafael".split()
)
LAST_NAMES = tuple(
    "Smith Garcia Nguyen Johnson Walker Brooks Patel Reyes Young Diaz O'Brien Müller Okafor Lindqvist "
    "Castillo Hughes D'Angelo Kowalski Sharma Bennett Ramírez Foster Chen Whitaker Hoang Mercer Abdi "
    "Fontaine Vasquez Larsen".split()
)
MANAGERS = ("Dana Whitfield", "Marcus Ortega", "Priya Raman", "Helen Castellanos")


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
class Department:
    """An entry of the validation table that Home Department is picked from."""

    code: str
    name: str
    active: bool = True

    @property
    def label(self) -> str:
        """The entry as the look-up shows it."""
        return f"{self.code} - {self.name}"


def departments() -> list[Department]:
    """Contact centers of every campaign and site, with the near twins that real tables collect."""
    return [department for campaign, code in CAMPAIGNS.items() for department in _of_campaign(campaign, code)]


def _of_campaign(campaign: str, code: str) -> Iterator[Department]:
    for site in SITES:
        yield Department(code, f"{campaign} {site} Contact Center")
        yield Department(f"{code}0", f"{campaign} {site} Contact Center Support")
        yield Department(code, f"{campaign} {site} Back Office")
        yield Department(f"9{code[1:]}", f"{campaign} {site} Training")
    yield Department(code, f"{campaign} PRV Contact Centre", active=False)
    yield Department(code, f"{campaign} SLC2 Contact Center", active=False)


def people(count: int, seed: int, today: date) -> dict[str, Employee]:
    """So many employees by employee id, always the same for the same seed and day."""
    chance = random.Random(seed)  # noqa: S311 - made-up people need no secrecy
    made: dict[str, Employee] = {}
    while len(made) < count:
        for employee in _class(chance, len(made), today):
            if len(made) < count:
                made[employee.employee_id] = employee
    _plant_look_alikes(chance, made, today)
    return made


# Days from today to the last ESP day of a class; the pattern repeats over the classes.
_CLASS_ENDS = (2, 4, 0, -3, 1, -10, 7, -1, -30, 3)


def _class(chance: random.Random, made: int, today: date) -> Iterator[Employee]:
    """One class of agents who began together under one manager."""
    number = made // 14
    end = _weekday(today + timedelta(days=_CLASS_ENDS[number % len(_CLASS_ENDS)]))
    start = _weekday(end - timedelta(days=ESP_DAYS + 1)) if end.weekday() < ESP_DAYS - 1 else _monday_of(end)
    campaign = tuple(CAMPAIGNS)[number % len(CAMPAIGNS)]
    manager = MANAGERS[number % len(MANAGERS)]
    site = SITES[(number // 2) % len(SITES)]
    ended = end < today
    for _ in range(14):
        employee_id = str(10_001 + made)
        made += 1
        yield Employee(
            employee_id=employee_id,
            aoid=_aoid(chance),
            position_id=f"X4B{int(employee_id):06d}",
            first_name=chance.choice(FIRST_NAMES),
            last_name=chance.choice(LAST_NAMES),
            site=site,
            campaign=campaign,
            esp_manager=manager,
            reports_to=", ".join(reversed(manager.split(" "))),
            esp_start_date=start,
            esp_end_date=end,
            training_graduation_date=start - timedelta(days=1) if ended else end,
            home_department=f"9{CAMPAIGNS[campaign][1:]} - {campaign} {site} Training",
            home_department_effective=start,
            shirt_size=chance.choice(("S", "M", "L", "XL")),
            parking_permit=f"P-{chance.randrange(100, 999)}",
        )


def _weekday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _plant_look_alikes(chance: random.Random, made: dict[str, Employee], today: date) -> None:
    """Same names, ids of which one begins another, and a rehire beside the record that was closed."""
    ids = list(made)
    if len(ids) < 14:  # noqa: PLR2004 - a smaller world is one class, and stays plain
        return
    first, twin = made[ids[0]], made[ids[5]]
    twin.first_name, twin.last_name = first.first_name, first.last_name
    longer = made.pop(ids[-1])
    longer.employee_id = f"{ids[1]}2"
    made[longer.employee_id] = longer
    closed = made.pop(ids[-2])
    rehired = made[ids[2]]
    closed.first_name, closed.last_name = f"{rehired.first_name} J.", rehired.last_name
    closed.status = "Terminated"
    closed.home_department_effective = today - timedelta(days=400)
    closed.aoid = _aoid(chance)
    made[closed.employee_id] = closed


def _aoid(chance: random.Random) -> str:
    return "G" + "".join(chance.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=15))
