"""Lets a person sign in, and waits until the portal is open; nothing is typed and nothing is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError as BrowserTimeout

from rpa.domain.errors import SignInNeeded
from rpa.flows.portals import ADP
from rpa.pages import adp, blackdash
from rpa.pages.waiting import whichever

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from rpa.pages.site import Site

PATIENCE_MINUTES = 10.0


def wait_for_person(page: Page, portal: str, site: Site, minutes: float = PATIENCE_MINUTES) -> None:
    """Return once the portal's first page shows; SignInNeeded where nobody has signed in by then."""
    page.goto(site.address("home"), wait_until="commit")
    inside = (
        adp.HomePage(page, site).welcome if portal == ADP else blackdash.DashboardPage(page, site).heading
    )
    try:
        whichever({"inside": inside}, minutes * 60_000)
    except BrowserTimeout:
        raise SignInNeeded(
            f"Nobody has signed in to {portal} within {minutes:g} minutes; no session was kept.",
            next_step=f"Run `rpa login {portal.lower()}` again.",
        ) from None
