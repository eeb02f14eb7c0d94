"""ADP's menu, which stands over every page of the portal."""

from __future__ import annotations

from typing import Self

from rpa.pages.adp.employee_bar import EmployeeBar
from rpa.pages.adp.people_page import PeoplePage
from rpa.pages.elements import element
from rpa.pages.screen import Screen


class Menu(Screen):
    """The menu bar; People opens a pane of links."""

    screen = "adp.menu"
    people_button = element(
        lambda root: root.get_by_role("navigation", name="Main", exact=True).get_by_role(
            "button", name="People", exact=True
        )
    )
    employees_link = element(lambda root: root.get_by_role("link", name="Employees", exact=True))

    def arrived(self) -> Self:
        """Return once the menu is there."""
        self.people_button.wait_for(timeout=self.site.timeouts.arrive_ms)
        return self

    def open_people(self) -> PeoplePage:
        """People > Employees, from wherever in the portal."""
        self.arrived()
        self.people_button.click()
        self.employees_link.click()
        people = EmployeeBar if self.site.people == "bar" else PeoplePage
        return people(self.root, self.site).arrived()
