"""The doors for tests and measurements, under /_mock/ on either port."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from mock_portals.faults import BadFault

if TYPE_CHECKING:
    from mock_portals.world import Value, World


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
                    Route("/faults", self.faults),
                    Route("/faults", self.plant, methods=post),
                    Route("/reset", self.reset, methods=post),
                    Route("/advance", self.advance, methods=post),
                    Route("/set", self.set, methods=post),
                    Route("/approve", self.approve, methods=post),
                ],
            )
        ]

    async def writes(self, _request: Request) -> Response:
        return JSONResponse([asdict(write) for write in self._world.writes])

    async def state(self, _request: Request) -> Response:
        return JSONResponse(self._world.state())

    async def requests(self, _request: Request) -> Response:
        return JSONResponse(self._world.requests)

    async def faults(self, _request: Request) -> Response:
        return JSONResponse([fault.told() for fault in self._world.faults.planted])

    async def plant(self, request: Request) -> Response:
        try:
            self._world.faults.replace(await request.json())
        except (BadFault, TypeError, AttributeError, ValueError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return await self.faults(request)

    async def reset(self, _request: Request) -> Response:
        self._world.reset()
        return JSONResponse({})

    async def advance(self, request: Request) -> Response:
        self._world.clock.advance(float((await request.json())["seconds"]))
        return JSONResponse({"now": self._world.clock.now().isoformat()})

    async def set(self, request: Request) -> Response:
        values = await request.json()
        employee_id = values.pop("employee_id")
        if employee_id not in self._world.employees:
            return JSONResponse({"error": f"no employee {employee_id}"}, status_code=404)
        self._world.set(employee_id, {name: _value(name, text) for name, text in values.items()})
        return JSONResponse({})

    async def approve(self, request: Request) -> Response:
        written = self._world.approve((await request.json())["employee_id"])
        return JSONResponse([asdict(write) for write in written])


def _value(name: str, text: str | None) -> Value:
    is_date = name.endswith(("_date", "_effective"))
    if is_date:
        return date.fromisoformat(text) if text else None
    return text or ""
