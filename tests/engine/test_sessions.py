"""Browsers and pages that die under a command: replaced behind a proven guard, or told clearly."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import TimeoutError as BrowserTimeout

from rpa.cli import desk
from rpa.domain.errors import BrowserLost, GuardBroken, PortalFailed, UsageError
from rpa.engine.guard import CANARY, Blocked, Guard
from rpa.engine.sessions import Sessions, new_page
from rpa.engine.watchdog import Watchdog
from tests.engine.conftest import hostile_policy
from tests.engine.hostile_site import HostileSite

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

PORTAL = "ADP"
POST = "fetch('/write/after-all', {method: 'POST'}).then(() => 'sent', error => 'refused')"

Launch = Callable[[], "Browser"]


@pytest.fixture
def start(playwright: Playwright, browser_type_launch_args: dict[str, Any]) -> Launch:
    return lambda: playwright.chromium.launch(**browser_type_launch_args)


@pytest.fixture
def sessions(start: Launch, hostile: HostileSite) -> Iterator[Sessions]:
    opened = Sessions(start, hostile_policy(hostile), 5)
    yield opened
    opened.close()


def kill_browser(sessions: Sessions) -> None:
    """Its process ends at once."""
    with suppress(BrowserError):
        sessions._browser.new_browser_cdp_session().send("Browser.crash")


def crash_page(page: Page) -> None:
    """Its process ends; the browser lives on."""
    with suppress(BrowserError):
        page.goto("chrome://crash", timeout=5000)
    with suppress(BrowserError):
        page.wait_for_timeout(5000)  # ends as soon as the crash is known


def judged_first(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The path of each guard's first request, kept from now on."""
    first: dict[Guard, str] = {}
    judge = Guard._judge

    def noted(self: Guard, event: dict[str, Any]) -> None:
        first.setdefault(self, event["request"]["url"])
        judge(self, event)

    monkeypatch.setattr(Guard, "_judge", noted)
    return first.values()  # type: ignore[return-value]


def test_dead_browser_is_replaced_behind_a_proven_guard(
    sessions: Sessions, hostile: HostileSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next look finds another browser; the first thing that it sends is the trial write, refused."""
    sessions.page(PORTAL).goto(f"{hostile.origin}/other.html")
    old = sessions.guard
    kill_browser(sessions)
    first = judged_first(monkeypatch)
    page = sessions.page(PORTAL)
    assert sessions.guard is not old
    assert list(first) == [hostile.origin + CANARY]
    page.goto(f"{hostile.origin}/other.html")
    assert page.evaluate(POST) == "refused"
    assert hostile.wait_for({"after-all"}, 0.2) == set()


def test_new_browser_whose_guard_does_not_hold_is_not_used(
    sessions: Sessions, hostile: HostileSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the trial write is not refused in the new browser, nothing is done in it, now or later."""
    sessions.page(PORTAL)
    kill_browser(sessions)
    monkeypatch.setattr("rpa.engine.guard.refusal", lambda *_about, **_more: None)
    for _ in range(2):
        with pytest.raises(GuardBroken):
            sessions.page(PORTAL)
    assert not sessions.has(PORTAL)


def test_what_was_blocked_is_not_forgotten_with_its_browser(sessions: Sessions) -> None:
    """A write that the first browser's guard has refused is still told after a second one has taken over."""
    sessions.page(PORTAL)
    sessions.guard.blocked.append(Blocked("POST", "http://portal/autosave", "writing is closed"))
    kill_browser(sessions)
    sessions.page(PORTAL)
    assert [blocked.url for blocked in sessions.guard.surprises()] == ["http://portal/autosave"]


def test_browsers_that_die_one_after_the_other_stop_the_command(sessions: Sessions) -> None:
    """The fourth browser of one row is not started; a new row may begin with others again."""
    for _ in range(3):
        sessions.page(PORTAL)
        kill_browser(sessions)
    sessions.page(PORTAL)
    kill_browser(sessions)
    with pytest.raises(BrowserLost, match="4 times"):
        sessions.page(PORTAL)
    sessions.new_row()
    assert sessions.page(PORTAL).url == "about:blank"


def test_browser_that_cannot_be_replaced_is_told(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that cannot be started again stops the command with the reason, and with `rpa resume`."""

    def fails() -> Browser:
        raise UsageError("Chromium does not start: it was uninstalled.")

    sessions.page(PORTAL)
    kill_browser(sessions)
    monkeypatch.setattr(sessions, "_launch", fails)
    with pytest.raises(BrowserLost, match="uninstalled") as told:
        sessions.page(PORTAL)
    assert "rpa resume" in told.value.next_step


def test_browser_without_its_guard_is_ended(start: Launch, hostile: HostileSite) -> None:
    """A browser that the guard cannot be put around is not left behind running."""
    browsers: list[Browser] = []

    def with_a_page() -> Browser:
        browsers.append(start())
        browsers[0].new_page()
        return browsers[0]

    with pytest.raises(GuardBroken, match="pages open"):
        Sessions(with_a_page, hostile_policy(hostile), 5)
    assert not browsers[0].is_connected()


def test_crashed_page_is_replaced_in_its_session(sessions: Sessions, hostile: HostileSite) -> None:
    """Another page takes over with the cookies of the crashed one, so nobody has to sign in again."""
    page = sessions.page(PORTAL)
    page.goto(f"{hostile.origin}/other.html")
    page.context.add_cookies([{"name": "session", "value": "1", "url": hostile.origin}])
    guard = sessions.guard
    crash_page(page)
    again = sessions.page(PORTAL)
    assert again is not page
    again.goto(f"{hostile.origin}/other.html")
    assert again.evaluate("document.cookie") == "session=1"
    assert sessions.guard is guard


def test_frozen_page_is_replaced_in_its_session(sessions: Sessions, hostile: HostileSite) -> None:
    """A page whose script never ends is closed, for it can go nowhere; the next one has its session."""
    page = sessions.use(PORTAL)
    page.goto(f"{hostile.origin}/other.html")
    page.context.add_cookies([{"name": "session", "value": "1", "url": hostile.origin}])
    page.evaluate("setTimeout(() => { for (;;); }, 0)")
    with pytest.raises(BrowserTimeout) as error:
        page.get_by_text("Nowhere").click(timeout=500)
    failure = sessions.explain(error.value)
    assert isinstance(failure, PortalFailed)
    assert "stopped answering" in failure.what
    again = sessions.use(PORTAL)
    assert again is not page
    again.goto(f"{hostile.origin}/other.html")
    assert again.evaluate("document.cookie") == "session=1"


def test_page_that_lacks_something_is_kept(sessions: Sessions, hostile: HostileSite) -> None:
    """A page that answers and only does not show what was expected stays as it is."""
    page = sessions.use(PORTAL)
    page.goto(f"{hostile.origin}/other.html")
    with pytest.raises(BrowserTimeout) as error:
        page.get_by_text("Nowhere").click(timeout=500)
    assert "did not show" in str(sessions.explain(error.value))
    assert sessions.page(PORTAL) is page


def test_page_that_waits_for_the_portal_is_kept(sessions: Sessions, hostile: HostileSite) -> None:
    """A page whose next one is never answered has not hung: it is the portal that is late."""
    page = sessions.use(PORTAL)
    page.goto(f"{hostile.origin}/other.html")
    page.route("**/late", lambda _: None)
    with pytest.raises(BrowserTimeout) as error:
        page.goto(f"{hostile.origin}/late", timeout=1000)
    assert "did not show" in str(sessions.explain(error.value))
    assert sessions.page(PORTAL) is page


def test_page_that_never_opens_is_given_up(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that dies while it opens a page never says so: the call is given up by the clock."""
    context = sessions.page(PORTAL).context

    async def never() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(context._impl_obj, "new_page", never)
    with pytest.raises(BrowserError, match="No page was opened"):
        new_page(context, 0.5)
    monkeypatch.undo()
    assert new_page(context, 5).url == "about:blank"


def test_call_that_nothing_ends_ends_with_its_browser(start: Launch, hostile: HostileSite) -> None:
    """A question without a limit to a frozen page is given up in the end, and another browser takes over."""
    watchdog = Watchdog(2)
    sessions = Sessions(start, hostile_policy(hostile), 5, watchdog=watchdog)
    page = sessions.use(PORTAL)
    page.goto(f"{hostile.origin}/other.html")
    sessions.wait(3)  # that long on purpose
    assert page.locator("html").count() == 1
    page.evaluate("setTimeout(() => { for (;;); }, 0)")
    with pytest.raises(BrowserError) as error:
        page.locator("html").count()
    assert "browser has ended" in str(sessions.explain(error.value))
    assert sessions.page(PORTAL).locator("html").count() == 1
    sessions.close()
    watchdog.close()


def test_person_may_look_for_the_code_as_long_as_he_likes(
    start: Launch, hostile: HostileSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser that waits for a one-time code is not taken for one that hangs."""
    watchdog = Watchdog(1)
    sessions = Sessions(start, hostile_policy(hostile), 5, watchdog=watchdog)
    page = sessions.page(PORTAL)

    def slow(_question: str) -> str:
        threading.Event().wait(2.5)
        return "123456"

    monkeypatch.setattr(desk, "asked_secret", slow)
    assert desk._ask_code(sessions) == "123456"
    assert page.locator("html").count() == 1
    sessions.close()
    watchdog.close()


@pytest.mark.parametrize("what", ["page", "context"])
def test_window_that_a_person_closed_is_opened_again(sessions: Sessions, what: str) -> None:
    """A page that was closed, alone or with its whole window, is replaced by the next look."""
    page = sessions.page(PORTAL)
    (page if what == "page" else page.context).close()
    assert sessions.page(PORTAL).url == "about:blank"


def test_waiting_outlives_the_browser(sessions: Sessions) -> None:
    """A browser that dies while the clock waits raises nothing: the next look replaces it."""
    sessions.page(PORTAL)
    kill_browser(sessions)
    sessions.wait(0.01)
    sessions.wait(0.01)
    assert not sessions.has(PORTAL)


def test_error_of_a_dead_browser_is_one_that_is_tried_again(sessions: Sessions) -> None:
    """What a look meets when its browser is gone is named so, and is a failure that reading repeats."""
    page = sessions.use(PORTAL)
    kill_browser(sessions)
    with pytest.raises(BrowserError) as error:
        page.goto("about:blank")
    failure = sessions.explain(error.value)
    assert isinstance(failure, PortalFailed)
    assert "browser has ended" in failure.what


def test_a_rest_that_a_page_has_hidden_is_known(sessions: Sessions, hostile: HostileSite) -> None:
    """Whatever a page makes of a 429, the rest that the portal asked for is told, until it is forgotten."""
    page = sessions.use(PORTAL)
    page.goto(f"{hostile.origin}/other.html")
    page.route("**/list", lambda route: route.fulfill(status=429, headers={"Retry-After": "30"}))
    assert sessions.busy() is None
    assert page.evaluate("fetch('/list').then(answer => answer.status)") == 429
    busy = sessions.busy()
    assert busy is not None
    assert busy.retry_after == 30
    sessions.forget_trouble(PORTAL)
    assert sessions.busy() is None


def test_driver_that_has_ended_is_told(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that says it is connected, and does not answer, has lost its driver: the run stops."""

    def unanswered() -> None:
        raise BrowserError("Playwright connection closed")

    sessions.use(PORTAL)
    monkeypatch.setattr(sessions._browser, "new_browser_cdp_session", unanswered)
    failure = sessions.explain(BrowserError("Playwright connection closed"))
    assert isinstance(failure, BrowserLost)
    assert "Playwright" in failure.what
