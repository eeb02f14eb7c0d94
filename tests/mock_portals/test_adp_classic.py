"""The classic edition of the ADP mock: the old pages in a frame, in markup of another age."""

from __future__ import annotations

import pytest
from playwright.sync_api import FrameLocator, Page, expect  # noqa: TID251 - the ban is for rpa

from tests.conftest import StartMock
from tests.mock_portals.adp_steps import Adp, type_credentials

OPEN_LIST = ".dijitTooltipDialog:not([hidden])"
OPEN_DIALOG = ".dijitDialog:not([hidden])"


@pytest.fixture
def adp(start_mock: StartMock) -> Adp:
    """The classic portal."""
    return Adp(start_mock(variant="classic"))


@pytest.fixture
def frame(page: Page, adp: Adp) -> FrameLocator:
    """The people pages, opened through the menu."""
    type_credentials(page, adp)
    page.get_by_role("menuitem", name="People", exact=True).click()
    menu = page.get_by_role("menu", name="People")
    menu.get_by_role("menuitem", name="Employment Profile").click()
    return page.frame_locator("#adprIframe")


def open_record(frame: FrameLocator, employee_id: str) -> None:
    """Find and click the one row of this id."""
    frame.get_by_role("button", name="Employee List").click()
    frame.locator(OPEN_LIST).locator("input").fill(employee_id)
    frame.locator(OPEN_LIST).get_by_text(f'found (All Employees): "{employee_id}"').wait_for()
    frame.locator(OPEN_LIST).get_by_role("cell", name=employee_id, exact=True).first.click()


def test_the_people_pages_stand_in_a_frame(page: Page, frame: FrameLocator) -> None:
    """What is looked for on the page alone is not found."""
    frame.get_by_role("button", name="Employee List").wait_for()
    expect(page.get_by_role("button", name="Employee List")).to_have_count(0)


def test_the_bars_list_has_a_hidden_twin_with_its_ids(frame: FrameLocator) -> None:
    """An id finds two fields, and the label leads to the one that nobody sees."""
    frame.get_by_role("button", name="Employee List").click()
    expect(frame.locator(OPEN_LIST).locator("input")).to_be_visible()
    expect(frame.locator("#idBarSscrollGrid_search")).to_have_count(2)
    expect(frame.locator("#idBarSscrollGrid_search").first).to_be_hidden()


def test_ids_are_made_anew_with_each_load(page: Page, adp: Adp, frame: FrameLocator) -> None:
    """The id of a button says nothing about it after the next load."""
    open_record(frame, adp.employee()["employee_id"])
    button = frame.locator(".edit").last
    before = button.get_attribute("id")
    page.reload()
    expect(button).not_to_have_attribute("id", str(before))


def test_the_record_before_stays_until_the_next_is_there(adp: Adp, frame: FrameLocator) -> None:
    """A script that reads at once reads the values of somebody else."""
    first, second = (one["employee_id"] for one in adp.mock.state()["employees"][:2])
    open_record(frame, first)
    shown = frame.locator("#record table.head").get_by_text(first, exact=True)
    shown.wait_for()
    adp.mock.faults({"match": {"path": "/people/v1/G*", "employee_id": second}, "effect": "spinner_forever"})
    open_record(frame, second)
    expect(frame.locator("#record .revit_Standby")).to_be_visible()
    expect(shown).to_be_visible()


def test_a_change_is_saved_in_a_dialog(adp: Adp, frame: FrameLocator) -> None:
    """The dialog of the right one of two cards saves; it stays behind, hidden."""
    wanted = adp.employee()["employee_id"]
    open_record(frame, wanted)
    frame.locator(".dijitTitlePane").filter(has_text="ESP End").get_by_role("button", name="Edit").click()
    dialog = frame.locator(OPEN_DIALOG)
    expect(dialog.locator(".revit_Standby")).to_be_hidden()
    dialog.get_by_label("Uptraining Class Code:").fill("Aetna")
    dialog.get_by_label("Uptraining Class Code:").press("Tab")
    expect(dialog.locator(".revit_Standby")).to_be_hidden()
    dialog.get_by_role("button", name="Done").click()
    expect(frame.get_by_text("Record saved.")).to_be_visible()
    expect(frame.locator(".dijitDialog")).to_have_count(1)
    assert adp.mock.employee(wanted)["uptraining_class"] == "Aetna"
