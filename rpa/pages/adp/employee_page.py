"""ADP > the record of one employee."""

from __future__ import annotations

from typing import Self

from rpa.domain.errors import PortalFailed, WrongRecord
from rpa.domain.records import CustomFields
from rpa.pages.adp.custom_fields_card import CustomFieldsCard
from rpa.pages.adp.custom_fields_panel import CustomFieldsPanel
from rpa.pages.adp.home_department_panel import HomeDepartmentPanel
from rpa.pages.adp.position_card import PositionCard
from rpa.pages.elements import element
from rpa.pages.screen import Screen
from rpa.pages.waiting import await_soon, whichever

LOADING = "…"


class EmployeePage(Screen):
    """A record, which tells by itself whose it is."""

    screen = "adp.employee_page"
    shown_id = element(
        lambda root: root.get_by_role("region", name="Employee summary", exact=True).get_by_label(
            "Employee ID", exact=True
        ),
        varies=True,
    )
    heading = element(lambda root: root.get_by_role("main").get_by_role("heading", level=1), varies=True)
    alert = element(
        lambda root: root.get_by_role("main").get_by_role("alert"), when="the record cannot be shown"
    )
    busy = element(
        lambda root: root.get_by_role("main").and_(root.locator("[aria-busy=true]")),
        when="the record is loading",
    )
    # There are two cards of this name: the other one holds personal fields.
    custom_fields_region = element(
        lambda root, label: root.get_by_role("region", name="Custom Fields", exact=True).filter(
            has=root.get_by_label(label, exact=True)
        ),
        field="esp_end_date",
    )

    position_region = element(lambda root: root.get_by_role("region", name="Position", exact=True))

    def arrived(self) -> Self:
        """Return once the record shows values and no longer loads."""
        loaded = self.shown_id.filter(has_not_text=LOADING)
        if whichever({"loaded": loaded, "failed": self.alert}, self.site.timeouts.arrive_ms) == "failed":
            raise PortalFailed(f"ADP did not show the record: {self.alert.inner_text().strip()}")
        await_soon(self.busy, self.site.timeouts.arrive_ms, "hidden")
        return self

    def arrived_at(self, employee_id: str) -> Self:
        """The same, and WrongRecord when the record is not exactly this employee's."""
        self.arrived()
        if (shown := self.employee_id()) != employee_id:
            raise WrongRecord(f"ADP opened the record of employee {shown}, not of {employee_id}.")
        return self

    def reloaded(self, employee_id: str) -> Self:
        """The same record from a fresh load of the whole page."""
        self.page.reload(wait_until="commit")
        return self.arrived_at(employee_id)

    def employee_id(self) -> str:
        """The employee id that the record shows now."""
        return self.shown_id.inner_text().strip()

    def name(self) -> str:
        """The name that the record shows now."""
        return self.heading.inner_text().strip()

    def custom_fields_card(self) -> CustomFieldsCard:
        """The card that holds the training values."""
        return CustomFieldsCard(self.custom_fields_region, self.site).arrived()

    def custom_fields(self) -> CustomFields:
        """The training values that the record shows now."""
        return self.custom_fields_card().read()

    def edit_custom_fields(self) -> CustomFieldsPanel:
        """Custom Fields > Edit; AccessMissing where the account may only read."""
        return self.custom_fields_card().edit()

    def position_card(self) -> PositionCard:
        """The card that holds the Home Department."""
        return PositionCard(self.position_region, self.site).arrived()

    def edit_home_department(self) -> HomeDepartmentPanel:
        """Position > Edit; AccessMissing where the account may only read."""
        return self.position_card().edit()
