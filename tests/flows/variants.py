"""Editions of the mock portals: the command fitted to one, and the session a person begins on it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page

from rpa.engine.kept_sessions import KeptSessions
from rpa.flows.portal_door import ADP
from rpa.private_files import fernet_key
from tests.command import Rpa
from tests.mock_portals.adp_steps import Adp, type_credentials

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def fitted(rpa: Rpa, variant: str) -> Rpa:
    """The command with the variant's file in the place of every setting that a site has differently."""
    rpa.settings["RPA_PORTALS_FILE"] = str(EXAMPLES / f"{variant}.toml")
    del rpa.settings["RPA_ADP__SETTLE"]
    return rpa


def signed_in_by_hand(page: Page, rpa: Rpa) -> None:
    """The session that `rpa login adp` keeps, begun by a person with a one-time code."""
    mock = rpa.mock
    type_credentials(page, Adp(mock))
    page.get_by_role("button", name="Send me a text message").click()
    page.get_by_label("Passcode", exact=True).fill(mock.account("adp", "step_up").code)
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("heading", name=re.compile("^Welcome, ")).wait_for()
    key_file = rpa.folder / "session.key"
    rpa.settings["RPA_SESSION__KEY_FILE"] = str(key_file)
    kept = KeptSessions(
        folder=rpa.folder / "state" / "sessions",
        key=lambda: fernet_key(key_file),
        lifetime=timedelta(hours=1),
    )
    kept.keep(ADP, f"{mock.adp.url}|{mock.adp.username}", page.context.storage_state())
