"""Ways through the BlackDash mock as a careful person takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import Locator, expect  # noqa: TID251 - the ban is for rpa

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import MockPortals, SignIn


def log_in(page: Page, account: SignIn, password: str | None = None) -> None:
    """Log in by hand, up to the press on Log in."""
    page.goto(account.url)
    page.get_by_label("Username", exact=True).fill(account.username)
    page.get_by_label("Password", exact=True).fill(password or account.password)
    page.get_by_role("button", name="Log in", exact=True).click()


def open_classes(page: Page, account: SignIn) -> None:
    """Training Environment > Classes."""
    log_in(page, account)
    expect(page.get_by_role("heading", name="Dashboard", exact=True)).to_be_visible()
    page.wait_for_load_state()  # the menu's script is the last of the document
    menu = page.get_by_role("navigation", name="Main", exact=True)
    menu.get_by_role("button", name="Training Environment", exact=True).click()
    menu.get_by_role("link", name="Classes", exact=True).click()
    expect(page.get_by_role("heading", name="Classes", exact=True)).to_be_visible()


def row(page: Page, *texts: str) -> Locator:
    """The rows of the classes that have each of these texts as a whole cell."""
    rows = page.get_by_role("table", name="Classes", exact=True).get_by_role("row")
    for text in texts:
        rows = rows.filter(has=page.get_by_role("cell", name=text, exact=True))
    return rows


def open_roster(of: Locator) -> None:
    """Press the smiley of one row."""
    of.get_by_role("button", name="Show agents of").click()


def roster(page: Page) -> Locator:
    """The dialog, whole."""
    dialog = page.get_by_role("dialog", name="Roster of")
    expect(dialog.get_by_role("status")).to_contain_text("Headcount:")
    expect(dialog).not_to_have_attribute("aria-busy", "true")
    return dialog


def listed(page: Page) -> list[str]:
    """The employee ids of the open roster."""
    rows = roster(page).get_by_role("table", name="Agents", exact=True).locator("tbody").get_by_role("row")
    return [one.get_by_role("cell").first.inner_text() for one in rows.all()]


def class_with(mock: MockPortals, employee_id: str) -> dict[str, Any]:
    """The class on whose roster the agent is."""
    found: dict[str, Any] = next(one for one in mock.state()["classes"] if employee_id in one["roster"])
    return found


def day(iso: str) -> str:
    """A date as BlackDash writes it."""
    year, month, number = iso.split("-")
    return f"{month}/{number}/{year}"
