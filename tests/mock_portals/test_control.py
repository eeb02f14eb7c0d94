"""The doors under /_mock/, on both ports."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.conftest import TODAY, MockPortals, StartMock
from tests.mock_portals import signed_in

AGENT = "10004"
UNTIL = "2026-12-04"


def post(mock: MockPortals, door: str, told: Any) -> httpx.Response:
    return httpx.post(f"{mock.adp.url}/_mock/{door}", json=told)


def class_on(mock: MockPortals, employee_id: str) -> dict[str, Any]:
    return next(one for one in mock.state()["classes"] if employee_id in one["roster"])


def test_a_save_is_one_write_a_field(mock: MockPortals) -> None:
    """A write tells when, where, whose, what, before, after and by whom."""
    before = mock.employee(AGENT)["esp_end_date"]
    with signed_in.adp(mock.adp) as client:
        signed_in.save(client, signed_in.aoid(client, AGENT), esp_end_date=UNTIL, uptraining_class="")
    (write,) = mock.writes()
    assert write.pop("at").startswith(TODAY)
    assert write == {
        "portal": "adp",
        "employee_id": AGENT,
        "field": "esp_end_date",
        "before": before,
        "after": UNTIL,
        "account": mock.adp.username,
    }


def test_both_ports_tell_the_same(mock: MockPortals) -> None:
    """The doors of either portal open on one world."""
    told = [httpx.get(f"{url}/_mock/state").json() for url in (mock.adp.url, mock.blackdash.url)]
    assert told[0] == told[1]


def test_state_tells_empty_values_as_null_and_nothing(mock: MockPortals) -> None:
    """An empty date is null, an empty Uptraining Class the empty text; dates are ISO."""
    mock.set(AGENT, training_graduation_date=None, esp_end_date=UNTIL)
    one = mock.employee(AGENT)
    assert (one["training_graduation_date"], one["uptraining_class"]) == (None, "")
    assert one["esp_end_date"] == UNTIL
    assert set(one) == {
        *("employee_id", "name", "status", "site", "campaign", "esp_manager", "esp_start_date"),
        *("esp_end_date", "training_graduation_date", "uptraining_class", "home_department"),
        "home_department_effective",
    }


def test_what_somebody_else_sets_reaches_both_portals(mock: MockPortals) -> None:
    """A value that is set shows in ADP and, without lag, on the rosters; it is no write."""
    mock.set(AGENT, esp_end_date=UNTIL)
    assert class_on(mock, AGENT)["end"] == UNTIL
    assert mock.writes() == []


@pytest.mark.parametrize(
    ("door", "told", "sentence"),
    [
        ("set", {"employee_id": "1", "status": "Active"}, "no employee 1"),
        ("set", {"employee_id": AGENT, "esp_end": UNTIL}, "no field esp_end"),
        ("set", {"employee_id": AGENT, "employee_id ": "2"}, "no field"),
        ("set", {"employee_id": AGENT, "esp_end_date": "12/04/2026"}, "12/04/2026"),
        ("advance", {"seconds": -1}, "-1"),
        ("advance", {}, "None"),
        ("faults", [{"effect": "nonsense"}], "nonsense"),
        ("faults", {"effect": "sorry"}, "not a fault"),
    ],
)
def test_what_cannot_be_meant_is_refused(mock: MockPortals, door: str, told: Any, sentence: str) -> None:
    """A mistake in a test is told with its reason, and changes nothing."""
    answer = post(mock, door, told)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert mock.hits() == []


def test_departments_can_be_added_and_closed(mock: MockPortals) -> None:
    """An entry that is set stands in the table as it was given, until the next reset."""
    entry = {"code": "510", "name": "Aetna PRV Contact Center"}
    assert post(mock, "departments", [{**entry, "active": False}, {"code": "777", "name": "New"}]).is_success
    assert offered(mock)["510 - Aetna PRV Contact Center"] is False
    assert offered(mock)["777 - New"] is True
    mock.reset()
    assert offered(mock)["510 - Aetna PRV Contact Center"] is True
    assert "777 - New" not in offered(mock)


def offered(mock: MockPortals) -> dict[str, bool]:
    """The departments as the look-up gives them, and whether they are active."""
    with httpx.Client(base_url=mock.adp.url) as client:
        who = {"userid": mock.adp.username, "password": mock.adp.password}
        client.post("/signin/v1/password", json=who)
        both = [client.get("/people/v1/departments", params={"query": text}) for text in ("510", "777")]
    return {one["label"]: one["active"] for told in both for one in told.json()["departments"]}


def test_faults_tell_their_hits(mock: MockPortals) -> None:
    """The planted faults can be read back with what they have done; an empty list clears them."""
    mock.faults({"match": {"portal": "adp"}, "effect": "sorry", "times": 2})
    httpx.get(mock.adp.url, headers={"Accept": "text/html"})
    (told,) = httpx.get(f"{mock.adp.url}/_mock/faults").json()
    assert (told["effect"], told["times"], told["hits"]) == ("sorry", 2, 1)
    mock.faults()
    assert mock.hits() == []


def test_doors_are_never_at_fault(mock: MockPortals) -> None:
    """A fault that matches everything leaves the doors alone, and they are no requests."""
    mock.faults({"effect": "status", "status": 503}, {"effect": "drop_before"})
    assert mock.writes() == []
    assert mock.requests() == []


def test_approval_applies_what_waits(mock: MockPortals) -> None:
    """Submitted changes nothing; approved is a write of the account that submitted it."""
    mock.faults({"match": {"employee_id": AGENT}, "effect": "approval"})
    with signed_in.adp(mock.adp) as client:
        signed_in.save(client, signed_in.aoid(client, AGENT), esp_end_date=UNTIL)
    assert mock.writes() == []
    mock.approve(AGENT)
    assert mock.employee(AGENT)["esp_end_date"] == UNTIL
    assert [one["account"] for one in mock.writes()] == [mock.adp.username]


def test_advance_moves_the_clock(mock: MockPortals) -> None:
    """Later requests are later by what was added."""
    before = datetime.fromisoformat(post(mock, "advance", {"seconds": 0}).json()["now"])
    after = datetime.fromisoformat(post(mock, "advance", {"seconds": 3600.5}).json()["now"])
    assert timedelta(hours=1) < after - before < timedelta(hours=1, minutes=1)


def test_the_lag_passes_with_the_clock(start_mock: StartMock) -> None:
    """A class is moved on the roster when the lag is over, not when ADP is saved."""
    mock = start_mock(lag=600, agents=30)
    mock.set(AGENT, esp_end_date=UNTIL)
    assert class_on(mock, AGENT)["end"] != UNTIL
    mock.advance(601)
    assert class_on(mock, AGENT)["end"] == UNTIL


def test_noc_spins_a_class_up(mock: MockPortals) -> None:
    """A class that came into being by an extension is spun up when NOC does it."""
    mock.set(AGENT, esp_end_date=UNTIL)
    new = class_on(mock, AGENT)
    assert not new["spun_up"]
    mock.spin_up(new["class_id"])
    assert class_on(mock, AGENT)["spun_up"]


def test_reset_is_the_start(mock: MockPortals) -> None:
    """Values, writes, requests, faults and sessions are gone."""
    before = mock.state()
    with signed_in.adp(mock.adp) as client:
        signed_in.save(client, signed_in.aoid(client, AGENT), esp_end_date=UNTIL)
        mock.faults({"effect": "latency", "seconds": 0})
        mock.reset()
        assert mock.state() == before
        assert (mock.writes(), mock.requests(), mock.hits()) == ([], [], [])
        assert client.get("/people/v1/list").status_code == 401
