"""ADP > record > a card: values with their labels, and the Edit that opens the panel to change them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from playwright.sync_api import Locator

from rpa.domain.errors import AccessMissing
from rpa.pages.elements import Element
from rpa.pages.panel import Panel
from rpa.pages.waiting import await_soon, shows

LOADING = "…"
EMPTY = {"", "-", "–", "—"}  # noqa: RUF001 - the portal shows a dash of some kind for an empty value


class RecordCard(Panel):
    """A card of the record; each kind declares its values and its Edit."""

    edit_button: ClassVar[Element]

    def extent(self) -> Sequence[Locator]:
        """What a picture shows: the card."""
        return (self.root,)

    def personal(self) -> Sequence[Locator]:
        """What to cover on a picture: a card names nobody."""
        return ()

    def _await_value(self, value: Locator) -> None:
        await_soon(value.filter(has_not_text=LOADING), self.site.timeouts.arrive_ms)

    def _press_edit(self, what: str) -> None:
        """Press Edit, or raise AccessMissing; the record has settled, so a button not here will not come."""
        if not shows(self.edit_button):
            raise AccessMissing(
                f"The ADP account may read {what}, but not change it: there is no Edit.",
                next_step="Sign in with an account that may, or ask the ADP administrator for the right.",
            )
        self.edit_button.click()

    def _shown(self, value: Locator) -> str:
        text = value.filter(has_not_text=LOADING).inner_text().strip()
        return "" if text in EMPTY else text

    def _shown_date(self, field: str, value: Locator) -> date | None:
        return self.site.shown_date(self._shown(value), field)
