"""What many commands begin with, made once and copied for each test: a plan for two agents, and its run."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.command import UNTIL, Rpa, class_of
from tests.conftest import MockPortals


@dataclass(frozen=True)
class PlanOfTwo:
    """A plan that extends two agents of one class, and the state folder it lies in."""

    state: Path
    agents: Sequence[str]
    plan: str


@dataclass(frozen=True)
class RunOfTwo(PlanOfTwo):
    """That plan applied: `run` as the command told it, `before` the people as they were, as JSON."""

    run: dict[str, Any]
    before: str

    @property
    def name(self) -> str:
        """The run's id."""
        return str(self.run["run"])


@pytest.fixture(scope="session")
def _plan_of_two(tmp_path_factory: pytest.TempPathFactory, _shared_mock: MockPortals) -> PlanOfTwo:
    _shared_mock.reset()
    rpa = Rpa(tmp_path_factory.mktemp("plan"), _shared_mock)
    agents = class_of(_shared_mock, 2)
    return PlanOfTwo(rpa.folder / "state", agents, rpa.planned(agents))


@pytest.fixture(scope="session")
def _run_of_two(
    tmp_path_factory: pytest.TempPathFactory, _shared_mock: MockPortals, _plan_of_two: PlanOfTwo
) -> RunOfTwo:
    _shared_mock.reset()
    before = _shared_mock.people()
    rpa = Rpa(tmp_path_factory.mktemp("run"), _shared_mock)
    shutil.copytree(_plan_of_two.state, rpa.folder / "state")
    run = rpa.apply(_plan_of_two.plan)
    assert run.json["counts"] == {"done": 2}, run.err
    return RunOfTwo(rpa.folder / "state", _plan_of_two.agents, _plan_of_two.plan, run.json, before)


@pytest.fixture
def plan_of_two(_plan_of_two: PlanOfTwo, rpa: Rpa) -> PlanOfTwo:
    """The plan lies in the state folder of `rpa`, and the portals are as it found them."""
    shutil.copytree(_plan_of_two.state, rpa.folder / "state")
    return _plan_of_two


@pytest.fixture
def run_of_two(_run_of_two: RunOfTwo, rpa: Rpa, mock: MockPortals) -> RunOfTwo:
    """The run lies in the state folder of `rpa`, and the portals are as it left them."""
    shutil.copytree(_run_of_two.state, rpa.folder / "state")
    for agent in _run_of_two.agents:
        mock.set(agent, esp_end_date=UNTIL)
    return _run_of_two
