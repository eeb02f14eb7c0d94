"""A walk through one portal for an examination: its first answer, its sign-in, and what both walks note."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, TypeVar

from playwright.sync_api import Error as BrowserError

from rpa.domain.errors import RpaError, SignInNeeded
from rpa.domain.examination import Finding, Found, Level, judge_clock
from rpa.engine.guard_rules import without_secrets
from rpa.flows.looking import Looker, Lost
from rpa.flows.portal_door import Access
from rpa.pages.screen import Screen

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

    from rpa.engine.sessions import Sessions
    from rpa.pages.site import Site

CLOCK = "clock"
REFUSED = 400


@dataclass(kw_only=True)
class Notes:
    """What both walks write on: the locators that were looked at, what else was found, whom to look for."""

    looker: Looker
    agent: str = ""
    findings: list[Finding] = field(default_factory=list)

    def tell(self, subject: str, level: Level, what: str, next_step: str = "") -> None:
        """Note a finding."""
        self.findings.append(Finding(subject=subject, level=level, what=what, next_step=next_step))

    def has(self, subject: str) -> bool:
        """Whether something was found of this."""
        return any(one.subject == subject for one in self.findings)


class Pages(Protocol):
    """What a portal's pages know of its addresses."""

    def is_inside(self, url: str, site: Site) -> bool:
        """True on the portal's own pages."""
        ...

    def is_sign_in(self, url: str, site: Site) -> bool:
        """True on its sign-in page."""
        ...

    def watch_for_interruptions(self, page: Page, site: Site) -> None:
        """Have interruptions put away."""
        ...


S = TypeVar("S", bound=Screen)


class Walk(ABC, Generic[S]):
    """One way through every screen of one portal, whose sign-in page is `S`.

    `shown_first` are the fields of that page that show at once, `shown_then` those that come after them.
    """

    portal: ClassVar[str]
    pages: ClassVar[Pages]
    shown_first: ClassVar[tuple[str, ...]]
    shown_then: ClassVar[tuple[str, ...]] = ()

    def __init__(self, sessions: Sessions, access: Access, now: Callable[[], datetime], notes: Notes) -> None:
        self._sessions = sessions
        self._access = access
        self._now = now
        self._notes = notes
        self._looker = notes.looker
        self._tell = notes.tell

    def go(self) -> str:
        """Walk through the portal; why the walk ended before its end."""
        try:
            self._walk(self._sessions.use(self.portal))
        except Lost as lost:
            return f"the way leads through {lost.name}"
        except (RpaError, BrowserError) as error:
            named = error if isinstance(error, RpaError) else self._sessions.explain(error)
            self._tell(self.portal, Level.BLOCKING, named.what, named.next_step)
            return "the way ended before"
        return ""

    @abstractmethod
    def _walk(self, page: Page) -> None:
        """Sign in, and look at every screen; Lost where the way ends."""

    @abstractmethod
    def _try_sign_in(self, page: S) -> None:
        """Sign in once, by the portal's door."""

    def _see_code(self, page: S) -> None:
        """Look at the page that asks for a one-time code; not every portal has one."""

    def _says_sorry(self, url: str) -> bool:
        """Whether this is the page that says sorry; not every portal has one."""
        del url
        return False

    def _enter(self, sign_in: S) -> None:
        """Load the portal, and sign in where it wants that; Lost where nothing behind it can be looked at."""
        page, site = sign_in.page, self._access.site
        self.pages.watch_for_interruptions(page, site)
        self._reached(page.goto(site.address("home"), wait_until="domcontentloaded"))
        if self.pages.is_sign_in(page.url, site):
            self._sign_in(sign_in)
        else:
            self._signed_in(page)

    def _reached(self, response: Response | None) -> None:
        """Judge the portal's first answer; Lost where it is none that anything can be looked for on."""
        self._compare_clocks(response)
        status, page = response.status if response else 0, self._sessions.page(self.portal)
        sorry = self._says_sorry(page.url)
        if status >= REFUSED or sorry:
            what = "says sorry: it is under maintenance or too busy" if sorry else f"answers {status}"
            self._tell(
                f"{self.portal} reachable", Level.BLOCKING, what, "Wait until it is there, then look again."
            )
            raise Lost(f"{self.portal}, which cannot be used now")
        self._tell(f"{self.portal} reachable", Level.OK, f"answers {status}" if status else "answers")

    def _compare_clocks(self, response: Response | None) -> None:
        """Once, with the first portal that says what time it is."""
        said = response.headers.get("date", "") if response else ""
        if said and not self._notes.has(CLOCK):
            drift = (self._now() - parsedate_to_datetime(said)).total_seconds()
            self._notes.findings.append(judge_clock(drift))

    def _signed_in(self, page: Page) -> None:
        """Say why no sign-in page showed; Lost where the portal's own pages do not show either."""
        subject = f"sign-in to {self.portal}"
        if not self.pages.is_inside(page.url, self._access.site):
            self._tell(
                subject,
                Level.BLOCKING,
                f"it shows {without_secrets(page.url)}, which is neither its sign-in page nor one of its own",
                "Set sign_in_url, or paths.sign_in, in portals.toml.",
            )
            raise Lost(subject)
        kept = self._sessions.has_kept(self.portal)
        why = "a kept session is open" if kept else "the portal has opened without a sign-in"
        self._tell(subject, Level.OK, why)
        for name in (*self.shown_first, *self.shown_then):
            self._looker.note(f"{self.portal.lower()}.sign_in_page.{name}", Found.NOT_NOW, why)

    def _sign_in(self, page: S) -> None:
        """Sign in, and say how that went; Lost where it does not lead into the portal."""
        for name in self.shown_first:
            self._looker.need(page, name)
        access = self._access
        try:
            self._try_sign_in(page)
        except SignInNeeded as refused:
            # Where something was typed the portal has answered, so everything up to its answer was found.
            if access.password and self.pages.is_sign_in(page.page.url, access.site):
                self._looker.worked(page, *self.shown_then)
            self._see_code(page)
            self._tell(f"sign-in to {self.portal}", Level.BLOCKING, refused.what, refused.next_step)
            raise Lost(f"the sign-in to {self.portal}") from refused
        except BrowserError:
            if not self.pages.is_sign_in(page.page.url, access.site):
                self._looker.worked(page, *self.shown_then)
                return  # inside, and the home page does not look as declared: the next look tells
            self._looker.see(page, *self.shown_then)
            self._see_code(page)
            missing = [
                name
                for name in self.shown_then
                if self._looker.sightings[f"{page.screen}.{name}"].found is not Found.ONE
            ]
            if missing:
                raise Lost(f"{page.screen}.{missing[0]}") from None
            raise
        self._looker.worked(page, *self.shown_then)
        self._tell(f"sign-in to {self.portal}", Level.OK, f"as {access.username}")
