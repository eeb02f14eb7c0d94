from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from rpa.domain.errors import SessionLost, SignInNeeded
from rpa.pages.adp import HomePage, SignInPage, is_sign_in, is_sorry
from rpa.pages.site import Site
from tests.conftest import MockPortals


def test_signing_in_leads_home(page: Page, site: Site, mock: MockPortals) -> None:
    """User id and password lead to the portal, although its address stands in the sign-in page's too."""
    sign_in = SignInPage(page, site).open()
    assert is_sign_in(page.url, site)
    sign_in.sign_in(mock.adp.username, mock.adp.password)
    assert not is_sign_in(page.url, site)
    HomePage(page, site).open()


def test_a_bad_password_is_told_and_not_tried_again(page: Page, site: Site, mock: MockPortals) -> None:
    """The portal's sentence is passed on, after exactly one password was sent."""
    with pytest.raises(SignInNeeded, match="The user ID or password you entered is incorrect"):
        SignInPage(page, site).open().sign_in(mock.adp.username, "wrong")
    sent = [one for one in mock.requests() if one["path"] == "/signin/v1/password"]
    assert len(sent) == 1


def test_the_password_is_typed_only_at_the_configured_address(
    page: Page, site: Site, mock: MockPortals
) -> None:
    """A sign-in page anywhere else, even one that looks the same, gets nothing."""
    sign_in = SignInPage(page, replace(site, sign_in_url=mock.adp.url)).open()
    sign_in.site = replace(site, sign_in_url="https://online.adp.com/signin/v1/")
    with pytest.raises(SignInNeeded, match="nothing was typed"):
        sign_in.sign_in(mock.adp.username, mock.adp.password)
    assert sign_in.user_id.input_value() == ""
    assert sign_in.password.input_value() == ""


def test_a_one_time_code_is_asked_from_a_person(page: Page, site: Site, mock: MockPortals) -> None:
    """Signing in stops at the question for a code, and goes on when it is given."""
    account = mock.account("adp", "step_up")
    sign_in = SignInPage(page, site).open()
    with pytest.raises(SignInNeeded, match="one-time code"):
        sign_in.sign_in(account.username, account.password)
    assert sign_in.asks_for_code()
    sign_in.send_code()
    with pytest.raises(SignInNeeded, match="The passcode you entered is incorrect"):
        sign_in.enter_code("000000")
    sign_in.enter_code(account.code)


def test_a_question_that_can_wait_is_put_off(page: Page, site: Site, mock: MockPortals) -> None:
    """`Remind me later` after the password does not keep anybody from the portal."""
    account = mock.account("adp", "interrupted")
    SignInPage(page, site).open().sign_in(account.username, account.password)


def test_a_notice_about_the_last_session_is_no_refusal(page: Page, site: Site, mock: MockPortals) -> None:
    """The sign-in page opens with an alert about the session that ended; signing in works all the same."""
    SignInPage(page, site).open().sign_in(mock.adp.username, mock.adp.password)
    mock.faults({"match": {"portal": "adp"}, "effect": "expire_session", "times": 1})
    with pytest.raises(SessionLost):
        HomePage(page, site).open()
    sign_in = SignInPage(page, site).arrived()
    assert "timed out" in sign_in.alert.inner_text()
    sign_in.sign_in(mock.adp.username, mock.adp.password)


def test_the_sorry_page_is_known(page: Page, site: Site, mock: MockPortals) -> None:
    """Maintenance shows by the address, so that nobody waits for what will not come."""
    mock.faults({"match": {"portal": "adp"}, "effect": "sorry"})
    page.goto(site.url)
    assert is_sorry(page.url, site)


@pytest.mark.parametrize(
    "url",
    [
        "{adp}/theme/admin.html?next=/signin/v1/",
        "https://evil.test/signin/v1/?returnURL={adp}/theme/admin.html#/home",
        "{adp}@evil.test/signin/v1/",
        "about:blank",
    ],
)
def test_only_the_portals_own_sign_in_page_is_one(url: str, site: Site) -> None:
    """What an address carries behind its path, or another host, does not make it a sign-in page."""
    assert not is_sign_in(url.format(adp=site.url), site)
