"""The sign-in of the ADP mock: user id, password, and what may come before the portal opens."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from mock_portals.adp.documents import HOME, SIGN_IN_COOKIE, Documents, sign_in_url
from mock_portals.adp.labels import Variant

if TYPE_CHECKING:
    from mock_portals.world import World

HALF_SIGNED_IN_COOKIE = "SMCHALLENGE"


class SignIn:
    """Takes a person from the user id to a session; between the steps the server remembers who."""

    def __init__(self, world: World, variant: Variant, documents: Documents) -> None:
        self._world = world
        self._variant = variant
        self._documents = documents
        self._half_signed_in: dict[str, str] = {}

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/signin/v1/", self.document),
            Route("/signin/v1/hydrate", self.hydrate),
            Route("/signin/v1/userid", self.user_id, methods=["POST"]),
            Route("/signin/v1/password", self.password, methods=["POST"]),
            Route("/signin/v1/passcode", self.passcode, methods=["POST"]),
            Route("/signin/v1/remind", self.remind, methods=["POST"]),
            Route("/signin/v1/signout", self.sign_out),
        ]

    async def document(self, request: Request) -> Response:
        response = self._documents.sign_in(request)
        username = self._world.accounts.must_prove(request.cookies.get(SIGN_IN_COOKIE, ""))
        return self._remembered(username, response) if username else response

    async def hydrate(self, _request: Request) -> Response:
        # The page asks for this before it reacts, so that a slow portal is slow here, too.
        return JSONResponse({})

    async def user_id(self, request: Request) -> Response:
        # Whether the user id exists is not told before the password.
        await request.json()
        return JSONResponse({"next": "password"})

    async def password(self, request: Request) -> Response:
        posted = await request.json()
        username = str(posted.get("userid", ""))
        verdict = self._world.accounts.check("adp", username, str(posted.get("password", "")))
        if verdict != "ok":
            sentence = self._variant.say("locked" if verdict == "locked" else "incorrect")
            return JSONResponse({"error": sentence}, status_code=401)
        return self._challenge(username)

    async def passcode(self, request: Request) -> Response:
        username = self._half_signed_in.get(request.cookies.get(HALF_SIGNED_IN_COOKIE, ""))
        if username is None:
            return JSONResponse({"location": sign_in_url(request)})
        posted = await request.json()
        if posted.get("passcode") != self._code(username):
            return JSONResponse({"error": self._variant.say("passcode_incorrect")}, status_code=401)
        return self._remind_or_open(username)

    async def remind(self, request: Request) -> Response:
        username = self._half_signed_in.pop(request.cookies.get(HALF_SIGNED_IN_COOKIE, ""), None)
        if username is None:
            return JSONResponse({"location": sign_in_url(request)})
        return self._open(username)

    async def sign_out(self, request: Request) -> Response:
        self._world.accounts.sign_out("adp", request.cookies.get(SIGN_IN_COOKIE, ""))
        response = RedirectResponse(sign_in_url(request), status_code=303)
        response.delete_cookie(SIGN_IN_COOKIE)
        return response

    def _challenge(self, username: str) -> Response:
        asked = self._world.faults.take("step_up", portal="adp", method="POST", path="/signin/v1/password")
        if asked or self._variant.always_step_up or self._world.accounts.named("adp", username).step_up:
            return self._half_way(username, "passcode")
        return self._remind_or_open(username)

    def _code(self, username: str) -> str:
        """The one-time code; where every account needs one, those without share the first there is."""
        codes = (one.code for one in self._world.accounts if one.portal == "adp" and one.code)
        return self._world.accounts.named("adp", username).code or next(codes)

    def _remind_or_open(self, username: str) -> Response:
        if self._world.accounts.named("adp", username).interrupted:
            return self._half_way(username, "remind")
        return self._open(username)

    def _half_way(self, username: str, step: str) -> Response:
        return self._remembered(username, JSONResponse({"next": step}))

    def _remembered(self, username: str, response: Response) -> Response:
        token = secrets.token_urlsafe(16)
        self._half_signed_in[token] = username
        response.set_cookie(HALF_SIGNED_IN_COOKIE, token, httponly=True)
        return response

    def _open(self, username: str) -> Response:
        response = JSONResponse({"location": HOME})
        response.set_cookie(SIGN_IN_COOKIE, self._world.accounts.sign_in("adp", username), httponly=True)
        response.delete_cookie(HALF_SIGNED_IN_COOKIE)
        return response
