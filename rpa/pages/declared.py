"""Everything that is declared on the screens of both portals, by dotted name."""

from __future__ import annotations

from collections.abc import Mapping

from rpa.pages.adp.custom_fields_card import CustomFieldsCard
from rpa.pages.adp.custom_fields_panel import CustomFieldsPanel
from rpa.pages.adp.employee_bar import EmployeeBar
from rpa.pages.adp.employee_page import EmployeePage
from rpa.pages.adp.home_department_panel import HomeDepartmentPanel
from rpa.pages.adp.home_page import HomePage
from rpa.pages.adp.interruptions import Interruptions
from rpa.pages.adp.menu import Menu
from rpa.pages.adp.people_page import PeoplePage
from rpa.pages.adp.position_card import PositionCard
from rpa.pages.adp.sign_in_page import SignInPage
from rpa.pages.adp.status_filter import StatusFilter
from rpa.pages.blackdash.class_row import ClassRow
from rpa.pages.blackdash.classes_page import ClassesPage
from rpa.pages.blackdash.dashboard_page import DashboardPage
from rpa.pages.blackdash.interruptions import Interruptions as BlackDashInterruptions
from rpa.pages.blackdash.roster_dialog import RosterDialog
from rpa.pages.blackdash.sign_in_page import SignInPage as BlackDashSignInPage
from rpa.pages.elements import Declared
from rpa.pages.screen import Screen
from rpa.pages.site import unknown_name

SCREENS: tuple[type[Screen], ...] = (
    SignInPage,
    HomePage,
    Menu,
    PeoplePage,
    StatusFilter,
    EmployeeBar,
    EmployeePage,
    CustomFieldsCard,
    CustomFieldsPanel,
    PositionCard,
    HomeDepartmentPanel,
    Interruptions,
    BlackDashSignInPage,
    DashboardPage,
    ClassesPage,
    ClassRow,
    RosterDialog,
    BlackDashInterruptions,
)


def declared_elements() -> dict[str, Declared]:
    """Every declared locator by its dotted name, in the order of the screens."""
    return {one.name: one for screen in SCREENS for one in vars(screen).values() if isinstance(one, Declared)}


def check_locators(texts: Mapping[str, str]) -> None:
    """Refuse (UsageError) a name that nothing declares, or a text that cannot stand for its element."""
    known = declared_elements()
    for name, text in texts.items():
        if name not in known:
            raise unknown_name("locators", name, known)
        known[name].check(text)
