"""The mock of ADP Workforce Now: its routes over one world."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import Scope

from mock_portals.adp.documents import Documents
from mock_portals.adp.labels import variant_named
from mock_portals.adp.people_api import PeopleApi
from mock_portals.adp.sign_in import SignIn

if TYPE_CHECKING:
    from mock_portals.world import World

HERE = Path(__file__).parent


class CachedFiles(StaticFiles):
    """Static files that a browser keeps, so that a reloaded record costs one document and one read."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response


def routes(world: World) -> list[BaseRoute]:
    """The routes of the ADP mock in the variant that the world was started with."""
    variant = variant_named(world.options.variant)
    modules = tuple(
        sorted(file.name for file in (HERE / "static" / "js").glob("*.js") if file.stem != "sign-in")
    )
    documents = Documents(world, variant, Jinja2Templates(HERE / "templates"), modules)
    return [
        *documents.routes(),
        *SignIn(world, variant, documents).routes(),
        *PeopleApi(world, variant).routes(),
        Mount("/static/adp", CachedFiles(directory=HERE / "static"), name="adp-static"),
    ]
