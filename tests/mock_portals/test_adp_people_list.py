"""What the people list of the ADP mock does to a script, and what gets through."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from playwright.sync_api import expect  # noqa: TID251 - the ban is for rpa

from mock_portals.adp.people_list import has_two_positions
from tests.mock_portals.adp_steps import NAIVE_MS, fails, open_list, row, search, signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.mock_portals.adp_steps import Adp


def test_hidden_menus_hold_twins_of_the_link(page: Page, adp: Adp) -> None:
    """Menus are drawn hidden from the start, so text finds several; role finds the one that is open."""
    signed_in(page, adp)
    page.goto(f"{adp.url}/theme/admin.html")
    menu = page.get_by_role("navigation", name="Main")
    menu.get_by_role("button", name="People", exact=True).click()
    assert fails(lambda: page.get_by_text("Employees", exact=True).click(timeout=NAIVE_MS))
    menu.get_by_role("link", name="Employees", exact=True).click()
    expect(page.get_by_role("heading", name="Employees", level=1)).to_be_visible()


def test_an_open_menu_says_it_is_closed(page: Page, adp: Adp) -> None:
    """aria-expanded stays "false" on an open menu; its visible links are the truth."""
    signed_in(page, adp)
    page.goto(f"{adp.url}/theme/admin.html")
    people = page.get_by_role("button", name="People", exact=True)
    people.click()
    expect(people).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("link", name="Employees", exact=True)).to_be_visible()


def test_rows_of_the_old_query_stay_for_a_while(page: Page, adp: Adp) -> None:
    """Right after typing the old rows stand there, not even busy; the count names the query they answer."""
    signed_in(page, adp)
    open_list(page, adp)
    first = page.get_by_role("row").nth(1).inner_text()
    wanted = adp.employee(lambda one: one["name"].split(",")[0] not in first)["employee_id"]
    seen = page.get_by_role("searchbox", name="Search employees").evaluate(
        """(box, query) => {
          box.value = query;
          box.dispatchEvent(new Event("input", { bubbles: true }));
          const grid = document.querySelector("[role=grid]");
          return [grid.getAttribute("aria-busy"), grid.querySelectorAll("[role=row]")[1].innerText];
        }""",
        wanted,
    )
    assert seen == ["false", first]
    expect(page.get_by_role("status")).to_contain_text(f'for "{wanted}"')
    expect(row(page, wanted).first).to_be_visible()


def test_only_active_people_are_listed_until_the_popover_closes(page: Page, adp: Adp) -> None:
    """A terminated person is simply absent, and a box that is ticked counts only after Escape."""
    gone = adp.people("Terminated")[0]
    signed_in(page, adp)
    open_list(page, adp)
    search(page, gone["employee_id"])
    expect(row(page, gone["employee_id"])).to_have_count(0)
    page.get_by_role("button", name="Status is Active").click()
    box = page.get_by_role("dialog", name="Status").get_by_role("checkbox", name="Terminated")
    assert box.get_attribute("checked") is not None
    box.check()
    assert fails(lambda: row(page, gone["employee_id"]).first.wait_for(timeout=NAIVE_MS))
    page.keyboard.press("Escape")
    expect(row(page, gone["employee_id"]).first).to_be_visible()


def test_only_the_rows_in_sight_are_in_the_document(page: Page, adp: Adp) -> None:
    """The list is virtualised: rows further down exist only in the count."""
    signed_in(page, adp)
    open_list(page, adp)
    counted = int(re.findall(r"\d+", page.get_by_role("status").inner_text())[0])
    assert page.get_by_role("row").count() < counted / 2
    page.get_by_role("grid", name="Employees").get_by_role("rowgroup").evaluate("one => one.scrollTo(0, 1e6)")
    last = page.get_by_role("row").and_(page.locator(f"[aria-rowindex='{counted + 1}']"))
    expect(last).to_be_visible()


def test_a_name_is_not_an_identity(page: Page, adp: Adp) -> None:
    """Two people share a name, so the link by name is ambiguous; the cell with the id is not."""
    names = Counter(one["name"] for one in adp.people())
    name = next(name for name, count in names.items() if count > 1)
    wanted = adp.employee(lambda one: one["name"] == name)["employee_id"]
    signed_in(page, adp)
    open_list(page, adp)
    search(page, name)
    link = page.get_by_role("link", name=f"Go to the profile page for {name}")
    assert fails(lambda: link.click(timeout=NAIVE_MS))
    row(page, wanted).get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Employee summary").get_by_label("Employee ID")).to_have_text(
        wanted
    )


def test_a_part_of_an_id_finds_others_too(page: Page, adp: Adp) -> None:
    """The search goes by the beginning of an id, a text filter by any part; only the whole cell is exact."""
    ids = {one["employee_id"] for one in adp.people()}
    wanted = next(one for one in ids if any(other.startswith(one) for other in ids - {one}))
    signed_in(page, adp)
    open_list(page, adp)
    search(page, wanted)
    loose = page.get_by_role("row").filter(has_text=wanted).get_by_role("link")
    assert fails(lambda: loose.click(timeout=NAIVE_MS))
    expect(row(page, wanted)).to_have_count(1)


def test_first_name_first_finds_nobody(page: Page, adp: Adp) -> None:
    """Surname first narrows the search; first name first finds no entries."""
    one = adp.employee()
    last, first = one["name"].split(", ")
    signed_in(page, adp)
    open_list(page, adp)
    search(page, f"{first} {last}")
    expect(page.get_by_text("There are no entries")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text(f'0 results for "{first} {last}"')
    search(page, one["name"])
    expect(row(page, one["employee_id"]).first).to_be_visible()


def test_two_positions_of_one_person_are_two_rows(page: Page, adp: Adp) -> None:
    """Both rows have the same employee id and lead to the same record; a single click is ambiguous."""
    wanted = adp.employee(lambda one: has_two_positions(one["employee_id"]))["employee_id"]
    signed_in(page, adp)
    open_list(page, adp)
    search(page, wanted)
    links = row(page, wanted).get_by_role("link")
    expect(links).to_have_count(2)
    assert fails(lambda: links.click(timeout=NAIVE_MS))
    assert links.first.get_attribute("href") == links.last.get_attribute("href")


def test_the_app_bar_has_a_search_field_of_its_own(page: Page, adp: Adp) -> None:
    """A search field by role alone is ambiguous; its name tells the list's."""
    signed_in(page, adp)
    open_list(page, adp)
    assert fails(lambda: page.get_by_role("searchbox").fill("x", timeout=NAIVE_MS))
    search(page, "1")


def test_a_stale_answer_shows_the_query_before(page: Page, adp: Adp) -> None:
    """With the fault, the count names the new query over the old rows: only the id in the row is proof."""
    people = [one["employee_id"] for one in adp.people()]
    before, wanted = people[0], people[-1]
    signed_in(page, adp)
    open_list(page, adp)
    search(page, before)
    adp.fault("stale_list", times=1)
    search(page, wanted)
    expect(row(page, before).first).to_be_visible()
    expect(row(page, wanted)).to_have_count(0)


def test_a_list_that_fails_says_so(page: Page, adp: Adp) -> None:
    """A failed search shows an alert over the old rows, and Try again asks anew."""
    signed_in(page, adp)
    open_list(page, adp)
    adp.fault("status", {"path": "/people/v1/list"}, status=503, times=1)
    page.get_by_role("searchbox", name="Search employees").fill("1")
    expect(page.get_by_role("alert")).to_contain_text("Something went wrong. Please try again later.")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status")).to_contain_text('for "1"')
