from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from rpa.domain.errors import AccessMissing, SessionLost, SignInNeeded
from rpa.pages.blackdash import DashboardPage, SignInPage, is_sign_in
from rpa.pages.site import Site
from tests.conftest import MockPortals


def test_signing_in_leads_to_the_dashboard(page: Page, dashboard_site: Site, mock: MockPortals) -> None:
    """Name and password lead in, and the next load needs neither."""
    sign_in = SignInPage(page, dashboard_site).open()
    assert is_sign_in(page.url, dashboard_site)
    sign_in.sign_in(mock.blackdash.username, mock.blackdash.password)
    DashboardPage(page, dashboard_site).open()


def test_a_bad_password_is_told(page: Page, dashboard_site: Site, mock: MockPortals) -> None:
    """The portal's sentence is passed on."""
    with pytest.raises(SignInNeeded, match="Invalid username or password"):
        SignInPage(page, dashboard_site).open().sign_in(mock.blackdash.username, "wrong")


def test_the_password_is_typed_only_at_the_configured_address(
    page: Page, dashboard_site: Site, mock: MockPortals
) -> None:
    """A sign-in page anywhere else gets nothing."""
    sign_in = SignInPage(page, dashboard_site).open()
    sign_in.site = replace(dashboard_site, sign_in_url="https://blackdash.test/login")
    with pytest.raises(SignInNeeded, match="nothing was typed"):
        sign_in.sign_in(mock.blackdash.username, mock.blackdash.password)
    assert sign_in.password.input_value() == ""


def test_a_session_that_ended_is_noticed(page: Page, dashboard_site: Site, mock: MockPortals) -> None:
    """The dashboard of an account that is not signed in is the sign-in page."""
    with pytest.raises(SessionLost):
        DashboardPage(page, dashboard_site).open()


def test_an_account_without_access_is_sent_to_noc(
    page: Page, dashboard_site: Site, mock: MockPortals
) -> None:
    """A menu without Training Environment is a matter of access, told with the way to get it."""
    account = mock.account("blackdash", "no_access")
    dashboard = SignInPage(page, dashboard_site).open().sign_in(account.username, account.password)
    with pytest.raises(AccessMissing, match="Ask NOC"):
        dashboard.open_classes()
