"""Overlays that come at any time and cover everything, put away before each action of a page."""

from __future__ import annotations

from typing import Literal

from playwright.sync_api import Locator, Page

from rpa.pages.elements import Element, element

_WHEN = "it comes in between"
_Role = Literal["dialog", "alertdialog"]


def overlay(name: str, role: _Role = "dialog") -> Element:
    """Declare the overlay of this name."""
    return element(lambda root: root.get_by_role(role, name=name, exact=True), when=_WHEN)


def button_on(name: str, button: str, role: _Role = "dialog") -> Element:
    """Declare a button of the overlay of this name."""
    return element(
        lambda root: root.get_by_role(role, name=name, exact=True).get_by_role(
            "button", name=button, exact=True
        ),
        when=_WHEN,
    )


def put_away(page: Page, overlay: Locator, button: Locator) -> None:
    """Have this page press `button` whenever `overlay` shows; once a page and overlay.

    The click is dispatched, because a real one would wait for another overlay on top to go, whose
    handler waits for this one. The handler does not wait for the overlay to go: one that asks twice is
    handled twice.
    """

    def press() -> None:
        button.evaluate_all("buttons => buttons.forEach(button => button.click())")

    page.add_locator_handler(overlay, press, no_wait_after=True)
