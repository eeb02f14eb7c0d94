"""Ways through the ADP mock as a careful person takes them, for tests of what trips a careless script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error, Locator, expect  # noqa: TID251 - the ban is for rpa

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Page

    from tests.conftest import MockPortals, SignIn

NAIVE_MS = 400


@dataclass(frozen=True, slots=True)
class Adp:
    """The served mock as these tests ask of it."""

    mock: MockPortals

    @property
    def url(self) -> str:
        return self.mock.adp.url

    def account(self, kind: str) -> SignIn:
        return self.mock.account("adp", kind)

    def fault(self, effect: str, match: Mapping[str, object] | None = None, **more: object) -> None:
        self.mock.faults({"match": {"portal": "adp", **(match or {})}, "effect": effect, **more})

    def people(self, status: str = "Active") -> list[dict[str, Any]]:
        return [one for one in self.mock.state()["employees"] if one["status"] == status]

    def employee(self, test: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The first active employee of that kind."""
        return next(one for one in self.people() if test(one))

    def posts(self, path: str) -> int:
        """How many times the page posted there."""
        return sum(one["method"] == "POST" and one["path"].endswith(path) for one in self.mock.requests())


def type_credentials(page: Page, adp: Adp, kind: str = "manager") -> None:
    """Sign in by hand, up to the press on Sign in."""
    page.goto(adp.url)
    page.get_by_label("User ID", exact=True).fill(adp.account(kind).username)
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_label("Password", exact=True).fill(adp.account(kind).password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def signed_in(page: Page, adp: Adp, kind: str = "manager") -> None:
    """A session without the pages that lead to it."""
    who = adp.account(kind)
    answer = page.request.post(
        f"{adp.url}/signin/v1/password", data={"userid": who.username, "password": who.password}
    )
    assert "location" in answer.json()


def open_list(page: Page, adp: Adp) -> None:
    page.goto(f"{adp.url}/theme/admin.html#/people")
    expect(page.get_by_role("status").filter(has_text=re.compile(r"^\d+ results$"))).to_be_visible()


def search(page: Page, query: str) -> None:
    page.get_by_role("searchbox", name="Search employees").fill(query)
    expect(page.get_by_role("status").filter(has_text=f'for "{query}"')).to_be_visible()


def row(page: Page, employee_id: str) -> Locator:
    cell = page.get_by_role("gridcell", name=employee_id, exact=True)
    return page.get_by_role("row").filter(has=cell)


def settled(page: Page) -> None:
    """The record has loaded and stands."""
    expect(page.get_by_role("region", name="Employee summary")).to_be_visible()
    expect(page.get_by_role("main")).not_to_have_attribute("aria-busy", "true")


def open_record(page: Page, adp: Adp, employee_id: str) -> None:
    """The record by its address, which the list is asked for in the background."""
    listed = page.request.get(f"{adp.url}/people/v1/list?query={employee_id}&status=Active").json()["rows"]
    aoid = next(one["aoid"] for one in listed if one["employee_id"] == employee_id)
    page.goto(f"{adp.url}/theme/admin.html#/people/{aoid}")
    settled(page)


def training_card(page: Page) -> Locator:
    cards = page.get_by_role("region", name="Custom Fields", exact=True)
    return cards.filter(has=page.get_by_label("ESP End Date", exact=True))


def shown(page: Page, label: str) -> str:
    """What the record's cards show for a field."""
    return page.get_by_role("main").get_by_label(label, exact=True).filter(visible=True).inner_text()


def ready(panel: Locator) -> None:
    """The panel stands and takes what is typed."""
    expect(panel).to_be_visible()
    expect(panel).not_to_have_attribute("aria-busy", "true")


def open_custom_fields(page: Page) -> Locator:
    training_card(page).get_by_role("button", name="Edit", exact=True).click()
    panel = page.get_by_role("dialog", name="Custom Fields", exact=True)
    ready(panel)
    return panel


def open_position(page: Page) -> Locator:
    card = page.get_by_role("region", name="Position", exact=True)
    card.get_by_role("button", name="Edit", exact=True).click()
    panel = page.get_by_role("dialog", name="Position", exact=True)
    ready(panel)
    return panel


def type_date(panel: Locator, label: str, text: str) -> None:
    panel.get_by_label(label, exact=True).fill(text)
    panel.get_by_label(label, exact=True).press("Tab")
    ready(panel)


def press_done(panel: Locator) -> None:
    panel.get_by_role("button", name="Done", exact=True).click()


def toast(page: Page) -> Locator:
    return page.get_by_role("region", name="Notifications").get_by_role("status")


def fails(naive: Callable[[], object]) -> bool:
    """Whether the careless way comes to nothing."""
    try:
        naive()
    except (Error, AssertionError):
        return True
    return False
