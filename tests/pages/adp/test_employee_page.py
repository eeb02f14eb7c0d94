from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import Page

from rpa.domain.errors import AccessMissing, PortalFailed, WrongRecord
from rpa.domain.records import CustomFields
from rpa.pages.adp import PeoplePage
from rpa.pages.dates import DateFormat
from tests.conftest import MockPortals
from tests.pages.conftest import adp_site, signed_in

AGENT = "10004"


def _stored(mock: MockPortals, employee_id: str) -> CustomFields:
    return CustomFields.from_values(mock.employee(employee_id))


def test_the_card_with_the_training_values_is_read(people: PeoplePage, mock: MockPortals) -> None:
    """Of the two cards named Custom Fields, the one with the ESP dates is read, after it has settled."""
    assert people.open_agent(AGENT).custom_fields() == _stored(mock, AGENT)


def test_empty_values_are_empty(people: PeoplePage, mock: MockPortals) -> None:
    """The dash that stands for nothing is read as nothing."""
    mock.set(AGENT, esp_end_date=None, training_graduation_date=None, uptraining_class="")
    fields = people.open_agent(AGENT).custom_fields()
    assert (fields.esp_end, fields.graduation, fields.uptraining) == (None, None, "")


def test_a_text_is_read_as_it_stands(people: PeoplePage, mock: MockPortals) -> None:
    """A class in the wrong case is told from the right one."""
    mock.set(AGENT, uptraining_class="aetna")
    assert people.open_agent(AGENT).custom_fields().uptraining == "aetna"


def test_a_fresh_load_shows_what_others_changed(people: PeoplePage, mock: MockPortals) -> None:
    """Reloading shows the record anew, and proves again whose it is."""
    record = people.open_agent(AGENT)
    mock.set(AGENT, esp_end_date="2026-12-31")
    assert record.reloaded(AGENT).custom_fields().esp_end == date(2026, 12, 31)
    mock.faults({"match": {"employee_id": AGENT}, "effect": "wrong_record"})
    with pytest.raises(WrongRecord):
        record.reloaded(AGENT)


def test_a_date_of_another_form_is_not_guessed(people: PeoplePage) -> None:
    """A site that writes dates otherwise than it was told is an error, never another day."""
    record = people.open_agent(AGENT)
    record.site = replace(record.site, date_format=DateFormat("DD.MM.YYYY"))
    with pytest.raises(PortalFailed, match=r"as ESP Start Date, which is no date as DD\.MM\.YYYY"):
        record.custom_fields()


def test_a_record_that_fails_is_told_with_the_portals_words(people: PeoplePage, mock: MockPortals) -> None:
    """An error of the record is passed on at once."""
    mock.faults({"match": {"path": "/people/v1/G*"}, "effect": "status", "status": 503})
    with pytest.raises(PortalFailed, match="Something went wrong"):
        people.open_agent(AGENT)


def test_an_account_that_may_only_read_is_told_so(page: Page, mock: MockPortals) -> None:
    """A settled record without Edit is a matter of rights, and its values can be read all the same."""
    people = signed_in(page, adp_site(mock.adp.url), mock.account("adp", "read_only"))
    record = people.open_agent(AGENT)
    assert record.custom_fields() == _stored(mock, AGENT)
    with pytest.raises(AccessMissing, match="no Edit"):
        record.edit_custom_fields()


def test_a_portal_with_another_word_is_mended_by_its_site(page: Page, mock: MockPortals) -> None:
    """Where the portal calls ESP End Date otherwise, one label in the site's settings is enough."""
    mock.faults({"match": {}, "effect": "relabel", "from": "ESP End Date", "to": "Onboarding End"})
    site = adp_site(mock.adp.url, labels={"esp_end_date": "Onboarding End"})
    record = signed_in(page, site, mock.adp).open_agent(AGENT)
    assert record.custom_fields() == _stored(mock, AGENT)
