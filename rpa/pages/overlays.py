"""Overlays that come at any time and cover everything, put away before each action of a page."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def put_away(page: Page, overlay: Locator, button: Locator) -> None:
    """Have this page press `button` whenever `overlay` shows; once a page and overlay.

    The click is dispatched, because a real one would wait for another overlay on top to go, whose
    handler waits for this one. The handler does not wait for the overlay to go: one that asks twice is
    handled twice.
    """

    def press() -> None:
        button.evaluate_all("buttons => buttons.forEach(button => button.click())")

    page.add_locator_handler(overlay, press, no_wait_after=True)
