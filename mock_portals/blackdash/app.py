"""The mock of BlackDash, the internal dashboard: server-rendered, its roster loaded late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

if TYPE_CHECKING:
    from mock_portals.accounts import Account
    from mock_portals.world import World

HERE = Path(__file__).parent
COOKIE = "bd_session"
DATE_FORMAT = "%m/%d/%Y"
ROSTER_SECONDS = 0.15

Handler = Callable[[Request, "Account"], Awaitable[Response]]


def routes(world: World) -> list[BaseRoute]:
    """The routes of the BlackDash mock."""
    return BlackDash(world).routes()


class BlackDash:
    """Tiles for everybody, the training environment for those whom NOC gave access."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._templates = Jinja2Templates(HERE / "templates")
        self._templates.env.filters["day"] = lambda day: day.strftime(DATE_FORMAT) if day else "–"

    def routes(self) -> list[BaseRoute]:
        """All pages."""
        return [
            Route("/login", self.login_page),
            Route("/login", self.login, methods=["POST"]),
            Route("/logout", self.logout),
            Route("/sorry.html", self.sorry),
            Route("/", self._signed_in(self.dashboard)),
            Route("/queues", self._signed_in(self.queues)),
            Route("/agents", self._signed_in(self.agents)),
            Route("/training/classes", self._signed_in(self.classes)),
            Route("/training/simulators", self._signed_in(self.simulators)),
            Route("/training/classes/{class_id}/roster", self._signed_in(self.roster)),
            Mount("/static/blackdash", StaticFiles(directory=HERE / "static")),
        ]

    def _signed_in(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            account = self._world.accounts.session("blackdash", request.cookies.get(COOKIE, ""))
            if account is None:
                return RedirectResponse("/login", 302)
            return await handler(request, account)

        return answer

    async def login_page(self, request: Request) -> Response:
        ended = self._world.accounts.ended_because(request.cookies.get(COOKIE, ""))
        notice = {
            "expired": "Your session has expired. Please log in again.",
            "kicked": "You were logged out because this user logged in elsewhere.",
        }.get(ended or "", "")
        return self._login(notice=notice)

    async def login(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        username, password = form.get("username", ""), form.get("password", "")
        verdict = self._world.accounts.check("blackdash", username, password)
        if verdict != "ok":
            error = "Invalid username or password." if verdict == "bad" else "This user is locked. Call IT."
            return self._login(error=error, status=401)
        response = RedirectResponse("/", 303)
        response.set_cookie(COOKIE, self._world.accounts.sign_in("blackdash", username), httponly=True)
        return response

    async def logout(self, request: Request) -> Response:
        self._world.accounts.sign_out("blackdash", request.cookies.get(COOKIE, ""))
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE)
        return response

    async def sorry(self, _request: Request) -> Response:
        return HTMLResponse("<h1>Sorry</h1><p>BlackDash is being maintained. Please come back later.</p>")

    async def dashboard(self, request: Request, account: Account) -> Response:
        return self._page("dashboard.html", request, account, tiles=self._tiles(), queues=self._queues())

    async def queues(self, request: Request, account: Account) -> Response:
        return self._page("queues.html", request, account, queues=self._queues())

    async def agents(self, request: Request, account: Account) -> Response:
        shown = sorted(self._world.employees.values(), key=lambda one: one.name)[:50]
        return self._page("agents.html", request, account, agents=shown)

    async def classes(self, request: Request, account: Account) -> Response:
        if not account.has_training_access:
            return self._page("denied.html", request, account, status=403)
        return self._page("classes.html", request, account, classes=self._world.classes_shown())

    async def simulators(self, request: Request, account: Account) -> Response:
        return self._page("simulators.html", request, account)

    async def roster(self, request: Request, account: Account) -> Response:
        if not account.has_training_access:
            return JSONResponse({}, status_code=403)
        await asyncio.sleep(ROSTER_SECONDS)
        class_id = request.path_params["class_id"]
        found = next((one for one in self._world.classes_shown() if one.class_id == class_id), None)
        if found is None:
            return JSONResponse({}, status_code=404)
        people = self._world.employees
        agents = [{"employee_id": agent, "name": people[agent].name} for agent in found.roster]
        return JSONResponse({"name": found.name, "agents": agents})

    def _login(self, *, error: str = "", notice: str = "", status: int = 200) -> Response:
        text = self._templates.get_template("login.html").render(error=error, notice=notice)
        return HTMLResponse(text, status_code=status)

    def _page(
        self, template: str, request: Request, account: Account, *, status: int = 200, **values: object
    ) -> Response:
        popup = self._world.faults.take("popup", portal="blackdash", method="GET", path=request.url.path)
        text = self._templates.get_template(template).render(
            account=asdict(account), path=request.url.path, popup=popup, today=self._world.clock.now(), **values
        )
        return HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-store"})

    def _tiles(self) -> list[tuple[str, str, str]]:
        people = list(self._world.employees.values())
        training = sum(len(one.roster) for one in self._world.classes_shown() if one.end)
        active = sum(one.status == "Active" for one in people)
        return [
            ("Agents logged in", str(active - training), "production"),
            ("In training ENV", str(training), f"{len(self._world.classes_shown())} classes"),
            ("Calls waiting", str(len(people) % 17), "longest 0:42"),
            ("Service level", "86 %", "target 80 % in 20 s"),
        ]

    def _queues(self) -> list[tuple[str, str, int, int, str]]:
        people = list(self._world.employees.values())
        return [
            (campaign, site, sum(one.campaign == campaign and one.site == site for one in people), n, f"0:{n:02d}")
            for n, (campaign, site) in enumerate(
                sorted({(one.campaign, one.site) for one in people}), start=3
            )
        ]
