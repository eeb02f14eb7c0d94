"""A site that tries everything to write, and a server that counts what arrives."""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote_plus, urlsplit

HERE = Path(__file__).parent / "hostile"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".xhtml": "application/xhtml+xml",
}


class HostileSite(ThreadingHTTPServer):
    """Remembers the name of every write that arrived, and every read."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.writes: set[str] = set()
        self.reads: list[str] = []
        self._news = threading.Condition()

    def wrote(self, name: str) -> None:
        with self._news:
            self.writes.add(name)
            self._news.notify_all()

    def wait_for(self, names: set[str], patience: float) -> set[str]:
        """Those of the names that have arrived, at the latest after so many seconds."""
        with self._news:
            self._news.wait_for(lambda: names <= self.writes, patience)
            return names & self.writes

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that is killed cuts its connections; that is no news."""


class _Answer(BaseHTTPRequestHandler):
    server: HostileSite
    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_message(self, *_: object) -> None:
        pass

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("latin-1")
        url = urlsplit(self.path)
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self._socket(url.path)
        elif self._changes(url.path, f"{url.query} {body}"):
            self.server.wrote(url.path.rpartition("/")[2])
            self._send(200, "text/plain", b"written")
        elif moved := re.fullmatch(r"(?:/search)?/moved/(\d+)/(.+)", url.path):
            self._moved(int(moved[1]), moved[2])
        else:
            self.server.reads.append(f"{self.command} {url.path}")
            self._serve(url.path, parse_qs(url.query))

    do_GET = do_POST = do_PUT = do_DELETE = do_SAVE = do_HEAD = do_OPTIONS = _any  # noqa: N815

    def _changes(self, path: str, details: str) -> bool:
        override = "x-http-method-override" in self.headers or "_method" in unquote_plus(details)
        return (
            path.startswith("/save/")
            or (path.startswith("/search/") and override)
            or (path.startswith("/view/") and "x-method-override" in self.headers)
        )

    def _moved(self, status: int, rest: str) -> None:
        to = f"/{rest}" if rest.startswith("moved/") else f"/save/{rest}"
        self._send(status, "text/plain", b"", {"Location": to})

    def _serve(self, path: str, query: dict[str, list[str]]) -> None:
        code = query.get("code", [""])[0]
        status = int(query.get("status", ["200"])[0])
        suffix = Path(path).suffix
        pages = {
            "/home.html": (HERE / "home.html").read_text(),
            "/ways.js": (HERE / "ways.js").read_text(),
            "/script.js": code,
            "/document.html": f"<!doctype html><body><script>{code}</script>",
            "/document.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><script><![CDATA[{code}]]></script></svg>',
            "/document.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><body><script><![CDATA['
            f"{code}]]></script></body></html>",
            "/document.untyped": f"<!doctype html><html><body><script>{code}</script>",
        }
        text = pages.get(path, "<!doctype html><title>Another page</title>")
        headers = {"Cache-Control": "max-age=600"} if query.get("cached") else {}
        if path == "/cut.html":
            self._send(200, TYPES[".html"], b"<!doctype html><title>Half", {"Content-Length": "999"})
            self.close_connection = True
            return
        if path == "/latin.html":
            latin = "<!doctype html><title>Größe</title>".encode("latin-1")
            self._send(200, "text/html; charset=latin-1", latin, {"Set-Cookie": "visited=x; HttpOnly"})
            return
        if path == "/home.html":
            tag = query.get("tag", [""])[0]
            headers |= {
                "Content-Security-Policy-Report-Only": f"img-src 'none'; report-uri /save/{tag}.csp_report",
            }
        self._send(
            status, TYPES.get(suffix, "" if suffix == ".untyped" else TYPES[".html"]), text.encode(), headers
        )

    def _send(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if kind:
            self.send_header("Content-Type", kind)
        if "Content-Length" not in (headers or {}):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _socket(self, path: str) -> None:
        """Shake hands by RFC 6455, and count the first frame as a write."""
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header(
            "Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        )
        self.end_headers()
        self.close_connection = True
        opcode = self.rfile.read(1)
        if opcode and opcode[0] & 0x0F in {1, 2}:
            self.server.wrote(path.rpartition("/")[2])


@contextmanager
def hostile_site() -> Iterator[HostileSite]:
    with HostileSite() as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()
