"""BlackDash > Dashboard, with the menu."""

from __future__ import annotations

from typing import Self

from rpa.domain.errors import AccessMissing, SessionLost
from rpa.pages.blackdash.addresses import is_sign_in
from rpa.pages.blackdash.classes_page import ClassesPage
from rpa.pages.elements import element
from rpa.pages.screen import Screen
from rpa.pages.waiting import shows


class DashboardPage(Screen):
    """The page after signing in; only some accounts have `Training Environment` in its menu."""

    screen = "blackdash.dashboard_page"
    heading = element(lambda root: root.get_by_role("heading", name="Dashboard", exact=True, level=1))
    menu = element(lambda root: root.get_by_role("navigation", name="Main", exact=True))
    training_button = element(
        lambda root: root.get_by_role("navigation", name="Main", exact=True).get_by_role(
            "button", name="Training Environment", exact=True
        )
    )
    classes_link = element(
        lambda root: root.get_by_role("navigation", name="Main", exact=True).get_by_role(
            "link", name="Classes", exact=True
        )
    )

    def open(self) -> Self:
        """Load the dashboard afresh; SessionLost when it wants a sign-in instead."""
        self.load(self.site.address("home"), "domcontentloaded")
        if is_sign_in(self.page.url, self.site):
            raise SessionLost("The BlackDash session has ended.")
        return self.arrived()

    def arrived(self) -> Self:
        """Return once the dashboard is whole, its menu included."""
        self.heading.wait_for(timeout=self.site.timeouts.arrive_ms)
        self.menu.wait_for(timeout=self.site.timeouts.arrive_ms)
        self.page.wait_for_load_state("domcontentloaded")
        return self

    def open_classes(self) -> ClassesPage:
        """Training Environment > Classes; AccessMissing where the menu does not have it."""
        # The document is whole, so an entry that is not here will not come.
        if not shows(self.training_button):
            raise AccessMissing(
                "BlackDash shows no Training Environment in the menu of this account.",
                next_step="Ask NOC for access to Training Environment.",
            )
        self.training_button.click()
        self.classes_link.click()
        return ClassesPage(self.root, self.site).arrived()
