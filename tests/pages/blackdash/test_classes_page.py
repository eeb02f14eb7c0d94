from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rpa.domain.errors import PortalFailed
from rpa.domain.rosters import TrainingClass
from rpa.pages.blackdash import ClassesPage
from tests.conftest import MockPortals


def _of(shown: dict[str, Any]) -> TrainingClass:
    start, end = (date.fromisoformat(shown[key]) if shown[key] else None for key in ("start", "end"))
    return TrainingClass(
        name=shown["name"],
        campaign=shown["campaign"],
        manager=shown["manager"] or "",
        start=start,
        end=end,
        agents=len(shown["roster"]),
        spun_up=shown["spun_up"],
    )


def _expired(mock: MockPortals) -> str:
    """An agent whose two dates have passed."""
    expired = (
        one["employee_id"]
        for one in mock.state()["employees"]
        if one["status"] == "Active" and one["esp_end_date"] < "2026-11-01"
    )
    return str(next(expired))


def test_every_class_is_listed(classes: ClassesPage, mock: MockPortals) -> None:
    """Names, managers, dates, headcounts and states are as BlackDash shows them."""
    assert set(classes.classes()) == {_of(one) for one in mock.state()["classes"]}


def test_every_roster_is_read_whole(classes: ClassesPage, mock: MockPortals) -> None:
    """Each class leads to its own roster, read when as many are listed as its headcount says."""
    shown = mock.state()["classes"]
    assert any(len(one["roster"]) > 8 for one in shown)
    for one in shown:
        dialog = classes.open_roster(_of(one))
        assert sorted(dialog.read()) == sorted(one["roster"])
        dialog.close()


def test_an_uptraining_class_has_no_manager_and_no_dates(classes: ClassesPage, mock: MockPortals) -> None:
    """The class of an uptraining word is found among those of managers."""
    agent = _expired(mock)
    mock.set(agent, uptraining_class="Aetna")
    aetna = next(one for one in classes.reloaded().classes() if one.name == "Aetna")
    assert (aetna.manager, aetna.start, aetna.end) == ("", None, None)
    dialog = classes.open_roster(aetna)
    assert dialog.read() == (agent,)


def test_a_class_is_matched_by_all_that_names_it(classes: ClassesPage) -> None:
    """Another manager or another date is another class, which is not there."""
    one = next(one for one in classes.classes() if one.start)
    for other in (replace(one, manager="Nobody Known"), replace(one, end=date(2027, 1, 1))):
        with pytest.raises(PortalFailed, match="not one"):
            classes.open_roster(other)


def test_a_roster_that_does_not_load_is_told(classes: ClassesPage, mock: MockPortals) -> None:
    """An error of the roster is passed on at once, and is no empty roster."""
    mock.faults({"match": {"path": "/training/classes/*/roster"}, "effect": "status", "status": 503})
    with pytest.raises(PortalFailed, match="could not be loaded"):
        classes.open_roster(classes.classes()[0])


def test_an_announcement_is_put_away(classes: ClassesPage, mock: MockPortals) -> None:
    """What lies over the list does not keep a roster from being read."""
    mock.faults({"match": {"portal": "blackdash"}, "effect": "popup"})
    one = next(one for one in classes.reloaded().classes() if one.agents)
    assert len(classes.open_roster(one).read()) == one.agents
