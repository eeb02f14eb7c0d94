"""ADP > Home, where a session begins."""

from __future__ import annotations

import re
from typing import Self

from rpa.domain.errors import PortalFailed, SessionLost
from rpa.pages.adp.addresses import is_sign_in, is_sorry
from rpa.pages.adp.menu import Menu
from rpa.pages.adp.people_page import PeoplePage
from rpa.pages.elements import element
from rpa.pages.screen import Screen


class HomePage(Screen):
    """The home page with the portal's menu."""

    screen = "adp.home_page"
    welcome = element(
        lambda root: root.get_by_role("heading", name=re.compile("^Welcome, "), level=1), varies=True
    )

    def open(self) -> Self:
        """Load the portal afresh; SessionLost when it wants a sign-in, PortalFailed when it says sorry."""
        if self.load(self.site.address("home"), "commit") is None:
            # Only the part behind # was another, so nothing was loaded.
            self.page.reload(wait_until="commit")
        if is_sign_in(self.page.url, self.site):
            raise SessionLost("The ADP session has ended.")
        if is_sorry(self.page.url, self.site):
            raise PortalFailed("ADP says that it is under maintenance or too busy")
        return self.arrived()

    def arrived(self) -> Self:
        """Return once the portal greets the person who is signed in."""
        self.welcome.wait_for(timeout=self.site.timeouts.arrive_ms)
        return self

    def open_people(self) -> PeoplePage:
        """People > Employees in the menu."""
        return Menu(self.root, self.site).open_people()
