"""Calibration: a person's clicks repair what a portal has renamed, and portals.toml remembers them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, Playwright

from rpa.adapters.portals_file import keep_locator
from rpa.domain.examination import Finding, Found, Level
from rpa.engine.guard_rules import Policy, ReadPost
from rpa.engine.sessions import Sessions
from rpa.flows.calibration import Calibration, Picked
from rpa.flows.examination import Examination
from rpa.flows.portal_door import ADP, Access
from rpa.pages.dates import DateFormat
from rpa.pages.declared import declared_elements
from rpa.pages.site import ADP_PATHS, BLACKDASH_PATHS, LABELS, Site, Timeouts
from tests.conftest import MockPortals, StartMock
from tests.flows.variants import EXAMPLES

REMOVED = (
    "adp.menu.people_button",
    "adp.menu.employees_link",
    "adp.people_page.heading",
    "adp.people_page.status_chip",
    "adp.people_page.search",
    "adp.employee_page.shown_id",
    "adp.custom_fields_card.edit_button",
    "adp.custom_fields_panel.shown_id",
    "adp.custom_fields_panel.done",
    "adp.custom_fields_panel.cancel_button",
)
CLICK_NOW = "the picker is ready"


class Person:
    """Clicks with a real mouse on what is asked for, once the picker waits; knows the portal's full file."""

    def __init__(self, sessions: Sessions, truth: dict[str, str]) -> None:
        self._sessions = sessions
        self._truth = truth
        self._asked: str = ""
        self._page: Page | None = None

    def hear(self, sentence: str) -> None:
        """Understand which element is meant, and click it a moment later."""
        if "[" not in sentence:
            return
        self._asked = sentence.rpartition("[")[2].rstrip("]")
        page = self._sessions.page(ADP)
        if page is not self._page:
            page.on("console", self._click)
            self._page = page
        page.evaluate(f"() => {{ setTimeout(() => console.log('{CLICK_NOW}'), 400) }}")

    def _click(self, message: ConsoleMessage) -> None:
        if message.text != CLICK_NOW or self._page is None:
            return
        # The truth is spelled from the top of the page, so that it needs no region.
        from rpa.pages.locator_text import parse_locator  # noqa: PLC0415

        text = self._truth[self._asked]
        box = parse_locator(text, self._asked).locate(self._page, {}).visible.last.bounding_box()
        assert box is not None, self._asked
        self._page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.fixture
def renamed(start_mock: StartMock) -> MockPortals:
    """A portal in which nearly every word is another."""
    return start_mock(variant="renamed")


@pytest.fixture
def sessions(
    playwright: Playwright, browser_type_launch_args: dict[str, Any], renamed: MockPortals
) -> Iterator[Callable[[], Sessions]]:
    """A function that opens a guarded browser on that portal."""
    posts = (
        ReadPost(method="POST", origin=renamed.adp.url, path="/signin/v1/*"),
        ReadPost(method="POST", origin=renamed.blackdash.url, path="/login"),
    )
    policy = Policy(origins=frozenset({renamed.adp.url, renamed.blackdash.url}), read_posts=posts)
    opened: list[Sessions] = []

    def fresh() -> Sessions:
        opened.append(Sessions(lambda: playwright.chromium.launch(**browser_type_launch_args), policy, 10))
        return opened[-1]

    yield fresh
    for one in opened:
        one.close()


def examination(
    mock: MockPortals, sessions: Sessions, locators: dict[str, str], calibration: Calibration | None = None
) -> Examination:
    """An examination of the portal with these locators."""
    told = tomllib.loads((EXAMPLES / "renamed.toml").read_text(encoding="utf-8"))["adp"]
    adp = Site(
        url=mock.adp.url,
        paths=ADP_PATHS,
        labels={**LABELS, **told["labels"]},
        date_format=DateFormat(told["date_format"]),
        locators=locators,
        timeouts=Timeouts(arrive=10, settle=0.7),
    )
    blackdash = replace(
        adp,
        url=mock.blackdash.url,
        paths=BLACKDASH_PATHS,
        labels=LABELS,
        date_format=DateFormat("MM/DD/YYYY"),
        locators={},
    )
    return Examination(
        sessions=sessions,
        on_adp=Access(site=adp, username=mock.adp.username, password=mock.adp.password),
        on_blackdash=Access(
            site=blackdash, username=mock.blackdash.username, password=mock.blackdash.password
        ),
        now=lambda: datetime.now(UTC),
        patience=1.5,
        calibration=calibration,
    )


def missing(findings: list[Finding]) -> list[str]:
    """The declared locators that were not found."""
    return [
        one.subject for one in findings if one.subject in declared_elements() and one.level is not Level.OK
    ]


def test_ten_of_ten_removed_names_are_repaired_by_clicks(
    renamed: MockPortals, sessions: Callable[[], Sessions], tmp_path: Path
) -> None:
    """One click for each name that the portal has otherwise; then everything is found, nothing is written."""
    full = tomllib.loads((EXAMPLES / "renamed.toml").read_text(encoding="utf-8"))["adp"]["locators"]
    fitted = {name: text for name, text in full.items() if name not in REMOVED}
    path = tmp_path / "portals.toml"
    path.write_text('# ours\n[adp]\nurl = "https://adp.example.invalid"\n', encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    session = sessions()
    person = Person(session, {name: _from_the_top(full[name], name) for name in REMOVED})

    def keep(picked: Picked) -> None:
        keep_locator(path, picked.name, picked.text, f"today on {picked.page}", tmp_path / "before")

    calibration = Calibration(tell=person.hear, accept=lambda _: True, keep=keep, fitted=fitted)
    walked = examination(renamed, session, fitted, calibration)
    found = walked.examine()
    assert missing(found) == []
    assert sorted(calibration.mended) == sorted(REMOVED)
    kept = tomllib.loads(path.read_text(encoding="utf-8"))["adp"]["locators"]
    assert set(kept) == set(REMOVED)
    assert walked.agent not in path.read_text(encoding="utf-8")
    assert "#/people" not in path.read_text(encoding="utf-8"), "a record's address names its person"
    assert (tmp_path / "before").read_text(encoding="utf-8") == before
    assert path.read_text(encoding="utf-8").startswith(before)
    session.close()
    others = {name: text for name, text in full.items() if name not in REMOVED}
    assert missing(examination(renamed, sessions(), {**others, **kept}).examine()) == []
    assert renamed.writes() == []


def _from_the_top(text: str, name: str) -> str:
    """A locator of the open panel or card, spelled for the whole page."""
    if name.startswith("adp.custom_fields_panel."):
        return f'get_by_role("dialog", name="Additional Information").{text}'
    if name.startswith("adp.custom_fields_card."):
        return f'get_by_role("region", name="Additional Information").{text}'
    return text


def test_what_is_refused_is_not_kept(renamed: MockPortals, sessions: Callable[[], Sessions]) -> None:
    """A click that the person does not confirm changes nothing, and the locator stays missing."""
    full = tomllib.loads((EXAMPLES / "renamed.toml").read_text(encoding="utf-8"))["adp"]["locators"]
    name = "adp.menu.people_button"
    fitted = {key: text for key, text in full.items() if key != name}
    session = sessions()
    kept: list[Picked] = []
    calibration = Calibration(
        tell=Person(session, full).hear, accept=lambda _: False, keep=kept.append, fitted=fitted
    )
    found = examination(renamed, session, fitted, calibration).examine()
    assert kept == []
    assert next(one for one in found if one.subject == name).what.startswith(Found.NONE)
