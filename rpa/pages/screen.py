"""The base of every screen: where it begins, what its site has differently, and the promise to arrive."""

from __future__ import annotations

from typing import ClassVar, Self

from playwright.sync_api import Page

from rpa.pages.elements import page_of
from rpa.pages.locator_chain import Root
from rpa.pages.site import Site


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
