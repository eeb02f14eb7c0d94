"""Every edition of the mock portals is worked on with its portals.toml alone: no line of code differs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import Rpa, class_of
from tests.conftest import StartMock

RpaOn = Callable[[str], Rpa]

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def fitted(rpa: Rpa, variant: str) -> Rpa:
    """The command with the variant's file in the place of every setting that a site has differently."""
    rpa.settings["RPA_PORTALS_FILE"] = str(EXAMPLES / f"{variant}.toml")
    del rpa.settings["RPA_ADP__SETTLE"]
    return rpa


@pytest.fixture
def rpa_on(tmp_path: Path, start_mock: StartMock) -> RpaOn:
    """The command, fitted to mock portals of a variant."""
    return lambda variant: fitted(Rpa(tmp_path, start_mock(variant=variant)), variant)


@pytest.mark.parametrize("variant", ["classic", "renamed"])
def test_extend_and_verify_pass_with_the_file_alone(rpa_on: RpaOn, variant: str) -> None:
    """An agent is extended, read back, and found on the roster, whatever the portal looks like."""
    rpa = rpa_on(variant)
    agents = class_of(rpa.mock, 2)
    run = rpa.apply(rpa.planned(agents))
    assert run.json["counts"] == {"done": 2}, run.err
    assert sorted(one["employee_id"] for one in rpa.mock.writes()) == sorted(agents)
    assert {rpa.mock.employee(agent)["esp_end_date"] for agent in agents} == {"2026-12-04"}
    verified = rpa("verify", rpa.batch(agents), "--json")
    assert set(verified.outcomes().values()) == {"listed"}, verified.err
