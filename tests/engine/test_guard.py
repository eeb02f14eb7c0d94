"""The wall: nothing that writes leaves the browser, however the page tries and however it is left."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa.domain.errors import GuardBroken
from rpa.engine import guard as guard_module
from rpa.engine.guard import Blocked, Guard, Outgoing, Policy, ReadPost, refusal
from rpa.engine.guard_rules import CLOSED, FOREIGN, LOOKS_LIKE_WRITE, OVERRIDE, SOCKET, UNREADABLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.engine.conftest import Walled
    from tests.engine.hostile_site import HostileSite

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
        ("GET", "/employee!save.action", LOOKS_LIKE_WRITE),
        ("GET", "/people/saveAll", LOOKS_LIKE_WRITE),
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
    method: str,
    url: str,
    body: str,
    writing: bool,
) -> None:
    """Whatever is asked there is an answer; closed, only reads and the two named posts may pass."""
    why = refusal(POLICY, Outgoing(method, url, {}, body), writing=writing)
    if why is None and method not in {"GET", "HEAD", "OPTIONS"}:
        assert url.lower().replace("a@", "").startswith(PORTAL)
        assert writing or (method == "POST" and ("/signin/v1/password" in url or "/search/" in url))
    if method == "GET" and why == CLOSED:
        pytest.fail("a GET is not a write by its method")


@given(
    st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "MERGE"]), st.text(alphabet="abz/-_.%2ef", max_size=30)
)
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

POST = "address => fetch(address, {method: 'POST', body: 'a=1'}).then(answer => answer.status, String)"
REFUSED = "TypeError: Failed to fetch"


def test_the_named_posts_and_reads_reach_the_portal(walled: Walled, hostile: HostileSite) -> None:
    """Sign-in and search work behind the closed wall, and the answer can be read."""
    with walled.page.expect_response("**/search/people") as answer:
        assert walled.page.evaluate(POST, "/search/people") == 200
    assert answer.value.request.post_data == "a=1"
    assert "Another page" in answer.value.text()
    assert "POST /search/people" in hostile.reads
    assert walled.guard.surprises() == []


def test_writing_opens_the_wall_and_shuts_it_again(walled: Walled, hostile: HostileSite) -> None:
    """A write passes inside `writing` and not a moment before or after."""
    assert walled.page.evaluate(POST, "/save/before") == REFUSED
    with walled.guard.writing():
        assert walled.page.evaluate(POST, "/save/inside") == 200
    assert walled.page.evaluate(POST, "/save/after") == REFUSED
    assert hostile.writes & {"before", "inside", "after"} == {"inside"}
    assert [blocked.url.rpartition("/")[2] for blocked in walled.guard.surprises()] == ["before", "after"]


def test_every_write_that_left_is_counted(walled: Walled, hostile: HostileSite) -> None:
    """What leaves an open wall and would not leave a closed one is counted; reads and refusals are not."""
    with walled.guard.writing():
        walled.page.evaluate("fetch('/innocent').then(answer => answer.status, String)")
        walled.page.evaluate(POST, "/search/people")
        walled.page.evaluate(POST, hostile.origin.replace("127.0.0.1", "localhost") + "/save/elsewhere")
        assert walled.guard.written == 0
        walled.page.evaluate(POST, "/save/counted")
        assert walled.guard.written == 1
    walled.page.evaluate(POST, "/save/too_late")
    assert walled.guard.written == 1
    assert hostile.writes & {"counted", "too_late"} == {"counted"}


def test_writing_shuts_the_wall_when_its_body_fails(walled: Walled, hostile: HostileSite) -> None:
    """An error around Done leaves the wall closed."""
    with pytest.raises(ValueError, match="the panel stays open"), walled.guard.writing():
        raise ValueError("the panel stays open")
    assert walled.page.evaluate(POST, "/save/after_error") == REFUSED
    assert "after_error" not in hostile.writes


def test_a_write_that_waits_at_the_wall_is_not_let_in_when_it_opens(
    walled: Walled, hostile: HostileSite
) -> None:
    """An autosave from before Done is refused, though nobody had looked at it before the wall opened."""
    walled.page.evaluate("for (let i = 0; i < 5; i++) navigator.sendBeacon('/save/early')")
    threading.Event().wait(0.3)  # Playwright hears nothing meanwhile
    with walled.guard.writing():
        assert walled.page.evaluate(POST, "/save/late") == 200
    assert "early" not in hostile.writes
    assert len(walled.guard.surprises()) == 5


def test_foreign_origins_stay_shut_while_writing(walled: Walled, hostile: HostileSite) -> None:
    """Not even the open wall lets anything out to another host."""
    address = hostile.origin.replace("127.0.0.1", "localhost") + "/save/foreign_while_open"
    with walled.guard.writing():
        assert walled.page.evaluate(POST, address) == REFUSED
        assert (
            walled.page.evaluate("address => fetch(address, {mode: 'no-cors'}).catch(String)", address)
            == REFUSED
        )
    assert "foreign_while_open" not in hostile.writes
    assert {blocked.why for blocked in walled.guard.blocked} == {FOREIGN}


def test_the_canary_proves_the_wall_and_leaves_no_trace(walled: Walled, hostile: HostileSite) -> None:
    """A proof from a portal page, and from an empty one, is no surprise afterwards."""
    walled.guard.prove(walled.page)
    walled.page.goto("about:blank")
    walled.guard.prove(walled.page)
    assert walled.guard.blocked == []
    assert not [read for read in hostile.reads if "canary" in read]


def test_the_canary_tells_when_the_wall_is_gone(walled: Walled) -> None:
    """Interception switched off behind the guard's back is found out."""
    walled.guard._cdp.send("Fetch.disable")
    with pytest.raises(GuardBroken, match="it arrived"):
        walled.guard.prove(walled.page)


def test_the_canary_tells_when_nobody_answers(walled: Walled, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wall that neither refuses nor lets through is not taken for a proof."""
    monkeypatch.setattr(guard_module, "_PATIENCE_MS", 300)
    monkeypatch.setattr(walled.guard, "_judge", lambda _event: None)
    with pytest.raises(GuardBroken, match="TimeoutError"):
        walled.guard.prove(walled.page)


def test_the_canary_is_not_sent_through_an_open_wall(walled: Walled) -> None:
    """While writing is open there is nothing to prove."""
    with walled.guard.writing(), pytest.raises(GuardBroken, match="while it is open"):
        walled.guard.prove(walled.page)


def test_a_lost_hold_of_the_browser_is_told(walled: Walled) -> None:
    """A detached guard raises before writing opens, and does not call the run clean."""
    walled.guard._cdp.detach()
    with pytest.raises(GuardBroken, match="lost its hold"), walled.guard.writing():
        pass
    with pytest.raises(GuardBroken, match="lost its hold"):
        walled.guard.surprises()


def test_an_error_in_the_guard_lets_nothing_through(
    walled: Walled, hostile: HostileSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of our own leaves the request paused, and stops the run."""

    def fails(*_: object, **__: object) -> str | None:
        raise ValueError("a fault of our own")

    monkeypatch.setattr(guard_module, "refusal", fails)
    walled.page.evaluate("navigator.sendBeacon('/save/fault')")
    assert hostile.wait_for({"fault"}, 0.3) == set()
    with pytest.raises(GuardBroken, match="did not leave"):
        walled.guard.surprises()
    with pytest.raises(GuardBroken, match="did not leave"), walled.guard.writing():
        pass


def test_refused_addresses_are_told_without_their_query(walled: Walled, hostile: HostileSite) -> None:
    """Secrets in a query or in the user part of an address are not kept."""
    walled.page.evaluate(POST, "/save/x?token=secret#secret")
    assert walled.guard.blocked == [Blocked("POST", f"{hostile.origin}/save/x", CLOSED)]


def test_harmless_addresses_are_blocked_without_surprise(open_browser: Browser, hostile: HostileSite) -> None:
    """Telemetry named in the policy is refused like the rest, and not told as an error."""
    policy = Policy(origins=frozenset({hostile.origin}), harmless=("*/save/telemetry*",))
    guard = Guard.install(open_browser, policy)
    page = open_browser.new_page()
    page.goto(f"{hostile.origin}/other.html")
    page.evaluate(POST, "/save/telemetry/1")
    assert len(guard.blocked) == 1
    assert guard.surprises() == []
    assert "1" not in hostile.writes


def test_a_browser_with_a_page_is_not_taken(open_browser: Browser) -> None:
    """A page from before the guard would be outside of it, so it is refused."""
    open_browser.new_page()
    with pytest.raises(GuardBroken, match="pages open"):
        Guard.install(open_browser, Policy(origins=frozenset({PORTAL})))


def test_requests_beside_the_page_are_shut(walled: Walled, hostile: HostileSite) -> None:
    """`page.request`, `context.request` and `route.fetch` do not pass through the browser: they are off."""
    for request in (walled.page.request, walled.page.context.request):
        with pytest.raises(Exception, match="would pass the guard"):
            request.post(f"{hostile.origin}/save/beside")
    assert "beside" not in hostile.writes


def test_a_route_that_rewrites_requests_meets_the_wall(walled: Walled, hostile: HostileSite) -> None:
    """A `continue_` with another address and method does not get around the guard."""
    walled.page.route(
        "**/innocent", lambda route: route.continue_(method="POST", url=f"{hostile.origin}/save/rewritten")
    )
    assert walled.page.evaluate("fetch('/innocent').then(answer => answer.status, String)") == REFUSED
    assert "rewritten" not in hostile.writes


def test_service_workers_meet_the_wall_too(open_browser: Browser, hostile: HostileSite) -> None:
    """Even where a service worker could start, its writes and sockets are refused."""
    Guard.install(open_browser, Policy(origins=frozenset({hostile.origin})))
    page = open_browser.new_page()
    page.goto(f"{hostile.origin}/home.html?tag=sw")
    page.evaluate("for (const way of ['service_worker', 'socket_service_worker']) AT_ONCE[way](way)")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    assert hostile.wait_for({"sw.service_worker", "sw.socket_service_worker"}, 1) == set()


def test_pages_keep_their_cookies_charset_and_cache(walled: Walled, hostile: HostileSite) -> None:
    """Serving documents again changes nothing that the portal's pages rely on."""
    page = walled.page
    answer = page.goto(f"{hostile.origin}/latin.html?tag=x")
    assert answer is not None
    assert answer.status == 200
    assert page.evaluate("[document.characterSet, document.title]") == ["windows-1252", "Größe"]
    assert [cookie["name"] for cookie in page.context.cookies()] == ["visited"]
    for _ in range(3):
        page.goto(f"{hostile.origin}/kept.html?cached=1")
    assert hostile.reads.count("GET /kept.html") == 1


def test_a_page_that_is_cut_off_does_not_hang(walled: Walled, hostile: HostileSite) -> None:
    """Half a document is shown as half a document, as without the wall."""
    walled.page.goto(f"{hostile.origin}/cut.html", timeout=5000)
    assert walled.page.title() == "Half"


def test_peer_connections_are_taken_away(walled: Walled) -> None:
    """WebRTC and WebTransport, which no request shows, are not there in pages and frames."""
    doors = "[typeof RTCPeerConnection, typeof WebTransport]"
    assert walled.page.evaluate(doors) == ["undefined", "undefined"]
    frame = "document.body.appendChild(document.createElement('iframe')).contentWindow"
    assert walled.page.evaluate(f"{frame}.eval({doors!r})") == ["undefined", "undefined"]
