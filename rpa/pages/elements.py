"""Declared locators: where something is on a screen, replaceable by the site's portals.toml.

A screen class names itself (`screen = "adp.people_page"`) and declares what is on it:

    search = element(lambda root: root.get_by_role("searchbox", name="Search employees"))
    row = element(lambda root, employee_id: root.get_by_role("row").filter(...))
    end_date = element(lambda root, label: root.get_by_label(label, exact=True), field="esp_end_date")
    alert = element(lambda root: root.get_by_role("alert"), when="the portal refuses")
    rows = element(lambda root: root.get_by_role("row"), many=True)
    heading = element(lambda root: root.get_by_role("heading"), varies=True)

On an instance the first is a locator, the second is called with its parameters by name, and the third
gets the label that the site shows for the field. `when` and `many` are for `rpa doctor`: what it need not
find each time, and of what it may find several. What `varies` shows another value each time, which must
not get into a locator that `rpa calibrate` makes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Protocol, Self, overload

from playwright.sync_api import Locator, Page

from rpa.pages.locator_chain import Chain, Root
from rpa.pages.locator_text import parse_locator
from rpa.pages.site import Site


class OnScreen(Protocol):
    """What an element needs of the screen that it is on."""

    @property
    def root(self) -> Root:
        """Where the screen begins: a page, or the locator of a panel."""
        ...

    @property
    def site(self) -> Site:
        """What this portal has differently."""
        ...


class Declared:
    """One declared locator: its dotted name, its factory, and the parameters a caller gives."""

    def __init__(
        self,
        factory: Callable[..., Locator],
        field: str = "",
        *,
        when: str = "",
        many: bool = False,
        varies: bool = False,
    ) -> None:
        self.field = field
        self.when = when
        self.many = many
        self.varies = varies
        self.name = ""
        self._factory = factory
        taken = tuple(inspect.signature(factory).parameters)[1:]
        self._labelled = "label" in taken
        self.parameters = tuple(name for name in taken if name != "label")

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = f"{getattr(owner, 'screen')}.{name}"  # noqa: B009 - mypy knows no `screen` on type

    def check(self, text: str) -> None:
        """Refuse a text that cannot stand for this element (UsageError)."""
        self._parsed(text)

    def locate(self, root: Root, site: Site, **given: str) -> Locator:
        """The locator under this root: the site's own where it has one, the declared one otherwise."""
        values = {**given, **({"label": site.labels[self.field]} if self.field else {})}
        if text := site.locators.get(self.name):
            return self._parsed(text).locate(root, values)
        if not self._labelled:
            values.pop("label", None)
        return self._factory(root, **values)

    def _parsed(self, text: str) -> Chain:
        return parse_locator(text, self.name, self.parameters, ("label",) if self.field else ())


class Element(Declared):
    """A declared locator without parameters."""

    @overload
    def __get__(self, screen: None, owner: type) -> Self: ...
    @overload
    def __get__(self, screen: OnScreen, owner: type) -> Locator: ...
    def __get__(self, screen: OnScreen | None, owner: type) -> Self | Locator:
        return self if screen is None else self.locate(screen.root, screen.site)


class ElementWith(Declared):
    """A declared locator with parameters, such as the row of one employee id."""

    @overload
    def __get__(self, screen: None, owner: type) -> Self: ...
    @overload
    def __get__(self, screen: OnScreen, owner: type) -> Callable[..., Locator]: ...
    def __get__(self, screen: OnScreen | None, owner: type) -> Self | Callable[..., Locator]:
        if screen is None:
            return self

        def with_values(**given: str) -> Locator:
            return self.locate(screen.root, screen.site, **given)

        return with_values


@overload
def element(
    factory: Callable[[Root], Locator], *, when: str = "", many: bool = False, varies: bool = False
) -> Element: ...
@overload
def element(
    factory: Callable[[Root, str], Locator], *, field: str, when: str = "", varies: bool = False
) -> Element: ...
@overload
def element(
    factory: Callable[[Root, str], Locator], *, when: str = "", many: bool = False
) -> ElementWith: ...
def element(
    factory: Callable[..., Locator],
    *,
    field: str = "",
    when: str = "",
    many: bool = False,
    varies: bool = False,
) -> Element | ElementWith:
    """Declare a locator; `field` makes its `label` the one that the site shows for that field."""
    kind = ElementWith if Declared(factory, field).parameters else Element
    return kind(factory, field, when=when, many=many, varies=varies)


def page_of(root: Root) -> Page:
    """The page that a root is on."""
    return root if isinstance(root, Page) else root.page
