"""The doors for tests and measurements, under /_mock/ on either port."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from mock_portals.departments import Department
from mock_portals.people import Employee

if TYPE_CHECKING:
    from mock_portals.world import Value, World

SETTABLE = {field.name for field in fields(Employee)} - {"employee_id", "aoid"}
DATES = {name for name in SETTABLE if name.endswith(("_date", "_effective"))}


class Control:
    """Looks into the world, and changes it from outside."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[BaseRoute]:
        """All doors."""
        post = ["POST"]
        return [
            Mount(
                "/_mock",
                routes=[
                    Route("/writes", self.writes),
                    Route("/state", self.state),
                    Route("/requests", self.requests),
                    Route("/sessions", self.sessions),
                    Route("/faults", self.faults),
                    Route("/faults", self.plant, methods=post),
                    Route("/reset", self.reset, methods=post),
                    Route("/advance", self.advance, methods=post),
                    Route("/set", self.set, methods=post),
                    Route("/departments", self.departments, methods=post),
                    Route("/approve", self.approve, methods=post),
                    Route("/spin-up", self.spin_up, methods=post),
                ],
            )
        ]

    async def writes(self, _request: Request) -> Response:
        return JSONResponse([asdict(write) for write in self._world.writes])

    async def state(self, _request: Request) -> Response:
        return JSONResponse(self._world.state())

    async def requests(self, _request: Request) -> Response:
        return JSONResponse(self._world.requests)

    async def sessions(self, _request: Request) -> Response:
        return JSONResponse(self._world.accounts.tokens())

    async def faults(self, _request: Request) -> Response:
        return JSONResponse([fault.told() for fault in self._world.faults.planted])

    async def plant(self, request: Request) -> Response:
        try:
            self._world.faults.replace(await request.json())
        except (TypeError, ValueError) as error:
            return _refused(str(error))
        return await self.faults(request)

    async def reset(self, _request: Request) -> Response:
        self._world.reset()
        return JSONResponse({})

    async def advance(self, request: Request) -> Response:
        seconds = (await request.json()).get("seconds")
        if not isinstance(seconds, int | float) or seconds < 0:
            return _refused(f"seconds: {seconds!r} is no time to come")
        self._world.clock.advance(seconds)
        return JSONResponse({"now": self._world.clock.now().isoformat()})

    async def set(self, request: Request) -> Response:
        told = await request.json()
        employee_id = told.pop("employee_id", None)
        if employee_id not in self._world.employees:
            return _refused(f"no employee {employee_id}")
        if unknown := set(told) - SETTABLE:
            return _refused(f"no field {', '.join(sorted(unknown))}")
        try:
            values = {name: _value(name, text) for name, text in told.items()}
        except (TypeError, ValueError) as error:
            return _refused(str(error))
        self._world.set(employee_id, values)
        return JSONResponse({})

    async def departments(self, request: Request) -> Response:
        for told in await request.json():
            self._world.set_department(Department(told["code"], told["name"], bool(told.get("active", True))))
        return JSONResponse({})

    async def approve(self, request: Request) -> Response:
        written = self._world.approve((await request.json())["employee_id"])
        return JSONResponse([asdict(write) for write in written])

    async def spin_up(self, request: Request) -> Response:
        self._world.spin_up((await request.json())["class_id"])
        return JSONResponse({})


def _refused(sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status_code=400)


def _value(name: str, text: str | None) -> Value:
    if name in DATES:
        return date.fromisoformat(text) if text else None
    return text or ""
