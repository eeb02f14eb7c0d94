"""What each generic fault does to real requests, from a client that is no browser."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import MockPortals
from tests.mock_portals import signed_in

AGENT = "10004"
UNTIL = "2026-12-04"
PAGE = {"Accept": "text/html"}


@pytest.fixture
def client(mock: MockPortals) -> Iterator[httpx.Client]:
    """Somebody who is signed in to ADP."""
    with signed_in.adp(mock.adp) as client:
        yield client


@pytest.fixture
def agent(client: httpx.Client) -> str:
    """How ADP addresses the agent."""
    return signed_in.aoid(client, AGENT)


def test_latency_holds_the_answer_back(mock: MockPortals, client: httpx.Client, agent: str) -> None:
    """The answer comes, the seconds later."""
    mock.faults({"match": {"employee_id": AGENT}, "effect": "latency", "seconds": 0.5})
    began = time.monotonic()
    assert client.get(f"/people/v1/{agent}").status_code == 200
    assert time.monotonic() - began >= 0.5


@pytest.mark.parametrize("status", [500, 503, 429, 403])
def test_status_answers_instead_of_the_portal(
    mock: MockPortals, client: httpx.Client, agent: str, status: int
) -> None:
    """The save gets the status, with Retry-After where it was given, and nothing is stored."""
    mock.faults({"match": {"method": "POST"}, "effect": "status", "status": status, "retry_after": 7})
    answer = signed_in.save(client, agent, esp_end_date=UNTIL)
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "7")
    assert mock.writes() == []


@pytest.mark.parametrize(("effect", "writes"), [("drop_before", 0), ("drop_after_commit", 1)])
def test_a_cut_connection_has_no_status_line(
    mock: MockPortals, client: httpx.Client, agent: str, effect: str, writes: int
) -> None:
    """Not one byte of an answer arrives; only one of the two has stored the value."""
    mock.faults({"match": {"employee_id": AGENT, "method": "POST"}, "effect": effect})
    body = f'{{"esp_end_date": "{UNTIL}"}}'
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=10) as raw:
        head = f"POST /people/v1/{agent}/custom-fields HTTP/1.1\r\nHost: adp\r\nCookie: {cookies}\r\n"
        raw.sendall(
            f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        assert _all_bytes(raw) == b""
    assert len(mock.writes()) == writes
    assert mock.hits() == [1]


def _all_bytes(raw: socket.socket) -> bytes:
    try:
        return raw.recv(4096)
    except ConnectionResetError:
        return b""


def test_only_saves_are_cut_after_the_commit(mock: MockPortals, client: httpx.Client, agent: str) -> None:
    """Reads of the same person pass, and do not use the fault up."""
    mock.faults({"match": {"employee_id": AGENT, "nth": 1}, "effect": "drop_after_commit"})
    assert client.get(f"/people/v1/{agent}").status_code == 200
    with pytest.raises(httpx.RemoteProtocolError):
        signed_in.save(client, agent, esp_end_date=UNTIL)
    assert signed_in.save(client, agent, esp_end_date=UNTIL).status_code == 200
    assert len(mock.writes()) == 1


def test_no_connection_is_used_twice(client: httpx.Client) -> None:
    """A browser repeats a request when a connection that it reused is cut: there is none to reuse."""
    assert client.get("/people/v1/list").headers["connection"] == "close"


def test_a_spinner_never_ends(mock: MockPortals, client: httpx.Client, agent: str) -> None:
    """The request is held until the client gives up, and the portal serves others meanwhile."""
    mock.faults({"match": {"employee_id": AGENT}, "effect": "spinner_forever"})
    with pytest.raises(httpx.ReadTimeout):
        client.get(f"/people/v1/{agent}", timeout=0.5)
    assert client.get("/people/v1/list").status_code == 200


@pytest.mark.parametrize(
    ("effect", "sentence"), [("expire_session", "timed out"), ("kick_session", "signed in elsewhere")]
)
def test_a_session_is_taken_away(
    mock: MockPortals, client: httpx.Client, agent: str, effect: str, sentence: str
) -> None:
    """The save finds no session and stores nothing; the sign-in page says why."""
    mock.faults({"match": {"method": "POST", "employee_id": AGENT}, "effect": effect, "times": 1})
    answer = signed_in.save(client, agent, esp_end_date=UNTIL)
    assert answer.status_code == 401
    assert sentence in client.get(answer.json()["location"]).text
    assert mock.writes() == []


def test_requests_without_a_session_use_no_expiry_up(mock: MockPortals, client: httpx.Client) -> None:
    """The sign-in page is no authenticated request, and is not counted."""
    mock.faults({"match": {"nth": 1}, "effect": "expire_session"})
    httpx.get(f"{mock.adp.url}/signin/v1/", headers=PAGE)
    assert mock.hits() == [0]
    assert client.get("/people/v1/list").status_code == 401
    assert mock.hits() == [1]


def test_sorry_is_for_documents(mock: MockPortals, client: httpx.Client) -> None:
    """Pages lead to the sorry page, which itself opens; data and doors are not touched."""
    mock.faults({"effect": "sorry"})
    assert client.get("/", headers=PAGE).headers["location"] == "/sorry.html"
    assert client.get("/sorry.html", headers=PAGE).status_code == 200
    assert client.get("/people/v1/list").status_code == 200
    assert mock.hits() == [1]


def test_several_words_are_relabelled_at_once(mock: MockPortals, client: httpx.Client, agent: str) -> None:
    """Each relabel acts on pages and data, and the length of the answer is right."""
    name = mock.employee(AGENT)["name"]
    mock.faults(
        {"effect": "relabel", "from": name, "to": "Ünlü, Person with a longer name"},
        {"effect": "relabel", "from": AGENT, "to": "77777"},
    )
    shown = client.get(f"/people/v1/{agent}").json()
    assert (shown["name"], shown["employee_id"]) == ("Ünlü, Person with a longer name", "77777")


def test_the_person_of_a_request_is_known(mock: MockPortals, client: httpx.Client, agent: str) -> None:
    """A list asked for an id, a record and a save are all requests about that person."""
    client.get(f"/people/v1/{agent}")
    signed_in.save(client, agent, esp_end_date=UNTIL)
    about = [
        (one["method"], one["path"].rpartition("/")[2])
        for one in mock.requests()
        if one["employee_id"] == AGENT and one["account"] == mock.adp.username
    ]
    assert about == [("GET", "list"), ("GET", agent), ("POST", "custom-fields")]
