"""Waiting for whichever of several things a screen shows first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from playwright.sync_api import Locator


def whichever(things: Mapping[str, Locator], timeout_ms: float) -> str:
    """The name of the first thing of the mapping that shows, once any of them does.

    Playwright's TimeoutError when none does in time.
    """
    anything = reduce(lambda left, right: left.or_(right), things.values())
    while True:
        # Any of them will do, and two may show at once: not strict on purpose.
        anything.visible.first.wait_for(timeout=timeout_ms)
        for name, locator in things.items():
            if locator.visible.first.is_visible():
                return name
