from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page

from rpa.cli.sites import site_of
from rpa.domain.errors import AccessMissing, PortalFailed, RuleRefused
from rpa.domain.records import Answer, AnswerKind
from rpa.pages.adp import HomeDepartmentPanel, PeoplePage
from rpa.pages.site import Site
from rpa.settings import load_settings
from tests.conftest import MockPortals, StartMock
from tests.flows.variants import EXAMPLES
from tests.pages.conftest import adp_site, signed_in

AGENT = "10001"
TODAY = date(2026, 11, 23)
WANTED = "510 - Aetna PRV Contact Center"
SAVED = Answer(kind=AnswerKind.SAVED, sentence="Your changes have been saved.")


@pytest.fixture
def panel(people: PeoplePage) -> HomeDepartmentPanel:
    """The panel of one agent, open."""
    return people.open_agent(AGENT).edit_home_department()


def test_a_department_is_chosen_and_saved(panel: HomeDepartmentPanel, mock: MockPortals) -> None:
    """Day, X, site, the exact entry, Done and its second question store both values, and nothing before."""
    assert panel.employee_id() == AGENT
    panel.fill(WANTED, TODAY, search="PRV")
    assert panel.filled() == {"home_department": WANTED, "home_department_effective": "2026-11-23"}
    panel.ready()
    assert mock.writes() == []
    assert panel.press_done() == SAVED
    written = {one["field"]: one["after"] for one in mock.writes()}
    assert written == {"home_department": WANTED, "home_department_effective": "2026-11-23"}


def test_the_card_shows_what_was_saved(people: PeoplePage, mock: MockPortals) -> None:
    """The record's card is read back with the department and its day."""
    record = people.open_agent(AGENT)
    before = record.position_card().read()
    assert before.entry.startswith("9")
    panel = record.edit_home_department()
    panel.fill(WANTED, TODAY)
    panel.press_done()
    after = record.reloaded(AGENT).position_card().read()
    assert (after.entry, after.effective) == (WANTED, TODAY)


def test_offered_entries_are_read_without_a_change(panel: HomeDepartmentPanel, mock: MockPortals) -> None:
    """The look-up tells active entries from inactive ones, and the panel closes without a question."""
    offered = {one.label: one.is_active for one in panel.offered("PRV")}
    assert offered[WANTED]
    assert not offered["510 - Aetna PRV Contact Centre (closed) (inactive)"]
    assert all("PRV" in label for label in offered)
    panel.cancel()
    panel.root.wait_for(state="hidden")
    assert mock.writes() == []


def test_options_that_load_late_are_waited_for(panel: HomeDepartmentPanel, mock: MockPortals) -> None:
    """A list that comes a second late, and is asked for at each key, is read once it answers all."""
    mock.faults({"match": {"path": "/people/v1/departments"}, "effect": "latency", "seconds": 1})
    assert {one.label[:3] for one in panel.offered("PRV ")} == {"510", "511", "520", "544", "910"}


def test_the_list_of_an_earlier_question_is_no_answer(
    page: Page, start_mock: StartMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The classic portal shows the old list until the new one comes, and says nothing of it."""
    mock = start_mock(variant="classic")
    monkeypatch.setenv("RPA_PORTALS_FILE", str(EXAMPLES / "classic.toml"))
    monkeypatch.setenv("RPA_ADP__URL", mock.adp.url)
    monkeypatch.setenv("RPA_ADP__USERNAME", mock.adp.username)
    site = site_of("adp", load_settings().adp)
    panel = signed_in(page, site, mock.adp).open_agent(AGENT).edit_home_department()
    panel.look_up.click()
    panel.listbox.wait_for()
    mock.faults({"match": {"path": "/people/v1/departments"}, "effect": "latency", "seconds": 1})
    assert {one.label[:3] for one in panel.offered("PRV")} == {"510", "511", "520", "544", "910"}


def test_a_list_that_never_has_the_text_is_believed_in_the_end(page: Page, mock: MockPortals) -> None:
    """A portal may find entries by something that they do not show; then silence is the answer."""
    locators = {"adp.home_department_panel.options": 'get_by_role("button")'}
    people = signed_in(page, adp_site(mock.adp.url, locators=locators), mock.adp)
    offered = people.open_agent(AGENT).edit_home_department().offered("PRV")
    assert "\u00d7" in {one.label for one in offered}


@pytest.mark.parametrize("entry", ["510 - Aetna PRV Contact", "510 - Aetna PRV Contact Centre (closed)"])
def test_an_entry_that_is_not_offered_is_refused(
    panel: HomeDepartmentPanel, mock: MockPortals, entry: str
) -> None:
    """A part of a name, or an inactive entry, is never chosen in place of it."""
    with pytest.raises(RuleRefused, match="no such active entry"):
        panel.fill(entry, TODAY, search="PRV")
    panel.cancel()
    assert mock.writes() == []


def test_what_the_portal_refuses_is_its_answer(panel: HomeDepartmentPanel, mock: MockPortals) -> None:
    """A save that the portal turns down keeps the panel open, and its sentence is the answer."""
    panel.fill(WANTED, TODAY, search="PRV")
    mock.faults({"match": {"method": "POST"}, "effect": "status", "status": 403})
    answer = panel.press_done()
    assert answer.kind is AnswerKind.REJECTED
    assert "not authorized" in answer.sentence
    assert mock.writes() == []


def test_an_account_that_may_only_read_is_told(page: Page, site: Site, mock: MockPortals) -> None:
    """Without an Edit on the card the right is missing, not the agent wrong."""
    people = signed_in(page, site, mock.account("adp", "read_only"))
    with pytest.raises(AccessMissing, match="position"):
        people.open_agent(AGENT).edit_home_department()


def test_a_confirmation_that_shows_too_early_is_refused(page: Page, mock: MockPortals) -> None:
    """A locator that takes Done itself for the second confirmation would press it twice: refused."""
    locators = {"adp.home_department_panel.confirm_done": 'get_by_role("button", name="Done")'}
    people = signed_in(page, adp_site(mock.adp.url, locators=locators), mock.adp)
    panel = people.open_agent(AGENT).edit_home_department()
    with pytest.raises(PortalFailed, match="second confirmation shows before"):
        panel.ready()
    assert mock.writes() == []
