"""What a class is called, and by whose clocks it is taught."""

from __future__ import annotations

import pytest

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.class_names import class_name, class_zone
from rpa.domain.errors import UsageError

ZONES = {"PRV": "America/Denver", "SLC": "America/Denver", "MEM": "America/Chicago"}
DEFAULT = "America/Phoenix"


def at(*sites: str) -> list[Agent]:
    """An agent at each of these sites."""
    return [Agent(employee_id=EmployeeId(str(1000 + n)), row=n, site=site) for n, site in enumerate(sites)]


@pytest.mark.parametrize(
    ("sites", "zone", "is_told"),
    [
        (("MEM", "MEM"), "America/Chicago", False),
        (("PRV", "SLC", ""), "America/Denver", False),
        (("MEM", "MEM", "MEM", "SLC"), "America/Chicago", True),  # one guest shifts nobody's clocks
        (("MEM", "MEM", "MEM", "PRV", "SLC", "SLC", "SLC"), "America/Denver", True),
        (("MEM", "SLC"), DEFAULT, True),
        (("", ""), DEFAULT, True),
        (("ELSEWHERE",), DEFAULT, False),
    ],
)
def test_class_goes_by_the_clocks_of_most_of_its_agents(
    sites: tuple[str, ...], zone: str, is_told: bool
) -> None:
    """The majority decides; who is told nothing can rely on everybody sitting there."""
    found, note = class_zone(at(*sites), ZONES, DEFAULT)
    assert found == zone
    assert bool(note) is is_told


@pytest.mark.parametrize("name", ["", "a/b", "x" * 61, "leaders"])
def test_what_cannot_be_a_name(name: str) -> None:
    """A name stands in ids of sessions and in commands; the leaders' meeting has one already."""
    with pytest.raises(UsageError):
        class_name(name)
