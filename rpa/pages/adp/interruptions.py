"""What ADP puts over any page at any time, and how each is put away."""

from __future__ import annotations

from typing import Self

from playwright.sync_api import Locator, Page

from rpa.pages.overlays import button_on, overlay, put_away
from rpa.pages.screen import Screen
from rpa.pages.site import Site


class Interruptions(Screen):
    """Overlays that come late and cover everything, and the button that puts each away."""

    screen = "adp.interruptions"
    tour = overlay("Guided tour")
    tour_close = button_on("Guided tour", "Close")
    survey = overlay("Tell us what you think")
    survey_close = button_on("Tell us what you think", "Close")
    reminder = overlay("Verify your mobile number")
    reminder_later = button_on("Verify your mobile number", "Remind me later")
    timeout = overlay("Session timeout", "alertdialog")
    timeout_ok = button_on("Session timeout", "OK", "alertdialog")

    def arrived(self) -> Self:
        """Interruptions are never waited for."""
        return self

    def pairs(self) -> tuple[tuple[Locator, Locator], ...]:
        """Each overlay with the button that puts it away."""
        return (
            (self.tour, self.tour_close),
            (self.survey, self.survey_close),
            (self.reminder, self.reminder_later),
            (self.timeout, self.timeout_ok),
        )


def watch_for_interruptions(page: Page, site: Site) -> None:
    """Have this page put interruptions away before each of its actions; once a page."""
    for shown, button in Interruptions(page, site).pairs():
        put_away(page, shown, button)
