from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as BrowserTimeout

from mock_portals.adp.people_list import has_two_positions
from rpa.domain.errors import PortalFailed, RuleRefused, WrongRecord
from rpa.pages.adp import Menu, PeoplePage
from rpa.pages.site import Timeouts
from tests.conftest import MockPortals

FIRST = "10001"
PREFIX = "10002"
LONGER = "100022"


def _who(mock: MockPortals, suits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    return next(one for one in mock.state()["employees"] if suits(one))


def test_the_record_of_exactly_this_id_is_opened(people: PeoplePage, mock: MockPortals) -> None:
    """The record tells the id that was asked for, and the name that belongs to it."""
    record = people.open_agent(FIRST)
    assert record.employee_id() == FIRST
    assert record.name() == mock.employee(FIRST)["name"]


def test_an_id_that_begins_another_is_told_from_it(people: PeoplePage) -> None:
    """A search for 10002 lists 100022 too; each leads to its own record."""
    assert people.open_agent(PREFIX).employee_id() == PREFIX
    assert Menu(people.page, people.site).open_people().open_agent(LONGER).employee_id() == LONGER


def test_people_of_the_same_name_are_told_by_id(people: PeoplePage, mock: MockPortals) -> None:
    """Two agents share their name; the id decides."""
    twins = [
        one["employee_id"]
        for one in mock.state()["employees"]
        if one["name"] == mock.employee(FIRST)["name"] and one["status"] == "Active"
    ]
    assert len(twins) >= 2
    for twin in twins:
        assert Menu(people.page, people.site).open_people().open_agent(twin).employee_id() == twin


def test_a_person_with_two_positions_is_one_person(people: PeoplePage, mock: MockPortals) -> None:
    """Two rows of one person lead to the same record, and are no reason to refuse."""
    of_two = _who(mock, lambda one: has_two_positions(one["employee_id"]) and one["status"] == "Active")
    employee_id = of_two["employee_id"]
    assert people.open_agent(employee_id).employee_id() == employee_id


def test_a_terminated_person_is_refused(people: PeoplePage, mock: MockPortals) -> None:
    """The filter shows active people only, so the closed record of a rehire is not found."""
    closed = _who(mock, lambda one: one["status"] == "Terminated")
    with pytest.raises(RuleRefused, match=f"no active employee with the id {closed['employee_id']}"):
        people.open_agent(closed["employee_id"])


def test_an_unknown_id_is_refused(people: PeoplePage) -> None:
    """Nobody found is an answer, once the list has settled."""
    with pytest.raises(RuleRefused, match="no active employee"):
        people.open_agent("99999")


def test_the_beginning_of_an_id_is_nobodys(people: PeoplePage) -> None:
    """Rows of people whose ids only begin with it do not stand for the id."""
    with pytest.raises(RuleRefused, match="no active employee"):
        people.open_agent("1002")


def test_another_status_filter_is_put_right(people: PeoplePage) -> None:
    """Whatever the filter was left at, the search is among active people."""
    people.status_chip.click()
    for name in ("Terminated", "Leave of absence"):
        people.status_filter.get_by_role("checkbox", name=name).click()
    people.status_filter.get_by_role("checkbox", name="Active", exact=True).click()
    people.status_filter.press("Escape")
    people.active_chip.wait_for(state="hidden")
    assert people.open_agent(FIRST).employee_id() == FIRST
    Menu(people.page, people.site).open_people()
    assert people.active_chip.inner_text().strip() == "Status is Active"


def test_rows_of_another_search_are_not_an_answer(people: PeoplePage, mock: MockPortals) -> None:
    """A list that shows the rows of the search before is the portal's failure, not `nobody found`."""
    people.open_agent(FIRST)
    people = Menu(people.page, people.site).open_people()
    mock.faults({"match": {"portal": "adp"}, "effect": "stale_list"})
    with pytest.raises(PortalFailed, match=r"list shows|list does not show"):
        people.open_agent("10030")


def test_a_record_of_somebody_else_is_not_accepted(people: PeoplePage, mock: MockPortals) -> None:
    """A row that leads to another person's record is noticed on arrival."""
    mock.faults({"match": {"employee_id": FIRST}, "effect": "wrong_record"})
    with pytest.raises(WrongRecord, match=f"not of {FIRST}"):
        people.open_agent(FIRST)


def test_a_failing_search_is_told_with_the_portals_words(people: PeoplePage, mock: MockPortals) -> None:
    """An error of the list is passed on at once, without waiting for rows."""
    mock.faults({"match": {"portal": "adp", "path": "/people/v1/list"}, "effect": "status", "status": 500})
    with pytest.raises(PortalFailed, match="Something went wrong"):
        people.open_agent(FIRST)


def test_a_list_that_does_not_settle_is_a_timeout(people: PeoplePage, mock: MockPortals) -> None:
    """No answer is not `nobody found`."""
    mock.faults({"match": {"path": "/people/v1/list"}, "effect": "spinner_forever"})
    people.site = replace(people.site, timeouts=Timeouts(arrive=1))
    with pytest.raises(BrowserTimeout):
        people.open_agent(FIRST)


def test_the_same_search_twice_asks_twice(people: PeoplePage, mock: MockPortals) -> None:
    """A list that already stands at this id is asked anew."""
    with pytest.raises(RuleRefused):
        people.open_agent("99999")
    mock.faults({"match": {"path": "/people/v1/list"}, "effect": "status", "status": 503})
    with pytest.raises(PortalFailed):
        people.open_agent("99999")
