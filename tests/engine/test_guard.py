"""The wall: nothing that writes leaves the browser, however the page tries and however it is left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from rpa.domain.errors import GuardBroken
from rpa.engine import guard as guard_module
from rpa.engine.guard import (
    CANARY,
    CLOSED,
    FOREIGN,
    LOOKS_LIKE_WRITE,
    OVERRIDE,
    SOCKET,
    UNREADABLE,
    WRITING_GET,
    Blocked,
    Guard,
    Outgoing,
    Policy,
    ReadPost,
    refusal,
)

sys.path.insert(0, str(Path(__file__).parent))
from hostile_site import HostileSite, hostile_site

PORTAL = "https://portal.example"
POLICY = Policy(
    origins=frozenset({PORTAL}),
    read_posts=(
        ReadPost(method="POST", origin=PORTAL, path="/signin/v1/password"),
        ReadPost(method="POST", origin=PORTAL, path="/search/*"),
    ),
)
METHODS = st.sampled_from(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "SAVE", "post", ""])
URLS = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(
            [PORTAL, PORTAL.upper(), f"{PORTAL}:443", f"{PORTAL}.evil.example", "https://a@portal.example"]
        ),
        st.sampled_from(["/", "/signin/v1/password", "/search/people", "/search/..%2fsave", "/save"]),
        st.text(max_size=20),
    ),
)


# --- the rule ---


@pytest.mark.parametrize(
    ("method", "url", "why"),
    [
        ("GET", "/people/v1/list?query=Save&status=", None),
        ("GET", "/people?query=delete", None),
        ("GET", "/settings", None),
        ("GET", "/address/posts", None),
        ("GET", "/logout", None),
        ("GET", "/static/save-button.js?v=2", None),
        ("HEAD", "/people", None),
        ("OPTIONS", "/people", None),
        ("GET", "/people/saveRow", LOOKS_LIKE_WRITE),
        ("GET", "/people/rowSave", LOOKS_LIKE_WRITE),
        ("GET", "/people/save.do", LOOKS_LIKE_WRITE),
        ("GET", "/people/%73ave", LOOKS_LIKE_WRITE),
        ("GET", "/people/G1/delete", LOOKS_LIKE_WRITE),
        ("GET", "/people.do?action=update", LOOKS_LIKE_WRITE),
        ("GET", "/people.do?x=1&cmd=people.remove", LOOKS_LIKE_WRITE),
        ("GET", "/people?delete=5", LOOKS_LIKE_WRITE),
        ("GET", "/people?_method=put", OVERRIDE),
        ("POST", "/signin/v1/password", None),
        ("POST", "/signin/v1/password/more", CLOSED),
        ("POST", "/search/people?page=2", None),
        ("PUT", "/search/people", CLOSED),
        ("post", "/search/people", CLOSED),
        ("POST", "/search/..%2Fsave", CLOSED),
        ("POST", "/search/%2e%2e/save", CLOSED),
        ("POST", "/search/people?_method=delete", OVERRIDE),
        ("POST", "/search/people?%5Fmethod=delete", OVERRIDE),
        ("POST", "/people/v1/G1/custom-fields", CLOSED),
    ],
)
def test_a_closed_wall_lets_reads_pass_and_named_posts(method: str, url: str, why: str | None) -> None:
    """Reads and the named sign-in and search posts pass; all else has its reason."""
    assert refusal(POLICY, Outgoing(method, PORTAL + url), writing=False) == why


@pytest.mark.parametrize(
    "outgoing",
    [
        Outgoing("POST", f"{PORTAL}/search/x", {"X-HTTP-Method-Override": "PUT"}),
        Outgoing("POST", f"{PORTAL}/search/x", {"x-http-method": "MERGE"}),
        Outgoing("GET", f"{PORTAL}/search/x", {"x-method-override": "DELETE"}),
        Outgoing("POST", f"{PORTAL}/search/x", body="a=1&_method=put"),
        Outgoing("POST", f"{PORTAL}/search/x", body="%5fmethod=put"),
        Outgoing("POST", f"{PORTAL}/search/x", body='{"_method": "put"}'),
        Outgoing("POST", f"{PORTAL}/search/x", body='{"\\u005fmethod": "put"}'),
        Outgoing("POST", f"{PORTAL}/search/x", body='form-data; name="_method"\r\n\r\nput'),
    ],
)
def test_another_method_hidden_in_a_request_is_found(outgoing: Outgoing) -> None:
    """A method override in a header, the query or the body turns a read into a write."""
    assert refusal(POLICY, outgoing, writing=False) == OVERRIDE


def test_a_post_whose_body_cannot_be_read_is_refused() -> None:
    """What cannot be looked into does not pass as a read."""
    assert refusal(POLICY, Outgoing("POST", f"{PORTAL}/search/x", body=None), writing=False) == UNREADABLE


@pytest.mark.parametrize("writing", [False, True])
@pytest.mark.parametrize(
    "url",
    [
        "https://portal.example.evil.example/",
        "https://portal.example@evil.example/",
        "http://portal.example/",
        "https://portal.example:8443/",
        "file:///etc/passwd",
        "chrome://settings",
    ],
)
def test_other_origins_are_refused_even_while_writing(url: str, *, writing: bool) -> None:
    """Scheme, host and port must be a portal's, whether the wall is open or closed."""
    assert refusal(POLICY, Outgoing("GET", url), writing=writing) == FOREIGN


@given(METHODS, URLS, st.text(max_size=20), st.booleans())
def test_the_rule_answers_everything_and_never_too_kindly(
    method: str, url: str, body: str, writing: bool  # noqa: FBT001
) -> None:
    """Whatever is asked there is an answer; closed, only reads and the two named posts may pass."""
    why = refusal(POLICY, Outgoing(method, url, {}, body), writing=writing)
    if why is None and method not in {"GET", "HEAD", "OPTIONS"}:
        assert url.lower().replace("a@", "").startswith(PORTAL)
        assert writing or (method == "POST" and ("/signin/v1/password" in url or "/search/" in url))
    if method == "GET" and why == CLOSED:
        pytest.fail("a GET is not a write by its method")


@given(st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "MERGE"]), st.text(alphabet="abz/-_.%2ef", max_size=30))
def test_without_named_posts_nothing_but_reads_passes(method: str, path: str) -> None:
    """A policy that names no post lets none pass."""
    bare = Policy(origins=frozenset({PORTAL}))
    assert refusal(bare, Outgoing(method, f"{PORTAL}/{path}"), writing=False) is not None


def test_only_refused_writes_are_surprises() -> None:
    """A foreign picture or a socket is no write; a refused autosave or a GET that writes is."""
    assert not Blocked("GET", "https://cdn.example/a.png", FOREIGN).is_write
    assert not Blocked("SOCKET", "wss://portal.example/live", SOCKET).is_write
    assert Blocked("POST", "https://cdn.example/collect", FOREIGN).is_write
    assert Blocked("GET", f"{PORTAL}/save", LOOKS_LIKE_WRITE).is_write


# --- the browser ---

NEVER = {"get_manifest", "leave_pagehide_form", "leave_pagehide_xhr", "prerender", "speculative_prefetch"}
"""What Chromium itself did not send here, guard or not."""
KEPT_FROM_TRYING = {"service_worker", "socket_service_worker"}
"""Playwright's service_workers="block" is in the way before the wall."""
BEFORE_UNLOAD = {"leave_beforeunload_beacon", "leave_beforeunload_keepalive"}
WRITES_UNGUARDED: dict[str, set[str]] = {"goto": set(), "blank": set()}
"""A way of leaving and the ways to write that do not succeed with it although nothing guards."""
WRITES_UNGUARDED |= {
    "page": BEFORE_UNLOAD,
    "context": BEFORE_UNLOAD,
    "offline": BEFORE_UNLOAD | {"leave_fetch_later", "leave_fetch_later_get", "leave_socket"},
}
