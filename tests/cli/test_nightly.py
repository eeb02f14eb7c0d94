"""`rpa nightly` on a whole site: finds whoever is stuck and nobody else, and what it proposes mends it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from rpa.domain.stuck import RULES
from tests.cli.planted_site import LAG, PlantedSite, found
from tests.command import Rpa
from tests.conftest import TODAY, MockPortals, SoakFigures, StartMock


def planted_site(folder: Path, start_mock: StartMock, each: int, agents: int = 400) -> PlantedSite:
    """A site of so many agents, of whom so many are stuck by each rule."""
    mock = start_mock(agents=agents, seed=5, lag=LAG)
    site = PlantedSite(Rpa(folder, mock), mock, each)
    site.plant()
    site.leave_loose_ends()
    assert {rule for rule, _ in site.planted} == {rule.name for rule in RULES}
    return site


@pytest.mark.timeout(600)  # 260 agents: a minute, or four of them on a loaded machine
def test_every_way_of_being_stuck_is_found_and_nobody_else(tmp_path: Path, start_mock: StartMock) -> None:
    """One planted for each rule among 260: they are found, nobody else, nothing is written."""
    site = planted_site(tmp_path, start_mock, 1, agents=260)
    writes, requests = len(site.mock.writes()), len(site.mock.requests())
    night = site.rpa("nightly", "--json")
    assert night.code == 0, night.err
    assert found(night.json) == site.planted
    assert len(site.mock.writes()) == writes
    records, rosters = pages_read(site.mock, since=requests)
    assert len(records) <= night.json["reads"]["records"] <= len(site.planted)
    assert len(rosters) == len(set(rosters)) == night.json["reads"]["rosters"]
    in_batches = {agent for batch in night.json["batches"] for agent in batch["employee_ids"]}
    assert {row["subject"] for row in night.json["stuck"] if row["flow"]} == in_batches


@pytest.mark.soak
def test_a_large_site_is_read_cheaply(
    tmp_path: Path, start_mock: StartMock, soak_figures: SoakFigures
) -> None:
    """2,000 rows, 300 of them in training: one read a class, and of records only those in question.

    Looked at once more in the same night, nothing is new and no second mail goes out.
    """
    site = planted_site(tmp_path, start_mock, 1, agents=2100)
    in_training = [
        one
        for one in site.mock.state()["employees"]
        if "Training" in one["home_department"] and one["employee_id"] in site.rows
    ]
    assert len(site.rows) >= 2000
    assert len(in_training) >= 300
    requests = len(site.mock.requests())
    night = site.rpa("nightly", "--json")
    records, rosters = pages_read(site.mock, since=requests)
    soak_figures(
        "nightly check of a large site",
        rows=len(site.rows),
        training=len(in_training),
        **{"in question": len(site.planted), "records opened": len(records), "rosters read": len(rosters)},
    )
    assert found(night.json) == site.planted
    assert 0 < len(set(records)) <= len(site.planted)
    assert len(records) == len(set(records))
    assert len(rosters) == len(set(rosters)) == len(site.mock.state()["classes"])
    again = site.rpa("nightly", "--json").json
    assert again["counts"]["new"] == 0
    assert "before" in again["mail"]


def pages_read(mock: MockPortals, since: int) -> tuple[list[str], list[str]]:
    """The records and the class rosters that were opened, as the portals counted them."""
    asked = [one for one in mock.requests()[since:] if one["method"] == "GET"]
    records = [
        one["path"] for one in asked if one["portal"] == "adp" and one["path"].startswith("/people/v1/G")
    ]
    return records, [one["path"] for one in asked if one["path"].endswith("/roster")]


def broken(class_id: str) -> dict[str, list[dict[str, object]]]:
    """The faults of each outage; two of them are the tracker's, and need none."""
    page = {"portal": "blackdash", "path": f"/training/classes/{class_id}/roster"}
    return {
        "ADP": [{"match": {"portal": "adp"}, "effect": "status", "status": 503}],
        "BlackDash": [{"match": {"portal": "blackdash"}, "effect": "status", "status": 503}],
        "a class page": [{"match": page, "effect": "status", "status": 500}],
        "tracker": [],
        "half of the rows": [],
    }


SOURCES = {"ADP": "the record in ADP", "BlackDash": "the rosters in BlackDash"}


@pytest.mark.soak
def test_with_a_source_down_the_rest_is_right(
    tmp_path: Path, start_mock: StartMock, soak_figures: SoakFigures
) -> None:
    """One source after the other fails on the real way: exit 1, its gap is told, nobody is wrongly found."""
    site = planted_site(tmp_path, start_mock, 1)
    site.rpa.settings["RPA_LIMITS__READ_ATTEMPTS"] = "1"
    whole = site.tracker.read_bytes()
    of_class = next(one["class_id"] for one in site.mock.state()["classes"] if one["roster"])
    for name, faults in broken(of_class).items():
        site.mock.faults(*faults)
        if name == "tracker":
            site.tracker.unlink()
        if name == "half of the rows":
            lines = whole.decode().splitlines()
            bad = [line.replace(",done", ",maybe") if at % 2 else line for at, line in enumerate(lines)]
            site.tracker.write_text("\n".join([lines[0], *bad[1:]]), encoding="utf-8")
        night = site.rpa("nightly", "--no-mail", "--json")
        site.mock.faults()
        site.tracker.write_bytes(whole)
        got = found(night.json)
        # Whoever is on the class page that is not to be seen is told by the record in its place.
        stuck = {subject for _, subject in site.planted}
        beside = {one for one in got if one[1] not in stuck}
        soak_figures(f"nightly without {name}", found=len(got & site.planted), beside=len(beside))
        assert night.code == 1, (name, night.err)
        assert not beside, name
        assert SOURCES.get(name, "") in {gap["source"] for gap in night.json["gaps"]} | {""}
        assert got & site.planted, name


@pytest.mark.soak
def test_what_the_report_proposes_empties_it(
    tmp_path: Path, start_mock: StartMock, soak_figures: SoakFigures
) -> None:
    """Three of each: with the batch files applied and the rest done by hand the next report is empty."""
    site = planted_site(tmp_path, start_mock, 3)
    night = site.rpa("nightly", "--no-mail", "--json")
    got = found(night.json)
    soak_figures(
        "nightly check",
        planted=len(site.planted),
        missed=len(site.planted - got),
        beside=len(got - site.planted),
    )
    assert got == site.planted
    runs = [run for batch in night.json["batches"] if (run := applied(site, batch["command"]))]
    site.mock.advance(LAG)
    for run in (*runs, site.run_with_doubts):
        site.rpa("resume", run)
    site.mend_by_hand()
    after = site.rpa("nightly", "--no-mail", "--json").json
    left = [row for row in after["stuck"] if row["severity"] != "note"]
    assert [(row["rule"], row["subject"], row["reason"]) for row in left] == []
    assert not after["batches"]


def applied(site: PlantedSite, command: str) -> str:
    """The run of the plan that the report's command makes; none for a command that only looks."""
    folder = site.rpa.folder / "state" / "nightly" / TODAY
    words = shlex.split(command)[1:]
    words = [str(folder / word) if word.endswith(".csv") else word for word in words]
    if words[0] == "verify":
        return ""
    plan = site.rpa(*words, "--json")
    assert plan.json["plan"], plan.err
    assert set(plan.outcomes().values()) == {"planned"}, plan.out
    run = site.rpa.apply(plan.json["plan"])
    return str(run.json["run"])
