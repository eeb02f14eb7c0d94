"""BlackDash > Classes > the smiley of a class: who is on it."""

from __future__ import annotations

import re
from typing import Self

from rpa.domain.errors import PortalFailed
from rpa.pages.blackdash.tables import read_table
from rpa.pages.elements import element
from rpa.pages.panel import Panel
from rpa.pages.waiting import whichever


class RosterDialog(Panel):
    """The roster of one class; its list comes after its headcount."""

    screen = "blackdash.roster_dialog"
    headcount = element(
        lambda root: root.get_by_role("status").filter(has_text=re.compile(r"^\s*Headcount: \d+\s*$")),
        varies=True,
    )
    failure = element(
        lambda root: root.get_by_role("status").filter(has_text=re.compile("could not be loaded")),
        when="the roster could not be loaded",
    )
    headings = element(
        lambda root: root.get_by_role("table", name="Agents", exact=True).get_by_role("columnheader"),
        many=True,
    )
    cells = element(
        lambda root: root.get_by_role("table", name="Agents", exact=True).get_by_role("cell"), many=True
    )
    rows = element(
        lambda root: root.get_by_role("table", name="Agents", exact=True).locator("tbody").get_by_role("row"),
        many=True,
    )
    close_button = element(lambda root: root.get_by_role("button", name="Close", exact=True))

    def arrived(self) -> Self:
        """Return once the dialog tells its headcount."""
        ends = {"loaded": self.headcount, "failed": self.failure}
        if whichever(ends, self.site.timeouts.arrive_ms) == "failed":
            raise PortalFailed(f"BlackDash says: {self.failure.inner_text().strip()}")
        return self

    def read(self) -> tuple[str, ...]:
        """The employee ids of the roster, once as many are listed as the headcount says."""
        said = re.search(r"\d+", self.headcount.inner_text())
        assert said is not None
        count = int(said.group())
        if count == 0:
            return ()
        # The last of so many rows: it comes when the list is whole.
        self.rows.nth(count - 1).wait_for(timeout=self.site.timeouts.arrive_ms)
        wanted = {"employee_id": self.site.labels["roster_employee_id"]}
        listed = read_table(
            "Agents", self.headings.all_text_contents(), self.cells.all_text_contents(), wanted
        )
        if len(listed) != count:
            raise PortalFailed(f"BlackDash says {count} agents, and lists {len(listed)}.")
        return tuple(row["employee_id"] for row in listed)

    def close(self) -> None:
        """Put the dialog away."""
        self.close_button.click()
        self.root.wait_for(state="hidden")
