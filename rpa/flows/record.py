"""What every flow on an ADP record does alike: read its cards, fill its panels, show the proof."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from rpa.domain.agents import Agent
from rpa.domain.errors import AccessMissing, PortalFailed, RuleRefused, SignInNeeded, WrongRecord
from rpa.domain.outcomes import STANDING, Outcome
from rpa.domain.plans import Seen
from rpa.domain.runs import RunRow
from rpa.domain.values import Values
from rpa.domain.verdicts import LOOKS_AGAIN
from rpa.engine.flow import Desk, Form, View
from rpa.engine.reading import named_errors
from rpa.flows.portals import Portals

HEADCOUNT = ("home_department", "home_department_effective")


def standing(desk: Desk) -> list[RunRow]:
    """The rows whose record shows what the plan wants."""
    return [row for row in desk.rows if row.outcome in STANDING]


def of(rows: Sequence[RunRow], employees: Collection[str]) -> list[RunRow]:
    """The rows of these employees."""
    return [row for row in rows if row.employee_id in employees]


@contextmanager
def pending_unless_seen(
    portals: Portals, desk: Desk, rows: Sequence[RunRow], *, unseen: str, later: str = LOOKS_AGAIN
) -> Iterator[None]:
    """Rows that stand in ADP are `pending` where the block could not look at what should follow.

    `unseen` says in words what nobody has seen, `later` what the manager does. SignInNeeded is raised on,
    for it stops the run.
    """
    try:
        with named_errors(portals):
            yield
    except (AccessMissing, PortalFailed, WrongRecord, RuleRefused, SignInNeeded) as failure:
        desk.notice(f"{unseen[0].upper()}{unseen[1:]}: {failure} The changes in ADP stand.")
        for row in of(standing(desk), {row.employee_id for row in rows}):
            desk.end_row(row, Outcome.PENDING, f"ADP shows the change, but {unseen}: {failure.what}", later)
        if isinstance(failure, SignInNeeded):
            raise


class OnRecord:
    """The functions of a flow on the Custom Fields, and with `has_headcount` on the Home Department too."""

    __slots__ = ()

    @property
    def has_headcount(self) -> bool:
        """Whether the flow has to do with the Home Department."""
        return False

    def observe(self, portals: Portals, agent: Agent) -> Seen:
        """The name and the values of the record."""
        name, fields = portals.adp.read(agent.employee_id)
        if not self.has_headcount:
            return Seen(name=name, values=fields.as_values())
        department = portals.adp.home_department(agent.employee_id)
        return Seen(name=name, values={**fields.as_values(), **department.as_values()})

    def act(self, portals: Portals, agent: Agent, wanted: Values) -> Iterator[Form]:
        """Custom Fields > Edit, then Position > Edit, each only where something of it changes."""
        if custom_fields := {field: value for field, value in wanted.items() if field not in HEADCOUNT}:
            panel = portals.adp.record(agent.employee_id).edit_custom_fields()
            panel.fill(custom_fields)
            yield panel
        if any(field in wanted for field in HEADCOUNT):
            yield self._headcount(portals, agent, wanted)

    def _headcount(self, portals: Portals, agent: Agent, wanted: Values) -> Form:
        """Position > Edit with both fields: the portal asks for the day again whatever changes."""
        # After the first Done the record loads anew.
        record = portals.adp.record(agent.employee_id).arrived_at(agent.employee_id)
        both = {**record.position_card().read().as_values(), **wanted}
        entry, effective = (both[field] for field in HEADCOUNT)
        if not entry or not effective:
            raise RuleRefused("ADP keeps no empty Home Department, and none without its effective date")
        panel = record.edit_home_department()
        panel.fill(entry, date.fromisoformat(effective), search=agent.site)
        return panel

    def proofs(self, portals: Portals) -> Sequence[View]:
        """The cards with the values."""
        return portals.adp.cards(position=self.has_headcount)
