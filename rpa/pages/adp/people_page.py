"""ADP > People > Employees: the list with its status filter and its search."""

from __future__ import annotations

import re
from typing import Self

from playwright.sync_api import Locator

from rpa.domain.errors import PortalFailed, RuleRefused
from rpa.pages.adp.employee_page import EmployeePage
from rpa.pages.adp.status_filter import StatusFilter
from rpa.pages.elements import element
from rpa.pages.locator_chain import Root
from rpa.pages.screen import Screen
from rpa.pages.waiting import await_soon, shows, whichever


def _rows(root: Root) -> Locator:
    grid = root.get_by_role("grid", name="Employees", exact=True)
    return grid.get_by_role("row").filter(has=root.get_by_role("gridcell"))


class PeoplePage(Screen):
    """The list of employees; it leads to one record, by employee id and never by name."""

    screen = "adp.people_page"
    heading = element(lambda root: root.get_by_role("heading", name="Employees", exact=True, level=1))
    status_chip = element(lambda root: root.get_by_role("button", name=re.compile("^Status is ")))
    active_chip = element(lambda root: root.get_by_role("button", name="Status is Active", exact=True))
    status_filter = element(lambda root: root.get_by_role("dialog", name="Status", exact=True))
    search = element(lambda root: root.get_by_role("searchbox", name="Search employees", exact=True))
    alert = element(lambda root: root.get_by_role("main").get_by_role("alert"), when="a search has failed")
    busy_grid = element(
        lambda root: root.get_by_role("grid", name="Employees", exact=True).and_(
            root.locator("[aria-busy=true]")
        ),
        when="the list is loading",
    )
    result_count = element(
        lambda root, query: root.get_by_role("status").filter(
            has_text=re.compile(rf'^\s*\d+ results? for "{re.escape(query)}"\s*$')
        )
    )
    rows = element(_rows, many=True)
    rows_beginning_with = element(
        lambda root, query: _rows(root).filter(
            has=root.get_by_role("gridcell", name=re.compile(f"^{re.escape(query)}"))
        ),
        many=True,
    )
    profile_links = element(
        lambda root, employee_id: (
            _rows(root)
            .filter(has=root.get_by_role("gridcell", name=employee_id, exact=True))
            .get_by_role("link")
        ),
        many=True,
    )

    def arrived(self) -> Self:
        """Return once the list can be searched."""
        self.heading.wait_for(timeout=self.site.timeouts.arrive_ms)
        self.search.wait_for(timeout=self.site.timeouts.arrive_ms)
        return self

    def open_agent(self, employee_id: str) -> EmployeePage:
        """The record of the one active employee with exactly this id, arrived and proven to be it."""
        self.show_active()
        self._search(employee_id)
        self._check_one_person(employee_id)
        # Two positions of one person are two rows of the same record: either will do.
        self.profile_links(employee_id=employee_id).first.click()
        return EmployeePage(self.root, self.site).arrived_at(employee_id)

    def show_active(self) -> None:
        """Have the filter say `Status is Active`."""
        self.status_chip.wait_for(timeout=self.site.timeouts.arrive_ms)
        if shows(self.active_chip):
            return
        self.status_chip.click()
        StatusFilter(self.status_filter, self.site).arrived().only_active()
        self.active_chip.wait_for()

    def _search(self, query: str) -> None:
        """Search, and return once the list has settled for exactly this query."""
        if self.search.input_value() == query:
            # Its answer may be an old one, and nothing would show that a new one has come.
            self.page.reload(wait_until="commit")
            self.arrived()
            self.show_active()
        self.search.fill(query)
        settled = self.result_count(query=query)
        if whichever({"settled": settled, "failed": self.alert}, self.site.timeouts.arrive_ms) == "failed":
            raise PortalFailed(f"ADP could not search: {self.alert.inner_text().strip()}")
        await_soon(self.busy_grid, self.site.timeouts.arrive_ms, "hidden")

    def _check_one_person(self, employee_id: str) -> None:
        names = set(self.profile_links(employee_id=employee_id).all_inner_texts())
        if len(names) > 1:
            raise RuleRefused(
                f"ADP lists several people with the id {employee_id}: {'; '.join(sorted(names))}.",
                next_step="Have the ids put right in ADP.",
            )
        if not names:
            self._check_list_is_whole(employee_id)
            raise RuleRefused(
                f"ADP lists no active employee with the id {employee_id}.",
                next_step="Check the id; a terminated agent is not listed.",
            )

    def _check_list_is_whole(self, employee_id: str) -> None:
        """Nobody found counts only in a list that shows this query's answer, and all of it."""
        counted = re.search(r"\d+", self.result_count(query=employee_id).inner_text())
        shown = self.rows.count()
        if counted is None or int(counted.group()) != shown:
            raise PortalFailed(f"ADP's list does not show all that its search for {employee_id} found.")
        if shown != self.rows_beginning_with(query=employee_id).count():
            raise PortalFailed(f"ADP's list shows people that are no answer to the search for {employee_id}.")
