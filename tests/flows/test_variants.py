"""Every edition of the mock portals is worked on with its portals.toml alone: no line of code differs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from rpa.engine.kept_sessions import KeptSessions
from rpa.flows.portals import ADP
from rpa.private_files import fernet_key
from tests.command import Rpa, class_of, expired, transferred
from tests.conftest import StartMock
from tests.mock_portals.adp_steps import Adp, type_credentials

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


def signed_in_by_hand(page: Page, rpa: Rpa) -> None:
    """The session that `rpa login adp` keeps, begun by a person with a one-time code."""
    mock = rpa.mock
    type_credentials(page, Adp(mock))
    page.get_by_role("button", name="Send me a text message").click()
    page.get_by_label("Passcode", exact=True).fill(mock.account("adp", "step_up").code)
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("heading", name=re.compile("^Welcome, ")).wait_for()
    key_file = rpa.folder / "session.key"
    rpa.settings["RPA_SESSION__KEY_FILE"] = str(key_file)
    kept = KeptSessions(
        folder=rpa.folder / "state" / "sessions",
        key=lambda: fernet_key(key_file),
        lifetime=timedelta(hours=1),
    )
    kept.keep(ADP, f"{mock.adp.url}|{mock.adp.username}", page.context.storage_state())


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
    """Agents are extended, verified and transferred, whatever the portal looks like."""
    rpa = rpa_on(variant)
    agents = class_of(rpa.mock, 2)
    run = rpa.apply(rpa.planned(agents))
    assert run.json["counts"] == {"done": 2}, run.err
    assert sorted(one["employee_id"] for one in rpa.mock.writes()) == sorted(agents)
    assert {rpa.mock.employee(agent)["esp_end_date"] for agent in agents} == {"2026-12-04"}
    verified = rpa("verify", rpa.batch(agents), "--json")
    assert set(verified.outcomes().values()) == {"listed"}, verified.err
    transferred(rpa, agents)


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
