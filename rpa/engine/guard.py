"""The wall around the browser: promise 1, a dry run cannot write.

`Fetch` on the browser's own CDP session sees every request of every page, frame, popup and worker, each
hop of a redirect, and what is sent while a page is left. A request goes on only when `refusal` finds
nothing against it; one that nobody answers stays paused, so whatever breaks, breaks closed. Sockets do not
pass through Fetch: documents and scripts are served again with a policy that forbids them.

Not seen by it: `page.request` (shut by `secure`), WebRTC and WebTransport inside a worker
(taken away everywhere else), and a page that was open before (`install` refuses such a browser).
"""

from __future__ import annotations

import base64
import re
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict
from urllib.parse import urlsplit

from playwright.sync_api import Error

from rpa.domain.errors import GuardBroken
from rpa.engine.guard_rules import (
    SOCKET,
    Blocked,
    Outgoing,
    Policy,
    ReadPost,
    origin_of,
    refusal,
    without_secrets,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute

__all__ = ["CANARY", "Blocked", "Guard", "Outgoing", "Policy", "ReadPost", "refusal"]

CANARY: Final = "/__dry_run_canary"
SOCKET_REPORT: Final = "/__dry_run_socket"
_STAGES: Final = [
    {"urlPattern": "*"},
    # A worker's script arrives as Script or Other, by how it was started.
    *(
        {"urlPattern": "*", "resourceType": kind, "requestStage": "Response"}
        for kind in ("Document", "Script", "Other")
    ),
]
_NOT_SERVED_AGAIN: Final = re.compile(
    # Sizes and codings no longer fit, cookies are stored already, and reports would pass beside the guard.
    r"content-(?:encoding|length)|transfer-encoding|set-cookie|report-to|reporting-endpoints|nel|speculation-rules",
    re.IGNORECASE,
)
_NO_SIDE_DOORS: Final = (
    "for (const door of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport', 'WebSocketStream'])"
    " delete globalThis[door]"
)
_ASK_CANARY: Final = """([address, patience]) =>
    fetch(address, {method: 'POST', mode: 'no-cors', signal: AbortSignal.timeout(patience)})
        .then(() => 'it arrived', error => String(error))"""
_PATIENCE_MS: Final = 10_000


class ContextOptions(TypedDict):
    service_workers: Literal["block"]


class Guard:
    """The wall of one browser: closed, but for the moments inside `writing`."""

    def __init__(self, browser: Browser, policy: Policy) -> None:
        self.blocked: list[Blocked] = []
        self._browser = browser
        self._cdp = browser.new_browser_cdp_session()
        self._policy = policy
        self._known = frozenset(map(origin_of, policy.origins))
        self._shut = {
            "name": "Content-Security-Policy",  # http does not match ws; a try is told to us alone
            "value": f"connect-src http: https: data: blob:; report-uri {min(self._known)}{SOCKET_REPORT}",
        }
        self._writing = False
        self._canaries = 0
        self.written = 0  # how many writes were let out; one that is not counted did not leave the browser
        self._fault: Exception | None = None

    @classmethod
    def install(cls, browser: Browser, policy: Policy) -> Guard:
        """Put the wall around a browser that has no page yet: one loaded earlier would stay outside."""
        if browser.browser_type.name != "chromium":
            raise GuardBroken("Only Chromium, Chrome and Edge can be kept from writing.")
        if any(context.pages for context in browser.contexts):
            raise GuardBroken("The browser had pages open before it was kept from writing; nothing was done.")
        guard = cls(browser, policy)
        guard._cdp.on("Fetch.requestPaused", guard._paused)
        guard._cdp.send("Fetch.enable", {"patterns": _STAGES})
        return guard

    def context_options(self) -> ContextOptions:
        """What every context must be made with; `bypass_csp` must stay off."""
        return {"service_workers": "block"}

    def secure(self, context: BrowserContext) -> None:
        """Shut the doors of a new context that are not in the wall, before it has a page."""
        context.route_web_socket(re.compile(""), self._hold_socket)
        context.add_init_script(_NO_SIDE_DOORS)
        context.request.dispose(reason="Requests beside the pages would pass the guard.")

    def prove(self, page: Page) -> None:
        """Send a harmless POST from the page and see it refused, or raise GuardBroken."""
        if self._writing:
            raise GuardBroken("The guard cannot be proven while it is open.")
        origin = origin_of(page.url)
        address = (origin if origin in self._known else min(self._known)) + CANARY
        seen = self._canaries
        told = page.evaluate(_ASK_CANARY, [address, _PATIENCE_MS])
        if self._canaries != seen + 1 or "Failed to fetch" not in told:
            raise GuardBroken(f"A trial write was not refused by the guard ({told}); nothing else was done.")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Open the wall for writes to the portals; the engine does it around Done, and nowhere else."""
        self._catch_up()  # what was sent before is judged as before
        self._writing = True
        try:
            yield
        finally:
            self._writing = False

    def strangers(self) -> dict[str, int]:
        """Hosts, none of the portals, that something was to be read from, and how often; no known noise."""
        self._catch_up()
        asked = [origin_of(one.url) for one in self.blocked if one.is_stranger and not self._is_noise(one)]
        return {origin: asked.count(origin) for origin in dict.fromkeys(asked)}

    def surprises(self) -> list[Blocked]:
        """The writes that were refused and that nobody asked for, such as an autosave."""
        self._catch_up()
        return [blocked for blocked in self.blocked if blocked.is_write and not self._is_noise(blocked)]

    def _is_noise(self, blocked: Blocked) -> bool:
        return any(fnmatchcase(blocked.url, glob) for glob in self._policy.harmless)

    def _catch_up(self) -> None:
        try:  # CDP answers in order: after this one, all that was paused earlier has been judged
            self._cdp.send("Browser.getVersion", timeout=_PATIENCE_MS)
        except Error as error:
            if self._browser.is_connected():
                raise GuardBroken("The guard has lost its hold of the browser.") from error
        if self._fault:
            raise GuardBroken("The guard failed on a request, which did not leave.") from self._fault

    def _paused(self, event: dict[str, Any]) -> None:
        try:
            if "responseStatusCode" in event or "responseErrorReason" in event:
                self._serve(event)
            else:
                self._judge(event)
        except Error:
            return  # the page or the browser is gone, and the request with it
        except Exception as error:  # noqa: BLE001 - Playwright would drop it; `_catch_up` raises it
            self._fault = error  # the request stays paused

    def _judge(self, event: dict[str, Any]) -> None:
        request = _outgoing(event["request"])
        why = refusal(self._policy, request, writing=self._writing)
        if why is None:
            if self._writing and refusal(self._policy, request, writing=False):
                self.written += 1
            self._answer(event, "continueRequest")
        else:
            self._tell(request, why)
            self._answer(event, "failRequest", errorReason="BlockedByClient")

    def _serve(self, event: dict[str, Any]) -> None:
        status, headers = event.get("responseStatusCode", 0), event.get("responseHeaders", [])
        if "responseErrorReason" in event or status in _BODILESS:
            self._answer(event, "continueRequest")
        elif event["resourceType"] == "Document" and not _is_download(headers):
            # Only a document that is served again takes the added policy to heart.
            self._serve_again(event, status, headers)
        else:
            self._answer(
                event, "continueResponse", responseCode=status, responseHeaders=[*headers, self._shut]
            )

    def _serve_again(self, event: dict[str, Any], status: int, headers: list[dict[str, str]]) -> None:
        got = self._answer(event, "getResponseBody")
        body = got["body"] if got["base64Encoded"] else base64.b64encode(got["body"].encode()).decode()
        kept = [header for header in headers if not _NOT_SERVED_AGAIN.fullmatch(header["name"])]
        self._answer(
            event, "fulfillRequest", responseCode=status, responseHeaders=[*kept, self._shut], body=body
        )

    def _answer(self, event: dict[str, Any], command: str, **details: object) -> dict[str, Any]:
        return self._cdp.send(f"Fetch.{command}", {"requestId": event["requestId"], **details})

    def _hold_socket(self, socket: WebSocketRoute) -> None:
        # A route that does not connect to its server leaves the page in the belief that it is connected.
        self._note("SOCKET", socket.url, SOCKET)

    def _tell(self, request: Outgoing, why: str) -> None:
        path = urlsplit(request.url).path
        if path == CANARY:
            self._canaries += 1
        elif path == SOCKET_REPORT and (tried := _TRIED_SOCKET.search(request.body or "")):
            self._note("SOCKET", tried[1], SOCKET)
        else:
            self._note(request.method, request.url, why)

    def _note(self, method: str, url: str, why: str) -> None:
        self.blocked.append(Blocked(method, without_secrets(url), why))


_TRIED_SOCKET: Final = re.compile(r'"blocked-uri":"([^"]+)"')
_BODILESS: Final = frozenset({101, 103, 204, 205, 301, 302, 303, 304, 307, 308})


def _is_download(headers: list[dict[str, str]]) -> bool:
    disposition = (h["value"] for h in headers if h["name"].lower() == "content-disposition")
    return any(value.strip().lower().startswith("attachment") for value in disposition)


def _outgoing(request: dict[str, Any]) -> Outgoing:
    return Outgoing(request["method"], request["url"], request["headers"], _body(request))


def _body(request: dict[str, Any]) -> str | None:
    entries = request.get("postDataEntries")
    if entries and all("bytes" in entry for entry in entries):
        return b"".join(base64.b64decode(entry["bytes"]) for entry in entries).decode("utf-8", "replace")
    if "postData" in request:
        return str(request["postData"])
    return None if request.get("hasPostData") else ""
