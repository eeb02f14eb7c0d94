"""What faults do to a request before, around and after the portal that would answer it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mock_portals.accounts import Ended
    from mock_portals.faults import Fault
    from mock_portals.world import World

    Strike = Callable[["Fault", Scope, Receive, Send], Awaitable[None]]

UNTOUCHED = ("/_mock/", "/static/")
REWRITTEN = ("text/html", "application/json")
SCRIPTS = ("text/javascript", "application/javascript")
LATENCY_SECONDS = 2


class Interference:
    """ASGI middleware: plants the generic faults around one portal, and notes every request."""

    def __init__(self, app: ASGIApp, world: World, portal: str) -> None:
        self._app = app
        self._world = world
        self._portal = portal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNTOUCHED):
            await self._app(scope, receive, self._rewriting(scope["path"], send))
            return
        request = _Asked(self._world, self._portal, scope)
        self._world.requests.append(request.told())
        try:
            await self._interfere(request, scope, receive, send)
        except asyncio.CancelledError:
            # The server is ending, and has waited long enough for this request.
            _cut_off(receive)

    def _rewriting(self, path: str, send: Send) -> Send:
        """A script is touched only by a fault that names it: a word of the pages may be a name in it."""
        for fault in self._world.faults.naming(path):
            send = _Relabelled(send, str(fault.details["from"]), str(fault.details["to"]), SCRIPTS)
        return send

    async def _interfere(self, request: _Asked, scope: Scope, receive: Receive, send: Send) -> None:
        if latency := request.take("latency"):
            await asyncio.sleep(float(latency.details.get("seconds", LATENCY_SECONDS)))
        for effect, strike in _instead_of_an_answer(request):
            if fault := request.take(effect):
                await strike(fault, scope, receive, send)
                return
        request.end_session_if_asked()
        await self._answer(request, scope, receive, send)

    async def _answer(self, request: _Asked, scope: Scope, receive: Receive, send: Send) -> None:
        if request.is_write and (fault := request.take("drop_after_commit")):
            await self._app(scope, receive, _swallow)
            await _cut(fault, scope, receive, send)
            return
        for fault in request.take_all("relabel"):
            send = _Relabelled(send, str(fault.details["from"]), str(fault.details["to"]), REWRITTEN)
        await self._app(scope, receive, send)


class _Asked:
    """A request as faults see it: whose session, about whom."""

    def __init__(self, world: World, portal: str, scope: Scope) -> None:
        self._world = world
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        headers = Headers(scope=scope)
        tokens = cookie_parser(headers.get("cookie", "")).values()
        sessions = (world.accounts.session(portal, token) for token in tokens)
        self.account = next((account for account in sessions if account), None)
        wants_page = "text/html" in headers.get("accept", "")
        self.is_document = wants_page and self.method == "GET" and self.path != "/sorry.html"
        self._asked: dict[str, Any] = {
            "portal": portal,
            "method": self.method,
            "path": self.path,
            "employee_id": self._about(parse_qs(scope["query_string"].decode())),
        }
        self.is_write = self.method == "POST" and self._asked["employee_id"] is not None

    def _about(self, query: dict[str, list[str]]) -> str | None:
        for part in (*self.path.split("/"), *query.get("query", [])):
            if part in self._world.employees:
                return part
            if employee := self._world.by_aoid(part):
                return employee.employee_id
        return None

    def take(self, effect: str) -> Fault | None:
        """The planted fault of this effect that hits the request."""
        return self._world.faults.take(effect, **self._asked)

    def take_all(self, effect: str) -> list[Fault]:
        """All planted faults of this effect that hit the request."""
        return self._world.faults.take_all(effect, **self._asked)

    def end_session_if_asked(self) -> None:
        """Take the session away under whoever is signed in."""
        if self.account is None:
            return
        reasons: tuple[tuple[str, Ended], ...] = (
            ("expire_session", "expired"),
            ("kick_session", "kicked"),
            ("step_up", "step_up"),
        )
        for effect, reason in reasons:
            if self.take(effect):
                self._world.accounts.end(self.account.portal, self.account.username, reason)
                return

    def told(self) -> dict[str, Any]:
        """The request as a test reads it back."""
        account = self.account.username if self.account else None
        return {"at": self._world.clock.now().isoformat(), **self._asked, "account": account}


def _instead_of_an_answer(request: _Asked) -> list[tuple[str, Strike]]:
    """The effects that keep the portal from answering at all."""
    effects: list[tuple[str, Strike]] = [
        ("drop_before", _cut),
        ("spinner_forever", _hold),
        ("status", _status),
    ]
    return [*effects, ("sorry", _sorry)] if request.is_document else effects


async def _cut(_fault: Fault, _scope: Scope, receive: Receive, _send: Send) -> None:
    _cut_off(receive)


def _cut_off(receive: Receive) -> None:
    """Close the connection without a word; the server hands its transport to no application."""
    cycle: Any = receive.__self__  # type: ignore[attr-defined]
    cycle.disconnected = True
    cycle.transport.abort()


async def _hold(_fault: Fault, _scope: Scope, receive: Receive, _send: Send) -> None:
    """Never answer; the request ends when the browser gives up."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _status(fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"Retry-After": str(fault.details["retry_after"])} if "retry_after" in fault.details else {}
    status = HTTPStatus(int(fault.details.get("status", HTTPStatus.INTERNAL_SERVER_ERROR)))
    if "text/html" in Headers(scope=scope).get("accept", ""):
        page = f"<title>{status.phrase}</title><h1>{status} {status.phrase}</h1><hr>gateway"
        await HTMLResponse(page, status, headers)(scope, receive, send)
    else:
        await PlainTextResponse(status.phrase, status, headers)(scope, receive, send)


async def _sorry(_fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    await RedirectResponse("/sorry.html", HTTPStatus.FOUND)(scope, receive, send)


async def _swallow(_message: Message) -> None:
    """The portal has answered, and nobody will hear it."""


class _Relabelled:
    """A `send` that replaces one word of the pages and data that pass."""

    def __init__(self, send: Send, old: str, new: str, kinds: tuple[str, ...]) -> None:
        self._send = send
        self._kinds = kinds
        self._old, self._new = old.encode(), new.encode()
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = Headers(raw=message["headers"]).get("content-type", "")
            if kind.startswith(self._kinds):
                self._start = message
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._pass_on(self._start)
            return
        await self._send(message)

    async def _pass_on(self, start: Message) -> None:
        body = self._body.replace(self._old, self._new)
        MutableHeaders(raw=start["headers"])["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})
