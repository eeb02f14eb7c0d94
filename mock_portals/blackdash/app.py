"""The mock of BlackDash, the internal dashboard: server-rendered, its roster loaded late."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from mock_portals.blackdash import figures

if TYPE_CHECKING:
    from mock_portals.accounts import Account
    from mock_portals.world import World

    Handler = Callable[[Request, Account], Awaitable[Response]]

HERE = Path(__file__).parent
COOKIE = "bd_session"
DATE_FORMAT = "%m/%d/%Y"
EMPTY = "–"  # noqa: RUF001 - an en dash, as the portal writes it
ROSTER_SECONDS = 0.15
POPUP_SECONDS = 0.4
AGENTS_SHOWN = 50

ENDED = {
    "expired": "Your session has expired. Please log in again.",
    "kicked": "You were logged out because this user logged in elsewhere.",
}
REFUSED = {"bad": "Invalid username or password.", "locked": "This user is locked. Please call IT."}


def routes(world: World) -> list[BaseRoute]:
    """The routes of the BlackDash mock."""
    return BlackDash(world).routes()


class BlackDash:
    """Figures for everybody, the training environment for those whom NOC gave access."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._templates = Jinja2Templates(HERE / "templates")
        self._templates.env.filters["day"] = lambda day: day.strftime(DATE_FORMAT) if day else EMPTY

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
            Route("/training/classes", self._in_training(self.classes)),
            Route("/training/simulators", self._in_training(self.simulators)),
            Route("/training/classes/{class_id}/roster", self._in_training(self.roster)),
            Mount("/static/blackdash", StaticFiles(directory=HERE / "static")),
        ]

    def _signed_in(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            account = self._world.accounts.session("blackdash", request.cookies.get(COOKIE, ""))
            if account is None:
                return RedirectResponse("/login", HTTPStatus.FOUND)
            return await handler(request, account)

        return answer

    def _in_training(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request, account: Account) -> Response:
            if not account.has_training_access:
                return self._page("denied.html", request, account, status=HTTPStatus.FORBIDDEN)
            return await handler(request, account)

        return self._signed_in(answer)

    async def login_page(self, request: Request) -> Response:
        ended = self._world.accounts.ended_because(request.cookies.get(COOKIE, ""))
        return self._login(notice=ENDED[ended] if ended else "")

    async def login(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        username, password = form.get("username", ""), form.get("password", "")
        verdict = self._world.accounts.check("blackdash", username, password)
        if verdict != "ok":
            return self._login(error=REFUSED[verdict], status=HTTPStatus.UNAUTHORIZED)
        response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        response.set_cookie(COOKIE, self._world.accounts.sign_in("blackdash", username), httponly=True)
        return response

    async def logout(self, request: Request) -> Response:
        self._world.accounts.sign_out("blackdash", request.cookies.get(COOKIE, ""))
        response = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
        response.delete_cookie(COOKIE)
        return response

    async def sorry(self, _request: Request) -> Response:
        return HTMLResponse(self._templates.get_template("sorry.html").render())

    async def dashboard(self, request: Request, account: Account) -> Response:
        queues = self._queues()
        tiles = figures.tiles(queues, self._world.classes_shown())
        return self._page("dashboard.html", request, account, tiles=tiles, queues=queues)

    async def queues(self, request: Request, account: Account) -> Response:
        return self._page("queues.html", request, account, queues=self._queues())

    async def agents(self, request: Request, account: Account) -> Response:
        now = self._world.clock.now()
        active = [one for one in self._world.seen_by_blackdash().values() if one.status == "Active"]
        first = sorted(active, key=lambda one: (one.name, one.employee_id))[:AGENTS_SHOWN]
        agents = [(one, figures.state_of(one, now)) for one in first]
        return self._page("agents.html", request, account, agents=agents, total=len(active))

    async def classes(self, request: Request, account: Account) -> Response:
        return self._page("classes.html", request, account, classes=self._world.classes_shown())

    async def simulators(self, request: Request, account: Account) -> Response:
        return self._page("simulators.html", request, account)

    async def roster(self, request: Request, _account: Account) -> Response:
        await self._world.pause(ROSTER_SECONDS)
        class_id = request.path_params["class_id"]
        found = next((one for one in self._world.classes_shown() if one.class_id == class_id), None)
        if found is None:
            return JSONResponse({}, HTTPStatus.NOT_FOUND)
        people = self._world.seen_by_blackdash()
        agents = [{"employee_id": agent, "name": people[agent].name} for agent in found.roster]
        return JSONResponse({"name": found.name, "agents": agents}, headers={"Cache-Control": "no-store"})

    def _queues(self) -> list[figures.Queue]:
        return figures.queues(self._world.seen_by_blackdash(), self._world.clock.now())

    def _login(self, *, error: str = "", notice: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
        text = self._templates.get_template("login.html").render(error=error, notice=notice)
        return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})

    def _page(
        self,
        template: str,
        request: Request,
        account: Account,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        **values: object,
    ) -> Response:
        path = request.url.path
        popup = self._world.faults.take("popup", portal="blackdash", method="GET", path=path)
        late = 1000 * float(popup.details.get("delay", POPUP_SECONDS)) if popup else None
        shared = {"account": account, "path": path, "popup_after": late, "now": self._world.clock.now()}
        text = self._templates.get_template(template).render(**shared, **values)
        return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})
