"""Every edition of the mock portals is worked on with its portals.toml alone: no line of code differs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.command import Rpa, class_of, expired, transferred
from tests.conftest import StartMock
from tests.flows.variants import fitted, signed_in_by_hand

RpaOn = Callable[[str], Rpa]


@pytest.fixture
def rpa_on(tmp_path: Path, start_mock: StartMock) -> RpaOn:
    """The command, fitted to mock portals of a variant."""
    return lambda variant: fitted(Rpa(tmp_path, start_mock(variant=variant)), variant)


@pytest.mark.soak
def test_strict_portal_needs_a_person_once(rpa_on: RpaOn, page: Page) -> None:
    """Where each sign-in wants a code, runs alone use the kept session; changes wait for approval."""
    rpa = rpa_on("strict")
    agents = class_of(rpa.mock, 1)
    alone = rpa.plan(agents, "--route", "end-date")
    assert alone.code == 5
    assert "rpa login adp" in alone.err
    signed_in_by_hand(page, rpa)
    run = rpa.apply(rpa.planned(agents))
    assert run.json["counts"] == {"pending": 1}, run.err
    for agent in agents:
        rpa.mock.approve(agent)
    assert set(rpa("verify", rpa.batch(agents), "--json").outcomes().values()) == {"listed"}
    transferred(rpa, agents, "pending")
    codes = [one for one in rpa.mock.requests() if one["path"] == "/signin/v1/passcode"]
    assert len(codes) == 1


@pytest.mark.parametrize("variant", ["classic", pytest.param("renamed", marks=pytest.mark.soak)])
def test_every_flow_passes_with_the_file_alone(rpa_on: RpaOn, variant: str) -> None:
    """Agents are extended and verified, and one is transferred, whatever the portal looks like."""
    rpa = rpa_on(variant)
    agents = class_of(rpa.mock, 2)
    run = rpa.apply(rpa.planned(agents))
    assert run.json["counts"] == {"done": 2}, run.err
    assert sorted(one["employee_id"] for one in rpa.mock.writes()) == sorted(agents)
    assert {rpa.mock.employee(agent)["esp_end_date"] for agent in agents} == {"2026-12-04"}
    verified = rpa("verify", rpa.batch(agents), "--json")
    assert set(verified.outcomes().values()) == {"listed"}, verified.err
    transferred(rpa, agents[:1])


@pytest.mark.soak
@pytest.mark.parametrize("variant", ["classic", "modern", "renamed", "strict"])
def test_uptraining_clearing_and_rehearsal_pass_with_the_file_alone(
    rpa_on: RpaOn, page: Page, variant: str
) -> None:
    """One agent goes on the uptraining route and off it again; a rehearsal before each writes nothing."""
    rpa = rpa_on(variant)
    ends = "done"
    if variant == "strict":
        signed_in_by_hand(page, rpa)
        ends = "pending"
    rpa.settings["RPA_ROSTER__TIMEOUT"] = "3"
    agents = expired(rpa.mock, 1)
    batch = rpa.batch(agents)
    for words, value in (
        (("extend", batch, "--route", "uptraining", "--json"), "Aetna"),
        (("clear-uptraining", batch, "--json"), ""),
    ):
        before = len(rpa.mock.writes())
        plan = rpa(*words)
        assert set(plan.outcomes().values()) == {"planned"}, plan.out
        rehearsed = rpa("rehearse", plan.json["plan"], "--json")
        assert set(rehearsed.outcomes().values()) == {"rehearsed"}, rehearsed.out
        assert len(rpa.mock.writes()) == before
        run = rpa.apply(plan.json["plan"])
        assert set(run.outcomes().values()) == {ends}, run.out
        if ends == "pending":
            rpa.mock.approve(agents[0])
        assert (rpa.mock.employee(agents[0])["uptraining_class"] or "") == value
