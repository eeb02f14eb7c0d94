"""What the fault harnesses share: one browser on the mock portals for many runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Playwright

from rpa.engine.guard_rules import Policy, ReadPost
from rpa.engine.sessions import Sessions
from tests.conftest import MockPortals
from tests.faults.faulty_run import Bench, journal_in
from tests.faults.matrix import ARRIVE


@pytest.fixture(scope="module")
def bench(
    _shared_mock: MockPortals,
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Bench]:
    """One browser for all cells."""
    mock = _shared_mock
    posts = (
        ReadPost(method="POST", origin=mock.adp.url, path="/signin/v1/*"),
        ReadPost(method="POST", origin=mock.blackdash.url, path="/login"),
    )
    policy = Policy(origins=frozenset({mock.adp.url, mock.blackdash.url}), read_posts=posts)
    sessions = Sessions(lambda: playwright.chromium.launch(**browser_type_launch_args), policy, ARRIVE)
    yield Bench(mock, sessions, journal_in(tmp_path_factory.mktemp("matrix")))
    sessions.close()
