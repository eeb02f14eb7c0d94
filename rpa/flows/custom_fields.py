"""What every flow on ADP's custom fields does alike: read the card, fill the panel, show the proof."""

from __future__ import annotations

from collections.abc import Iterator

from rpa.domain.agents import Agent
from rpa.domain.plans import Seen
from rpa.domain.values import Values
from rpa.engine.flow import Form, View
from rpa.flows.portals import Portals


class OnCustomFields:
    """The functions of a flow whose only screen is Custom Fields."""

    __slots__ = ()

    def observe(self, portals: Portals, agent: Agent) -> Seen:
        """The name and the custom fields of the record."""
        name, fields = portals.adp.read(agent.employee_id)
        return Seen(name=name, values=fields.as_values())

    def act(self, portals: Portals, agent: Agent, wanted: Values) -> Iterator[Form]:
        """Custom Fields > Edit > the fields that change."""
        panel = portals.adp.record(agent.employee_id).edit_custom_fields()
        panel.fill(wanted)
        yield panel

    def proof(self, portals: Portals) -> View | None:
        """The Custom Fields card."""
        return portals.adp.custom_fields_view()
