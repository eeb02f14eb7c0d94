"""One guarded browser, and one page for each portal.

A browser that dies is replaced by the next look: a new one behind a new guard, which is proven before the
page is handed out. A page that crashes or freezes is replaced in its context, where the portal's session
still is.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import TYPE_CHECKING

import structlog
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import TimeoutError as BrowserTimeout

from rpa.browser_clock import answer_of
from rpa.domain.errors import (
    BrowserLost,
    PortalBusy,
    PortalFailed,
    RpaError,
    RuleRefused,
    UsageError,
)
from rpa.engine.guard import Guard, Policy
from rpa.engine.guard_rules import origin_of
from rpa.engine.network import BLOCKED, Network

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, StorageState

    from rpa.engine.traces import Traces
    from rpa.engine.watchdog import Watchdog

MOST_NEW_BROWSERS = 3
# A page answers at once, however slow its portal is, but for one that reckons: it gets this part of the
# portal's patience, and so many seconds at least.
ANSWERS_WITHIN = 0.25
ANSWERS_WITHIN_SECONDS = 5.0
GO_ON = "Nothing more is tried. What was done stands in the journal: `rpa resume` goes on with the run."

log = structlog.get_logger(__name__)


class Sessions:
    """The browser of one command; pages are opened when first asked for, behind the guard."""

    def __init__(
        self,
        launch: Callable[[], Browser],
        policy: Policy,
        timeout: float,
        *,
        kept: Mapping[str, StorageState] | None = None,
        traces: Traces | None = None,
        watchdog: Watchdog | None = None,
    ) -> None:
        self._launch = launch
        self._watchdog = watchdog
        self._kept = kept or {}
        self._traces = traces
        self._policy = policy
        self._timeout = timeout
        self._pages: dict[str, Page] = {}
        self._contexts: dict[str, BrowserContext] = {}
        self._network = Network()
        self._in_use = ""
        self._replaced = 0
        self._is_proven = True  # whoever asks for the first browser proves its guard, before anything else
        self._browser, self.guard = self._guarded()

    def new_row(self) -> None:
        """Begin an agent: the browser may be replaced a few times more."""
        self._replaced = 0
        if self._traces:
            self._traces.next_agent()

    def unrecorded(self) -> AbstractContextManager[None]:
        """A block in which secrets are typed, so that no trace may see it."""
        return self._traces.unrecorded() if self._traces else nullcontext()

    @property
    def version(self) -> str:
        """The browser's version."""
        return self._browser.version

    def page(self, portal: str) -> Page:
        """The one page on this portal; a new one where the last has crashed, was closed, or has died.

        Raises BrowserLost where browsers die one after the other, or none can be started.
        """
        if self._watchdog:
            self._watchdog.sign_of_life()
        if not self._browser.is_connected():
            self._replace_browser()
        if not self.has(portal):
            self._pages[portal] = self._opened(portal)
        return self._pages[portal]

    def use(self, portal: str) -> Page:
        """The same, and this portal is the one that errors are about from now on."""
        self._in_use = portal
        return self.page(portal)

    def has(self, portal: str) -> bool:
        """Whether a page on this portal is open."""
        return portal in self._pages and not self._pages[portal].is_closed()

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass while the browser's events are answered, should there be a browser."""
        until = time.monotonic() + seconds
        with self.resting():
            if page := next((page for page in self._pages.values() if not page.is_closed()), None):
                with suppress(BrowserError):  # whoever looks next finds out what is gone, and mends it
                    page.wait_for_timeout(seconds * 1000)
            threading.Event().wait(max(0.0, until - time.monotonic()))

    def resting(self) -> AbstractContextManager[None]:
        """A block in which a person, or a clock, is waited for, however long that takes."""
        return self._watchdog.resting() if self._watchdog else nullcontext()

    def forget_trouble(self, portal: str) -> None:
        """Start a new reading: what the network said before does not explain it."""
        self._network.forget(portal)

    def explain(self, error: BrowserError | PortalFailed | RuleRefused) -> RpaError:
        """The named failure behind an error, by what the network said and what is gone."""
        portal = self._in_use
        if refusal := self._network.refusal(portal):
            return refusal
        if isinstance(error, PortalFailed):
            return error
        if failure := self._network.failure(portal):
            return failure
        if isinstance(error, RuleRefused):
            return PortalFailed(f"{portal} did not answer") if self._network.is_silent(portal) else error
        if isinstance(error, BrowserTimeout):
            return PortalFailed(self._why_late(error))
        return self._what_is_gone(error)

    def busy(self) -> PortalBusy | None:
        """The longest rest that any portal has asked for since its trouble was forgotten."""
        return self._network.busy()

    def _why_late(self, error: BrowserTimeout) -> str:
        portal = self._in_use
        what = f"{portal} did not show what was expected within {self._timeout:g} seconds"
        if self._left_frozen(portal):
            what = f"{portal}'s page has stopped answering, and was closed"
        return f"{what}{_waited_for(error)}"

    def _left_frozen(self, portal: str) -> bool:
        """Whether the page's own script has hung: it is closed then, for nothing could lead away from it."""
        # A page that waits for the next one tells nothing either, and it is the portal that is late then.
        if not self.has(portal) or self._network.is_leading_on(portal) or self._answers(self._pages[portal]):
            return False
        log.warning("page_frozen", portal=portal)
        with suppress(BrowserError):
            self._pages[portal].close()
        return True

    def _answers(self, page: Page) -> bool:
        patience = max(ANSWERS_WITHIN_SECONDS, ANSWERS_WITHIN * self._timeout)
        try:
            page.locator("html").wait_for(state="attached", timeout=patience * 1000)
        except BrowserTimeout:
            return False
        except BrowserError:  # closed or crashed a moment ago, which the next look finds out
            return True
        return True

    def _what_is_gone(self, error: BrowserError) -> RpaError:
        if not self._browser.is_connected():
            return PortalFailed("the browser has ended")
        if not self._is_driven():
            return BrowserLost("Playwright, which drives the browser, has ended.", next_step=GO_ON)
        if BLOCKED in error.message and (elsewhere := self._led_to()):
            return PortalFailed(
                f"{self._in_use} leads to {elsewhere}, which is not one of the configured hosts",
                next_step=f"Should {elsewhere} be the site's own sign-in, name it in portals.toml: as "
                "sign_in_url where user and password are typed, else under [guard] origins.",
            )
        return PortalFailed(f"{self._in_use} could not be used: {first_line(error)}")

    def _led_to(self) -> str:
        """The host that a page was last to be read from, though it is none of the portals."""
        strangers = [one.url for one in self.guard.blocked if one.is_stranger]
        return origin_of(strangers[-1]) if strangers else ""

    def has_kept(self, portal: str) -> bool:
        """Whether the pages of this portal begin with a session that a person has begun."""
        return portal in self._kept

    def close(self) -> None:
        """End the browser."""
        if self._traces:
            self._traces.close()
        # Contexts, not pages: closing a page can wait for a navigation that never commits.
        for context in self._browser.contexts if self._browser.is_connected() else ():
            with suppress(BrowserError):
                context.close()
        with suppress(BrowserError):
            self._browser.close()

    def state(self, portal: str) -> StorageState:
        """The session of a portal as it can be kept: its cookies and local storage."""
        return self.page(portal).context.storage_state()

    def _guarded(self) -> tuple[Browser, Guard]:
        browser = self._watchdog.seen_starting(self._launch) if self._watchdog else self._launch()
        try:
            return browser, Guard.install(browser, self._policy)
        except BaseException:
            with suppress(BrowserError):
                browser.close()  # one without its guard must not be found by anybody
            raise

    def _replace_browser(self) -> None:
        """Start another browser behind a guard of its own, which is still to be proven."""
        self._pages.clear()
        self._contexts.clear()
        self._replaced += 1
        if self._replaced > MOST_NEW_BROWSERS:
            raise BrowserLost(f"The browser has ended {self._replaced} times in a row.", next_step=GO_ON)
        log.warning("browser_replaced", nth=self._replaced)
        blocked = self.guard.blocked
        try:
            self._browser, self.guard = self._guarded()
        except UsageError as error:
            raise BrowserLost(
                f"The browser has ended, and no other could be started: {error.what}", next_step=GO_ON
            ) from error
        self.guard.blocked.extend(blocked)  # what the run was spared is told at its end, whoever saw it
        self._is_proven = False

    def _opened(self, portal: str) -> Page:
        page = new_page(self._context(portal), self._timeout)
        if not self._is_proven:
            self.guard.prove(page)
            self._is_proven = True
        page.set_default_timeout(self._timeout * 1000)
        self._network.listen(portal, page)
        page.on("crash", lambda crashed: self._forget_crashed(portal, crashed))
        return page

    def _context(self, portal: str) -> BrowserContext:
        if portal not in self._contexts:
            context = self._browser.new_context(
                locale="en-US", storage_state=self._kept.get(portal), **self.guard.context_options()
            )
            self.guard.secure(context)
            if self._traces:
                self._traces.watch(context)
            context.on("close", lambda closed: self._forget_closed(portal, closed))
            self._contexts[portal] = context
        return self._contexts[portal]

    def _forget_closed(self, portal: str, context: BrowserContext) -> None:
        if self._contexts.get(portal) is context:
            del self._contexts[portal]

    def _forget_crashed(self, portal: str, page: Page) -> None:
        if self._pages.get(portal) is page:
            del self._pages[portal]

    def _is_driven(self) -> bool:
        """Whether the driver still answers: a browser whose driver has died keeps saying it is connected."""
        try:
            self._browser.new_browser_cdp_session().detach()
        except BrowserError:
            return not self._browser.is_connected()
        return True


def new_page(context: BrowserContext, seconds: float) -> Page:
    """Another page; the browser's error where there is none in time.

    Of a browser that dies meanwhile Playwright's own call tells nothing, ever, and it takes no timeout.
    """
    opening = context._impl_obj.new_page()  # noqa: SLF001 - the public call cannot be given up
    try:
        opened = answer_of(context, opening, seconds)
    except TimeoutError:
        raise BrowserError(f"No page was opened within {seconds:g} seconds.") from None
    # The last one can be a window that a page has opened meanwhile.
    return next(page for page in context.pages if page._impl_obj is opened)  # noqa: SLF001


def first_line(error: BrowserError) -> str:
    """The first line of a browser's error: the call log below it can hold what was typed."""
    return error.message.splitlines()[0].removeprefix("Error: ") if error.message else type(error).__name__


def _waited_for(error: BrowserTimeout) -> str:
    """What did not come, out of the error's own message: an engineer mends it in portals.toml."""
    locator = re.search(r"waiting for ((?:get_by|locator|frame_locator).*)", error.message)
    if locator:
        return f": {locator[1].removesuffix(' to be visible')}"
    several = re.search(r"None of these showed in .*?: (.*)\.", error.message)
    return f": none of {several[1]}" if several else ""
