"""ADP > record > the Custom Fields card that holds the training values."""

from __future__ import annotations

from typing import Self

from rpa.domain.records import CustomFields
from rpa.pages.adp.custom_fields_panel import CustomFieldsPanel
from rpa.pages.adp.record_card import RecordCard
from rpa.pages.elements import element, page_of


class CustomFieldsCard(RecordCard):
    """The training values as the record shows them, and the way to change them."""

    screen = "adp.custom_fields_card"
    esp_start_date = element(
        lambda root, label: root.get_by_label(label, exact=True), field="esp_start_date", varies=True
    )
    esp_end_date = element(
        lambda root, label: root.get_by_label(label, exact=True), field="esp_end_date", varies=True
    )
    training_graduation_date = element(
        lambda root, label: root.get_by_label(label, exact=True),
        field="training_graduation_date",
        varies=True,
    )
    uptraining_class = element(
        lambda root, label: root.get_by_label(label, exact=True), field="uptraining_class", varies=True
    )
    edit_button = element(lambda root: root.get_by_role("button", name="Edit", exact=True))
    panel = element(lambda root: page_of(root).get_by_role("dialog", name="Custom Fields", exact=True))

    def arrived(self) -> Self:
        """Return once the card shows values."""
        self._await_value(self.esp_end_date)
        return self

    def read(self) -> CustomFields:
        """The four values; PortalFailed where one is no date of the site's form."""
        return CustomFields(
            esp_start=self._shown_date("esp_start_date", self.esp_start_date),
            esp_end=self._shown_date("esp_end_date", self.esp_end_date),
            graduation=self._shown_date("training_graduation_date", self.training_graduation_date),
            uptraining=self._shown(self.uptraining_class),
        )

    def edit(self) -> CustomFieldsPanel:
        """The panel that changes the values; AccessMissing where the account may only read."""
        self._press_edit("the custom fields")
        return CustomFieldsPanel(self.panel, self.site).arrived()
