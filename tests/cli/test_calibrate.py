"""`rpa calibrate` at the real command: a click in its browser becomes a line; what is not reached is told."""

from __future__ import annotations

import tomllib

import pytest
from playwright.sync_api import Playwright

from tests.cli.at_the_browser import Listener, sit_down, with_a_door
from tests.command import Rpa, class_of
from tests.conftest import HEADLESS_SHELL, MockPortals

pytestmark = pytest.mark.skipif(not HEADLESS_SHELL, reason="there is no display for a window")
DISCARD = "adp.custom_fields_panel.discard_button"
PICKER_READY_MS = 800


def test_a_click_becomes_a_line_even_for_what_shows_only_now_and_then(
    rpa: Rpa, mock: MockPortals, playwright: Playwright
) -> None:
    """The question that follows typed values is brought about, shown and written; nothing is saved."""
    before = '[adp.locators]\n"adp.home_page.welcome" = \'get_by_role("heading", level=1)\'\n'
    (rpa.folder / "portals.toml").write_text(before, encoding="utf-8")
    port = with_a_door(rpa)
    command = Listener(rpa.start("calibrate", DISCARD, "--agent", class_of(mock, 1)[0], "--yes", "--json"))
    command.wait_for(f"[{DISCARD}]")
    browser, page = sit_down(playwright, port, lambda page: page.url.startswith(f"{mock.adp.url}/theme"))
    button = page.get_by_role("alertdialog", name="Continue without saving?").get_by_role(
        "button", name="Close", exact=True
    )
    box = button.bounding_box()
    assert box is not None
    page.wait_for_timeout(PICKER_READY_MS)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    code, out = command.ended()
    browser.close()
    assert code == 0, (out, command.heard)
    assert (
        DISCARD in tomllib.loads((rpa.folder / "portals.toml").read_text(encoding="utf-8"))["adp"]["locators"]
    )
    (kept,) = rpa.folder.glob("portals.toml.*.before")
    assert kept.read_text(encoding="utf-8") == before
    assert mock.writes() == []


def test_what_was_asked_for_and_not_reached_is_told(rpa: Rpa, mock: MockPortals) -> None:
    """A notice of a save cannot be shown without saving: that is said, and is no success."""
    name = "adp.custom_fields_panel.saved_notice"
    told = rpa("calibrate", name, "--agent", class_of(mock, 1)[0], "--yes")
    assert told.code == 2
    assert f"{name}: not now: shows only when a change was saved" in told.err
