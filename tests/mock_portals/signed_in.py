"""Requests to the mock portals with a session, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.conftest import SignIn


@contextmanager
def adp(account: SignIn) -> Iterator[httpx.Client]:
    """A client that is signed in to ADP."""
    with httpx.Client(base_url=account.url) as client:
        who = {"userid": account.username, "password": account.password}
        client.post("/signin/v1/password", json=who).raise_for_status()
        yield client


@contextmanager
def blackdash(account: SignIn) -> Iterator[httpx.Client]:
    """A client that is logged in to BlackDash."""
    with httpx.Client(base_url=account.url) as client:
        who = {"username": account.username, "password": account.password}
        assert client.post("/login", data=who).headers["location"] == "/"
        yield client


def aoid(client: httpx.Client, employee_id: str) -> str:
    """Under which id ADP addresses this person."""
    found = client.get("/people/v1/list", params={"query": employee_id, "status": "Active"}).json()["rows"]
    return str(next(one["aoid"] for one in found if one["employee_id"] == employee_id))


def save(client: httpx.Client, of: str, **values: str) -> httpx.Response:
    """Post the panel of training values."""
    return client.post(f"/people/v1/{of}/custom-fields", json=values)
