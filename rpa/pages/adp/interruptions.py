"""What ADP puts over any page at any time, and how each is put away."""

from __future__ import annotations

from typing import Self

from playwright.sync_api import Locator, Page

from rpa.pages.elements import element
from rpa.pages.overlays import put_away
from rpa.pages.screen import Screen
from rpa.pages.site import Site


class Interruptions(Screen):
    """Overlays that come late and cover everything, and the button that puts each away."""

    screen = "adp.interruptions"
    tour = element(
        lambda root: root.get_by_role("dialog", name="Guided tour", exact=True), when="it comes in between"
    )
    tour_close = element(
        lambda root: root.get_by_role("dialog", name="Guided tour", exact=True).get_by_role(
            "button", name="Close", exact=True
        ),
        when="it comes in between",
    )
    survey = element(
        lambda root: root.get_by_role("dialog", name="Tell us what you think", exact=True),
        when="it comes in between",
    )
    survey_close = element(
        lambda root: root.get_by_role("dialog", name="Tell us what you think", exact=True).get_by_role(
            "button", name="Close", exact=True
        ),
        when="it comes in between",
    )
    reminder = element(
        lambda root: root.get_by_role("dialog", name="Verify your mobile number", exact=True),
        when="it comes in between",
    )
    reminder_later = element(
        lambda root: root.get_by_role("dialog", name="Verify your mobile number", exact=True).get_by_role(
            "button", name="Remind me later", exact=True
        ),
        when="it comes in between",
    )
    timeout = element(
        lambda root: root.get_by_role("alertdialog", name="Session timeout", exact=True),
        when="it comes in between",
    )
    timeout_ok = element(
        lambda root: root.get_by_role("alertdialog", name="Session timeout", exact=True).get_by_role(
            "button", name="OK", exact=True
        ),
        when="it comes in between",
    )

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
    for overlay, button in Interruptions(page, site).pairs():
        put_away(page, overlay, button)
