"""The desk of a command that works on the portals: an office, a guarded browser, and the account held."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from rpa.cli.office import Office
from rpa.cli.options import asked_secret
from rpa.cli.sites import accounts, policy_of, site_of
from rpa.engine.browser import BrowserChoice, find_browser, launch
from rpa.engine.clock import Clock
from rpa.engine.lock import Lock
from rpa.engine.passwords import Password
from rpa.engine.reading import Limits
from rpa.engine.sessions import Sessions
from rpa.engine.watchdog import Watchdog
from rpa.flows.portal_door import ADP, BLACKDASH, Access
from rpa.flows.portals import Portals
from rpa.pages.site import Site, origin
from rpa.setting_groups import PortalSettings
from rpa.setting_model import Settings

MOST_STEPS = 40
LEAST_PATIENCE = 600.0


@dataclass(frozen=True)
class Desk:
    """An office with a browser: portals to work on, and a clock that waits with them."""

    office: Office
    sessions: Sessions
    portals: Portals
    clock: Clock
    limits: Limits
    still_mine: Callable[[], None]
    browser: str = ""

    @property
    def tenant(self) -> dict[str, str]:
        """Which portals and accounts a plan belongs to."""
        settings = self.office.settings
        return {
            "adp": origin(settings.adp.url),
            "adp_account": settings.adp.username,
            "blackdash": origin(settings.blackdash.url),
        }

    @property
    def plan_lifetime(self) -> timedelta:
        return timedelta(hours=self.office.settings.plan.lifetime_hours)


@contextmanager
def opened(office: Office, holder: str, *, visible: bool = False, afresh: bool = False) -> Iterator[Desk]:
    """A desk with a guarded browser, closed at the end whatever happens.

    The account is held under this name meanwhile (Busy where another has it): a second sign-in, even one
    that only reads, would end the session of the first. `visible` shows the browser whatever is set,
    `afresh` leaves kept sessions alone.
    """
    from playwright.sync_api import sync_playwright

    settings = office.settings
    sites = (site_of("adp", settings.adp), site_of("blackdash", settings.blackdash))
    choice = BrowserChoice(
        channel=settings.browser.channel,
        path=settings.browser.path,
        ws_endpoint=settings.browser.ws_endpoint.get_secret_value(),
        headless=settings.browser.headless and not visible,
    )
    account = f"{sites[0].origin}|{settings.adp.username.casefold()}"
    with (
        Lock(office.journal, account, doing="works with this account").held(holder) as still_mine,
        office.journal.fenced(still_mine.check_in),
        office.logging(),
        sync_playwright() as playwright,
        # Whoever sees the window sees that it hangs, and may sit before it as long as he likes.
        closing(Watchdog(_patience(settings))) if choice.headless else nullcontext() as watchdog,
    ):
        found = find_browser(choice, playwright)
        sessions = Sessions(
            lambda: launch(playwright, found, headless=choice.headless),
            policy_of(settings, *sites),
            settings.adp.timeout,
            kept={} if afresh else office.kept_sessions.of(accounts(settings)),
            traces=office.traces(holder),
            watchdog=watchdog,
        )
        try:
            yield replace(
                _desk(office, sessions, sites, still_mine),
                browser=f"{found} ({found.how}), {sessions.version}",
            )
        finally:
            sessions.close()


def _patience(settings: Settings) -> float:
    """Seconds that no look at a portal can take whose every step has a limit of its own."""
    return max(LEAST_PATIENCE, MOST_STEPS * max(settings.adp.timeout, settings.blackdash.timeout))


def _desk(
    office: Office, sessions: Sessions, sites: tuple[Site, Site], still_mine: Callable[[], None]
) -> Desk:
    settings = office.settings
    adp, blackdash = sites
    return Desk(
        office=office,
        sessions=sessions,
        portals=Portals(
            sessions,
            adp=_access(adp, settings.adp, office.password(ADP), sessions),
            blackdash=_access(blackdash, settings.blackdash, office.password(BLACKDASH), sessions),
        ),
        clock=office.clock(sessions.wait),
        limits=Limits(**settings.limits.model_dump()),
        still_mine=still_mine,
    )


def _access(site: Site, portal: PortalSettings, known: Password, sessions: Sessions) -> Access:
    return Access(
        site=site,
        username=portal.username,
        password=portal.password.get_secret_value(),
        known=known,
        ask_code=partial(_ask_code, sessions) if sys.stdin.isatty() and sys.stderr.isatty() else None,
    )


def _ask_code(sessions: Sessions) -> str:
    """The one-time code that the person has just been sent; it is used once and kept nowhere."""
    with sessions.resting():
        return asked_secret("One-time code")
