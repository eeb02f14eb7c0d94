"""The door of a portal: who signs in there, how often, and the first page behind it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from rpa.domain.errors import SessionLost, SignInNeeded
from rpa.engine.passwords import MOST_UNANSWERED, Password
from rpa.pages.screen import Screen

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from rpa.engine.sessions import Sessions
    from rpa.pages.site import Site

MOST_SIGN_INS_AGAIN = 3

ADP = "ADP"
BLACKDASH = "BlackDash"


class FirstPage(Protocol):
    """Where a session begins."""

    def open(self) -> Self:
        """Load it afresh; SessionLost where the portal wants a sign-in instead."""
        ...


S = TypeVar("S", bound=Screen)
F = TypeVar("F", bound=FirstPage)


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


class PortalDoor(ABC, Generic[S, F]):
    """One portal, entered when needed: its sign-in page is `S`, and the first page behind it is `F`."""

    def __init__(self, portal: str, sessions: Sessions, access: Access) -> None:
        self.access = access
        self.sign_ins = SignIns(portal, access.known)
        self._sessions = sessions
        self._watched: Page | None = None

    @abstractmethod
    def sign_in(self, page: S) -> F:
        """Sign in once and give the first page; SignInNeeded where the portal wants something else."""

    @abstractmethod
    def _begin_on(self, page: Page) -> None:
        """Watch a new page for interruptions; what the last one had open does not count on it."""

    def _watch(self, page: Page) -> Page:
        """The page, watched for interruptions; a new one has everything before it."""
        if page is not self._watched:
            self._begin_on(page)
            if self._watched is None or page.context is not self._watched.context:
                self.sign_ins.new_browser()
            self._watched = page
        return page

    def _entered(self, first: F, sign_in: S) -> F:
        """The first page, afresh, behind a sign-in where the portal wants one."""
        try:
            first.open()
        except SessionLost:
            # Counted only once it can be typed into: a page that does not come costs no sign-in.
            shown = sign_in.arrived()
            self.sign_ins.one_more()
            with self._sessions.unrecorded():
                first = self.sign_in(shown)
        self.sign_ins.let_in()
        return first
