"""The base of the screens that are a part of a page: panels, dialogs, cards."""

from __future__ import annotations

from playwright.sync_api import Locator

from rpa.pages.screen import Screen
from rpa.pages.site import Site

QUIET = "part => part.getAttribute('aria-busy') !== 'true'"


class Panel(Screen):
    """A part of a page; all that it declares is looked for inside it."""

    root: Locator

    def __init__(self, root: Locator, site: Site) -> None:
        super().__init__(root, site)

    def wait_until_quiet(self) -> None:
        """Return once the part no longer says that it is busy."""
        self.root.wait_for_function(QUIET, timeout=self.site.timeouts.arrive_ms)
