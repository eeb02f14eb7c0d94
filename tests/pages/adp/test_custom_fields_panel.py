from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as BrowserTimeout

from rpa.domain.errors import PortalFailed
from rpa.domain.records import Answer, AnswerKind
from rpa.pages.adp import CustomFieldsPanel, PeoplePage
from rpa.pages.dates import DateFormat
from rpa.pages.site import Timeouts
from tests.conftest import MockPortals, StartMock
from tests.pages.conftest import adp_site, renamed_site, signed_in

AGENT = "10004"
NEW_END = date(2026, 12, 31)
SAVED = Answer(kind=AnswerKind.SAVED, sentence="Your changes have been saved.")


@pytest.fixture
def panel(people: PeoplePage) -> CustomFieldsPanel:
    """The panel of one agent, open."""
    return people.open_agent(AGENT).edit_custom_fields()


def _open_with(people: PeoplePage, mock: MockPortals, **fault: Any) -> CustomFieldsPanel:
    mock.faults({"match": {"employee_id": AGENT}, **fault})
    return people.open_agent(AGENT).edit_custom_fields()


def test_a_change_is_saved(panel: CustomFieldsPanel, mock: MockPortals) -> None:
    """Typed values are kept, Done stores exactly those that changed, and the portal says so."""
    assert panel.employee_id() == AGENT
    panel.fill({"esp_end_date": NEW_END, "training_graduation_date": "", "uptraining_class": "Aetna"})
    read = panel.read()
    assert (read.esp_end, read.graduation, read.uptraining) == (NEW_END, None, "Aetna")
    panel.ready()
    assert mock.writes() == []
    assert panel.press_done() == SAVED
    assert {one["field"]: one["after"] for one in mock.writes()} == {
        "esp_end_date": "2026-12-31",
        "training_graduation_date": None,
        "uptraining_class": "Aetna",
    }


def test_plan_values_can_be_typed(panel: CustomFieldsPanel) -> None:
    """ISO texts and None, as plans hold them, are typed in the site's form."""
    panel.fill({"esp_end_date": "2026-12-31", "training_graduation_date": None})
    assert (panel.read().esp_end, panel.read().graduation) == (NEW_END, None)


def test_a_date_that_the_portal_takes_back_is_noticed(panel: CustomFieldsPanel, mock: MockPortals) -> None:
    """An input that silently shows its old value again is an error before Done, not after."""
    panel.site = replace(panel.site, date_format=DateFormat("DD.MM.YYYY"))
    with pytest.raises(PortalFailed, match=r"did not keep '31\.12\.2026' as ESP End Date"):
        panel.fill({"esp_end_date": NEW_END})
    assert mock.writes() == []


def test_what_the_form_does_not_take_is_refused_with_its_words(
    panel: CustomFieldsPanel, mock: MockPortals
) -> None:
    """A rule of the portal keeps the panel open; its sentence is the answer, and Cancel still works."""
    panel.fill({"esp_end_date": date(2020, 1, 1)})
    answer = panel.press_done()
    assert answer.kind is AnswerKind.REJECTED
    assert "ESP End Date must be greater than or equal to ESP Start Date" in answer.sentence
    with pytest.raises(PortalFailed, match="refuses the form"):
        panel.ready()
    panel.cancel()
    assert mock.writes() == []


@pytest.mark.parametrize(("status", "words"), [(403, "not authorized"), (500, "Something went wrong")])
def test_an_error_while_saving_is_the_answer(
    panel: CustomFieldsPanel, mock: MockPortals, status: int, words: str
) -> None:
    """The portal's alert is passed on as it stands."""
    panel.fill({"esp_end_date": NEW_END})
    mock.faults({"match": {"method": "POST"}, "effect": "status", "status": status})
    answer = panel.press_done()
    assert answer.kind is AnswerKind.REJECTED
    assert words in answer.sentence
    assert mock.writes() == []


def test_a_second_question_is_answered(people: PeoplePage, mock: MockPortals) -> None:
    """Where the portal asks again with a Done of its own, that one is pressed, and one save is made."""
    panel = _open_with(people, mock, effect="second_confirm")
    panel.fill({"esp_end_date": NEW_END})
    assert panel.press_done() == SAVED
    assert len(mock.writes()) == 1


def test_an_approval_is_not_a_save(panel: CustomFieldsPanel, mock: MockPortals) -> None:
    """Submitted for approval is told from saved."""
    mock.faults({"match": {"employee_id": AGENT}, "effect": "approval"})
    panel.fill({"esp_end_date": NEW_END})
    assert panel.press_done().kind is AnswerKind.APPROVAL
    assert mock.writes() == []


def test_silence_is_an_answer(panel: CustomFieldsPanel, mock: MockPortals) -> None:
    """A panel that closes without a word says neither yes nor no."""
    mock.faults({"match": {"employee_id": AGENT}, "effect": "no_toast"})
    panel.fill({"esp_end_date": NEW_END})
    assert panel.press_done() == Answer(kind=AnswerKind.SILENT)
    assert len(mock.writes()) == 1


def test_no_answer_at_all_is_left_to_the_caller(panel: CustomFieldsPanel, mock: MockPortals) -> None:
    """A save that never answers ends in the browser's own timeout, with Done pressed once."""
    mock.faults({"match": {"method": "POST"}, "effect": "spinner_forever"})
    panel.site = replace(panel.site, timeouts=Timeouts(arrive=2))
    panel.fill({"esp_end_date": NEW_END})
    with pytest.raises(BrowserTimeout):
        panel.press_done()
    posts = [one for one in mock.requests() if one["method"] == "POST" and "custom-fields" in one["path"]]
    assert len(posts) == 1


def test_cancel_saves_nothing(panel: CustomFieldsPanel, mock: MockPortals) -> None:
    """Edits are given up through the question about them, and an untouched panel closes at once."""
    panel.fill({"esp_end_date": NEW_END})
    panel.cancel()
    panel.root.wait_for(state="hidden")
    assert mock.writes() == []


def test_cancel_without_edits_closes_at_once(panel: CustomFieldsPanel, mock: MockPortals) -> None:
    """Nothing was typed, so nothing is asked."""
    panel.cancel()
    panel.root.wait_for(state="hidden")


def test_the_panel_tells_whose_it_is(people: PeoplePage, mock: MockPortals) -> None:
    """The id in the panel's own header is read each time it is asked for."""
    panel = people.open_agent(AGENT).edit_custom_fields()
    panel.shown_id.evaluate("shown => { shown.textContent = '10005'; }")
    assert panel.employee_id() == "10005"


def test_a_panel_that_does_not_open_is_told(people: PeoplePage, mock: MockPortals) -> None:
    """An error inside the panel is passed on at once."""
    mock.faults({"match": {"path": "/people/v1/layouts"}, "effect": "status", "status": 503})
    with pytest.raises(PortalFailed, match="Something went wrong"):
        people.open_agent(AGENT).edit_custom_fields()


def test_a_portal_with_other_buttons_is_mended_by_its_site(page: Page, mock: MockPortals) -> None:
    """Where Done has another name, one locator in portals.toml is enough."""
    mock.faults({"match": {}, "effect": "relabel", "from": "Done", "to": "Save changes"})
    locators = {"adp.custom_fields_panel.done": 'get_by_role("button", name="Save changes")'}
    site = adp_site(mock.adp.url, locators=locators)
    panel = signed_in(page, site, mock.adp).open_agent(AGENT).edit_custom_fields()
    panel.fill({"esp_end_date": NEW_END})
    assert panel.press_done() == SAVED


def test_a_portal_with_other_words_everywhere_is_mended_by_its_site(
    page: Page, start_mock: StartMock
) -> None:
    """Labels, locators and the date form of portals.toml carry the same screens through other words."""
    mock = start_mock(variant="renamed")
    people = signed_in(page, renamed_site(mock.adp.url), mock.adp)
    panel = people.open_agent(AGENT).edit_custom_fields()
    panel.fill({"esp_end_date": NEW_END})
    assert panel.press_done().kind is AnswerKind.SAVED
    assert mock.employee(AGENT)["esp_end_date"] == "2026-12-31"
