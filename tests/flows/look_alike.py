"""A host that looks like a portal's sign-in page and is none, and what serves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TypeVar

Server = TypeVar("Server", bound=ThreadingHTTPServer)

FIELDS = """<!doctype html><title>Welcome</title>
<label>User ID <input id="u"></label><label>Username <input></label>
<label>Password <input type="password"></label>
<button type="button" id="next">Next</button><button>Sign in</button><button>Log in</button>
<script>
const heard = text => fetch('/heard?' + encodeURIComponent(text));
document.addEventListener('keydown', () => heard('key'));
document.addEventListener('input', event => heard(event.target.value));
const to = new URLSearchParams(location.search).get('to');
const leave = new URLSearchParams(location.search).get('leave');
if (to && leave === 'next') document.getElementById('next').onclick = () => location.assign(to);
if (to && leave === 'typed') document.addEventListener('input', () => location.assign(to));
</script>"""


class Host(ThreadingHTTPServer):
    """A page that looks like a sign-in page, and remembers every key that reaches it."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        if self.path.startswith("/heard"):
            self.server.heard.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(FIELDS.encode())

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def served(server: Server) -> Iterator[Server]:
    """The server answers while the block lasts."""
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
