"""`rpa doctor` at the real command: every locator is told, nothing is written, plans hear of it."""

from __future__ import annotations

from pathlib import Path

from rpa.pages.declared import declared_elements
from tests.command import Rpa, class_of
from tests.conftest import MockPortals

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


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
    told = "tracker.csv: 1 agents; no column for call cert; 1 cells or rows that cannot be used"
    assert (seen[0]["level"], seen[0]["what"]) == ("warning", told)
    assert (seen[1]["level"], seen[1]["what"]) == ("ok", "tracker.csv: 1 agents")
    tracker.write_text("a,b\n", encoding="utf-8")
    assert rpa("doctor", "--offline").code == 2
