"""Flows in this process, on a guarded browser of their own and the mock portals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Playwright

from rpa.engine.guard_rules import Policy, ReadPost
from rpa.engine.sessions import Sessions
from rpa.flows.portal_door import Access
from rpa.flows.portals import Portals
from rpa.pages.site import ADP_PATHS, BLACKDASH_PATHS, LABELS, Site, Timeouts
from tests.conftest import MockPortals, SignIn

Launch = Callable[[MockPortals], tuple[Portals, Sessions]]


PATIENT = Timeouts(arrive=10, settle=0.7)


def portals_on(
    mock: MockPortals, sessions: Sessions, timeouts: Timeouts = PATIENT, adp: SignIn | None = None
) -> Portals:
    """The portals, signed in to when they are first used: as the ESP manager, or as `adp` in ADP."""
    adp_account = adp or mock.adp
    adp_site = Site(url=mock.adp.url, paths=ADP_PATHS, labels=LABELS, timeouts=timeouts)
    blackdash = Site(url=mock.blackdash.url, paths=BLACKDASH_PATHS, labels=LABELS, timeouts=timeouts)
    return Portals(
        sessions,
        adp=Access(site=adp_site, username=adp_account.username, password=adp_account.password),
        blackdash=Access(site=blackdash, username=mock.blackdash.username, password=mock.blackdash.password),
    )


@pytest.fixture
def launch(playwright: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Launch]:
    """Opens the portals of a mock in a guarded browser."""
    open_ones: list[Sessions] = []

    def opened(mock: MockPortals) -> tuple[Portals, Sessions]:
        posts = (
            ReadPost(method="POST", origin=mock.adp.url, path="/signin/v1/*"),
            ReadPost(method="POST", origin=mock.blackdash.url, path="/login"),
        )
        policy = Policy(origins=frozenset({mock.adp.url, mock.blackdash.url}), read_posts=posts)
        sessions = Sessions(lambda: playwright.chromium.launch(**browser_type_launch_args), policy, 10)
        open_ones.append(sessions)
        return portals_on(mock, sessions), sessions

    yield opened
    for sessions in open_ones:
        sessions.close()
