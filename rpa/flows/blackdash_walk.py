"""Walks through every screen of BlackDash, read-only, to the roster of a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rpa.domain.errors import PortalFailed
from rpa.domain.examination import Level
from rpa.flows.blackdash_portal import BlackDashPortal
from rpa.flows.looking import Lost
from rpa.flows.portal_door import BLACKDASH
from rpa.flows.walk import Pages, Walk
from rpa.pages import blackdash
from rpa.pages.blackdash.class_row import ClassRow

if TYPE_CHECKING:
    from playwright.sync_api import Page


class BlackDashWalk(Walk[blackdash.SignInPage]):
    """From the sign-in over the training environment to a roster, which names an agent to look for in ADP."""

    portal = BLACKDASH
    pages: ClassVar[Pages] = blackdash
    shown_first = ("username", "password", "log_in_button")

    def _walk(self, page: Page) -> None:
        site = self._access.site
        self._enter(blackdash.SignInPage(page, site))
        dashboard = blackdash.DashboardPage(page, site)
        self._looker.see(dashboard, "heading")
        self._looker.need(dashboard, "menu")
        try:
            self._looker.need(dashboard, "training_button").click()
        except Lost:
            self._tell(
                "rights in BlackDash",
                Level.BLOCKING,
                "there is no Training Environment in the menu: no access, or another name for it",
                "Ask NOC for access, or see blackdash.dashboard_page.training_button.",
            )
            raise
        self._tell("rights in BlackDash", Level.OK, "Training Environment is in the menu")
        self._looker.need(dashboard, "classes_link").click()
        self._classes(blackdash.ClassesPage(page, site))

    def _try_sign_in(self, page: blackdash.SignInPage) -> None:
        BlackDashPortal(self._sessions, self._access).sign_in(page)

    def _classes(self, page: blackdash.ClassesPage) -> None:
        self._looker.see(page, "heading")
        self._looker.need(page, "table")
        self._looker.see(page, "headings", "rows", "cells")
        classes = page.arrived().classes()
        at = next((at for at, one in enumerate(classes) if one.agents), None)
        if at is None:
            raise PortalFailed("BlackDash lists no class with agents, so no roster was looked at.")
        row = ClassRow(page.rows.nth(at), page.site)
        self._looker.need(row, "show_agents").click()
        dialog = blackdash.RosterDialog(
            self._looker.need(page, "roster", class_name=classes[at].name), page.site
        )
        self._looker.need(dialog, "headcount")
        self._looker.see(dialog, "headings", "rows", "cells")
        listed = dialog.read()
        # A class may say that it has agents, and show nobody: then whoever starts this names one.
        self._notes.agent = self._notes.agent or next(iter(listed), "")
        self._looker.need(dialog, "close_button").click()
