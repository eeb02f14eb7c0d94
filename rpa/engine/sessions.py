"""One guarded browser and one page for each portal, and what the network said meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import TimeoutError as BrowserTimeout

from rpa.domain.errors import PortalBusy, PortalFailed
from rpa.engine.guard import Guard, Policy

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Response, StorageState

TOO_MANY = 429
SERVER_ERROR = 500
PATIENCE_WITHOUT_WORD = 5.0


class Sessions:
    """The browser of one command; pages are opened when first asked for, behind the guard."""

    def __init__(
        self,
        launch: Callable[[], Browser],
        policy: Policy,
        timeout: float,
        kept: Mapping[str, StorageState] | None = None,
    ) -> None:
        self._launch = launch
        self._kept = kept or {}
        self._policy = policy
        self._timeout = timeout
        self._pages: dict[str, Page] = {}
        self._trouble: dict[str, Response] = {}
        self._in_use = ""
        self._browser = launch()
        self.guard = Guard.install(self._browser, policy)

    @property
    def version(self) -> str:
        """The browser's version."""
        return self._browser.version

    def page(self, portal: str) -> Page:
        """The one page on this portal; a new one where the last has crashed or was closed."""
        page = self._pages.get(portal)
        if page is None or page.is_closed():
            page = self._context(portal).new_page()
            page.set_default_timeout(self._timeout * 1000)
            page.on("response", lambda response: self._note(portal, response))
            self._pages[portal] = page
        return page

    def use(self, portal: str) -> Page:
        """The same, and this portal is the one that errors are about from now on."""
        self._in_use = portal
        return self.page(portal)

    def has(self, portal: str) -> bool:
        """Whether a page on this portal was opened before."""
        return portal in self._pages

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass while the browser's events are answered."""
        page = next((page for page in self._pages.values() if not page.is_closed()), None)
        if page is None:
            page = self.page("waiting")
        page.wait_for_timeout(seconds * 1000)

    def forget_trouble(self, portal: str) -> None:
        """Start a new reading: what the network said before does not explain it."""
        self._trouble.pop(portal, None)

    def explain(self, error: BrowserError | PortalFailed) -> PortalFailed:
        """The named failure behind an error, by what the network said and what is gone."""
        portal = self._in_use
        answer = self._trouble.get(portal)
        if answer is not None and answer.status == TOO_MANY:
            return PortalBusy(f"{portal} asked to slow down (429)", retry_after=_retry_after(answer))
        if isinstance(error, PortalFailed):
            return error
        if answer is not None:
            return PortalFailed(f"{portal} answered {answer.status} {answer.status_text}".strip())
        if isinstance(error, BrowserTimeout):
            return PortalFailed(f"{portal} did not show what was expected within {self._timeout:g} seconds")
        if not self._browser.is_connected():
            return PortalFailed("the browser is gone")
        return PortalFailed(f"{portal} could not be used: {first_line(error)}")

    def close(self) -> None:
        """End the browser."""
        # Contexts, not pages: closing a page can wait for a navigation that never commits.
        for context in self._browser.contexts if self._browser.is_connected() else ():
            with suppress(BrowserError):
                context.close()
        with suppress(BrowserError):
            self._browser.close()

    def state(self, portal: str) -> StorageState:
        """The session of a portal as it can be kept: its cookies and local storage."""
        return self.page(portal).context.storage_state()

    def _context(self, portal: str) -> BrowserContext:
        if not self._browser.is_connected():
            self._pages.clear()
            self._browser = self._launch()
            self.guard = Guard.install(self._browser, self._policy)
        context = self._browser.new_context(
            locale="en-US", storage_state=self._kept.get(portal), **self.guard.context_options()
        )
        self.guard.secure(context)
        return context

    def _note(self, portal: str, response: Response) -> None:
        if response.status == TOO_MANY or response.status >= SERVER_ERROR:
            self._trouble[portal] = response


def first_line(error: BrowserError) -> str:
    """The first line of a browser's error: the call log below it can hold what was typed."""
    return error.message.splitlines()[0].removeprefix("Error: ") if error.message else type(error).__name__


def _retry_after(answer: Response) -> float:
    said = answer.headers.get("retry-after", "")
    return float(said) if said.isdigit() else PATIENCE_WITHOUT_WORD
