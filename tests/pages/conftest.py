from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page

from rpa.pages import adp, blackdash
from rpa.pages.dates import DateFormat
from rpa.pages.site import ADP_PATHS, BLACKDASH_PATHS, LABELS, Site, Timeouts
from tests.conftest import MockPortals, SignIn

QUICK = Timeouts(arrive=10, settle=1.5)


@pytest.fixture(scope="session")
def pace() -> float:
    """The portals' own: pages have to stand it."""
    return 1.0


@pytest.fixture
def page(page: Page) -> Page:
    """A page that gives up sooner than Playwright does."""
    page.set_default_timeout(QUICK.arrive_ms)
    return page


def adp_site(url: str, **given: Any) -> Site:
    """ADP as the mock shows it, with what a site has differently."""
    labels = {**LABELS, **given.pop("labels", {})}
    return Site(url=url, paths=ADP_PATHS, labels=labels, timeouts=QUICK, **given)


def renamed_site(url: str) -> Site:
    """What a portals.toml says of the mock's variant `renamed`, where nearly every word is another."""
    labels = {
        "esp_start_date": "Onboarding Start",
        "esp_end_date": "Onboarding End",
        "training_graduation_date": "Graduation Day",
        "uptraining_class": "Uptraining Group",
    }
    return replace(adp_site(url, labels=labels, locators=RENAMED), date_format=DateFormat("DD.MM.YYYY"))


_GRID = 'get_by_role("grid", name="Team Members")'
_ROWS = f'{_GRID}.get_by_role("row").filter(has=get_by_role("gridcell"))'
_NOTICE = 'page.get_by_role("region", name="Notifications").get_by_role("status")'
RENAMED = {
    "adp.menu.people_button": 'get_by_role("navigation").get_by_role("button", name="Workforce", exact=True)',
    "adp.menu.employees_link": 'get_by_role("link", name="Team Members", exact=True)',
    "adp.people_page.heading": 'get_by_role("heading", name="Team Members", level=1)',
    "adp.people_page.status_chip": 'get_by_role("button", name=re.compile("^Worker status: "))',
    "adp.people_page.active_chip": 'get_by_role("button", name="Worker status: Active", exact=True)',
    "adp.people_page.status_filter": 'get_by_role("dialog", name="Worker status")',
    "adp.people_page.search": 'get_by_role("searchbox", name="Search team members")',
    "adp.people_page.busy_grid": f'{_GRID}.and_(locator("[aria-busy=true]"))',
    "adp.people_page.rows": _ROWS,
    "adp.people_page.rows_beginning_with": (
        f'{_ROWS}.filter(has=get_by_role("gridcell", name=re.compile("^{{query}}")))'
    ),
    "adp.people_page.profile_links": (
        f'{_ROWS}.filter(has=get_by_role("gridcell", name="{{employee_id}}", exact=True)).get_by_role("link")'
    ),
    "adp.employee_page.shown_id": (
        'get_by_role("region", name="Associate summary").get_by_label("Associate ID", exact=True)'
    ),
    "adp.employee_page.custom_fields_region": (
        'get_by_role("region", name="Additional Information").filter(has=get_by_label("{label}", exact=True))'
    ),
    "adp.custom_fields_card.edit_button": 'get_by_role("button", name="Change")',
    "adp.custom_fields_card.panel": 'page.get_by_role("dialog", name="Additional Information")',
    "adp.custom_fields_panel.shown_id": 'get_by_label("Associate ID")',
    "adp.custom_fields_panel.done": 'get_by_role("button", name="Save")',
    "adp.custom_fields_panel.cancel_button": 'get_by_role("button", name="Discard")',
    "adp.custom_fields_panel.closed": (
        'page.locator("body").filter(has_not=get_by_role("dialog", name="Additional Information"))'
    ),
    "adp.custom_fields_panel.confirm_done": (
        'page.get_by_role("alertdialog", name="Please confirm").get_by_role("button", name="Save")'
    ),
    "adp.custom_fields_panel.saved_notice": f'{_NOTICE}.filter(has_text="The changes were stored.")',
    "adp.custom_fields_panel.approval_notice": f'{_NOTICE}.filter(has_text="sent for approval")',
}


@pytest.fixture
def site(mock: MockPortals) -> Site:
    """ADP as the mock shows it."""
    return adp_site(mock.adp.url)


def signed_in(page: Page, site: Site, account: SignIn) -> adp.PeoplePage:
    """The list of employees, its session just begun."""
    adp.watch_for_interruptions(page, site)
    home = adp.SignInPage(page, site).open().sign_in(account.username, account.password)
    return home.open_people()


@pytest.fixture
def people(page: Page, site: Site, mock: MockPortals) -> adp.PeoplePage:
    """The list of employees, as the ESP manager sees it."""
    return signed_in(page, site, mock.adp)


@pytest.fixture
def dashboard_site(mock: MockPortals) -> Site:
    """BlackDash as the mock shows it."""
    return Site(url=mock.blackdash.url, paths=BLACKDASH_PATHS, labels=LABELS, timeouts=QUICK)


@pytest.fixture
def classes(page: Page, dashboard_site: Site, mock: MockPortals) -> blackdash.ClassesPage:
    """The list of classes, as the ESP manager sees it."""
    blackdash.watch_for_interruptions(page, dashboard_site)
    sign_in = blackdash.SignInPage(page, dashboard_site).open()
    return sign_in.sign_in(mock.blackdash.username, mock.blackdash.password).open_classes()
