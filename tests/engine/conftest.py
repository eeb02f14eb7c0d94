"""Browsers of their own for what is tested below the pages: the guard is for a whole browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from rpa.engine.guard import Guard, Policy, ReadPost
from tests.engine.hostile_site import HostileSite, hostile_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

Launch = Callable[[], AbstractContextManager["Browser"]]


@dataclass(frozen=True)
class Walled:
    """A page of the hostile site in a secured context behind the guard."""

    guard: Guard
    page: Page


@pytest.fixture(scope="session")
def chromium_path(browser_type_launch_args: dict[str, Any]) -> str | None:
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), None) or browser_type_launch_args.get("executable_path")


@pytest.fixture(scope="session")
def launch(
    playwright: Playwright, browser_type_launch_args: dict[str, Any], chromium_path: str | None
) -> Launch:
    @contextmanager
    def start() -> Iterator[Browser]:
        browser = playwright.chromium.launch(**{**browser_type_launch_args, "executable_path": chromium_path})
        try:
            yield browser
        finally:
            browser.close()

    return start


@pytest.fixture(scope="module")
def hostile() -> Iterator[HostileSite]:
    with hostile_site() as site:
        yield site


@pytest.fixture
def open_browser(launch: Launch) -> Iterator[Browser]:
    with launch() as browser:
        yield browser


@pytest.fixture
def walled(open_browser: Browser, hostile: HostileSite) -> Walled:
    guard = Guard.install(open_browser, hostile_policy(hostile))
    context = open_browser.new_context(**guard.context_options())
    guard.secure(context)
    page = context.new_page()
    page.goto(f"{hostile.origin}/other.html")
    return Walled(guard, page)


def hostile_policy(site: HostileSite) -> Policy:
    search = ReadPost(method="POST", origin=site.origin, path="/search/*")
    return Policy(origins=frozenset({site.origin}), read_posts=(search,))
