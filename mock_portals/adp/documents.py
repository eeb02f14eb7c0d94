"""The documents of the ADP mock: sign-in, the shell of the portal, the sorry page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.templating import Jinja2Templates

from mock_portals.adp.labels import Variant

if TYPE_CHECKING:
    from mock_portals.world import World

HERE = Path(__file__).parent
HOME = "/theme/admin.html#/home"
SIGN_IN_COOKIE = "SMSESSION"

# Milliseconds that the pages take of their own; requests take theirs on the server.
TIMING = {
    "search": 250,
    "hydrate": 200,
    "slideIn": 150,
    "options": 150,
    "dependents": 60,
    "flicker": 40,
}


def sign_in_url(request: Request) -> str:
    """The sign-in document; its returnURL holds the very address that one arrives at afterwards."""
    portal = str(request.base_url)
    return f"/signin/v1/?APPID=WFNPortal&productId=80e309c3-70c2-4f0b-b0b1&returnURL={portal}theme/admin.html"


@dataclass(frozen=True, slots=True)
class Documents:
    """Renders the three documents with the words of the variant."""

    world: World
    variant: Variant
    templates: Jinja2Templates
    modules: tuple[str, ...]

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.start),
            Route("/theme/admin.html", self.shell),
            Route("/theme/index.html", self.shell),
            Route("/portal/people.html", self.people_in_frame),
            Route("/sorry.html", self.sorry),
        ]

    async def start(self, request: Request) -> Response:
        signed_in = self.world.accounts.session("adp", request.cookies.get(SIGN_IN_COOKIE, ""))
        return RedirectResponse(HOME if signed_in else sign_in_url(request), status_code=302)

    async def shell(self, request: Request) -> Response:
        account = self.world.accounts.session("adp", request.cookies.get(SIGN_IN_COOKIE, ""))
        if account is None:
            return RedirectResponse(sign_in_url(request), status_code=302)
        first_name, _, last_name = account.name.partition(" ")
        config: dict[str, object] = {
            "user": {"name": f"{first_name} {last_name}", "firstName": first_name},
            "today": self.world.clock.today().isoformat(),
            "team": self._team(),
        }
        return self._page("classic_shell.html" if self.variant.in_frame else "admin.html", config)

    async def people_in_frame(self, request: Request) -> Response:
        if not self.variant.in_frame:
            return HTMLResponse("", status_code=404)
        if self.world.accounts.session("adp", request.cookies.get(SIGN_IN_COOKIE, "")) is None:
            # A frame would show the sign-in page inside the portal.
            return HTMLResponse(f"<script>top.location.assign({sign_in_url(request)!r})</script>")
        return self._page("classic_people.html", {})

    async def sorry(self, _request: Request) -> Response:
        return self._page("sorry.html", {})

    def sign_in(self, request: Request) -> Response:
        ended = self.world.accounts.ended_because(request.cookies.get(SIGN_IN_COOKIE, ""))
        if ended == "step_up":
            return self._page("sign_in.html", {}, step="passcode", reason="")
        return self._page("sign_in.html", {}, step="userid", reason=self.variant.say(ended) if ended else "")

    def _page(self, template: str, config: dict[str, object], **values: object) -> HTMLResponse:
        pace = self.world.options.pace
        shared = {
            "words": self.variant.words,
            "dateFormat": self.variant.date_format,
            "timing": {name: wait * pace for name, wait in TIMING.items()},
        }
        page = self.templates.get_template(template)
        text = page.render(words=self.variant.words, modules=self.modules, config=shared | config, **values)
        return HTMLResponse(text, headers={"Cache-Control": "no-store"})

    def _team(self) -> list[tuple[str, int]]:
        today = self.world.clock.today()
        people = list(self.world.employees.values())
        active = [one for one in people if one.status == "Active"]
        in_esp = [one for one in active if one.esp_end_date is not None and one.esp_end_date >= today]
        sites = {one.site for one in active}
        return [
            (self.variant.say("status_active"), len(active)),
            (self.variant.say("status_leave"), sum(one.status == "Leave of absence" for one in people)),
            ("ESP", len(in_esp)),
            (self.variant.say("site"), len(sites)),
        ]
