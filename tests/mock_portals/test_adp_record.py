"""What a record of the ADP mock does to a script, and what gets through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect  # noqa: TID251 - the ban is for rpa

from tests.mock_portals.adp_steps import (
    NAIVE_MS,
    fails,
    open_custom_fields,
    open_list,
    open_record,
    press_done,
    ready,
    row,
    search,
    settled,
    shown,
    signed_in,
    training_card,
    type_date,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.mock_portals.adp_steps import Adp


def test_values_flicker_before_they_stand(page: Page, adp: Adp) -> None:
    """The cards first show a placeholder for every value; they are true once main is not busy."""
    one = adp.employee()
    signed_in(page, adp)
    open_list(page, adp)
    search(page, one["employee_id"])
    page.evaluate("""() => new MutationObserver(() => {
      const value = document.querySelector("section dd[aria-label='Site']");
      if (value) (window.seen ??= []).push(value.textContent);
    }).observe(document.getElementById("app"), { childList: true })""")
    row(page, one["employee_id"]).get_by_role("link").first.click()
    settled(page)
    assert page.evaluate("window.seen") == ["…", one["site"]]


def test_two_cards_have_the_same_title_and_the_same_edit(page: Page, adp: Adp) -> None:
    """Custom Fields is there twice; the card that holds the field is the one."""
    one = adp.employee()
    signed_in(page, adp)
    open_record(page, adp, one["employee_id"])
    cards = page.get_by_role("region", name="Custom Fields", exact=True)
    assert fails(lambda: cards.get_by_role("button", name="Edit").click(timeout=NAIVE_MS))
    cards.first.get_by_role("button", name="Edit").click()
    wrong = page.get_by_role("dialog", name="Custom Fields", exact=True)
    ready(wrong)
    expect(wrong.get_by_label("ESP End Date", exact=True)).to_have_count(0)
    wrong.get_by_role("button", name="Cancel").click()
    expect(open_custom_fields(page).get_by_label("ESP End Date", exact=True)).to_be_visible()


def test_one_id_is_there_twice_with_the_person_before(page: Page, adp: Adp) -> None:
    """A hidden mirror repeats the id of the employee id, with the value of the record before."""
    people = [one["employee_id"] for one in adp.people()]
    signed_in(page, adp)
    open_record(page, adp, people[0])
    page.get_by_role("link", name="Back to list").click()
    search(page, people[1])
    row(page, people[1]).get_by_role("link").first.click()
    settled(page)
    assert page.locator("#employee-id-value").first.text_content() == people[0]
    summary = page.get_by_role("region", name="Employee summary")
    expect(summary.get_by_label("Employee ID", exact=True)).to_have_text(people[1])


def test_ids_are_new_on_each_load(page: Page, adp: Adp) -> None:
    """The id of a button is another one after a reload; its role and name stay."""
    signed_in(page, adp)
    open_record(page, adp, adp.employee()["employee_id"])
    button = training_card(page).get_by_role("button", name="Edit")
    before = button.get_attribute("id")
    page.reload()
    settled(page)
    assert button.get_attribute("id") != before


def test_a_wrong_record_shows_whose_it_is(page: Page, adp: Adp) -> None:
    """With the fault another person's record opens, and a save would go to that person."""
    one = adp.employee(lambda person: person["esp_end_date"] is not None)
    signed_in(page, adp)
    adp.fault("wrong_record", {"employee_id": one["employee_id"]})
    open_record(page, adp, one["employee_id"])
    other = shown(page, "Employee ID")
    assert other != one["employee_id"]
    panel = open_custom_fields(page)
    expect(panel.get_by_label("Employee ID", exact=True)).to_have_text(other)
    panel.get_by_label("Uptraining Class", exact=True).fill("Aetna")
    press_done(panel)
    expect(panel).to_be_hidden()
    assert {write["employee_id"] for write in adp.mock.writes()} == {other}


def test_who_may_only_read_has_no_edit(page: Page, adp: Adp) -> None:
    """A read-only account sees the values and no Edit, and its post is refused."""
    signed_in(page, adp, "read_only")
    open_record(page, adp, adp.employee()["employee_id"])
    expect(training_card(page)).to_be_visible()
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)
    aoid = page.url.rpartition("/")[2]
    answer = page.request.post(
        f"{adp.url}/people/v1/{aoid}/custom-fields", data={"uptraining_class": "Aetna"}
    )
    assert answer.status == 403
    assert adp.mock.writes() == []


def test_a_record_that_fails_says_so(page: Page, adp: Adp) -> None:
    """A record that cannot be read shows an alert and no cards; Try again reads it."""
    one = adp.employee()["employee_id"]
    signed_in(page, adp)
    open_list(page, adp)
    search(page, one)
    adp.fault("status", {"employee_id": one}, status=500, times=1)
    row(page, one).get_by_role("link").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Something went wrong.")
    expect(page.get_by_role("region", name="Position")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    settled(page)


def test_an_empty_value_is_a_dash(page: Page, adp: Adp) -> None:
    """An erased value shows as a dash, not as nothing."""
    one = adp.employee(lambda person: person["esp_start_date"] is not None)
    signed_in(page, adp)
    open_record(page, adp, one["employee_id"])
    panel = open_custom_fields(page)
    type_date(panel, "ESP End Date", "")
    press_done(panel)
    expect(panel).to_be_hidden()
    settled(page)
    assert shown(page, "ESP End Date") == "–"  # noqa: RUF001 (the dash of the portal)
    assert adp.mock.employee(one["employee_id"])["esp_end_date"] is None
