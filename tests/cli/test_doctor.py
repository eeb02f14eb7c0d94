"""`rpa doctor` at the real command: every locator is told, nothing is written, plans hear of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page

from rpa.pages.declared import declared_elements
from tests.command import Rpa, class_of
from tests.conftest import MockPortals, StartMock
from tests.flows.look_alike import Host, served
from tests.flows.variants import fitted, signed_in_by_hand


def levels(told: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    """The level of each subject."""
    return {one["subject"]: one["level"] for one in told["findings"]}


def test_everything_fits(rpa: Rpa, mock: MockPortals) -> None:
    """On portals that fit, every declared locator is judged and nothing blocks; only a tracker is missing."""
    told = rpa("doctor", "--json")
    assert told.code == 1, told.out
    found = levels(told.json)
    assert set(declared_elements()) <= set(found)
    assert {subject for subject, level in found.items() if level != "ok"} == {"tracker"}
    assert {"versions", "state folder", "database", "clock", "mail", "rights in ADP"} <= set(found)
    assert mock.writes() == []


@pytest.mark.parametrize(
    "variant",
    ["classic", *(pytest.param(one, marks=pytest.mark.soak) for one in ("modern", "renamed", "strict"))],
)
def test_every_example_fits_its_variant(
    tmp_path: Path, start_mock: StartMock, page: Page, variant: str
) -> None:
    """With its example file each edition of the portals is found whole, and no flow is refused on it."""
    rpa = fitted(Rpa(tmp_path, start_mock(variant=variant)), variant)
    if variant == "strict":
        signed_in_by_hand(page, rpa)
    told = rpa("doctor", "--json")
    assert [
        one for one in told.json["findings"] if one["level"] != "ok" and one["subject"] != "tracker"
    ] == []
    assert told.json["refused_flows"] == {}
    assert rpa.mock.writes() == []


def test_a_portal_that_is_down_is_told_and_nothing_is_forgotten(rpa: Rpa, mock: MockPortals) -> None:
    """A 503 and a sorry page block the portal and judge no locator; what was missing is missing still."""
    agent = class_of(mock, 1)[0]
    (rpa.folder / "portals.toml").write_text(
        '[adp.locators]\n"adp.home_page.welcome" = \'get_by_role("heading", name="Nowhere")\'\n'
        '"adp.menu.people_button" = \'get_by_text("People!")\'\n'
    )
    missing = ["adp.home_page.welcome", "adp.menu.people_button"]
    rpa.settings["RPA_ADP__TIMEOUT"] = "3"
    for fault in (
        {"match": {"path": "/nowhere"}, "effect": "status", "status": 503},
        {"match": {"portal": "adp", "path": "/theme/admin.html"}, "effect": "status", "status": 503},
        {"match": {"portal": "adp", "path": "/theme/admin.html"}, "effect": "sorry"},
    ):
        mock.faults(fault)
        told = rpa("doctor", "--agent", agent, "--json")
        assert told.code == 2
        found = levels(told.json)
        down = fault["match"] != {"path": "/nowhere"}
        assert found["ADP reachable"] == ("blocking" if down else "ok"), fault
        assert {found[name] for name in missing} == {"warning" if down else "blocking"}, fault
        assert not (down and "sign-in to ADP" in found)
        remembered = json.loads((rpa.folder / "state" / "doctor.json").read_text(encoding="utf-8"))
        assert remembered["missing"] == missing, fault


def test_a_redirect_to_another_host_names_it(rpa: Rpa) -> None:
    """A sign-in that leads to a host nobody has configured is told by its name, with where to write it."""
    host = "https://login.example.invalid"
    with leading_to(f"{host}/sign-in") as address:
        rpa.settings["RPA_ADP__URL"] = address
        told = rpa("doctor", "--agent", "10001", "--json")
    adp = next(one for one in told.json["findings"] if one["subject"] == "ADP")
    assert host in adp["what"]
    assert "sign_in_url" in adp["next_step"]
    assert any(host in one["what"] for one in told.json["findings"] if one["subject"] == "guard")


def test_a_look_alike_gets_no_key_stroke_from_any_command(rpa: Rpa) -> None:
    """Even where the browser may reach the look-alike, plan and doctor type nothing, and say where it is."""
    false = Host()
    rpa.settings |= {"RPA_GUARD__ORIGINS": json.dumps([false.url]), "RPA_ADP__TIMEOUT": "3"}
    rpa.settings["RPA_LIMITS__READ_ATTEMPTS"] = "1"
    with served(false), leading_to(f"{false.url}/signin/v1/") as address:
        rpa.settings["RPA_ADP__URL"] = address
        doctor = rpa("doctor", "--agent", "10001", "--json")
        plan = rpa("extend", rpa.batch(["10001"]), "--until", "2026-12-04", "--route", "end-date", "--json")
    signing_in = next(one for one in doctor.json["findings"] if one["subject"] == "sign-in to ADP")
    assert signing_in["level"] == "blocking"
    assert false.url in signing_in["what"]
    assert plan.code != 0
    assert false.heard == []


@contextmanager
def leading_to(address: str) -> Iterator[str]:
    """The address of a server whose every page leads to this other one."""

    class Leads(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", address)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base
            del format, args

    with served(ThreadingHTTPServer(("127.0.0.1", 0), Leads)) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def test_a_missing_locator_is_named_with_what_to_do(rpa: Rpa, mock: MockPortals) -> None:
    """One renamed button is found on both of its panels; its new name is offered, its flows are refused."""
    mock.faults(
        {"match": {"portal": "adp"}, "effect": "relabel", "from": '"done": "Done"', "to": '"done": "Store"'}
    )
    told = rpa("doctor", "--json")
    assert told.code == 2
    blocking = [one for one in told.json["findings"] if one["level"] == "blocking"]
    assert [one["subject"] for one in blocking] == [
        "adp.custom_fields_panel.done",
        "adp.home_department_panel.done",
    ]
    assert '"adp.custom_fields_panel.done" = \'get_by_role("button", name="Store")\'' in blocking[0]["lines"]
    assert 'button "Store"' in blocking[0]["snapshot"]
    refused = rpa("extend", rpa.batch(class_of(mock, 1)), "--until", "2026-12-04", "--route", "end-date")
    assert refused.code == 2
    assert "adp.custom_fields_panel.done" in refused.err
    line = blocking[0]["lines"][0]
    (rpa.folder / "portals.toml").write_text(f"[adp.locators]\n{line}\n", encoding="utf-8")
    assert rpa.plan(class_of(mock, 1), "--route", "end-date").code == 0


def test_rights_that_are_missing_are_told(rpa: Rpa, mock: MockPortals) -> None:
    """An account that may only read, and one without the training menu, are told as rights to ask for."""
    rpa.sign_in_as("adp", mock.account("adp", "read_only"))
    rpa.sign_in_as("blackdash", mock.account("blackdash", "no_access"))
    told = rpa("doctor", "--agent", class_of(mock, 1)[0], "--json")
    assert told.code == 2
    found = levels(told.json)
    assert found["rights in ADP"] == found["rights in BlackDash"] == "blocking"


def test_folder_of_a_synchronised_drive_is_refused(rpa: Rpa) -> None:
    """A state folder in OneDrive, by a link or not, blocks every command, and nothing is made in it."""
    synced = rpa.folder / "OneDrive - Example" / "state"
    synced.mkdir(parents=True)
    link = rpa.folder / "link"
    link.symlink_to(synced)
    for folder in (synced, link):
        rpa.settings["RPA_STATE_DIR"] = str(folder)
        told = rpa("doctor", "--json")
        assert told.code == 2
        assert levels(told.json)["state folder"] == "blocking"
    for command in (("verify", rpa.batch(["10001"])), ("login", "adp"), ("nightly",), ("apply", "plan-1")):
        refused = rpa(*command)
        assert refused.code == 2, command
        assert "OneDrive" in refused.err, command
    assert list(synced.iterdir()) == []


def test_the_trackers_columns_are_looked_at(rpa: Rpa) -> None:
    """What no column was matched to, and what no row can use, is told; a tracker that is none blocks."""
    tracker = rpa.folder / "tracker.csv"
    rpa.settings["RPA_TRACKER__FILE"] = "tracker.csv"
    header = (
        "Employee ID,ESP Start,ESP End,Producer World,AHIP,Aetna,TBT,Call Shadowing,Transfer to Production"
    )
    seen = []
    for names, cells in (
        (header, "1001,2026-11-16,maybe"),
        (f"{header},Call Cert", "1001,2026-11-16,2026-11-20"),
    ):
        tracker.write_text(f"{names}\n{cells}\n", encoding="utf-8")
        findings = rpa("doctor", "--offline", "--json").json["findings"]
        seen += [one for one in findings if one["subject"] == "tracker"]
    told = "tracker.csv: 1 agent; no column for call cert; 1 cell or row that cannot be used"
    assert (seen[0]["level"], seen[0]["what"]) == ("warning", told)
    assert (seen[1]["level"], seen[1]["what"]) == ("ok", "tracker.csv: 1 agent")
    tracker.write_text("a,b\n", encoding="utf-8")
    assert rpa("doctor", "--offline").code == 2
