"""ADP > record > Custom Fields > Edit, the panel that slides in from the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Self

from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as BrowserTimeout

from rpa.domain.errors import PortalFailed
from rpa.domain.records import Answer, AnswerKind, CustomFields
from rpa.pages.adp.addresses import is_sign_in
from rpa.pages.adp.saves import accepted_saves
from rpa.pages.elements import element, page_of
from rpa.pages.locator_chain import Root
from rpa.pages.panel import Panel
from rpa.pages.waiting import whichever

DATES = frozenset({"esp_start_date", "esp_end_date", "training_graduation_date"})


def _notice(root: Root, sentence: str) -> Locator:
    notices = page_of(root).get_by_role("region", name="Notifications", exact=True)
    return notices.get_by_role("status").filter(has_text=sentence)


class CustomFieldsPanel(Panel):
    """The form of the training values; nothing is stored before Done."""

    screen = "adp.custom_fields_panel"
    shown_id = element(lambda root: root.get_by_label("Employee ID", exact=True))
    esp_start_date = element(lambda root, label: root.get_by_label(label, exact=True), field="esp_start_date")
    esp_end_date = element(lambda root, label: root.get_by_label(label, exact=True), field="esp_end_date")
    training_graduation_date = element(
        lambda root, label: root.get_by_label(label, exact=True), field="training_graduation_date"
    )
    uptraining_class = element(
        lambda root, label: root.get_by_label(label, exact=True), field="uptraining_class"
    )
    done = element(lambda root: root.get_by_role("button", name="Done", exact=True))
    cancel_button = element(lambda root: root.get_by_role("button", name="Cancel", exact=True))
    alert = element(lambda root: root.get_by_role("alert"), when="the form is refused")
    busy = element(lambda root: root.locator(":scope[aria-busy=true]"), when="the form is busy")
    # No role tells the person's name from the other words of the header.
    person_name = element(lambda root: root.locator("header strong"))
    closed = element(
        lambda root: (
            page_of(root)
            .locator("body")
            .filter(has_not=page_of(root).get_by_role("dialog", name="Custom Fields", exact=True))
        )
    )
    confirm_done = element(
        lambda root: (
            page_of(root)
            .get_by_role("alertdialog", name="Confirm changes", exact=True)
            .get_by_role("button", name="Done", exact=True)
        ),
        when="the portal asks again after Done",
    )
    discard_button = element(
        lambda root: (
            page_of(root)
            .get_by_role("alertdialog", name="Continue without saving?", exact=True)
            .get_by_role("button", name="Close", exact=True)
        ),
        when="typed values would be lost",
    )
    saved_notice = element(
        lambda root: _notice(root, "Your changes have been saved."), when="a change was saved"
    )
    approval_notice = element(
        lambda root: _notice(root, "Your changes have been submitted for approval."),
        when="a change waits for approval",
    )

    def arrived(self) -> Self:
        """Return once the panel stands still and its fields take what is typed."""
        self.root.wait_for(timeout=self.site.timeouts.arrive_ms)
        self.wait_until_quiet()
        ends = {"failed": self.alert, "ready": self.esp_end_date}
        if whichever(ends, self.site.timeouts.arrive_ms) == "failed":
            raise PortalFailed(f"ADP did not open the panel: {self.alert.inner_text().strip()}")
        return self

    def wait_until_quiet(self) -> None:
        """Return once the panel no longer says that it is busy."""
        self.busy.wait_for(state="hidden", timeout=self.site.timeouts.arrive_ms)

    def employee_id(self) -> str:
        """The employee id that the panel's header shows now."""
        return self.shown_id.inner_text().strip()

    def extent(self) -> Sequence[Locator]:
        """What a picture shows: from whose panel it is to the last field; the panel may span the page."""
        return (self.shown_id, self.uptraining_class)

    def personal(self) -> Sequence[Locator]:
        """What to cover on a picture: the person's name."""
        return (self.person_name,)

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
            self._input(field).fill(text)
            self._input(field).press("Tab")
            self.wait_until_quiet()
        for field, text in texts.items():
            # What the portal does not take for a date silently becomes the old value again.
            if (kept := self._input(field).input_value()) != text:
                raise PortalFailed(
                    f"ADP did not keep {text!r} as {self.site.labels[field]}: the field shows {kept!r}."
                )

    def ready(self) -> None:
        """Return once Done could be pressed, without pressing it."""
        if self.alert.is_visible():
            raise PortalFailed(f"ADP refuses the form: {self.alert.inner_text().strip()}")
        self.done.click(trial=True)

    def press_done(self) -> Answer:
        """Press Done, once, and give the portal's answer; Playwright's TimeoutError when there is none."""
        notices = {"saved": self.saved_notice, "approval": self.approval_notice}
        if any(notice.is_visible() for notice in notices.values()):
            notices = {}  # one of an earlier change still shows, and says nothing about this one
        ends = {"rejected": self.alert, **notices, "closed": self.closed}
        with accepted_saves(self.page) as accepted:
            self.done.click()
            end = self._first({**ends, "confirm": self.confirm_done})
            if end == "confirm":
                self.confirm_done.click()
                end = self._first(ends)
            if end == "closed" and is_sign_in(self.page.url, self.site) and not accepted:
                return Answer(kind=AnswerKind.SIGNED_OUT)
        if end == "rejected":
            return Answer(kind=AnswerKind.REJECTED, sentence=self.alert.inner_text().strip())
        return self._said()

    def cancel(self) -> None:
        """Leave without saving, whatever was typed."""
        self.cancel_button.click()
        if self._first({"unsaved": self.discard_button, "closed": self.closed}) == "unsaved":
            self.discard_button.click()
            self.closed.wait_for()

    def _said(self) -> Answer:
        """What the portal says after the panel has closed; a notice may come a moment later, or never."""
        notices = {"approval": self.approval_notice, "saved": self.saved_notice}
        try:
            said = whichever(notices, self.site.timeouts.settle_ms)
        except BrowserTimeout:
            # Silence is an answer here, not an error.
            return Answer(kind=AnswerKind.SILENT)
        return Answer(kind=AnswerKind(said), sentence=notices[said].last.inner_text().strip())

    def _first(self, things: dict[str, Locator]) -> str:
        return whichever(things, self.site.timeouts.arrive_ms)

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
