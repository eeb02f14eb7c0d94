"""`rpa verify`, of a batch and of a class."""

from __future__ import annotations

from typing import Any

from tests.command import UNTIL, Rpa, class_of
from tests.conftest import MockPortals


def class_with(mock: MockPortals, agent: str) -> dict[str, Any]:
    """The class that lists this agent."""
    found: dict[str, Any] = next(one for one in mock.state()["classes"] if agent in one["roster"])
    return found


def test_part_of_a_class_that_was_extended(rpa: Rpa, mock: MockPortals) -> None:
    """Extending a part makes two classes of one name: each agent is compared with the right one."""
    stays, goes, other = class_of(mock, 3)
    mock.set(goes, esp_end_date=UNTIL)
    before, after = class_with(mock, stays), class_with(mock, goes)
    assert before["name"] == after["name"]
    mock.set(other, esp_start_date=None)

    told = rpa("verify", rpa.batch([stays, goes, other]), "--json")
    rows = {row["employee_id"]: row for row in told.json["rows"]}
    assert [rows[one]["outcome"] for one in (stays, goes, other)] == ["listed", "listed", "missing"]
    assert rows[stays]["classes"] != rows[goes]["classes"]
    assert rows[goes]["classes"][0].endswith(f"to {UNTIL}")
    rosters = {one["class"]: one for one in told.json["rosters"]}
    assert rosters[rows[goes]["classes"][0]]["listed"] == [goes]
    unexpected = sorted(set(before["roster"]) - {stays, goes, other})
    assert rosters[rows[stays]["classes"][0]]["others"] == unexpected
    assert told.code == 1
    assert mock.writes() == []

    by_name = rpa("verify", "--class", before["name"])
    assert by_name.code == 2
    assert rows[goes]["classes"][0] in by_name.err
    one = rpa("verify", "--class", rows[goes]["classes"][0], "--json")
    assert (one.code, one.outcomes()) == (0, {goes: "listed"})


def test_lagging_roster_misplaces(rpa: Rpa, start_mock: Any) -> None:
    """A class that BlackDash still shows and ADP does not mean any more is told, and unexpected ids too."""
    mock = start_mock(lag=100_000)
    late = Rpa(rpa.folder, mock)
    agents = class_of(mock, 2)
    one = class_with(mock, agents[0])
    mock.set(agents[0], esp_end_date=UNTIL)
    mock.set(agents[1], esp_end_date="2026-11-20")
    told = late("verify", late.batch(agents))
    assert told.code == 1
    assert told.out.count("on a class that ADP does not mean") == 2
    for unexpected in set(one["roster"]) - set(agents):
        assert unexpected in told.out
    assert mock.writes() == []


def test_file_or_class(rpa: Rpa, mock: MockPortals) -> None:
    """Neither, or both, cannot be meant; nothing is asked of the portals."""
    assert rpa("verify").code == 2
    assert rpa("verify", rpa.batch(["100482"]), "--class", "Aetna").code == 2
    assert mock.requests() == []
