"""What BlackDash does to a script, and what gets through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect  # noqa: TID251 - the ban is for rpa

from tests.mock_portals.adp_steps import NAIVE_MS, fails
from tests.mock_portals.blackdash_steps import (
    class_with,
    day,
    listed,
    log_in,
    open_classes,
    open_roster,
    roster,
    row,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.conftest import MockPortals, StartMock

AGENT = "10004"
SHORT, LONG = "10002", "100022"
UNTIL = "2026-12-04"
EXPIRED = {"esp_end_date": "2026-11-20", "training_graduation_date": "2026-11-20"}
ROSTER = "/training/classes/*/roster"


def test_every_page_asks_for_a_log_in(page: Page, mock: MockPortals) -> None:
    """Without a session each address leads to the log-in page, and after it to the dashboard."""
    for path in ("/", "/queues", "/agents", "/training/classes"):
        page.goto(f"{mock.blackdash.url}{path}")
        expect(page).to_have_url(f"{mock.blackdash.url}/login")
    log_in(page, mock.blackdash)
    expect(page.get_by_role("heading", name="Dashboard", exact=True)).to_be_visible()


def test_bad_passwords_are_told_and_lock(page: Page, mock: MockPortals) -> None:
    """Two are told as invalid, the third locks, and then the right one does not help."""
    for _ in range(2):
        log_in(page, mock.blackdash, "wrong")
        expect(page.get_by_role("alert")).to_have_text("Invalid username or password.")
    log_in(page, mock.blackdash, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("locked")
    log_in(page, mock.blackdash)
    expect(page.get_by_role("alert")).to_contain_text("locked")


def test_the_link_is_hidden_until_its_menu_is_open(page: Page, mock: MockPortals) -> None:
    """Classes is in the document from the start, but cannot be pressed before Training Environment."""
    log_in(page, mock.blackdash)
    link = page.locator("a", has_text="Classes")
    expect(link).to_have_count(1)
    assert fails(lambda: link.click(timeout=NAIVE_MS))
    page.get_by_role("button", name="Training Environment").click()
    link.click()
    expect(page.get_by_role("heading", name="Classes", exact=True)).to_be_visible()


def test_without_access_there_is_no_menu(page: Page, mock: MockPortals) -> None:
    """An account without access has no Training Environment, and its address does not help."""
    log_in(page, mock.account("blackdash", "no_access"))
    expect(page.get_by_role("heading", name="Dashboard", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Training Environment")).to_have_count(0)
    answer = page.goto(f"{mock.blackdash.url}/training/classes")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", name="No access")).to_be_visible()


def test_a_second_log_in_ends_the_first(page: Page, browser: Browser, mock: MockPortals) -> None:
    """The first browser finds itself on the log-in page at its next request, and is told why."""
    open_classes(page, mock.blackdash)
    other = browser.new_context()
    log_in(other.new_page(), mock.blackdash)
    open_roster(row(page, "CareSource").last)
    expect(page.get_by_role("status")).to_contain_text("logged in elsewhere")
    other.close()


def test_an_expired_session_ends_at_the_roster(page: Page, mock: MockPortals) -> None:
    """The roster of a page that still stands may be what finds the session gone."""
    open_classes(page, mock.blackdash)
    mock.faults({"match": {"path": ROSTER}, "effect": "expire_session"})
    open_roster(row(page, "CareSource").last)
    expect(page).to_have_url(f"{mock.blackdash.url}/login")
    expect(page.get_by_role("status")).to_contain_text("session has expired")


def test_the_headcount_comes_before_the_agents(page: Page, mock: MockPortals) -> None:
    """When the headcount is there the list is still empty: only as many rows as it says are the roster."""
    shown = class_with(mock, AGENT)
    open_classes(page, mock.blackdash)
    rows_at_headcount = page.evaluate(
        """of => new Promise(done => {
            const look = new MutationObserver(() => {
                const dialog = document.querySelector('[role=dialog]');
                if (dialog?.querySelector('[role=status]').textContent.startsWith('Headcount'))
                    done(dialog.querySelectorAll('tbody tr').length);
            });
            look.observe(document.body, { childList: true, subtree: true, characterData: true });
            document.querySelector(`[aria-label="Show agents of ${of}"]`).click();
        })""",
        shown["name"],
    )
    assert rows_at_headcount == 0
    expect(roster(page).get_by_role("status")).to_have_text(f"Headcount: {len(shown['roster'])}")
    assert listed(page) == shown["roster"]


def test_the_roster_is_empty_right_after_the_press(page: Page, mock: MockPortals) -> None:
    """A script that reads at once reads an empty roster."""
    shown = class_with(mock, AGENT)
    open_classes(page, mock.blackdash)
    mock.faults({"match": {"path": ROSTER}, "effect": "latency", "seconds": 0.5})
    open_roster(row(page, shown["name"]))
    dialog = page.get_by_role("dialog", name=f"Roster of {shown['name']}", exact=True)
    assert dialog.locator("tbody").get_by_role("row").count() == 0
    assert AGENT in listed(page)


def test_a_campaign_is_no_class(page: Page, mock: MockPortals) -> None:
    """ESP classes have the campaign in their row too; the uptraining class is the one of that name."""
    mock.set(AGENT, uptraining_class="Aetna", **EXPIRED)
    open_classes(page, mock.blackdash)
    loose = page.get_by_role("row").filter(has_text="Aetna").get_by_role("button")
    assert fails(lambda: loose.click(timeout=NAIVE_MS))
    page.get_by_role("button", name="Show agents of Aetna", exact=True).click()
    assert listed(page) == [AGENT]


def test_an_uptraining_class_has_no_manager_and_no_dates(page: Page, mock: MockPortals) -> None:
    """What is empty is a dash."""
    open_classes(page, mock.blackdash)
    aetna = page.get_by_role("row").filter(
        has=page.get_by_role("button", name="Show agents of Aetna", exact=True)
    )
    texts = aetna.get_by_role("cell").all_inner_texts()
    assert texts[:6] == ["Aetna", "Aetna", "–", "–", "–", "0"]  # noqa: RUF001 - an en dash


def test_two_classes_may_have_one_name(page: Page, mock: MockPortals) -> None:
    """When a part of a class is extended, the name is ambiguous, and name with dates is not."""
    before = class_with(mock, AGENT)
    mock.set(AGENT, esp_end_date=UNTIL)
    open_classes(page, mock.blackdash)
    smiley = page.get_by_role("button", name=f"Show agents of {before['name']}", exact=True)
    assert fails(lambda: smiley.click(timeout=NAIVE_MS))
    open_roster(row(page, before["manager"], day(before["start"]), day(UNTIL)))
    assert listed(page) == [AGENT]


def test_a_part_of_an_id_finds_another_agent(page: Page, mock: MockPortals) -> None:
    """10002 is not on the roster although a text filter finds it, in 100022."""
    shown = class_with(mock, LONG)
    assert SHORT in shown["roster"]
    mock.set(SHORT, **EXPIRED)
    open_classes(page, mock.blackdash)
    open_roster(row(page, shown["name"]))
    loose = roster(page).get_by_role("row").filter(has_text=SHORT)
    expect(loose).to_have_count(1)
    assert SHORT not in listed(page)
    assert LONG in listed(page)


def test_what_adp_has_shows_a_lag_later(page: Page, start_mock: StartMock) -> None:
    """Right after the save the class is as before; reloaded when the lag has passed, the agent has moved."""
    mock = start_mock(lag=600, agents=30)
    before = class_with(mock, AGENT)
    mock.set(AGENT, esp_end_date=UNTIL)
    open_classes(page, mock.blackdash)
    expect(row(page, before["manager"], day(UNTIL))).to_have_count(0)
    mock.advance(601)
    expect(row(page, before["manager"], day(UNTIL))).to_have_count(0)
    page.reload()
    open_roster(row(page, before["manager"], day(UNTIL)))
    assert listed(page) == [AGENT]


def test_a_new_class_is_not_spun_up(page: Page, mock: MockPortals) -> None:
    """A class that came by an extension waits for NOC."""
    manager = class_with(mock, AGENT)["manager"]
    mock.set(AGENT, esp_end_date=UNTIL)
    open_classes(page, mock.blackdash)
    expect(row(page, manager, day(UNTIL))).to_contain_text("Not spun up")
    mock.spin_up(class_with(mock, AGENT)["class_id"])
    page.reload()
    expect(row(page, manager, day(UNTIL), "Spun up")).to_have_count(1)


@pytest.mark.parametrize("effect", ["status", "drop_before"])
def test_a_roster_that_fails_says_so(page: Page, mock: MockPortals, effect: str) -> None:
    """An error and a lost connection are told in the dialog, and are no empty roster."""
    open_classes(page, mock.blackdash)
    mock.faults({"match": {"path": ROSTER}, "effect": effect, "times": 1})
    open_roster(row(page, "CareSource").last)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_have_text("The roster could not be loaded.")
    dialog.get_by_role("button", name="Close", exact=True).click()
    open_roster(row(page, "CareSource").last)
    expect(roster(page).get_by_role("status")).to_have_text("Headcount: 0")


def test_a_roster_may_load_for_ever(page: Page, mock: MockPortals) -> None:
    """With the spinner the headcount never comes, and the dialog stays busy."""
    open_classes(page, mock.blackdash)
    mock.faults({"match": {"path": ROSTER}, "effect": "spinner_forever"})
    open_roster(row(page, "CareSource").last)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_attribute("aria-busy", "true")
    assert fails(lambda: dialog.get_by_text("Headcount").wait_for(timeout=NAIVE_MS))


def test_an_announcement_comes_late_and_covers_all(page: Page, mock: MockPortals) -> None:
    """It is not there when the page is, then it takes every press until it is dismissed; Escape is none."""
    open_classes(page, mock.blackdash)
    mock.faults({"match": {"portal": "blackdash"}, "effect": "popup", "delay": 0.8, "times": 1})
    page.reload()
    announcement = page.get_by_role("alertdialog", name="Announcement")
    expect(announcement).to_have_count(0)
    expect(announcement).to_be_visible()
    page.keyboard.press("Escape")
    smiley = row(page, "CareSource").last.get_by_role("button", name="Show agents of")
    assert fails(lambda: smiley.click(timeout=NAIVE_MS))
    announcement.get_by_role("button", name="Dismiss").click()
    smiley.click()
    assert listed(page) == []


def test_the_sorry_page_takes_the_place_of_a_page(page: Page, mock: MockPortals) -> None:
    """Maintenance leads away from the classes, and a reload stays there."""
    open_classes(page, mock.blackdash)
    mock.faults({"match": {"portal": "blackdash"}, "effect": "sorry"})
    page.goto(f"{mock.blackdash.url}/training/classes")
    expect(page.get_by_role("heading", name="Sorry")).to_be_visible()
    mock.faults()
    page.reload()
    expect(page.get_by_role("heading", name="Sorry")).to_be_visible()


def test_every_word_can_be_another(page: Page, mock: MockPortals) -> None:
    """Words of the pages and of the late dialog are relabelled alike."""
    mock.faults(
        {"effect": "relabel", "from": "ESP Manager", "to": "Onboarding Lead"},
        {"effect": "relabel", "from": "Headcount:", "to": "Agents on it:"},
    )
    open_classes(page, mock.blackdash)
    expect(page.get_by_role("columnheader", name="Onboarding Lead")).to_be_visible()
    open_roster(row(page, "CareSource").last)
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("Agents on it: 0")


def test_queues_and_agents_are_there_to_see(page: Page, mock: MockPortals) -> None:
    """The other pages of the menu open, with a table each."""
    log_in(page, mock.blackdash)
    for link, table in (("Queues", "Queues"), ("Agents", "Active agents")):
        page.get_by_role("navigation").get_by_role("link", name=link, exact=True).click()
        expect(page.get_by_role("heading", name=link, exact=True)).to_be_visible()
        assert page.get_by_role("table", name=table, exact=True).get_by_role("row").count() > 5
