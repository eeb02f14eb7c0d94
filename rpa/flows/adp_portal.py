"""ADP as the flows use it: signed in when needed, the open record kept until it is stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rpa.domain.departments import Department
from rpa.domain.errors import PortalFailed, RpaError, RuleRefused, SessionLost, SignInNeeded, SignInRefused
from rpa.domain.records import CustomFields, HomeDepartment
from rpa.flows.portal_door import ADP, Access, PortalDoor
from rpa.pages import adp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

    from rpa.engine.flow import View
    from rpa.engine.sessions import Sessions


class AdpPortal(PortalDoor[adp.SignInPage, adp.HomePage]):
    """ADP: the list of people, and the record that is open."""

    def __init__(self, sessions: Sessions, access: Access) -> None:
        super().__init__(ADP, sessions, access)
        self._inside = False
        self._open: adp.EmployeePage | None = None
        self._open_id = ""
        self._departments: dict[str, tuple[Department, ...]] = {}

    def record(self, employee_id: str) -> adp.EmployeePage:
        """The record of exactly this employee id; the one that is open already, if it is that.

        One that is open in a browser that has died fails when it is used: its row begins again.
        """
        page = self._sessions.use(ADP)
        if self._open is None or self._open_id != employee_id:
            self._open = None
            self._open = self._people(page).open_agent(employee_id)
            self._open_id = employee_id
        return self._open

    def read(self, employee_id: str) -> tuple[str, CustomFields]:
        """The name and the custom fields of the record."""
        record = self.record(employee_id)
        return record.name(), record.custom_fields()

    def home_department(self, employee_id: str) -> HomeDepartment:
        """Where the record counts the agent's head."""
        return self.record(employee_id).position_card().read()

    def departments(self, employee_id: str, site: str) -> tuple[Department, ...]:
        """What the look-up of Home Department offers for a site, read in this record's panel; once a site.

        The panel is cancelled, and writing is blocked meanwhile.
        """
        if site not in self._departments:
            panel = self.record(employee_id).edit_home_department()
            offered = panel.offered(site)
            panel.cancel()
            if not offered:
                raise RuleRefused(f"ADP's look-up of Home Department offers nothing for {site}")
            self._departments[site] = offered
        return self._departments[site]

    def cards(self, *, position: bool) -> Sequence[View]:
        """What shows the values of the open record: its Custom Fields, and its Position where asked for.

        Each by itself: what lies between two cards is nobody's business.
        """
        if self._open is None:
            return ()
        custom_fields = self._open.custom_fields_card()
        return (custom_fields, self._open.position_card()) if position else (custom_fields,)

    def forget(self) -> None:
        """Make the next look start from a full load."""
        self._inside = False
        self._open = None

    def where_it_stands(self) -> RpaError | None:
        """Why nothing can be found on the page: it is a sign-in page, or the portal says sorry."""
        if not self._sessions.has(ADP):
            return None
        url = self._sessions.page(ADP).url
        if adp.is_sign_in(url, self.access.site):
            return SessionLost("the ADP session has ended")
        if adp.is_sorry(url, self.access.site):
            return PortalFailed("ADP says that it is under maintenance or too busy")
        return None

    def sign_in(self, page: adp.SignInPage) -> adp.HomePage:
        """Sign in with the password, and with a one-time code where somebody is there to give it."""
        try:
            with self.access.typing() as sending:
                return page.sign_in(self.access.username, self.access.password, sending)
        except SignInRefused:
            raise
        except SignInNeeded:
            if self.access.ask_code is None or not page.asks_for_code():
                raise
        page.send_code()
        return page.enter_code(self.access.ask_code())

    def enter(self) -> None:
        """Be signed in, and look at nothing behind the first page."""
        page = self._watch(self._sessions.use(ADP))
        if not self._inside:
            self._home(page)

    def _people(self, page: Page) -> adp.PeoplePage:
        self._watch(page)
        if self._inside:
            return adp.Menu(page, self.access.site).open_people()
        return self._home(page).open_people()

    def _begin_on(self, page: Page) -> None:
        adp.watch_for_interruptions(page, self.access.site)
        self._inside = False

    def _home(self, page: Page) -> adp.HomePage:
        site = self.access.site
        home = self._entered(adp.HomePage(page, site), adp.SignInPage(page, site))
        self._inside = True
        return home
