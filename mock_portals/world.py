"""The mock world: people, what was changed when, and what each portal makes of it."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from mock_portals.accounts import Accounts
from mock_portals.clock import Clock
from mock_portals.faults import Faults
from mock_portals.people import CAMPAIGNS, Department, Employee, departments, people

Value = str | date | None


@dataclass(frozen=True, slots=True)
class Options:
    """How the world was started; `lag` in seconds."""

    agents: int = 240
    seed: int = 1
    lag: float = 600.0
    today: date | None = None
    accounts: int = 1
    variant: str = "modern"
    faults: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Write:
    """One field that a portal changed at somebody's request."""

    at: str
    portal: str
    employee_id: str
    field: str
    before: str | None
    after: str | None
    account: str


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
    roster: tuple[str, ...] = field(default=())


class World:
    """One world, shared by both portals."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock = Clock(options.today)
        self.accounts = Accounts(options.accounts, options.seed)
        self.faults = Faults(options.faults)
        self.departments: list[Department] = departments()
        self.requests: list[dict[str, Any]] = []
        self._fill()

    def reset(self) -> None:
        """Everything as it was at the start."""
        self.clock.reset()
        self.accounts.reset()
        self.faults.replace(self.options.faults)
        self.requests.clear()
        self._fill()

    def _fill(self) -> None:
        self.employees = people(self.options.agents, self.options.seed, self.clock.today())
        self._by_aoid = {employee.aoid: employee for employee in self.employees.values()}
        self.writes: list[Write] = []
        self._history: list[tuple[datetime, Employee]] = []
        self._submitted: defaultdict[str, list[tuple[dict[str, Value], str]]] = defaultdict(list)

    def by_aoid(self, aoid: str) -> Employee | None:
        """Whose record this is."""
        return self._by_aoid.get(aoid)

    def change(
        self, employee_id: str, values: Mapping[str, Value], *, account: str, portal: str = "adp"
    ) -> list[Write]:
        """Store these values; what was the same already is no write."""
        employee = self.employees[employee_id]
        changed = {name: value for name, value in values.items() if getattr(employee, name) != value}
        self._remember(employee, changed)
        now = self.clock.now().isoformat()
        written = []
        for name, value in changed.items():
            before = _text(getattr(employee, name))
            setattr(employee, name, value)
            written.append(Write(now, portal, employee_id, name, before, _text(value), account))
        self.writes += written
        return written

    def set(self, employee_id: str, values: Mapping[str, Value]) -> None:
        """Somebody else changes a record, at once and without a trace in `writes`."""
        employee = self.employees[employee_id]
        self._remember(employee, values)
        for name, value in values.items():
            setattr(employee, name, value)

    def submit_for_approval(self, employee_id: str, values: Mapping[str, Value], account: str) -> None:
        """Keep a change until somebody approves it."""
        self._submitted[employee_id].append((dict(values), account))

    def approve(self, employee_id: str) -> list[Write]:
        """Somebody approves everything that waits for this employee."""
        waiting = self._submitted.pop(employee_id, [])
        return [
            write for values, account in waiting for write in self.change(employee_id, values, account=account)
        ]

    def classes_shown(self) -> list[TrainingClass]:
        """The classes that BlackDash shows now: ADP as it was, `lag` seconds ago."""
        then = self.clock.now() - timedelta(seconds=self.options.lag)
        shown = self._as_of(then)
        return [*_esp_classes(shown, self.clock.today()), *_uptraining_classes(shown, self.clock.today())]

    def _as_of(self, moment: datetime) -> list[Employee]:
        past = dict(self.employees)
        for changed_at, before in reversed(self._history):
            if changed_at <= moment:
                break
            past[before.employee_id] = before
        return list(past.values())

    def _remember(self, employee: Employee, values: Mapping[str, Value]) -> None:
        if values:
            self._history.append((self.clock.now(), copy.copy(employee)))

    def state(self) -> dict[str, Any]:
        """Everybody as ADP has them, and the classes as BlackDash shows them, JSON-ready."""
        return {
            "employees": [_employee(one) for one in self.employees.values()],
            "classes": [_plain(asdict(one)) for one in self.classes_shown()],
        }


def _esp_classes(shown: Iterable[Employee], today: date) -> Iterable[TrainingClass]:
    groups: defaultdict[tuple[str, date, date], list[Employee]] = defaultdict(list)
    for one in shown:
        if one.status == "Active" and one.esp_start_date and one.esp_end_date and one.esp_end_date >= today:
            groups[one.esp_manager, one.esp_start_date, one.esp_end_date].append(one)
    for (manager, start, end), members in sorted(groups.items()):
        yield TrainingClass(
            class_id=f"esp-{manager.split(' ')[-1].lower()}-{start:%m%d}-{end:%m%d}",
            name=f"ESP {manager.split(' ')[-1]} {start:%m/%d}-{end:%m/%d}",
            manager=manager,
            start=start,
            end=end,
            campaign=members[0].campaign,
            spun_up=False,
            roster=tuple(sorted(one.employee_id for one in members)),
        )


def _uptraining_classes(shown: Iterable[Employee], today: date) -> Iterable[TrainingClass]:
    everybody = list(shown)
    for campaign in CAMPAIGNS:
        members = [one for one in everybody if one.uptraining_class == campaign and _has_expired(one, today)]
        yield TrainingClass(
            class_id=f"uptraining-{campaign.lower()}",
            name=campaign,
            manager="",
            start=None,
            end=None,
            campaign=campaign,
            spun_up=True,
            roster=tuple(sorted(one.employee_id for one in members)),
        )


def _has_expired(employee: Employee, today: date) -> bool:
    dates = (employee.esp_end_date, employee.training_graduation_date)
    return employee.status == "Active" and all(day is not None and day < today for day in dates)


STATE_FIELDS = (
    *("employee_id", "name", "status", "site", "campaign", "esp_manager", "esp_start_date", "esp_end_date"),
    *("training_graduation_date", "uptraining_class", "home_department", "home_department_effective"),
)


def _employee(employee: Employee) -> dict[str, Any]:
    return {name: _text(getattr(employee, name)) for name in STATE_FIELDS}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _text(value) if isinstance(value, date) else value for name, value in values.items()}


def _text(value: Value) -> str | None:
    return value.isoformat() if isinstance(value, date) else value
