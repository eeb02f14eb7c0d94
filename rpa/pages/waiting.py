"""Waiting for whichever of several things a screen shows first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Literal

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as BrowserTimeout

from rpa.browser_clock import answer_of

# Playwright looks after 0, 20, 120 and 220 ms, and from then on every 500 only: half a second lost at
# each screen. Waits that are shorter than that, begun again, look every 100.
SHORT_MS = 250.0
LOOK_AGAIN_MS = 30.0
LONGEST_LOOK_MS = 30_000.0


def whichever(things: Mapping[str, Locator], timeout_ms: float) -> str:
    """The name of the first thing of the mapping that shows, once any of them does.

    Playwright's TimeoutError when none does in time. Each is looked at by itself, for Playwright joins no
    locators (`or_`) of which one is in a frame; two may show at once.
    """
    page = next(iter(things.values())).page
    end = monotonic() + timeout_ms / 1000
    while monotonic() < end:
        for name, locator in things.items():
            if shows(locator.visible.first, timeout_ms):
                return name
        page.wait_for_timeout(LOOK_AGAIN_MS)
    raise BrowserTimeout(f"None of these showed in {timeout_ms:g} ms: {', '.join(things)}.")


def comes_true(page: Page, condition: Callable[[], bool], timeout_ms: float) -> bool:
    """Whether the condition holds at last, asked again and again for so long."""
    end = monotonic() + timeout_ms / 1000
    while not condition():
        if monotonic() >= end:
            return False
        page.wait_for_timeout(LOOK_AGAIN_MS)
    return True


def shows(locator: Locator, timeout_ms: float = LONGEST_LOOK_MS) -> bool:
    """Whether the locator shows now; Playwright's TimeoutError where even that cannot be told in time.

    While a portal leaves a page's navigation without any answer, Playwright's own `is_visible` never comes
    back, and it takes no timeout.
    """
    look = locator._impl_obj.is_visible(None)  # noqa: SLF001 - the public call cannot be given up
    try:
        return bool(answer_of(locator, look, timeout_ms / 1000))
    except TimeoutError:
        raise BrowserTimeout(f"The page told nothing in {timeout_ms:g} ms.") from None


def await_soon(locator: Locator, timeout_ms: float, state: Literal["visible", "hidden"] = "visible") -> None:
    """Return as soon as the locator shows, or is gone; Playwright's TimeoutError when not in time."""
    left = timeout_ms
    while left > SHORT_MS:
        try:
            locator.wait_for(state=state, timeout=SHORT_MS)
        except BrowserTimeout:
            left -= SHORT_MS
        else:
            return
    locator.wait_for(state=state, timeout=left)
