"""Lets a person sign in, and waits until the portal is open; nothing is typed and nothing is watched."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError as BrowserTimeout

from rpa.domain.errors import SignInNeeded
from rpa.engine.guard_rules import without_secrets
from rpa.flows.portal_door import ADP
from rpa.pages import adp, blackdash
from rpa.pages.waiting import whichever

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from rpa.pages.site import Site

PATIENCE_MINUTES = 10.0
LOOK_EVERY_MS = 500.0


def nothing_said() -> bool:
    """Nobody is there to say that the portal is open."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandSignIn:
    """A person's way into a portal.

    `says_so` tells whether the person has just said that the first page shows: that counts where the page
    looks otherwise than declared. `blocked` are sentences on what the guard has kept from leaving so far,
    which may be what the sign-in waits for; each is told once, while it matters.
    """

    tell: Callable[[str], None]
    says_so: Callable[[], bool] = nothing_said
    blocked: Callable[[], Iterable[str]] = tuple
    minutes: float = PATIENCE_MINUTES

    def wait(self, page: Page, portal: str, site: Site) -> None:
        """Return once the portal's first page shows; SignInNeeded where nobody has signed in by then."""
        page.goto(site.address("home"), wait_until="commit")
        end = monotonic() + self.minutes * 60
        told: set[str] = set()
        while monotonic() < end:
            for sentence in self.blocked():
                if sentence not in told:
                    self.tell(sentence)
                    told.add(sentence)
            if _shows_first_page(page, portal, site) or (
                self.says_so() and self._is_open(page, portal, site)
            ):
                return
        raise SignInNeeded(
            f"Nobody has signed in to {portal} within {self.minutes:g} minutes; no session was kept.",
            next_step=f"Run `rpa login {portal.lower()}` again.",
        )

    def _is_open(self, page: Page, portal: str, site: Site) -> bool:
        """Whether the person is right: some window shows a page of the portal that is not its sign-in."""
        is_inside = adp.is_inside if portal == ADP else blackdash.is_inside
        if any(is_inside(one.url, site) for one in page.context.pages):
            return True
        self.tell(
            f"The window shows {without_secrets(page.url)}, which is no page inside {portal}. Go on there."
        )
        return False


def _shows_first_page(page: Page, portal: str, site: Site) -> bool:
    inside = (
        adp.HomePage(page, site).welcome if portal == ADP else blackdash.DashboardPage(page, site).heading
    )
    try:
        whichever({"inside": inside}, LOOK_EVERY_MS)
    except BrowserTimeout:
        return False
    return True
