"""ADP > record > Custom Fields > Edit, the panel that slides in from the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from playwright.sync_api import Locator

from rpa.domain.records import CustomFields
from rpa.pages.adp.slide_in_panel import SlideInPanel, closed_panel
from rpa.pages.elements import element

DATES = frozenset({"esp_start_date", "esp_end_date", "training_graduation_date"})


class CustomFieldsPanel(SlideInPanel):
    """The form of the training values; nothing is stored before Done."""

    screen = "adp.custom_fields_panel"
    esp_start_date = element(lambda root, label: root.get_by_label(label, exact=True), field="esp_start_date")
    esp_end_date = element(lambda root, label: root.get_by_label(label, exact=True), field="esp_end_date")
    training_graduation_date = element(
        lambda root, label: root.get_by_label(label, exact=True), field="training_graduation_date"
    )
    uptraining_class = element(
        lambda root, label: root.get_by_label(label, exact=True), field="uptraining_class"
    )
    closed = closed_panel("Custom Fields")

    def first_field(self) -> Locator:
        """ESP End Date."""
        return self.esp_end_date

    def extent(self) -> Sequence[Locator]:
        """What a picture shows: from whose panel it is to the last field; the panel may span the page."""
        return (self.shown_id, self.uptraining_class)

    def read(self) -> CustomFields:
        """The values that the fields hold now."""
        return CustomFields(
            esp_start=self._date("esp_start_date"),
            esp_end=self._date("esp_end_date"),
            graduation=self._date("training_graduation_date"),
            uptraining=self._input("uptraining_class").input_value(),
        )

    def fill(self, wanted: Mapping[str, date | str | None]) -> None:
        """Type these values (a date, its ISO text, or nothing to clear); PortalFailed if one is not kept."""
        texts = {field: self._written(field, value) for field, value in wanted.items()}
        for field, text in texts.items():
            self._type(self._input(field), text)
        for field, text in texts.items():
            self._check_kept(field, self._input(field), text)
        self._filled |= {field: _plain(value) for field, value in wanted.items()}

    def _input(self, field: str) -> Locator:
        inputs = {
            "esp_start_date": self.esp_start_date,
            "esp_end_date": self.esp_end_date,
            "training_graduation_date": self.training_graduation_date,
            "uptraining_class": self.uptraining_class,
        }
        return inputs[field]

    def _written(self, field: str, value: date | str | None) -> str:
        if not value:
            return ""
        if field not in DATES:
            return str(value)
        day = value if isinstance(value, date) else date.fromisoformat(value)
        return self.site.date_format.format(day)

    def _date(self, field: str) -> date | None:
        return self.site.shown_date(self._input(field).input_value(), field)


def _plain(value: date | str | None) -> str | None:
    """The value as plans hold it."""
    return value.isoformat() if isinstance(value, date) else value
