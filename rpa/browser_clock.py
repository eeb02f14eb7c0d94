"""A clock for those calls of Playwright that take no timeout, and whose answer may never come."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from playwright.sync_api import BrowserContext, Locator

T = TypeVar("T")


def answer_of(asked: Locator | BrowserContext, call: Coroutine[Any, Any, T], seconds: float) -> T:
    """What the call gives; TimeoutError where it gives nothing in so many seconds, and it is given up then.

    The call is one of the object's own implementation (`_impl_obj`), for the public one cannot be given up.
    """
    given: T = asked._sync(asyncio.wait_for(call, seconds))  # noqa: SLF001 - the one place that needs it
    return given
