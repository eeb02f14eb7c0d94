from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page

from rpa.domain.records import AnswerKind
from rpa.pages.adp import PeoplePage
from tests.conftest import MockPortals

AGENT = "10004"
NEW_END = date(2026, 12, 31)
OVERLAY = ".interruption, .message-box-outer"


def _wait_for_overlay(page: Page) -> None:
    """By script: any action, and any wait of a locator, would put it away first."""
    page.wait_for_function("overlay => document.querySelector(overlay) !== null", arg=OVERLAY)


@pytest.mark.parametrize("kind", ["tour", "survey", "remind", "timeout"])
def test_an_interruption_is_put_away(people: PeoplePage, mock: MockPortals, kind: str) -> None:
    """Whatever comes late over the record, the work on it goes on."""
    mock.faults({"match": {"employee_id": AGENT}, "effect": "popup", "kind": kind})
    record = people.open_agent(AGENT)
    _wait_for_overlay(people.page)
    panel = record.edit_custom_fields()
    panel.fill({"esp_end_date": NEW_END})
    assert panel.press_done().kind is AnswerKind.SAVED
    assert mock.employee(AGENT)["esp_end_date"] == "2026-12-31"


def test_an_interruption_over_the_open_panel_is_put_away(people: PeoplePage, mock: MockPortals) -> None:
    """An overlay that comes while the panel is filled neither closes it nor saves anything."""
    mock.faults({"match": {"employee_id": AGENT}, "effect": "popup", "kind": "survey", "delay": 1})
    panel = people.open_agent(AGENT).edit_custom_fields()
    _wait_for_overlay(people.page)
    panel.fill({"esp_end_date": NEW_END})
    assert panel.press_done().kind is AnswerKind.SAVED


def test_stacked_interruptions_do_not_block_each_other(people: PeoplePage, mock: MockPortals) -> None:
    """One overlay over another: each is put away although the other covers its button or the page."""
    mock.faults({"match": {"path": "/people/v1/list"}, "effect": "popup", "kind": "timeout"})
    people.page.reload()
    _wait_for_overlay(people.page)
    people.page.evaluate(
        """() => {
            const tour = document.querySelector(".message-box-outer").cloneNode(true);
            tour.setAttribute("role", "dialog");
            tour.setAttribute("aria-label", "Guided tour");
            tour.querySelector("[data-key=ok]").textContent = "Close";
            tour.addEventListener("click", () => tour.remove());
            document.body.append(tour);
        }"""
    )
    assert people.page.locator(OVERLAY).count() == 2
    assert people.open_agent(AGENT).employee_id() == AGENT
