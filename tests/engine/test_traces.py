"""Traces on demand: one file an agent, and nothing secret in any of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

from rpa.engine.log import Redaction
from rpa.engine.traces import Traces, remove_raw, scrub

PASSWORD = 'tr4ce"c&nary'
SESSION = "s3ssion-c4nary-0123456789"


class Site(BaseHTTPRequestHandler):
    """A page that sets a session, shows it, and sends what is typed."""

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """The page."""
        self.answer(
            f"<p>{SESSION}</p><input aria-label='Secret'><button onclick='send()'>Send</button>"
            "<script>async function send() { await fetch('/', {method: 'POST', body: JSON.stringify("
            "{typed: document.querySelector('input').value})}); document.title = 'sent' }</script>"
        )

    def do_POST(self) -> None:
        """Take what is sent."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer("taken")

    def answer(self, text: str) -> None:
        """Any answer, with the session."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Set-Cookie", f"SESSION={SESSION}; HttpOnly")
        self.end_headers()
        self.wfile.write(text.encode())


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser(playwright: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    browser = playwright.chromium.launch(**browser_type_launch_args)
    yield browser
    browser.close()


@pytest.fixture
def context(browser: Browser) -> BrowserContext:
    return browser.new_context()


def parts(trace: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(trace) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_nothing_secret_is_kept(tmp_path: Path, context: BrowserContext, address: str) -> None:
    """A password that was typed and sent, and a session in headers and page, are in no part of the trace."""
    traces = Traces(tmp_path, Redaction([PASSWORD]))
    traces.watch(context)
    traces.next_agent()
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Secret").fill(PASSWORD)
    page.get_by_role("button").click()
    page.wait_for_function("document.title === 'sent'")
    page.reload()
    traces.close()
    content = parts(tmp_path / "agent-001-1.zip")
    everything = b"".join(content.values())
    assert b"[removed]" in everything
    for secret in (PASSWORD, quote(PASSWORD), json.dumps(PASSWORD)[1:-1], SESSION):
        assert secret.encode() not in everything
    assert [path.name for path in tmp_path.iterdir()] == ["agent-001-1.zip"]
    assert (tmp_path / "agent-001-1.zip").stat().st_mode & 0o077 == 0


def test_what_is_left_is_a_trace(tmp_path: Path, context: BrowserContext, address: str) -> None:
    """The scrubbed trace still tells what was done, line by line, as the trace viewer reads it."""
    traces = Traces(tmp_path, Redaction([PASSWORD]))
    traces.watch(context)
    traces.next_agent()
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Secret").fill("harmless")
    traces.close()
    content = parts(tmp_path / "agent-001-1.zip")
    told = [json.loads(line) for line in content["trace.trace"].splitlines()]
    assert {"goto", "fill"} <= {line.get("method") for line in told}
    asked = [json.loads(line)["snapshot"]["request"]["url"] for line in content["trace.network"].splitlines()]
    assert address in asked


def test_no_sign_in_is_recorded(tmp_path: Path, context: BrowserContext, address: str) -> None:
    """What happens in an unrecorded block is in no trace, even where its words are no known secrets."""
    traces = Traces(tmp_path, Redaction([]))
    traces.watch(context)
    traces.next_agent()
    page = context.new_page()
    page.goto(address)
    with traces.unrecorded():
        page.get_by_label("Secret").fill("a one-time code")
        page.get_by_role("button").click()
        page.wait_for_function("document.title === 'sent'")
        page.goto("about:blank")
    page.goto(address)
    traces.close()
    kept = sorted(tmp_path.iterdir())
    assert [path.name for path in kept] == ["agent-001-1.zip", "agent-001-2.zip"]
    assert not any(b"one-time" in content for path in kept for content in parts(path).values())


@pytest.mark.parametrize("gone", [lambda one: one.close(), lambda one: one.browser.close()])
def test_a_browser_that_is_gone_costs_a_trace_and_no_agent(
    tmp_path: Path, context: BrowserContext, gone: Callable[[BrowserContext], None]
) -> None:
    """A trace that the browser took with it is left out, and nothing raw stays behind."""
    traces = Traces(tmp_path, Redaction([]))
    traces.watch(context)
    traces.next_agent()
    gone(context)
    traces.next_agent()
    traces.close()
    assert list(tmp_path.iterdir()) == []


def test_a_line_is_a_line_of_the_file(tmp_path: Path) -> None:
    """Signs that Python takes for line ends too stand inside the JSON of a trace, and break none."""
    raw, kept = tmp_path / "raw.zip", tmp_path / "kept.zip"
    line = json.dumps({"text": "one\u2028two\u0085three"}, ensure_ascii=False)
    with zipfile.ZipFile(raw, "w") as trace:
        trace.writestr("trace.trace", f"{line}\n{line}\n")
    scrub(raw, kept, Redaction([]))
    with zipfile.ZipFile(kept) as trace:
        told = trace.read("trace.trace").decode()
    assert [json.loads(one) for one in told.split("\n") if one] == [json.loads(line)] * 2


def test_raw_trace_of_a_killed_process_is_removed(tmp_path: Path) -> None:
    """What a process left unscrubbed when it was killed goes; one that another process scrubs now stays."""
    traces = tmp_path / "20261123-a-plan"
    traces.mkdir()
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    dead = traces / f"agent-001-1.{ended.pid}.raw"
    living = traces / f"agent-001-2.{os.getpid()}.raw"
    clean = traces / "agent-001-1.zip"
    for path in (dead, living, clean, traces / "agent-002-1.raw"):
        path.write_text("cookies")
    remove_raw(tmp_path)
    assert set(traces.iterdir()) == {living, clean}
    remove_raw(tmp_path / "not there")
