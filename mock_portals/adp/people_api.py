"""The requests behind the people pages: list, record, look-up and the two saves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from zlib import crc32

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from mock_portals.adp.documents import SIGN_IN_COOKIE, sign_in_url
from mock_portals.adp.labels import Variant
from mock_portals.adp.panels import PANELS, Panel, Rejected, Values, accepted, layout
from mock_portals.adp.people_list import found

if TYPE_CHECKING:
    from mock_portals.accounts import Account
    from mock_portals.faults import Fault
    from mock_portals.people import Employee
    from mock_portals.world import World

    Handler = Callable[[Request, Account], Awaitable[Response]]

LIST_SECONDS = (0.080, 0.150)
RECORD_SECONDS = 0.100
SAVE_SECONDS = 0.120
MOST_OPTIONS = 30


class PeopleApi:
    """Answers the people pages; every request needs a session."""

    def __init__(self, world: World, variant: Variant) -> None:
        self._world = world
        self._variant = variant
        self._rows_before: dict[str, list[dict[str, str]]] = {}
        self._departments_until: dict[str, tuple[date, str, date | None]] = {}

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/people/v1/list", self._signed_in(self.people)),
            Route("/people/v1/departments", self._signed_in(self.departments)),
            Route("/people/v1/layouts", self._signed_in(self.layouts)),
            Route("/people/v1/keep-alive", self._signed_in(self.keep_alive)),
            Route("/people/v1/{aoid}", self._signed_in(self.record)),
            Route("/people/v1/{aoid}/{path}", self._signed_in(self.save), methods=["POST"]),
        ]

    def _signed_in(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            account = self._world.accounts.session("adp", request.cookies.get(SIGN_IN_COOKIE, ""))
            if account is None:
                return JSONResponse({"location": sign_in_url(request)}, status_code=401)
            response = await handler(request, account)
            response.headers["Cache-Control"] = "no-store"
            return response

        return answer

    async def people(self, request: Request, account: Account) -> Response:
        query = request.query_params.get("query", "").strip()
        statuses = request.query_params.get("status", "").split(",")
        offset, limit = int(request.query_params.get("offset", 0)), int(request.query_params.get("limit", 50))
        fastest, slowest = LIST_SECONDS
        await self._world.pause(fastest + (slowest - fastest) * (crc32(query.encode()) % 100) / 100)
        rows = found(self._world.employees.values(), query, statuses)
        before = self._rows_before.get(account.username, rows)
        self._rows_before[account.username] = rows
        if self._fault("stale_list", request, query if query in self._world.employees else None):
            rows = before
        page = {"query": query, "total": len(rows), "offset": offset, "rows": rows[offset : offset + limit]}
        is_page_load = not query and not offset
        return JSONResponse(page | (self._interruption(request) if is_page_load else {}))

    async def record(self, request: Request, account: Account) -> Response:
        await self._world.pause(RECORD_SECONDS)
        employee = self._world.by_aoid(request.path_params["aoid"])
        if employee is None:
            return JSONResponse({}, status_code=404)
        interruption = self._interruption(request, employee.employee_id)
        confirm = self._fault("second_confirm", request, employee.employee_id) is not None
        if self._fault("wrong_record", request, employee.employee_id):
            employee = self._neighbour(employee)
        return JSONResponse(
            self._shown(employee) | {"can_edit": account.can_edit, "confirm": confirm} | interruption
        )

    async def departments(self, request: Request, _account: Account) -> Response:
        query = request.query_params.get("query", "").casefold()
        # The whole typed text is looked for: one space too many finds nothing.
        hits = [one for one in self._world.departments if query in one.label.casefold()]
        if query.endswith(" "):
            hits = []
        options = [{"label": one.label, "active": one.active} for one in hits[:MOST_OPTIONS]]
        return JSONResponse({"departments": options})

    async def layouts(self, request: Request, _account: Account) -> Response:
        panel = PANELS.get(request.query_params.get("panel", ""))
        return JSONResponse(layout(panel, self._variant) if panel else {}, status_code=200 if panel else 404)

    async def keep_alive(self, _request: Request, _account: Account) -> Response:
        return JSONResponse({})

    async def save(self, request: Request, account: Account) -> Response:
        employee = self._world.by_aoid(request.path_params["aoid"])
        panel = next((one for one in PANELS.values() if one.path == request.path_params["path"]), None)
        if employee is None or panel is None:
            return JSONResponse({}, status_code=404)
        if not account.can_edit:
            return JSONResponse({}, status_code=403)
        await self._world.pause(SAVE_SECONDS)
        try:
            return await self._store(request, account, employee, panel)
        except Rejected as sentence:
            return JSONResponse({"message": str(sentence)}, status_code=422)

    async def _store(self, request: Request, account: Account, employee: Employee, panel: Panel) -> Response:
        departments = [one.label for one in self._world.departments if one.active]
        values = accepted(panel, await request.json(), departments, self._variant)
        if self._fault("silent_loss", request, employee.employee_id):
            return JSONResponse({"outcome": "saved", "toast": True})
        if self._variant.always_approval or self._fault("approval", request, employee.employee_id):
            self._world.submit_for_approval(employee.employee_id, values, account.username)
            return JSONResponse({"outcome": "submitted", "toast": True})
        announced = self._fault("no_toast", request, employee.employee_id) is None
        self._keep_department_until(employee, values)
        self._world.change(employee.employee_id, values, account=account.username, portal="adp")
        return JSONResponse({"outcome": "saved", "toast": announced})

    def _keep_department_until(self, employee: Employee, values: Values) -> None:
        """A change that is dated ahead is stored, and shown only when its day comes."""
        effective = values.get("home_department_effective")
        if isinstance(effective, date) and effective > self._world.clock.today():
            before = (effective, employee.home_department, employee.home_department_effective)
            self._departments_until[employee.employee_id] = before

    def _shown(self, employee: Employee) -> dict[str, object]:
        effective, department, since = self._departments_until.get(employee.employee_id, (date.min, "", None))
        if effective != employee.home_department_effective or effective <= self._world.clock.today():
            return record(employee)
        return record(replace(employee, home_department=department, home_department_effective=since))

    def _neighbour(self, employee: Employee) -> Employee:
        ids = sorted(self._world.employees)
        return self._world.employees[ids[(ids.index(employee.employee_id) + 1) % len(ids)]]

    def _interruption(self, request: Request, employee_id: str | None = None) -> dict[str, object]:
        fault = self._fault("popup", request, employee_id)
        if fault is None:
            return {}
        late = {"after_ms": 1000 * float(fault.details["delay"])} if "delay" in fault.details else {}
        return {"interruption": {"kind": fault.kind, **late}}

    def _fault(self, effect: str, request: Request, employee_id: str | None = None) -> Fault | None:
        return self._world.faults.take(
            effect, portal="adp", method=request.method, path=request.url.path, employee_id=employee_id
        )


def record(employee: Employee) -> dict[str, object]:
    """What the record page shows of a person; `values` are what its panels edit."""
    names = ("aoid", "name", "employee_id", "first_name", "last_name", "status", "position_id", "reports_to")
    values = {
        field.name: getattr(employee, field.name) for panel in PANELS.values() for field in panel.fields
    }
    return {
        **{name: getattr(employee, name) for name in (*names, "job_title", "site", "campaign")},
        "associate_oid": employee.aoid,
        "values": {name: _text(value) for name, value in values.items()},
    }


def _text(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""
