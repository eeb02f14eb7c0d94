"""What the Position panel and its look-up do to a script, and what gets through."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect  # noqa: TID251 - the ban is for rpa

from tests.mock_portals.adp_steps import (
    NAIVE_MS,
    fails,
    open_position,
    open_record,
    press_done,
    ready,
    settled,
    shown,
    signed_in,
    toast,
    type_date,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.mock_portals.adp_steps import Adp

WANTED = "510 - Aetna PRV Contact Center"


def today(page: Page) -> date:
    """Today as the portal has it."""
    config = page.evaluate("JSON.parse(document.getElementById('page-config').textContent)")
    return date.fromisoformat(config["today"])


@pytest.fixture
def agent(page: Page, adp: Adp) -> str:
    """The id of an agent in a training department whose record is open."""
    one: str = adp.employee(lambda person: "Training" in (person["home_department"] or ""))["employee_id"]
    signed_in(page, adp)
    open_record(page, adp, one)
    return one


def look_up(panel: Locator) -> Locator:
    return panel.get_by_role("combobox", name="Home Department")


def choose(panel: Locator, typed: str, wanted: str) -> None:
    look_up(panel).click()
    look_up(panel).press_sequentially(typed)
    panel.get_by_role("option", name=wanted, exact=True).click()
    ready(panel)


def test_a_department_is_changed(page: Page, adp: Adp, agent: str) -> None:
    """Effective date, site, the whole entry, Done, and the confirmation that always comes."""
    panel = open_position(page)
    type_date(panel, "Effective Date", f"{today(page):%m/%d/%Y}")
    choose(panel, "PRV", WANTED)
    expect(panel.get_by_test_id("home-department-value")).to_have_text(WANTED)
    press_done(panel)
    assert adp.mock.writes() == []
    page.get_by_role("alertdialog", name="Confirm changes").get_by_role("button", name="Done").click()
    expect(toast(page)).to_have_text("Your changes have been saved.")
    settled(page)
    assert shown(page, "Home Department") == WANTED
    assert adp.mock.employee(agent)["home_department"] == WANTED


def test_the_look_up_opens_on_mousedown(page: Page, adp: Adp, agent: str) -> None:
    """A click event alone does nothing; a real press opens, and the options come late."""
    panel = open_position(page)
    look_up(panel).dispatch_event("click")
    assert fails(lambda: panel.get_by_role("listbox").wait_for(timeout=NAIVE_MS))
    adp.fault("latency", {"path": "/people/v1/departments"}, seconds=1)
    look_up(panel).click()
    assert panel.get_by_role("option").count() == 0
    expect(panel.get_by_role("listbox")).to_have_attribute("aria-busy", "false")
    assert panel.get_by_role("option").count() > 0


def test_one_space_too_many_finds_nothing(page: Page, adp: Adp, agent: str) -> None:
    """The typed text is looked for as it is, the space at its end included."""
    panel = open_position(page)
    look_up(panel).click()
    look_up(panel).press_sequentially("PRV ")
    expect(panel.get_by_text("No options")).to_be_visible()
    look_up(panel).press("Backspace")
    expect(panel.get_by_role("option", name=WANTED, exact=True)).to_be_visible()


def test_text_that_was_not_chosen_is_dropped(page: Page, adp: Adp, agent: str) -> None:
    """Typing the whole name is not choosing it: on leaving, the old entry is back."""
    before = adp.mock.employee(agent)["home_department"]
    panel = open_position(page)
    look_up(panel).click()
    look_up(panel).fill(WANTED)
    look_up(panel).press("Tab")
    expect(look_up(panel)).to_have_value("")
    expect(panel.get_by_test_id("home-department-value")).to_have_text(before)


def test_near_twins_stand_beside_the_entry(page: Page, adp: Adp, agent: str) -> None:
    """Parts of the name find several entries, and an inactive one cannot be chosen."""
    panel = open_position(page)
    look_up(panel).click()
    look_up(panel).press_sequentially("PRV")
    expect(panel.get_by_role("listbox")).to_have_attribute("aria-busy", "false")
    expect(panel.get_by_role("option", name=WANTED, exact=True)).to_have_count(1)
    assert fails(lambda: panel.get_by_role("option", name="510").click(timeout=NAIVE_MS))
    inactive = panel.get_by_role("option", name="(inactive)").first
    expect(inactive).to_be_disabled()
    inactive.click(force=True)
    expect(panel.get_by_role("listbox")).to_be_visible()


def test_the_x_leaves_the_field_empty_and_required(page: Page, adp: Adp, agent: str) -> None:
    """Cleared is not saved: Done asks for an entry, and for the effective date that opened empty."""
    panel = open_position(page)
    panel.get_by_role("button", name="Clear Home Department").click()
    ready(panel)
    expect(panel.get_by_test_id("home-department-value")).to_have_count(0)
    press_done(panel)
    expect(panel.get_by_role("alert")).to_contain_text("Home Department is required.")
    expect(panel.get_by_role("alert")).to_contain_text("Effective Date is required.")
    assert adp.mock.writes() == []


def test_a_change_that_is_dated_ahead_does_not_show_yet(page: Page, adp: Adp, agent: str) -> None:
    """The save is accepted, and the record shows the old department until the day comes."""
    before = adp.mock.employee(agent)["home_department"]
    panel = open_position(page)
    type_date(panel, "Effective Date", f"{today(page) + timedelta(days=3):%m/%d/%Y}")
    choose(panel, "PRV", WANTED)
    press_done(panel)
    page.get_by_role("alertdialog", name="Confirm changes").get_by_role("button", name="Done").click()
    expect(toast(page)).to_have_text("Your changes have been saved.")
    settled(page)
    assert shown(page, "Home Department") == before
    adp.mock.advance(4 * 24 * 3600)
    page.reload()
    settled(page)
    assert shown(page, "Home Department") == WANTED
