"""The two portals as the flows use them: signed in when needed, the open record kept until it is stale."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rpa.domain.departments import Department
from rpa.domain.errors import (
    AccessMissing,
    PortalBusy,
    PortalFailed,
    RpaError,
    RuleRefused,
    SessionLost,
    SignInNeeded,
    SignInRefused,
)
from rpa.domain.records import CustomFields, HomeDepartment
from rpa.domain.rosters import ClassKey, RosterSeen, TrainingClass, find_classes
from rpa.engine.reading import named_errors
from rpa.pages import adp, blackdash

if TYPE_CHECKING:
    from playwright.sync_api import Error, Locator, Page

    from rpa.engine.flow import View
    from rpa.engine.passwords import Password
    from rpa.engine.sessions import Sessions
    from rpa.pages.site import Site

MOST_SIGN_INS_AGAIN = 3
MOST_UNANSWERED = 2

ADP = "ADP"
BLACKDASH = "BlackDash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One portal, and who signs in there."""

    site: Site
    username: str
    password: str
    ask_code: Callable[[], str] | None = None
    """Asks the person for a one-time code; None where nobody is there to ask."""
    known: Password | None = None
    """What the portal has said of the password; None where that is not remembered."""

    def typing(self) -> AbstractContextManager[Callable[[], None]]:
        """The block in which the password is typed, once; it is not entered with one that is known as bad."""
        return self.known.in_use() if self.known and self.password else nullcontext(lambda: None)

    def __repr__(self) -> str:
        return f"Access({self.site.url}, {self.username})"


class Portals:
    """ADP and BlackDash behind one guarded browser."""

    def __init__(self, sessions: Sessions, *, adp: Access, blackdash: Access) -> None:
        self._sessions = sessions
        self.adp = AdpPortal(sessions, adp)
        self.blackdash = BlackDashPortal(sessions, blackdash)

    def page(self) -> Page:
        """The page on ADP, the portal that is written to."""
        return self._sessions.page(ADP)

    def new_row(self) -> None:
        """Begin an agent: one sign-in more is allowed in each portal, and a browser more."""
        self._sessions.new_row()
        self.adp.sign_ins.new_row()
        self.blackdash.sign_ins.new_row()

    def forget(self) -> None:
        """Make the next look at either portal start from a full load."""
        self.adp.forget()
        self.blackdash.forget()

    def listen(self) -> None:
        """Begin a look: only what the network says from now on explains its failure."""
        for portal in (ADP, BLACKDASH):
            self._sessions.forget_trouble(portal)

    def explain(self, error: Error | PortalFailed | RuleRefused) -> RpaError:
        """The named failure behind an error, by where the pages stand now."""
        named = self._sessions.explain(error)
        if isinstance(named, PortalBusy):
            return named
        if isinstance(error, SessionLost):
            return error
        for portal in (self.adp, self.blackdash):
            if failure := portal.where_it_stands():
                return failure
        return named

    def all_rosters(self) -> dict[TrainingClass, frozenset[str]]:
        """Every class of the training environment on a fresh load, and who stands on it: one read a class."""
        self.blackdash.forget()
        return {one: self.blackdash.roster(one) for one in self.blackdash.classes()}

    def read_rosters(self, keys: Sequence[ClassKey]) -> Mapping[ClassKey, RosterSeen]:
        """Who stands on the classes that are meant, on a fresh load: one read of each class."""
        self.blackdash.forget()
        with named_errors(self):
            classes = self.blackdash.classes()
            return {key: self._seen(find_classes(classes, key)) for key in keys}

    def _seen(self, classes: Sequence[TrainingClass]) -> RosterSeen:
        listed = frozenset[str]().union(*(self.blackdash.roster(one) for one in classes))
        name = " / ".join(one.name for one in classes) or None
        return RosterSeen(name=name, listed=listed)


@dataclass(frozen=True, slots=True)
class Cards:
    """Several parts of one screen, pictured together."""

    views: tuple[View, ...]

    def extent(self) -> list[Locator]:
        """All that any of them shows."""
        return [part for view in self.views for part in view.extent()]

    def personal(self) -> list[Locator]:
        """All that any of them covers."""
        return [part for view in self.views for part in view.personal()]


class SignIns:
    """How often this command may sign in to one portal again, after a session that ended under it.

    A session that ends again and again is somebody who needs the account: signing in once more would
    throw them out in turn.
    """

    def __init__(self, portal: str, known: Password | None = None) -> None:
        self._portal = portal
        self._known = known
        self._again = 0
        self._in_row = 0
        self._is_first = True
        self._unanswered = 0

    def new_row(self) -> None:
        """Begin an agent."""
        self._in_row = 0

    def new_browser(self) -> None:
        """Begin in a browser without a session: what is opened there was not taken away by anybody."""
        self._is_first = True

    def one_more(self) -> None:
        """Count a sign-in, or raise SignInNeeded where it is one too many.

        A browser's first is free, and so is one more after a sign-in that got no answer.
        """
        if self._unanswered >= MOST_UNANSWERED:
            raise SignInNeeded(
                f"{self._portal} gave no answer to {self._unanswered} sign-ins.",
                next_step="It is not tried a third time: three bad passwords lock the account. Sign in with "
                f"`rpa login {self._portal.lower()}`, then `rpa resume` the run.",
            )
        if not self._is_first and not self._unanswered:
            self._open_again()
        self._is_first = False
        self._unanswered += 1

    def let_in(self) -> None:
        """Note that the portal has opened."""
        if self._unanswered and self._known:
            self._known.forget()
        self._unanswered = 0

    def _open_again(self) -> None:
        if self._in_row or self._again >= MOST_SIGN_INS_AGAIN:
            raise SignInNeeded(
                f"The {self._portal} session ended again and again.",
                next_step="Somebody else may use the account. Sign out there, then `rpa resume` the run.",
            )
        self._in_row += 1
        self._again += 1


class AdpPortal:
    """ADP: the list of people, and the record that is open."""

    def __init__(self, sessions: Sessions, access: Access) -> None:
        self._sessions = sessions
        self._access = access
        self.sign_ins = SignIns(ADP, access.known)
        self._watched: Page | None = None
        self._inside = False
        self._open: adp.EmployeePage | None = None
        self._open_id = ""
        self._departments: dict[str, tuple[Department, ...]] = {}

    @property
    def access(self) -> Access:
        """The portal's site, and who signs in there."""
        return self._access

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

    def cards(self, *, position: bool) -> View | None:
        """What shows the values of the open record: its Custom Fields, and its Position where asked for."""
        if self._open is None:
            return None
        custom_fields = self._open.custom_fields_card()
        return Cards((custom_fields, self._open.position_card())) if position else custom_fields

    def forget(self) -> None:
        """Make the next look start from a full load."""
        self._inside = False
        self._open = None

    def where_it_stands(self) -> RpaError | None:
        """Why nothing can be found on the page: it is a sign-in page, or the portal says sorry."""
        if not self._sessions.has(ADP):
            return None
        url = self._sessions.page(ADP).url
        if adp.is_sign_in(url, self._access.site):
            return SessionLost("the ADP session has ended")
        if adp.is_sorry(url, self._access.site):
            return PortalFailed("ADP says that it is under maintenance or too busy")
        return None

    def sign_in(self, page: adp.SignInPage) -> adp.HomePage:
        """Sign in with the password, and with a one-time code where somebody is there to give it."""
        try:
            with self._access.typing() as sending:
                return page.sign_in(self._access.username, self._access.password, sending)
        except SignInRefused:
            raise
        except SignInNeeded:
            if self._access.ask_code is None or not page.asks_for_code():
                raise
        page.send_code()
        return page.enter_code(self._access.ask_code())

    def enter(self) -> None:
        """Be signed in, and look at nothing behind the first page."""
        page = self._watch(self._sessions.use(ADP))
        if not self._inside:
            self._home(page)

    def _people(self, page: Page) -> adp.PeoplePage:
        self._watch(page)
        if self._inside:
            return adp.Menu(page, self._access.site).open_people()
        return self._home(page).open_people()

    def _watch(self, page: Page) -> Page:
        """The page, watched for interruptions; a new one has everything before it."""
        if page is not self._watched:
            adp.watch_for_interruptions(page, self._access.site)
            if self._watched is None or page.context is not self._watched.context:
                self.sign_ins.new_browser()
            self._watched, self._inside = page, False
        return page

    def _home(self, page: Page) -> adp.HomePage:
        """The first page, afresh, behind a sign-in where the portal wants one."""
        home = adp.HomePage(page, self._access.site)
        try:
            home.open()
        except SessionLost:
            sign_in = adp.SignInPage(page, self._access.site).arrived()
            self.sign_ins.one_more()
            with self._sessions.unrecorded():
                home = self.sign_in(sign_in)
        self.sign_ins.let_in()
        self._inside = True
        return home


class BlackDashPortal:
    """BlackDash: the classes of the training environment and their rosters."""

    def __init__(self, sessions: Sessions, access: Access) -> None:
        self._sessions = sessions
        self._access = access
        self.sign_ins = SignIns(BLACKDASH, access.known)
        self._watched: Page | None = None
        self._classes: blackdash.ClassesPage | None = None

    @property
    def access(self) -> Access:
        """The portal's site, and who signs in there."""
        return self._access

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
            self._sessions.page(BLACKDASH).url, self._access.site
        ):
            return SessionLost("the BlackDash session has ended")
        return None

    def sign_in(self, page: blackdash.SignInPage) -> blackdash.DashboardPage:
        """Sign in with the password."""
        with self._access.typing() as sending:
            return page.sign_in(self._access.username, self._access.password, sending)

    def enter(self) -> None:
        """Be signed in, and look at nothing behind the first page."""
        self._dashboard(self._watch(self._sessions.use(BLACKDASH)))

    def _page(self) -> blackdash.ClassesPage:
        page = self._watch(self._sessions.use(BLACKDASH))
        if self._classes is None:
            self._classes = self._dashboard(page).open_classes()
        return self._classes

    def _watch(self, page: Page) -> Page:
        """The page, watched for interruptions; a new one has everything before it."""
        if page is not self._watched:
            blackdash.watch_for_interruptions(page, self._access.site)
            if self._watched is None or page.context is not self._watched.context:
                self.sign_ins.new_browser()
            self._watched, self._classes = page, None
        return page

    def _dashboard(self, page: Page) -> blackdash.DashboardPage:
        """The first page, afresh, behind a sign-in where the portal wants one."""
        dashboard = blackdash.DashboardPage(page, self._access.site)
        try:
            dashboard.open()
        except SessionLost:
            sign_in = blackdash.SignInPage(page, self._access.site).arrived()
            self.sign_ins.one_more()
            with self._sessions.unrecorded():
                dashboard = self.sign_in(sign_in)
        self.sign_ins.let_in()
        return dashboard
