"""`rpa login` at the real command: a person types, the session serves, what is blocked is said at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Playwright

from tests.cli.at_the_browser import Listener, sit_down, with_a_door
from tests.command import Rpa, class_of
from tests.conftest import HEADLESS_SHELL, MockPortals
from tests.mock_portals.adp_steps import Adp, type_credentials

pytestmark = pytest.mark.skipif(not HEADLESS_SHELL, reason="there is no display for a window")


def test_a_session_begun_by_hand_serves_the_runs(rpa: Rpa, mock: MockPortals, playwright: Playwright) -> None:
    """A person types into the window that opens; plans of the day then need no password."""
    rpa.settings["RPA_SESSION__KEY_FILE"] = "session.key"
    port = with_a_door(rpa)
    command = Listener(rpa.start("login", "adp", "--json"))
    browser, page = sit_down(playwright, port, lambda page: "/signin/" in page.url)
    type_credentials(page, Adp(mock))
    code, out = command.ended()
    browser.close()
    assert (code, '"portal": "adp"' in out) == (0, True), command.heard
    assert mock.adp.password not in "".join([out, *command.heard])
    del rpa.settings["RPA_ADP__PASSWORD"]
    assert rpa.plan(class_of(mock, 1), "--route", "end-date").code == 0


def test_a_sign_in_that_is_kept_from_leaving_is_told(
    rpa: Rpa, mock: MockPortals, playwright: Playwright
) -> None:
    """Whoever waits at a window in which nothing happens is told which POST was blocked, and the mend."""
    rpa.settings |= {"RPA_SESSION__KEY_FILE": "session.key", "RPA_ADP__READ_POSTS": '["POST /another"]'}
    port = with_a_door(rpa)
    command = Listener(rpa.start("login", "adp"))
    browser, page = sit_down(playwright, port, lambda page: "/signin/" in page.url)
    page.get_by_label("User ID", exact=True).fill(mock.adp.username)
    page.get_by_role("button", name="Next", exact=True).click()
    told = command.wait_for(f"POST {mock.adp.url}/signin/v1/userid was kept from leaving")
    assert "read_posts under [adp]" in told
    command.process.kill()
    command.ended()
    browser.close()
