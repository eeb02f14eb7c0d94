"""ADP, the classic people pages > the Employee ID Bar, whose list takes the place of the people list."""

from __future__ import annotations

from typing import Self

from rpa.pages.adp.people_page import PeoplePage
from rpa.pages.elements import element
from rpa.pages.waiting import shows


class EmployeeBar(PeoplePage):
    """The bar above every classic record; its list is searched as the people list is (`adp.people_page`)."""

    screen = "adp.employee_bar"
    list_button = element(lambda root: root.get_by_role("button", name="Employee List", exact=True))
    saved_filter = element(lambda root: root.get_by_label("Filter", exact=True))

    def arrived(self) -> Self:
        """Return once the list hangs open under the bar and can be searched."""
        self.list_button.wait_for(timeout=self.site.timeouts.arrive_ms)
        if not shows(self.search):
            self.list_button.click()
        self.search.wait_for(timeout=self.site.timeouts.arrive_ms)
        return self

    def show_active(self) -> None:
        """Choose the saved filter that lists active employees alone."""
        self.saved_filter.select_option(label=self.site.labels["active_filter"])
