"""The editions of the ADP mock: other words, other dates, stricter rules."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect  # noqa: TID251 - the ban is for rpa

from mock_portals.adp.labels import VARIANTS, variant_named
from tests.mock_portals.adp_steps import (
    Adp,
    open_custom_fields,
    open_record,
    press_done,
    ready,
    row,
    signed_in,
    toast,
    type_credentials,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import StartMock


def test_every_variant_has_every_word() -> None:
    """A page of any variant finds each word it asks for, with the same places to fill."""
    modern = VARIANTS["modern"].words
    for variant in VARIANTS.values():
        assert variant.words.keys() == modern.keys()
        for key, words in variant.words.items():
            assert words.count("{") == modern[key].count("{")


def test_dates_are_shown_in_the_variants_own_way() -> None:
    """The same day is written with slashes in one variant and with dots in another."""
    day = date(2026, 2, 1)
    assert VARIANTS["modern"].show_date(day) == "02/01/2026"
    assert VARIANTS["renamed"].show_date(day) == "01.02.2026"


def test_an_unknown_variant_is_refused_by_name() -> None:
    """The error names what there is, so that a slip of the keys is mended at once."""
    with pytest.raises(ValueError, match="unknown variant 'antique': choose one of modern, renamed, classic"):
        variant_named("antique")


def test_the_renamed_portal_has_other_words_and_dates(page: Page, start_mock: StartMock) -> None:
    """List, card, panel and dates are found by the words of the variant, and a date saves in its format."""
    adp = Adp(start_mock(variant="renamed"))
    wanted = adp.employee()
    signed_in(page, adp)
    page.goto(f"{adp.url}/theme/admin.html#/people")
    page.get_by_role("searchbox", name="Search team members").fill(wanted["employee_id"])
    row(page, wanted["employee_id"]).get_by_role("link").first.click()
    card = page.get_by_role("region", name="Additional Information").filter(has_text="Onboarding End")
    card.get_by_role("button", name="Change").click()
    panel = page.get_by_role("dialog", name="Additional Information")
    ready(panel)
    field = panel.get_by_label("Onboarding End", exact=True)
    expect(field).to_have_value(f"{date.fromisoformat(wanted['esp_end_date']):%d.%m.%Y}")
    field.fill("31.12.2026")
    field.press("Tab")
    ready(panel)
    panel.get_by_role("button", name="Save", exact=True).click()
    expect(toast(page)).to_have_text("The changes were stored.")
    assert adp.mock.employee(wanted["employee_id"])["esp_end_date"] == "2026-12-31"


def test_the_strict_portal_asks_for_more(page: Page, start_mock: StartMock) -> None:
    """A passcode at sign-in, a second confirmation, and approval before anything is applied."""
    adp = Adp(start_mock(variant="strict"))
    wanted = adp.employee()["employee_id"]
    type_credentials(page, adp)
    page.get_by_role("button", name="Send me a text message").click()
    page.get_by_label("Passcode", exact=True).fill(adp.account("step_up").code)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", name=re.compile("^Welcome, "))).to_be_visible()
    open_record(page, adp, wanted)
    panel = open_custom_fields(page)
    panel.get_by_label("Uptraining Class", exact=True).fill("Aetna")
    press_done(panel)
    page.get_by_role("alertdialog", name="Confirm changes").get_by_role("button", name="Done").click()
    expect(toast(page)).to_have_text("Your changes have been submitted for approval.")
    assert adp.mock.employee(wanted)["uptraining_class"] == ""
