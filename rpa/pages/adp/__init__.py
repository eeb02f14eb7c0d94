"""The screens of ADP."""

from __future__ import annotations

from rpa.pages.adp.addresses import is_inside, is_sign_in, is_sorry
from rpa.pages.adp.custom_fields_card import CustomFieldsCard
from rpa.pages.adp.custom_fields_panel import CustomFieldsPanel
from rpa.pages.adp.employee_page import EmployeePage
from rpa.pages.adp.home_department_panel import HomeDepartmentPanel
from rpa.pages.adp.home_page import HomePage
from rpa.pages.adp.interruptions import watch_for_interruptions
from rpa.pages.adp.menu import Menu
from rpa.pages.adp.people_page import PeoplePage
from rpa.pages.adp.position_card import PositionCard
from rpa.pages.adp.sign_in_page import SignInPage
from rpa.pages.adp.slide_in_panel import SlideInPanel

__all__ = [
    "CustomFieldsCard",
    "CustomFieldsPanel",
    "EmployeePage",
    "HomeDepartmentPanel",
    "HomePage",
    "Menu",
    "PeoplePage",
    "PositionCard",
    "SignInPage",
    "SlideInPanel",
    "is_inside",
    "is_sign_in",
    "is_sorry",
    "watch_for_interruptions",
]
