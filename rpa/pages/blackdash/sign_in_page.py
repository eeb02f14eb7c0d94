"""BlackDash > log in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from rpa.domain.errors import SignInRefused
from rpa.pages.blackdash.dashboard_page import DashboardPage
from rpa.pages.elements import element
from rpa.pages.screen import Screen
from rpa.pages.secret_fields import check_password, type_at_sign_in
from rpa.pages.waiting import whichever


class SignInPage(Screen):
    """The sign-in page; it types what it is given once, keeps nothing and never tries again."""

    screen = "blackdash.sign_in_page"
    username = element(lambda root: root.get_by_label("Username", exact=True))
    password = element(lambda root: root.get_by_label("Password", exact=True))
    log_in_button = element(lambda root: root.get_by_role("button", name="Log in", exact=True))
    alert = element(lambda root: root.get_by_role("alert"), when="the sign-in is refused")

    def open(self) -> Self:
        """Go to the sign-in page."""
        self.load(self.site.sign_in_url or self.site.address("sign_in"), "commit")
        return self.arrived()

    def arrived(self) -> Self:
        """Return once the name can be typed."""
        self.username.wait_for(timeout=self.site.timeouts.arrive_ms)
        return self

    def sign_in(
        self, username: str, password: str, sending: Callable[[], None] = lambda: None
    ) -> DashboardPage:
        """Type both and give the dashboard; SignInNeeded with the portal's sentence otherwise.

        `sending` is called right before the password leaves the page.
        """
        check_password(password, "BlackDash", "rpa login blackdash")
        type_at_sign_in(self.username, username, self.site)
        type_at_sign_in(self.password, password, self.site)
        sending()
        # The page answers with another document, so an alert of the one before is gone by then.
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.log_in_button.click()
        dashboard = DashboardPage(self.root, self.site)
        ends = {"refused": self.alert, "in": dashboard.heading}
        if whichever(ends, self.site.timeouts.arrive_ms) == "refused":
            sentence = self.alert.inner_text().strip()
            raise SignInRefused(
                f"BlackDash did not sign in: {sentence}",
                sentence=sentence,
                next_step="Nothing is tried again. Check the password with `rpa login blackdash`.",
            )
        return dashboard.arrived()
