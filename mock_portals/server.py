"""Both portals in one process: two servers on two ports, over one world."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from mock_portals.adp.app import routes as adp_routes
from mock_portals.blackdash.app import routes as blackdash_routes
from mock_portals.control import Control
from mock_portals.interference import Interference
from mock_portals.world import World

HOST = "127.0.0.1"


def applications(world: World) -> dict[str, Starlette]:
    """The portals by name."""
    sites = {"adp": adp_routes(world), "blackdash": blackdash_routes(world)}
    return {
        portal: Starlette(
            routes=[*Control(world).routes(), *routes],
            middleware=[Middleware(Interference, world=world, portal=portal)],
        )
        for portal, routes in sites.items()
    }


def serve(world: World, ports: dict[str, int]) -> None:
    """Serve until a signal ends it; one line of JSON on stdout says where and as whom."""
    sockets = {portal: _listening(port) for portal, port in ports.items()}
    addresses = {portal: f"http://{HOST}:{sock.getsockname()[1]}" for portal, sock in sockets.items()}
    servers = {portal: _Server(application) for portal, application in applications(world).items()}
    asyncio.run(_serve(servers, sockets, json.dumps(introduction(world, addresses))))


def introduction(world: World, addresses: dict[str, str]) -> dict[str, Any]:
    """Where the portals are, and the accounts to sign in with."""
    accounts = list(world.accounts)
    first = {
        portal: next(account for account in accounts if account.portal == portal) for portal in addresses
    }
    return {
        **{
            portal: {"url": url, "username": first[portal].username, "password": first[portal].password}
            for portal, url in addresses.items()
        },
        "accounts": [
            {
                "portal": account.portal,
                "username": account.username,
                "password": account.password,
                "kind": account.kind,
                **({"code": account.code} if account.code else {}),
            }
            for account in accounts
        ],
    }


def _listening(port: int) -> socket.socket:
    # Listening at once: whoever reads the line of JSON can connect, even before the loop turns.
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
    except OSError as error:
        raise SystemExit(f"mock_portals: port {port} cannot be used: {error.strerror}.") from None
    sock.listen(128)
    return sock


class _Server(uvicorn.Server):
    """A server that leaves the signals to whoever runs both."""

    def __init__(self, application: Starlette) -> None:
        config = uvicorn.Config(
            application,
            http="h11",
            lifespan="off",
            log_level="warning",
            timeout_graceful_shutdown=1,
            # A browser repeats a request, a POST too, when a connection that it used before is cut.
            # No connection is used twice, so that a lost answer stays lost.
            headers=[("Connection", "close")],
        )
        super().__init__(config)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(servers: dict[str, _Server], sockets: dict[str, socket.socket], line: str) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for server in servers.values():
            server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows ends the process itself
            loop.add_signal_handler(number, stop)
    serving = [server.serve(sockets=[sockets[portal]]) for portal, server in servers.items()]
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    await asyncio.gather(*serving)
