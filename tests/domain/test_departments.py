"""Which Home Department is meant: one entry or a refusal, never a guess."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from mock_portals.departments import contact_center, departments
from rpa.domain.departments import Department, DepartmentRules, find_department
from rpa.domain.errors import RuleRefused

CODES = {"CareSource": "511", "Aetna": "510", "Anthem": "520", "Assurance": "544"}
RULES = DepartmentRules(sites=frozenset({"PRV", "SLC", "MEM", "SAT"}), codes=CODES)
RIGHT = "510 - Aetna PRV Contact Center"


def offered(*labels: str) -> list[Department]:
    return [Department(label=label) for label in labels]


@pytest.mark.parametrize(("site", "campaign"), list(product(sorted(RULES.sites), CODES)))
def test_each_place_has_its_one_entry_among_all(site: str, campaign: str) -> None:
    """Among every entry of the mock, near twins and inactive ones included, the right one is found."""
    every = [Department(label=one.label, is_active=one.active) for one in departments()]
    assert find_department(every, site, campaign, RULES).label == contact_center(campaign, site)


@pytest.mark.parametrize(
    "twin",
    [
        "5100 - Aetna PRV Contact Center",
        "510 - Aetna PRV2 Contact Center",
        "510 - Aetna SLC Contact Center",
        "510 - Aetna PRV Contact Centre",
        "510 - Aetna PRV Contact Centers",
        "510 - Aetna PRV Contact and Training Center",
        "510 - Aetna PRV Back Office",
        "511 - CareSource PRV Contact Center",
        "700 - Room 510 PRV Contact Center",
        "510 - Anthem PRV Contact Center",
        "910 - Training PRV",
        "510 - Aetna PRV Contact Center (inactive)",
    ],
)
def test_near_twins_are_told_apart(twin: str) -> None:
    """An entry that is right but for one word or digit is no candidate, beside the right one or alone."""
    assert find_department(offered(twin, RIGHT), "PRV", "Aetna", RULES).label == RIGHT
    with pytest.raises(RuleRefused, match="no active Home Department") as refusal:
        find_department(offered(twin), "PRV", "Aetna", RULES)
    assert twin in str(refusal.value)


@pytest.mark.parametrize("form", ["510: PRV Contact Center", "Aetna PRV Contact Center (510)", RIGHT.upper()])
def test_other_ways_to_write_the_entry(form: str) -> None:
    """Case, dashes and the place of the code do not matter, and the campaign's name may be missing."""
    assert find_department(offered(form), "PRV", "Aetna", RULES).label == form


@pytest.mark.parametrize(
    "second", ["510 - Aetna PRV Contact Center North", "510 - PRV Contact Center", RIGHT]
)
def test_several_are_refused_by_name(second: str) -> None:
    """Two entries that could be meant are refused, and both are named."""
    with pytest.raises(RuleRefused, match="offers 2 Home Departments") as refusal:
        find_department(offered(RIGHT, second), "PRV", "Aetna", RULES)
    assert RIGHT in str(refusal.value)
    assert second in str(refusal.value)


@pytest.mark.parametrize(
    "twin",
    [
        "510 - Aetna PRV Contact Center Training",
        "510 - Aetna PRV Non-Contact Center",
        "510 - Aetna PRV Contact Center (closed)",
        "510 - Aetna PRV Contact Center 2",
    ],
)
@pytest.mark.parametrize("beside", [(), (Department(label=RIGHT, is_active=False),)])
def test_an_entry_that_says_more_is_not_taken_for_the_right_one(
    twin: str, beside: tuple[Department, ...]
) -> None:
    """A word besides code, campaign, site and Contact Center is refused by name, whatever it means."""
    with pytest.raises(RuleRefused, match="besides") as refusal:
        find_department([*beside, *offered(twin)], "PRV", "Aetna", RULES)
    assert twin in str(refusal.value)
    pattern = replace(RULES, pattern=r"{code} - {campaign} {site} .*Contact Center.*")
    assert find_department([*beside, *offered(twin)], "PRV", "Aetna", pattern).label == twin


def test_an_entry_whose_better_one_is_inactive_is_refused() -> None:
    """An active entry without the campaign is right alone, and in doubt beside the full one that has gone."""
    short = "510 - PRV Contact Center"
    assert find_department(offered(short), "PRV", "Aetna", RULES).label == short
    with pytest.raises(RuleRefused, match="written otherwise is inactive"):
        find_department([*offered(short), Department(label=RIGHT, is_active=False)], "PRV", "Aetna", RULES)


def test_inactive_entry_is_no_choice_and_is_said_to_be_there() -> None:
    """An entry that only is inactive is refused, with its state."""
    with pytest.raises(RuleRefused, match=r"510 - Aetna PRV Contact Center \(inactive\)"):
        find_department([Department(label=RIGHT, is_active=False)], "PRV", "Aetna", RULES)


def test_nothing_offered_is_refused() -> None:
    """An empty look-up is said to be one."""
    with pytest.raises(RuleRefused, match="nothing at all"):
        find_department([], "PRV", "Aetna", RULES)


@pytest.mark.parametrize(("given", "told"), [("", "names the site"), ("NYC", "'NYC' is no known site")])
def test_site_that_is_missing_or_unknown_is_refused(given: str, told: str) -> None:
    """A site is one of the known ones, in any case of letters."""
    assert RULES.site("prv") == "PRV"
    with pytest.raises(RuleRefused, match=told):
        RULES.site(given)


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("PRV/Aetna Prod (77)", True),
        ("prv/aetna prod (7)", True),
        ("PRV/Aetna Prod (77) old", False),
        ("SLC/Aetna Prod (77)", False),
        ("PRV/Anthem Prod (77)", False),
        ("510 - Aetna PRV Contact Center", False),
    ],
)
def test_a_site_with_departments_of_its_own_form_gives_a_pattern(entry: str, found: bool) -> None:
    """The whole entry must be of the pattern, with this agent's site and campaign in it."""
    own = replace(RULES, pattern=r"{site}/{campaign} Prod \(\d+\)")
    if found:
        assert find_department(offered(entry, RIGHT), "PRV", "Aetna", own).label == entry
    else:
        with pytest.raises(RuleRefused, match="of the pattern"):
            find_department(offered(entry, RIGHT), "PRV", "Aetna", own)


@pytest.mark.parametrize(
    ("entry", "is_production"),
    [
        ("PRV/Aetna Prod (510)", True),
        ("SLC/CareSource Prod (511)", True),
        ("PRV/Aetna Prod (511)", False),
        ("PRV/Training (990)", False),
        ("510 - Aetna PRV Contact Center", False),
    ],
)
def test_production_goes_by_the_pattern_of_a_site_that_has_one(entry: str, is_production: bool) -> None:
    """Any site and campaign of the settings in the pattern is production, whatever the words are."""
    own = replace(RULES, pattern=r"{site}/{campaign} Prod \({code}\)")
    assert own.is_production(entry) is is_production
