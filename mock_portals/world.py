"""The mock world: people, what was changed when, and what each portal makes of it."""

from __future__ import annotations

import asyncio
import copy
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from mock_portals.accounts import Accounts
from mock_portals.clock import Clock
from mock_portals.departments import Department, departments
from mock_portals.faults import Faults
from mock_portals.people import Employee, people
from mock_portals.training import TrainingClass, classes

Value = str | date | None


@dataclass(frozen=True, slots=True)
class Options:
    """How the world was started; `lag` in seconds, `pace` what the portals' own waits are multiplied by."""

    agents: int = 240
    seed: int = 1
    lag: float = 600.0
    pace: float = 1.0
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


class World:
    """One world, shared by both portals."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock = Clock(options.today)
        self.accounts = Accounts(options.accounts, options.seed)
        self.faults = Faults(options.faults)
        self.requests: list[dict[str, Any]] = []
        self._fill()

    def reset(self) -> None:
        """Everything as it was at the start."""
        self.clock.reset()
        self.accounts.reset()
        self.faults.replace(self.options.faults)
        self.requests.clear()
        self._fill()

    async def pause(self, seconds: float) -> None:
        """Take the time that the real portal would, at the pace that was asked for."""
        await asyncio.sleep(seconds * self.options.pace)

    def _fill(self) -> None:
        today = self.clock.today()
        self.departments: list[Department] = departments()
        self.employees = people(self.options.agents, self.options.seed, today)
        self._by_aoid = {employee.aoid: employee for employee in self.employees.values()}
        self.writes: list[Write] = []
        self._history: list[tuple[datetime, Employee]] = []
        self._submitted: defaultdict[str, list[tuple[dict[str, Value], str]]] = defaultdict(list)
        first = classes(self.employees.values(), today, ())
        self._spun_up = {one.class_id for one in first if one.start and one.start <= today}

    def by_aoid(self, aoid: str) -> Employee | None:
        """Whose record this is."""
        return self._by_aoid.get(aoid)

    def change(
        self, employee_id: str, values: Mapping[str, Value], *, account: str, portal: str = "adp"
    ) -> list[Write]:
        """Store these values; what was the same already is no write."""
        employee = self.employees[employee_id]
        changed = {name: value for name, value in values.items() if getattr(employee, name) != value}
        now = self.clock.now().isoformat()
        written = [
            Write(now, portal, employee_id, name, _text(getattr(employee, name)), _text(value), account)
            for name, value in changed.items()
        ]
        self.set(employee_id, changed)
        self.writes += written
        return written

    def set(self, employee_id: str, values: Mapping[str, Value]) -> None:
        """Somebody else changes a record, at once and without a trace in `writes`."""
        employee = self.employees[employee_id]
        if values:
            self._history.append((self.clock.now(), copy.copy(employee)))
        for name, value in values.items():
            setattr(employee, name, value)

    def set_department(self, department: Department) -> None:
        """Somebody adds an entry to the validation table, or changes whether it is active."""
        others = [one for one in self.departments if one.label != department.label]
        self.departments = sorted([*others, department], key=lambda one: (one.code, one.name))

    def submit_for_approval(self, employee_id: str, values: Mapping[str, Value], account: str) -> None:
        """Keep a change until somebody approves it."""
        self._submitted[employee_id].append((dict(values), account))

    def approve(self, employee_id: str) -> list[Write]:
        """Somebody approves everything that waits for this employee."""
        waiting = self._submitted.pop(employee_id, [])
        return [
            write
            for values, account in waiting
            for write in self.change(employee_id, values, account=account)
        ]

    def as_of(self, moment: datetime) -> dict[str, Employee]:
        """Everybody as ADP had them at that moment; to be read, not to be changed."""
        past = dict(self.employees)
        for changed_at, before in reversed(self._history):
            if changed_at <= moment:
                break
            past[before.employee_id] = before
        return past

    def seen_by_blackdash(self) -> dict[str, Employee]:
        """Everybody as BlackDash knows them now: ADP as it was, `lag` seconds ago."""
        return self.as_of(self.clock.now() - timedelta(seconds=self.options.lag))

    def classes_shown(self) -> list[TrainingClass]:
        """The classes that BlackDash shows now."""
        return classes(self.seen_by_blackdash().values(), self.clock.today(), self._spun_up)

    def spin_up(self, class_id: str) -> None:
        """NOC spins a class up."""
        self._spun_up.add(class_id)

    def state(self) -> dict[str, Any]:
        """Everybody as ADP has them, and the classes as BlackDash shows them, JSON-ready."""
        return {
            "employees": [_employee(one) for one in self.employees.values()],
            "classes": [_plain(asdict(one)) for one in self.classes_shown()],
        }


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
