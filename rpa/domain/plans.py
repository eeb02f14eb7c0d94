"""A plan: what a flow saw, what it will change, and what it refuses, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.departments import Department
from rpa.domain.errors import PlanRefused
from rpa.domain.outcomes import Outcome, counts
from rpa.domain.runs import RunRow
from rpa.domain.values import Values, only

TO_RUN = {Outcome.PLANNED, Outcome.UNCHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the portals show of one agent: the name on the record and the values a decision rests on.

    `departments` are the entries of the look-up of Home Department, where the flow has to choose one.
    """

    name: str
    values: Values
    departments: tuple[Department, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be done for one agent; `after` holds only the fields that change.

    `about` is what the plan shall tell of the agent besides.
    """

    outcome: Outcome
    after: Values = field(default_factory=dict)
    reason: str = ""
    about: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def change(cls, after: Values, reason: str = "", about: Mapping[str, str] | None = None) -> Decision:
        """These fields are to become these values."""
        return cls(outcome=Outcome.PLANNED, after=after, reason=reason, about=about or {})

    @classmethod
    def unchanged(cls, reason: str) -> Decision:
        """The portal shows already what is wanted."""
        return cls(outcome=Outcome.UNCHANGED, reason=reason)

    @classmethod
    def refuse(cls, reason: str) -> Decision:
        """A rule says no."""
        return cls(outcome=Outcome.REFUSED, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One agent of a plan; `seen` is everything the decision rests on, `before` the part that changes.

    `about` keeps what the file says of the agent's class, for the steps after the rows.
    """

    row: int
    employee_id: str
    name: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    outcome: Outcome
    seen: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    reason: str = ""

    @property
    def before(self) -> dict[str, str | None]:
        """The values now of the fields that will change."""
        return only(self.seen, self.after)

    @property
    def agent(self) -> Agent:
        """The agent as the rules need it, with what the plan keeps of the file's row."""
        return Agent(
            employee_id=EmployeeId(self.employee_id),
            row=self.row,
            name=self.name,
            site=self.about.get("site", ""),
            campaign=self.about.get("campaign", ""),
            esp_manager=self.about.get("esp_manager", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Exactly what an apply will do, made by a dry run.

    `order` holds the flow's own parameters, `tenant` the portals' addresses and accounts it was made
    with; both must be the same when it is applied. Times are aware and in UTC.
    """

    id: str
    flow: str
    route: str
    order: Mapping[str, Any]
    tenant: Mapping[str, str]
    source: str
    today: date
    created_at: datetime
    expires_at: datetime
    rows: tuple[PlanRow, ...]
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many rows ended with which word."""
        return counts(row.outcome for row in self.rows)

    @property
    def to_change(self) -> tuple[PlanRow, ...]:
        """The rows that an apply will write."""
        return tuple(row for row in self.rows if row.outcome is Outcome.PLANNED)

    @property
    def undoes(self) -> str:
        """The run that this plan takes back; empty where it is no undo."""
        return str(self.order["run"]) if self.flow == "undo" else ""

    def check_usable(self, *, now: datetime, today: date, tenant: Mapping[str, str]) -> None:
        """Raise PlanRefused where the plan no longer describes what an apply would meet."""
        again = "Nothing was changed. Make the plan again, look at it, and apply the new one."
        if now >= self.expires_at:
            raise PlanRefused(f"Plan {self.id} expired at {self.expires_at:%H:%M} UTC.", next_step=again)
        if today != self.today:
            raise PlanRefused(
                f"Plan {self.id} was made for {self.today}, and today is {today}.", next_step=again
            )
        if dict(tenant) != dict(self.tenant):
            raise PlanRefused(
                f"Plan {self.id} was made with other portals or another account.", next_step=again
            )

    def document(self) -> dict[str, Any]:
        """The plan as JSON-ready values, of which `from_document` makes the same plan again."""
        return {
            **asdict(self),
            "today": self.today.isoformat(),
            "created_at": self.created_at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
            "order": dict(self.order),
            "tenant": dict(self.tenant),
            "notes": list(self.notes),
            "rows": [row_document(row) for row in self.rows],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Plan:
        """The plan that `document` was made of."""
        rows = tuple(
            PlanRow(
                row=row["row"],
                employee_id=row["employee_id"],
                name=row["name"],
                about=row["about"],
                outcome=Outcome(row["outcome"]),
                seen=row["seen"],
                after=row["after"],
                reason=row["reason"],
            )
            for row in document["rows"]
        )
        return cls(
            id=document["id"],
            flow=document["flow"],
            route=document["route"],
            order=document["order"],
            tenant=document["tenant"],
            source=document["source"],
            today=date.fromisoformat(document["today"]),
            created_at=datetime.fromisoformat(document["created_at"]),
            expires_at=datetime.fromisoformat(document["expires_at"]),
            rows=rows,
            notes=tuple(document["notes"]),
        )


def row_document(row: PlanRow) -> dict[str, Any]:
    """One row as JSON-ready values."""
    return {
        "row": row.row,
        "employee_id": row.employee_id,
        "name": row.name,
        "about": dict(row.about),
        "outcome": row.outcome.value,
        "seen": dict(row.seen),
        "before": row.before,
        "after": dict(row.after),
        "reason": row.reason,
    }


def rows_to_run(plan: Plan) -> list[RunRow]:
    """The plan's rows as a run starts with them: those that a plan refused stay refused.

    A row that the plan found to be so already is not reached yet either: it may have changed since.
    """
    return [
        run_row(row)
        if row.outcome in TO_RUN
        else replace(run_row(row), outcome=row.outcome, reason=row.reason)
        for row in plan.rows
    ]


def run_row(row: PlanRow) -> RunRow:
    """The row of a run that has not come to it."""
    return RunRow(
        row=row.row,
        employee_id=row.employee_id,
        name=row.name,
        about=row.about,
        before=row.before,
        after=row.after,
    )
