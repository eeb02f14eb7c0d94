"""What the Custom Fields panel of the ADP mock does to a script, and what gets through."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect  # noqa: TID251 - the ban is for rpa

from tests.mock_portals.adp_steps import (
    NAIVE_MS,
    fails,
    open_custom_fields,
    open_record,
    press_done,
    ready,
    settled,
    shown,
    signed_in,
    toast,
    training_card,
    type_date,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.mock_portals.adp_steps import Adp

SAVED = "Your changes have been saved."


def american(iso: str) -> str:
    return f"{date.fromisoformat(iso):%m/%d/%Y}"


def later(iso: str, days: int = 7) -> str:
    return (date.fromisoformat(iso) + timedelta(days)).isoformat()


@pytest.fixture
def agent(page: Page, adp: Adp) -> dict[str, Any]:
    """An agent with ESP dates whose record is open."""
    one = adp.employee(lambda person: bool(person["esp_start_date"] and person["esp_end_date"]))
    signed_in(page, adp)
    open_record(page, adp, one["employee_id"])
    return one


def test_a_date_is_stored_when_it_is_committed_first(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """Typed, left with Tab, settled, Done: the toast comes, the panel goes, the value is there."""
    wanted = later(agent["esp_end_date"])
    panel = open_custom_fields(page)
    type_date(panel, "ESP End Date", american(wanted))
    press_done(panel)
    expect(toast(page)).to_have_text(SAVED)
    expect(panel).to_be_hidden()
    settled(page)
    assert shown(page, "ESP End Date") == american(wanted)
    assert [(one["field"], one["after"]) for one in adp.mock.writes()] == [("esp_end_date", wanted)]


def test_done_straight_after_typing_only_leaves_the_field(
    page: Page, adp: Adp, agent: dict[str, Any]
) -> None:
    """The press on Done commits the date, the panel redraws, and the click itself is lost."""
    panel = open_custom_fields(page)
    panel.get_by_label("ESP End Date", exact=True).fill(american(later(agent["esp_end_date"])))
    press_done(panel)
    assert fails(lambda: toast(page).wait_for(timeout=NAIVE_MS))
    assert adp.mock.writes() == []
    press_done(panel)
    expect(toast(page)).to_have_text(SAVED)


def test_what_is_no_date_silently_becomes_the_old_one(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """There is no message: who does not read the field again saves nothing and sees a toast."""
    panel = open_custom_fields(page)
    type_date(panel, "ESP End Date", "13/45/2026")
    expect(panel.get_by_label("ESP End Date", exact=True)).to_have_value(american(agent["esp_end_date"]))
    press_done(panel)
    expect(toast(page)).to_have_text(SAVED)
    assert adp.mock.writes() == []


def test_dependents_redraw_after_a_commit(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """What is typed into another date while the panel is busy is gone; after it, it stays."""
    panel = open_custom_fields(page)
    panel.get_by_label("ESP End Date", exact=True).fill(american(later(agent["esp_end_date"])))
    panel.evaluate("""panel => {
      const [, end, graduation] = [...panel.querySelectorAll("sdf-date-picker")].map(
        (picker) => picker.shadowRoot.querySelector("input"));
      end.blur();
      graduation.value = "01/02/2027";
    }""")
    ready(panel)
    graduation = panel.get_by_label("Training Graduation Date", exact=True)
    assert graduation.input_value() != "01/02/2027"
    type_date(panel, "Training Graduation Date", "01/02/2027")
    expect(graduation).to_have_value("01/02/2027")


def test_what_is_typed_while_the_panel_slides_is_gone(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """Fields are there before the panel stands, and are drawn again when it does."""
    page.evaluate("""() => new MutationObserver((_, observer) => {
      const picker = document.querySelectorAll("sdf-date-picker")[1];
      if (!picker) return;
      observer.disconnect();
      picker.shadowRoot.querySelector("input").value = "01/02/2027";
      window.busyWhenTyped = picker.closest("sdf-focus-pane").getAttribute("aria-busy");
    }).observe(document.body, { childList: true, subtree: true })""")
    panel = open_custom_fields(page)
    assert page.evaluate("window.busyWhenTyped") == "true"
    expect(panel.get_by_label("ESP End Date", exact=True)).to_have_value(american(agent["esp_end_date"]))


def test_a_day_is_picked_in_the_calendar(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """The calendar opens at the month of the value, and a day commits at once."""
    wanted = date.fromisoformat(agent["esp_end_date"]).replace(day=1) + timedelta(days=32)
    panel = open_custom_fields(page)
    panel.get_by_role("button", name="Open calendar for ESP End Date").click()
    calendar = page.get_by_role("dialog", name="Calendar")
    calendar.get_by_role("button", name="Next month").click()
    calendar.get_by_role("button", name=f"{wanted:%B} {wanted.day}, {wanted.year}", exact=True).click()
    ready(panel)
    expect(calendar).to_be_hidden()
    expect(panel.get_by_label("ESP End Date", exact=True)).to_have_value(american(wanted.isoformat()))


def test_the_day_alone_names_several_buttons(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """The text 1 is a part of many day names; the whole name is one."""
    panel = open_custom_fields(page)
    panel.get_by_role("button", name="Open calendar for ESP End Date").click()
    calendar = page.get_by_role("dialog", name="Calendar")
    assert fails(lambda: calendar.get_by_text("1").click(timeout=NAIVE_MS))
    page.keyboard.press("Escape")
    expect(calendar).to_be_hidden()
    expect(panel).to_be_visible()


def test_panes_that_were_closed_stay_in_the_document(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """Old panes and twins of Done are hidden, not gone: attributes and text find several."""
    for _ in range(2):
        panel = open_custom_fields(page)
        panel.get_by_role("button", name="Cancel").click()
        expect(panel).to_be_hidden()
    panel = open_custom_fields(page)
    assert page.locator("[role=dialog][aria-label='Custom Fields']").count() == 3
    assert fails(lambda: page.get_by_text("Done", exact=True).click(timeout=NAIVE_MS))
    expect(panel).to_have_count(1)
    expect(panel.get_by_role("button", name="Done", exact=True)).to_have_count(1)


def test_the_record_keeps_the_same_labels_beneath(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """A label of the panel is a label of the card, too: only within the dialog it names one thing."""
    panel = open_custom_fields(page)
    assert fails(lambda: page.get_by_label("ESP End Date", exact=True).fill("", timeout=NAIVE_MS))
    expect(panel.get_by_label("ESP End Date", exact=True)).to_have_count(1)


def test_the_footer_lies_over_the_last_field(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """A click at the field's place hits the footer until the panel is scrolled; a locator scrolls."""
    page.set_viewport_size({"width": 1366, "height": 768})
    panel = open_custom_fields(page)
    field = panel.get_by_label("Uptraining Class", exact=True)
    place = field.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 20, place["y"] + place["height"] / 2)
    expect(field).not_to_be_focused()
    field.click()
    expect(field).to_be_focused()


def test_leaving_with_edits_asks_first(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """Cancel and Escape alike ask; only the exact Close discards, and without edits nothing is asked."""
    question = page.get_by_role("alertdialog", name="Continue without saving?")
    panel = open_custom_fields(page)
    panel.get_by_label("Uptraining Class", exact=True).fill("Aetna")
    panel.press("Escape")
    question.get_by_role("button", name="No, go back").click()
    expect(panel).to_be_visible()
    panel.get_by_role("button", name="Cancel").click()
    assert fails(lambda: page.get_by_role("button", name="Close").click(timeout=NAIVE_MS))
    question.get_by_role("button", name="Close", exact=True).click()
    expect(panel).to_be_hidden()
    assert adp.mock.writes() == []
    panel = open_custom_fields(page)
    panel.get_by_role("button", name="Cancel").click()
    expect(panel).to_be_hidden()
    expect(question).to_have_count(0)


def test_an_end_before_the_start_is_rejected(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """The panel stays, with a sentence, and nothing is stored."""
    panel = open_custom_fields(page)
    type_date(panel, "ESP End Date", american(later(agent["esp_start_date"], -1)))
    press_done(panel)
    expect(panel.get_by_role("alert")).to_contain_text("must be greater than or equal to ESP Start Date")
    ready(panel)
    assert adp.mock.writes() == []


def test_done_pressed_twice_posts_once(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """While a save runs Done is out of use, so a double click is one save."""
    panel = open_custom_fields(page)
    panel.get_by_label("Uptraining Class", exact=True).fill("Aetna")
    panel.get_by_role("button", name="Done", exact=True).dblclick()
    expect(toast(page)).to_have_text(SAVED)
    assert adp.posts("/custom-fields") == 1


def test_a_save_may_come_without_its_toast(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """With no_toast the value is stored and nothing says so: who waits for the toast believes it failed."""
    adp.fault("no_toast", {"employee_id": agent["employee_id"]})
    panel = open_custom_fields(page)
    panel.get_by_label("Uptraining Class", exact=True).fill("Aetna")
    press_done(panel)
    expect(panel).to_be_hidden()
    assert fails(lambda: toast(page).wait_for(timeout=NAIVE_MS))
    assert adp.mock.employee(agent["employee_id"])["uptraining_class"] == "Aetna"


def test_a_toast_may_come_without_its_save(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """With silent_loss the toast says saved and nothing is: only reading again tells."""
    adp.fault("silent_loss", {"employee_id": agent["employee_id"]})
    panel = open_custom_fields(page)
    panel.get_by_label("Uptraining Class", exact=True).fill("Aetna")
    press_done(panel)
    expect(toast(page)).to_have_text(SAVED)
    page.reload()
    settled(page)
    assert shown(page, "Uptraining Class") != "Aetna"
    assert adp.mock.writes() == []


def test_a_change_may_wait_for_approval(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """Accepted is not applied: the toast says submitted, the value is the old one until it is approved."""
    adp.fault("approval", {"employee_id": agent["employee_id"]})
    panel = open_custom_fields(page)
    panel.get_by_label("Uptraining Class", exact=True).fill("Aetna")
    press_done(panel)
    expect(toast(page)).to_have_text("Your changes have been submitted for approval.")
    assert adp.mock.employee(agent["employee_id"])["uptraining_class"] == ""
    adp.mock.approve(agent["employee_id"])
    assert adp.mock.employee(agent["employee_id"])["uptraining_class"] == "Aetna"


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (403, "You are not authorized to make this change."),
        (503, "Something went wrong. Please try again later."),
    ],
)
def test_a_refused_save_keeps_the_panel(
    page: Page, adp: Adp, agent: dict[str, Any], status: int, sentence: str
) -> None:
    """What was typed is still there, with the portal's sentence above it."""
    adp.fault("status", {"method": "POST", "path": "/people/v1"}, status=status, times=1)
    panel = open_custom_fields(page)
    panel.get_by_label("Uptraining Class", exact=True).fill("Aetna")
    press_done(panel)
    expect(panel.get_by_role("alert")).to_have_text(sentence)
    ready(panel)
    expect(panel.get_by_label("Uptraining Class", exact=True)).to_have_value("Aetna")


def test_an_answer_that_is_lost_may_still_be_a_save(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """With drop_after_commit the panel says something went wrong, and the value is stored."""
    adp.fault("drop_after_commit", {"employee_id": agent["employee_id"]}, times=1)
    panel = open_custom_fields(page)
    panel.get_by_label("Uptraining Class", exact=True).fill("Aetna")
    press_done(panel)
    expect(panel.get_by_role("alert")).to_contain_text("Something went wrong.")
    assert adp.mock.employee(agent["employee_id"])["uptraining_class"] == "Aetna"


def test_a_second_confirmation_has_a_done_of_its_own(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """With second_confirm there are two visible Done, and nothing is posted before the second."""
    adp.fault("second_confirm", {"employee_id": agent["employee_id"]})
    page.reload()
    settled(page)
    panel = open_custom_fields(page)
    panel.get_by_label("Uptraining Class", exact=True).fill("Aetna")
    press_done(panel)
    question = page.get_by_role("alertdialog", name="Confirm changes")
    expect(question).to_be_visible()
    assert adp.mock.writes() == []
    assert fails(lambda: page.get_by_role("button", name="Done", exact=True).click(timeout=NAIVE_MS))
    question.get_by_role("button", name="Done", exact=True).click()
    expect(toast(page)).to_have_text(SAVED)


def test_a_panel_that_does_not_load_stays_busy(page: Page, adp: Adp, agent: dict[str, Any]) -> None:
    """With spinner_forever the dialog is there and never ready."""
    adp.fault("spinner_forever", {"path": "/people/v1/layouts"})
    training_card(page).get_by_role("button", name="Edit").click()
    panel = page.get_by_role("dialog", name="Custom Fields", exact=True)
    expect(panel).to_be_visible()
    assert fails(lambda: panel.get_by_label("ESP End Date", exact=True).fill("", timeout=NAIVE_MS))
    expect(panel).to_have_attribute("aria-busy", "true")
