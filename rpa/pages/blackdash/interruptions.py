"""What BlackDash puts over a page."""

from __future__ import annotations

from typing import Self

from playwright.sync_api import Page

from rpa.pages.overlays import button_on, overlay, put_away
from rpa.pages.screen import Screen
from rpa.pages.site import Site


class Interruptions(Screen):
    """The announcement that comes with a page, and the button that puts it away."""

    screen = "blackdash.interruptions"
    announcement = overlay("Announcement", "alertdialog")
    announcement_dismiss = button_on("Announcement", "Dismiss", "alertdialog")

    def arrived(self) -> Self:
        """Interruptions are never waited for."""
        return self


def watch_for_interruptions(page: Page, site: Site) -> None:
    """Have this page put interruptions away before each of its actions; once a page."""
    here = Interruptions(page, site)
    put_away(page, here.announcement, here.announcement_dismiss)
