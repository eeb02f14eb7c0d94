"""Who works in the mock world: the kinds of people that the flows meet, and the look-alikes between them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from mock_portals.departments import CAMPAIGNS, SITES, contact_center, departments, training
from mock_portals.people import Employee, people

MONDAY = date(2026, 11, 23)
WEEK = [MONDAY + timedelta(days=days) for days in range(7)]


def everybody(how_many: int = 240, seed: int = 1, today: date = MONDAY) -> list[Employee]:
    return list(people(how_many, seed, today).values())


@pytest.mark.parametrize("how_many", [1, 2, 13, 14, 15, 60, 240, 5000])
def test_there_are_as_many_as_asked_for(how_many: int) -> None:
    """Any number from 1 to 5000 is served, each person with ids of their own."""
    made = people(how_many, 1, MONDAY)
    assert len(made) == how_many
    assert all(one.employee_id == employee_id for employee_id, one in made.items())
    assert len({one.aoid for one in made.values()}) == how_many
    assert len({one.position_id for one in made.values()}) == how_many


def test_a_seed_always_makes_the_same_people() -> None:
    """Seed and day settle everybody; another seed makes others."""
    assert everybody() == everybody()
    assert {one.aoid for one in everybody(seed=1)}.isdisjoint(one.aoid for one in everybody(seed=2))


@pytest.mark.parametrize("today", WEEK, ids=lambda day: f"{day:%A}")
def test_classes_are_small_and_one_manager_has_one_class_of_these_dates(today: date) -> None:
    """On each day of the week a class has 8 to 21 agents of one campaign and one site."""
    classes = Counter(
        (one.esp_manager, one.esp_start_date, one.esp_end_date) for one in everybody(600, 1, today)
    )
    kinds = {
        (one.esp_manager, one.esp_start_date, one.esp_end_date, one.campaign, one.site)
        for one in everybody(600, 1, today)
    }
    assert len(kinds) == len(classes)
    cut_off = 1
    assert sum(not 8 <= size <= 21 for size in classes.values()) <= cut_off


@pytest.mark.parametrize("today", WEEK[:5], ids=lambda day: f"{day:%A}")
def test_there_are_classes_for_every_route(today: date) -> None:
    """Some end today, some in the next days, and some have both of their dates behind them."""
    ends = {one.esp_end_date for one in everybody(today=today)}
    assert today in ends
    assert any(end and today < end <= today + timedelta(days=7) for end in ends)
    expired = [
        one
        for one in everybody(today=today)
        if one.esp_end_date and one.training_graduation_date
        if max(one.esp_end_date, one.training_graduation_date) < today
    ]
    assert len(expired) >= 8


def test_a_class_lasts_five_working_days() -> None:
    """The ESP end date is the fifth working day after the start, the start counted."""
    for one in everybody():
        assert one.esp_start_date is not None
        assert one.esp_end_date is not None
        days = (one.esp_end_date - one.esp_start_date).days
        dates = [one.esp_start_date + timedelta(days=day) for day in range(days + 1)]
        assert sum(day.weekday() < 5 for day in dates) == 5


def test_the_department_tells_training_from_production() -> None:
    """Who was over long ago is in the contact center of site and campaign, the others in training."""
    labels = {department.label for department in departments() if department.active}
    long_ago = MONDAY - timedelta(days=30)
    for one in everybody():
        assert one.esp_end_date is not None
        on_production = one.esp_end_date < long_ago
        expected = contact_center(one.campaign, one.site) if on_production else training(one.site)
        assert one.home_department == expected
        assert one.home_department in labels


def test_one_id_begins_another_in_the_same_class() -> None:
    """A look for 10002 by a part of the text finds 100022 too, on the same roster."""
    made = people(240, 1, MONDAY)
    assert made["100022"].esp_end_date == made["10002"].esp_end_date
    assert made["100022"].esp_manager == made["10002"].esp_manager
    assert made["100022"].position_id == "X4B100022"


def test_two_agents_share_a_name() -> None:
    """A name is no identity: two active people have the same one."""
    names = Counter(one.name for one in everybody(14) if one.status == "Active")
    assert max(names.values()) >= 2


def test_a_rehire_has_a_closed_record_beside_the_open_one() -> None:
    """The terminated twin differs by a middle initial."""
    closed = next(one for one in everybody() if one.status == "Terminated")
    assert f"{closed.last_name}, {closed.first_name.removesuffix(' J.')}" in {
        one.name for one in everybody() if one.status == "Active"
    }


def test_names_have_accents_apostrophes_and_hyphens() -> None:
    """Names are not plain ASCII letters."""
    letters = "".join(one.name for one in everybody())
    assert "'" in letters
    assert "-" in letters
    assert not letters.isascii()


def test_some_are_on_leave() -> None:
    """Not everybody is active, and only people on production are away."""
    away = [one for one in everybody(600) if one.status == "Leave of absence"]
    assert away
    assert all("Contact Center" in one.home_department for one in away)


def test_each_site_and_campaign_has_one_right_department() -> None:
    """Site, code and the words Contact Center find one entry as whole words, and several as parts."""
    every = departments()
    for campaign, code in CAMPAIGNS.items():
        for site in SITES:
            whole = [
                one
                for one in every
                if one.active and one.code == code and one.name == f"{campaign} {site} Contact Center"
            ]
            parts = [
                one
                for one in every
                if code in one.label and site in one.label and "Contact Cent" in one.label
            ]
            assert len(whole) == 1
            assert len(parts) >= 3


def test_some_departments_are_inactive() -> None:
    """Closed entries stay in the table, one of them with the right words for a site that begins alike."""
    inactive = {one.label for one in departments() if not one.active}
    assert "510 - Aetna PRV Contact Centre (closed)" in inactive
    assert "510 - Aetna SLC2 Contact Center" in inactive
