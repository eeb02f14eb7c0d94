"""Every way to write times every way to leave: behind the wall, without it, and with the process killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rpa.engine.guard import Guard
from tests.engine.conftest import hostile_policy
from tests.engine.hostile_site import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.engine.conftest import Launch
    from tests.engine.hostile_site import HostileSite

WAYS = frozenset(re.findall(r"^  (\w+): (?:async )?\(way\)", (HERE / "ways.js").read_text(), re.MULTILINE))
LEAVING = frozenset(way for way in WAYS if way.startswith("leave_"))
AT_ONCE = WAYS - LEAVING | {"csp_report"}

# Ways that Chromium itself did not send, guard or not; found by running the table without the guard.
NEVER = {"get_manifest", "prerender", "speculative_prefetch", "leave_pagehide_form", "leave_pagehide_xhr"}
BEFORE_UNLOAD = {"leave_beforeunload_beacon", "leave_beforeunload_keepalive"}
SILENT = {
    "goto": NEVER,
    "blank": NEVER,
    "page": NEVER | BEFORE_UNLOAD,
    "context": NEVER | BEFORE_UNLOAD | {"leave_frame", "leave_frame_srcdoc"},  # these two come at times
    "browser": NEVER | LEAVING,  # some come at times
    "offline": NEVER | BEFORE_UNLOAD | {"leave_fetch_later", "leave_fetch_later_get", "leave_socket"},
}
# With their context, requests that wait at the wall end before Python hears of them.
UNTOLD = {"context": LEAVING, "browser": LEAVING}
# Playwright keeps service workers from starting; the popup leaves only when the context does; a plain fetch
# of `pagehide` or `unload` is a race with the end of its page, which Chromium wins at times.
RACES = {"leave_pagehide_fetch", "leave_unload_fetch"}
NOT_TRIED = {"service_worker", "socket_service_worker", "leave_popup", *RACES}


def leave(how: str, page: Page, elsewhere: str) -> None:
    """Leave the page in one of the ways that a flow, an error or the end of a run may."""
    match how:
        case "goto":
            page.goto(elsewhere)
        case "blank":
            page.goto("about:blank")
        case "page":
            page.close()
        case "context":
            page.context.close()
        case "browser":
            browser = page.context.browser
            assert browser is not None
            browser.close()
        case "offline":
            page.context.set_offline(offline=True)
            page.goto("about:blank")
            page.context.set_offline(offline=False)


def written(site: HostileSite, tag: str) -> set[str]:
    return {name.partition(".")[2] for name in site.writes if name.startswith(f"{tag}.")}


def told(guard: Guard, tag: str) -> set[str]:
    return {found[1] for blocked in guard.blocked if (found := re.search(rf"/{tag}\.(\w+)$", blocked.url))}


def load(page: Page, site: HostileSite, tag: str) -> None:
    page.goto(f"{site.origin}/home.html?tag={tag}")
    page.evaluate("arm()")


def test_the_table_is_the_page_s_own(open_browser: Browser, hostile: HostileSite) -> None:
    """The names tested are exactly the names that the page tries."""
    page = open_browser.new_page()
    page.goto(f"{hostile.origin}/home.html")
    at_once, leaving = page.evaluate("names()")
    assert {*at_once, "csp_report"} == AT_ONCE
    assert set(leaving) == LEAVING


def test_without_the_guard_every_way_writes(open_browser: Browser, hostile: HostileSite) -> None:
    """The table is honest: unguarded, what is tried at once reaches the server."""
    page = open_browser.new_page()
    page.goto(f"{hostile.origin}/home.html?tag=open")
    page.evaluate("fire()")
    expected = {f"open.{way}" for way in AT_ONCE - NEVER}
    assert expected - hostile.wait_for(expected, 20) == set()


@pytest.mark.parametrize(
    "how",
    [
        how if how == "blank" else pytest.param(how, marks=pytest.mark.soak)
        for how in SILENT
        if how != "browser"
    ],
)
def test_without_the_guard_leaving_writes(how: str, open_browser: Browser, hostile: HostileSite) -> None:
    """The table is honest: unguarded, what is tried on leaving reaches the server, if not each time."""
    tag = f"open_{how}"
    expected = {f"{tag}.{way}" for way in LEAVING - SILENT[how] - NOT_TRIED}
    for _ in range(5):
        context = open_browser.new_context()
        page = context.new_page()
        load(page, hostile, tag)
        leave(how, page, f"{hostile.origin}/other.html")
        if hostile.wait_for(expected, 6) == expected:
            break
        context.close()
    assert expected - hostile.writes == set()


@pytest.mark.parametrize("how", SILENT)
def test_behind_the_guard_nothing_is_written(how: str, launch: Launch, hostile: HostileSite) -> None:
    """No way to write arrives, left at leisure or in haste, and every refusal is told."""
    calm, hasty = f"calm_{how}", f"hasty_{how}"
    expected = AT_ONCE - SILENT[how] - NOT_TRIED
    with launch() as browser:
        guard = Guard.install(browser, hostile_policy(hostile))
        for tag in ("hasty", "calm"):
            context = browser.new_context(**guard.context_options())
            guard.secure(context)
            page = context.new_page()
            load(page, hostile, f"{tag}_{how}")
            page.evaluate("fire()")
            if tag == "calm":
                wait_until_told(page, guard, calm, expected)
            if tag == "calm" or how != "browser":
                leave(how, page, f"{hostile.origin}/other.html")
        missing = expected | (LEAVING - SILENT[how] - NOT_TRIED - UNTOLD.get(how, set()))
        if how != "browser":
            wait_until_told(browser.new_page(), guard, calm, missing)
        assert missing - told(guard, calm) == set()
    hostile.wait_for({"nothing of the kind"}, 0.7)  # what is under way may still arrive
    assert written(hostile, calm) | written(hostile, hasty) == set()


def wait_until_told(page: Page, guard: Guard, tag: str, names: set[str] | frozenset[str]) -> None:
    """Let Playwright work until the guard has told of all of them, or time is up."""
    for _ in range(80):
        if names <= told(guard, tag):
            return
        page.wait_for_timeout(100)


# --- the process is killed ---


@pytest.fixture
def killed(hostile: HostileSite, chromium_path: str | None) -> Iterator[Processes]:
    processes = Processes(hostile.origin, chromium_path or "")
    yield processes
    processes.end()


class Processes:
    """Guarded processes and the browsers they leave behind, known by a mark in their environment."""

    def __init__(self, origin: str, chromium: str) -> None:
        self.mark = f"GUARD_TEST={uuid.uuid4()}"
        self._arguments = [origin, chromium]
        self._started: list[subprocess.Popen[str]] = []

    def start(self, mode: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.engine.guarded_process", *self._arguments, mode]
        name, _, value = self.mark.partition("=")
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, name: value},
        )
        self._started.append(process)
        return process

    def left_behind(self) -> list[int]:
        """Ids of those that still run, browsers included."""
        marked = []
        for environ in Path("/proc").glob("[0-9]*/environ"):
            try:
                if self.mark.encode() in environ.read_bytes():
                    marked.append(int(environ.parent.name))
            except (OSError, ValueError):  # gone meanwhile, or not ours to read
                continue
        return marked

    def end(self) -> None:
        for process in self._started:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
        for left in self.left_behind():
            os.kill(left, signal.SIGKILL)


def wait_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


@pytest.mark.skipif(os.name == "nt", reason="signals of a POSIX system")
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_a_killed_run_writes_nothing(how: str, killed: Processes, hostile: HostileSite) -> None:
    """The process is killed while writes wait at the wall, heard or unheard: none arrives."""
    hostile.writes.clear()
    processes = [killed.start("guarded"), killed.start("stalled")]
    for process in processes:
        wait_ready(process)
    hostile.wait_for({"nothing of the kind"}, 0.5)  # let writes pile up at the wall
    for process in processes:
        process.send_signal(getattr(signal, how))
    for process in processes:
        process.wait(20)
    for _ in range(100):
        if not killed.left_behind():
            break
        hostile.wait_for({"nothing of the kind"}, 0.1)
    assert killed.left_behind() == []
    assert hostile.writes == set()


def test_the_killed_page_writes_when_unguarded(killed: Processes, hostile: HostileSite) -> None:
    """The page of the killed runs really writes."""
    wait_ready(killed.start("unguarded"))
    assert hostile.wait_for({"unguarded.loop"}, 10)
