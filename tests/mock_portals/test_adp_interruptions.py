"""What comes in between in the ADP mock, and how a script gets past it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect  # noqa: TID251 - the ban is for rpa

from tests.mock_portals.adp_steps import (
    NAIVE_MS,
    fails,
    open_custom_fields,
    open_record,
    signed_in,
    training_card,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.mock_portals.adp_steps import Adp

NAMES = {
    "tour": "Guided tour",
    "survey": "Tell us what you think",
    "remind": "Verify your mobile number",
    "timeout": "Session timeout",
}


def interrupted(page: Page, adp: Adp, kind: str) -> Locator:
    """A record over which the pop-up has come."""
    one = adp.employee()["employee_id"]
    signed_in(page, adp)
    adp.fault("popup", {"employee_id": one}, kind=kind, delay=1.5, times=1)
    open_record(page, adp, one)
    dialog = page.get_by_role("dialog", name=NAMES[kind], exact=True)
    popup = dialog.or_(page.get_by_role("alertdialog", name=NAMES[kind], exact=True))
    expect(popup).to_be_hidden()
    expect(popup).to_be_visible()
    return popup


def edit(page: Page) -> None:
    training_card(page).get_by_role("button", name="Edit").click(timeout=NAIVE_MS)


@pytest.mark.parametrize("kind", NAMES)
def test_a_pop_up_comes_late_covers_all_and_ignores_escape(page: Page, adp: Adp, kind: str) -> None:
    """The page was free when it had loaded; then every click beneath times out, Escape or not."""
    popup = interrupted(page, adp, kind)
    page.keyboard.press("Escape")
    expect(popup).to_be_visible()
    assert fails(lambda: edit(page))
    assert adp.mock.writes() == []


@pytest.mark.parametrize(
    ("kind", "button"), [("tour", "Close"), ("remind", "Remind me later"), ("timeout", "OK")]
)
def test_its_own_button_puts_it_away(page: Page, adp: Adp, kind: str, button: str) -> None:
    """The button of the pop-up, found within it, gives the page back."""
    popup = interrupted(page, adp, kind)
    popup.get_by_role("button", name=button, exact=True).click()
    expect(popup).to_be_hidden()
    open_custom_fields(page)


def test_the_survey_asks_twice(page: Page, adp: Adp) -> None:
    """One Close only makes it ask again; the second closes it."""
    popup = interrupted(page, adp, "survey")
    popup.get_by_role("button", name="Close").click()
    expect(popup).to_contain_text("Are you sure?")
    popup.get_by_role("button", name="Close").click()
    expect(popup).to_be_hidden()


def test_cancel_of_the_time_out_signs_out(page: Page, adp: Adp) -> None:
    """Cancel is no way to put the time-out away: it ends the session."""
    popup = interrupted(page, adp, "timeout")
    popup.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("User ID", exact=True)).to_be_visible()
