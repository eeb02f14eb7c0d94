"""ADP > record > the Position card, which shows where the agent's head is counted."""

from __future__ import annotations

from typing import Self

from rpa.domain.records import HomeDepartment
from rpa.pages.adp.home_department_panel import HomeDepartmentPanel
from rpa.pages.adp.record_card import RecordCard
from rpa.pages.elements import element, page_of


class PositionCard(RecordCard):
    """The Home Department as the record shows it, and the way to change it."""

    screen = "adp.position_card"
    home_department = element(
        lambda root, label: root.get_by_label(label, exact=True), field="home_department", varies=True
    )
    home_department_effective = element(
        lambda root, label: root.get_by_label(label, exact=True),
        field="home_department_effective",
        varies=True,
    )
    edit_button = element(lambda root: root.get_by_role("button", name="Edit", exact=True))
    panel = element(lambda root: page_of(root).get_by_role("dialog", name="Position", exact=True))

    def arrived(self) -> Self:
        """Return once the card shows values."""
        self._await_value(self.home_department)
        return self

    def read(self) -> HomeDepartment:
        """The department and since when; PortalFailed where that is no date of the site's form."""
        return HomeDepartment(
            entry=self._shown(self.home_department),
            effective=self._shown_date("home_department_effective", self.home_department_effective),
        )

    def edit(self) -> HomeDepartmentPanel:
        """The panel that changes it; AccessMissing where the account may only read."""
        self._press_edit("the position")
        return HomeDepartmentPanel(self.panel, self.site).arrived()
