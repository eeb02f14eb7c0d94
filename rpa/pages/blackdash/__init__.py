"""The screens of BlackDash."""

from __future__ import annotations

from rpa.pages.blackdash.addresses import is_inside, is_sign_in
from rpa.pages.blackdash.classes_page import ClassesPage
from rpa.pages.blackdash.dashboard_page import DashboardPage
from rpa.pages.blackdash.interruptions import watch_for_interruptions
from rpa.pages.blackdash.roster_dialog import RosterDialog
from rpa.pages.blackdash.sign_in_page import SignInPage

__all__ = [
    "ClassesPage",
    "DashboardPage",
    "RosterDialog",
    "SignInPage",
    "is_inside",
    "is_sign_in",
    "watch_for_interruptions",
]
