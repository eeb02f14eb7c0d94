"""ADP > record > the Custom Fields card that holds the training values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Self

from playwright.sync_api import Locator

from rpa.domain.errors import AccessMissing
from rpa.domain.records import CustomFields
from rpa.pages.adp.custom_fields_panel import CustomFieldsPanel
from rpa.pages.elements import element, page_of
from rpa.pages.panel import Panel
from rpa.pages.waiting import await_soon

LOADING = "…"
EMPTY = {"", "-", "–", "—"}  # noqa: RUF001 - the portal shows a dash of some kind for an empty value


class CustomFieldsCard(Panel):
    """The training values as the record shows them, and the way to change them."""

    screen = "adp.custom_fields_card"
    esp_start_date = element(lambda root, label: root.get_by_label(label, exact=True), field="esp_start_date")
    esp_end_date = element(lambda root, label: root.get_by_label(label, exact=True), field="esp_end_date")
    training_graduation_date = element(
        lambda root, label: root.get_by_label(label, exact=True), field="training_graduation_date"
    )
    uptraining_class = element(
        lambda root, label: root.get_by_label(label, exact=True), field="uptraining_class"
    )
    edit_button = element(lambda root: root.get_by_role("button", name="Edit", exact=True))
    panel = element(lambda root: page_of(root).get_by_role("dialog", name="Custom Fields", exact=True))

    def arrived(self) -> Self:
        """Return once the card shows values."""
        await_soon(self.esp_end_date.filter(has_not_text=LOADING), self.site.timeouts.arrive_ms)
        return self

    def read(self) -> CustomFields:
        """The four values; PortalFailed where one is no date of the site's form."""
        return CustomFields(
            esp_start=self._date("esp_start_date", self.esp_start_date),
            esp_end=self._date("esp_end_date", self.esp_end_date),
            graduation=self._date("training_graduation_date", self.training_graduation_date),
            uptraining=_shown(self.uptraining_class),
        )

    def edit(self) -> CustomFieldsPanel:
        """The panel that changes the values; AccessMissing where the account may only read."""
        # The record has settled, so a button that is not here will not come.
        if not self.edit_button.is_visible():
            raise AccessMissing(
                "The ADP account may read the custom fields, but not change them: there is no Edit.",
                next_step="Sign in with an account that may, or ask the ADP administrator for the right.",
            )
        self.edit_button.click()
        return CustomFieldsPanel(self.panel, self.site).arrived()

    def extent(self) -> Sequence[Locator]:
        """What a picture shows: the card."""
        return (self.root,)

    def personal(self) -> Sequence[Locator]:
        """What to cover on a picture: the card names nobody."""
        return ()

    def _date(self, field: str, value: Locator) -> date | None:
        return self.site.shown_date(_shown(value), field)


def _shown(value: Locator) -> str:
    text = value.filter(has_not_text=LOADING).inner_text().strip()
    return "" if text in EMPTY else text
