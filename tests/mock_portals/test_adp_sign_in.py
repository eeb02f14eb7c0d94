"""What the sign-in of the ADP mock does to a script, and what gets through."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect  # noqa: TID251 - the ban is for rpa

from tests.mock_portals.adp_steps import NAIVE_MS, fails, open_list, signed_in, type_credentials

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.mock_portals.adp_steps import Adp


def at_home(page: Page) -> None:
    expect(page.get_by_role("heading", name=re.compile("^Welcome, "))).to_be_visible()


def test_labels_pierce_the_shadow_roots_that_share_an_inner_id(page: Page, adp: Adp) -> None:
    """The inner id `input` is in every field, hidden ones too, so only labels name one."""
    page.goto(adp.url)
    page.get_by_label("User ID", exact=True).wait_for()
    assert fails(lambda: page.locator("#input").fill("x", timeout=NAIVE_MS))
    type_credentials(page, adp)
    at_home(page)
    assert page.url == f"{adp.url}/theme/admin.html#/home"


def test_nothing_reacts_before_the_page_is_hydrated(page: Page, adp: Adp) -> None:
    """Enter right after typing is lost, while a click on Next waits until the button is enabled."""
    adp.fault("latency", {"path": "/signin/v1/hydrate"}, seconds=2)
    page.goto(adp.url)
    field = page.get_by_label("User ID", exact=True)
    field.fill("anybody")
    field.press("Enter")
    assert fails(lambda: page.get_by_label("Password", exact=True).wait_for(timeout=NAIVE_MS))
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_label("Password", exact=True).wait_for()


def test_the_sign_in_address_holds_the_portals_address(page: Page, adp: Adp) -> None:
    """A loose wait_for_url passes on the sign-in page itself; one that is anchored does not."""
    page.goto(adp.url)
    page.wait_for_url(re.compile(r"/theme/admin\.html"))
    expect(page.get_by_label("User ID", exact=True)).to_be_visible()
    anchored = re.compile(f"^{re.escape(adp.url)}/theme/admin")
    assert fails(lambda: page.wait_for_url(anchored, timeout=NAIVE_MS))


def test_a_checkbox_says_checked_whatever_it_is(page: Page, adp: Adp) -> None:
    """The `checked` attribute is always there; aria-checked is the truth."""
    page.goto(adp.url)
    box = page.get_by_role("checkbox", name="Remember user ID")
    assert box.get_attribute("checked") is not None
    expect(box).not_to_be_checked()
    box.check()
    expect(box).to_be_checked()


def test_three_bad_passwords_lock_the_account(page: Page, adp: Adp) -> None:
    """The third bad password locks, and then the good one is refused too."""
    page.goto(adp.url)
    page.get_by_label("User ID", exact=True).fill(adp.account("manager").username)
    page.get_by_role("button", name="Next", exact=True).click()
    for word in ("is incorrect", "is incorrect", "is locked"):
        page.get_by_label("Password", exact=True).fill("wrong")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text(word)
    type_credentials(page, adp)
    expect(page.get_by_role("alert")).to_contain_text("Your account is locked.")


def test_step_up_asks_for_a_passcode(page: Page, adp: Adp) -> None:
    """The heading stands there twice, once hidden; the code must be asked for before it can be typed."""
    type_credentials(page, adp, "step_up")
    expect(page.get_by_role("heading", name="Verify Your Identity")).to_be_visible()
    assert page.get_by_text("Verify Your Identity").count() == 2
    expect(page.get_by_label("Passcode", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Send me a text message").click()
    page.get_by_label("Passcode", exact=True).fill("000000x")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("alert")).to_have_text("The passcode you entered is incorrect.")
    page.get_by_label("Passcode", exact=True).fill(adp.account("step_up").code)
    page.get_by_role("button", name="Submit").click()
    at_home(page)


def test_a_session_may_be_asked_for_a_passcode(page: Page, adp: Adp) -> None:
    """A session that is asked for a code stands on the sign-in page, without a user id, until it has one."""
    signed_in(page, adp)
    open_list(page, adp)
    adp.fault("step_up", times=1)
    page.get_by_role("searchbox", name="Search employees").fill("1001")
    expect(page.get_by_role("heading", name="Verify Your Identity")).to_be_visible()
    page.goto(f"{adp.url}/theme/admin.html")
    expect(page.get_by_role("heading", name="Verify Your Identity")).to_be_visible()
    expect(page.get_by_label("User ID", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Send me a text message").click()
    page.get_by_label("Passcode", exact=True).fill(adp.account("step_up").code)
    page.get_by_role("button", name="Submit").click()
    at_home(page)


def test_a_reminder_stands_between_password_and_portal(page: Page, adp: Adp) -> None:
    """There is no session before Remind me later, so going on to the portal leads back to sign-in."""
    type_credentials(page, adp, "interrupted")
    page.get_by_role("button", name="Remind me later").wait_for()
    page.goto(f"{adp.url}/theme/admin.html")
    expect(page.get_by_label("User ID", exact=True)).to_be_visible()
    type_credentials(page, adp, "interrupted")
    page.get_by_role("button", name="Remind me later").click()
    at_home(page)


def test_a_second_sign_in_ends_the_first(page: Page, adp: Adp) -> None:
    """The older session's next request throws the whole page out, with the reason."""
    signed_in(page, adp)
    open_list(page, adp)
    cookies = page.context.cookies()
    signed_in(page, adp)
    page.context.add_cookies(
        [{**one, "url": adp.url} for one in cookies if one.pop("domain") and one.pop("path")]
    )
    page.get_by_role("searchbox", name="Search employees").fill("1001")
    expect(page.get_by_role("alert")).to_have_text(
        "You have been signed out because your account was signed in elsewhere."
    )


def test_an_ended_session_is_told_at_sign_in(page: Page, adp: Adp) -> None:
    """A session that timed out says so on the sign-in page, and the page that was open is gone."""
    signed_in(page, adp)
    open_list(page, adp)
    adp.fault("expire_session", times=1)
    page.get_by_role("searchbox", name="Search employees").fill("1001")
    expect(page.get_by_role("alert")).to_have_text("Your session has timed out. Please sign in again.")


def test_reload_does_not_leave_the_sorry_page(page: Page, adp: Adp) -> None:
    """While the portal is sorry a reload stays there; opening the portal anew works once it is over."""
    signed_in(page, adp)
    adp.fault("sorry", {"path": "/theme"})
    page.goto(f"{adp.url}/theme/admin.html")
    expect(page.get_by_role("heading", name=re.compile("^Sorry"))).to_be_visible()
    adp.mock.faults()
    page.reload()
    expect(page.get_by_role("heading", name=re.compile("^Sorry"))).to_be_visible()
    page.goto(f"{adp.url}/theme/admin.html")
    at_home(page)
