"""The base of every screen: where it begins, what its site has differently, and the promise to arrive."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, Response
from tenacity import Retrying, retry_if_exception, stop_after_attempt

from rpa.pages.elements import page_of
from rpa.pages.locator_chain import Root
from rpa.pages.site import Site

INTERRUPTED = "interrupted by another navigation"


class Screen:
    """One screen of a portal; its elements are declared on the class, its methods are what a person does."""

    screen: ClassVar[str]

    def __init__(self, root: Root, site: Site) -> None:
        self.root = root
        self.site = site

    @property
    def page(self) -> Page:
        """The page that the screen is on."""
        return page_of(self.root)

    def arrived(self) -> Self:
        """Return once the screen is there to be used; nothing may be done on it before."""
        raise NotImplementedError

    def load(self, address: str, until: Literal["commit", "domcontentloaded"]) -> Response | None:
        """Go to an address; again where the end of a navigation that failed before came in between."""
        again = Retrying(
            retry=retry_if_exception(_is_interrupted),
            stop=stop_after_attempt(3),
            before_sleep=lambda _state: self.page.wait_for_load_state(),
            reraise=True,
        )
        return again(self.page.goto, address, wait_until=until)


def _is_interrupted(error: BaseException) -> bool:
    return isinstance(error, BrowserError) and INTERRUPTED in error.message
