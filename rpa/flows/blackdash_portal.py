"""BlackDash as the flows use it: signed in when needed, the list of classes kept until it is stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rpa.domain.errors import AccessMissing, RpaError, SessionLost
from rpa.domain.rosters import TrainingClass
from rpa.flows.portal_door import BLACKDASH, Access, PortalDoor
from rpa.pages import blackdash

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from rpa.engine.sessions import Sessions


class BlackDashPortal(PortalDoor[blackdash.SignInPage, blackdash.DashboardPage]):
    """BlackDash: the classes of the training environment and their rosters."""

    def __init__(self, sessions: Sessions, access: Access) -> None:
        super().__init__(BLACKDASH, sessions, access)
        self._classes: blackdash.ClassesPage | None = None

    def missing_access(self) -> list[str]:
        """A note for the plan where this account cannot see the training environment."""
        try:
            self.classes()
        except AccessMissing as missing:
            return [str(missing)]
        return []

    def classes(self) -> tuple[TrainingClass, ...]:
        """All classes that are listed."""
        return self._page().classes()

    def roster(self, one: TrainingClass) -> frozenset[str]:
        """The employee ids on the roster of a class."""
        dialog = self._page().open_roster(one)
        listed = dialog.read()
        dialog.close()
        return frozenset(listed)

    def forget(self) -> None:
        """Make the next look start from a full load."""
        self._classes = None

    def where_it_stands(self) -> RpaError | None:
        """Why nothing can be found on the page: it is the sign-in page."""
        if self._sessions.has(BLACKDASH) and blackdash.is_sign_in(
            self._sessions.page(BLACKDASH).url, self.access.site
        ):
            return SessionLost("the BlackDash session has ended")
        return None

    def sign_in(self, page: blackdash.SignInPage) -> blackdash.DashboardPage:
        """Sign in with the password."""
        with self.access.typing() as sending:
            return page.sign_in(self.access.username, self.access.password, sending)

    def enter(self) -> None:
        """Be signed in, and look at nothing behind the first page."""
        self._dashboard(self._watch(self._sessions.use(BLACKDASH)))

    def _page(self) -> blackdash.ClassesPage:
        page = self._watch(self._sessions.use(BLACKDASH))
        if self._classes is None:
            self._classes = self._dashboard(page).open_classes()
        return self._classes

    def _begin_on(self, page: Page) -> None:
        blackdash.watch_for_interruptions(page, self.access.site)
        self._classes = None

    def _dashboard(self, page: Page) -> blackdash.DashboardPage:
        site = self.access.site
        return self._entered(blackdash.DashboardPage(page, site), blackdash.SignInPage(page, site))
