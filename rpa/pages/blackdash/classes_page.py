"""BlackDash > Training Environment > Classes."""

from __future__ import annotations

import re
from typing import Self

from playwright.sync_api import Locator

from rpa.domain.errors import PortalFailed
from rpa.domain.rosters import TrainingClass
from rpa.pages.blackdash.class_row import ClassRow
from rpa.pages.blackdash.roster_dialog import RosterDialog
from rpa.pages.blackdash.tables import read_table
from rpa.pages.elements import element
from rpa.pages.locator_chain import Root
from rpa.pages.screen import Screen

COLUMNS = {
    "name": "class_name",
    "campaign": "class_campaign",
    "manager": "class_manager",
    "start": "class_start",
    "end": "class_end",
    "agents": "class_agents",
    "status": "class_status",
}


def _table(root: Root) -> Locator:
    return root.get_by_role("table", name="Classes", exact=True)


class ClassesPage(Screen):
    """The list of classes whose agents sit in the training environment."""

    screen = "blackdash.classes_page"
    heading = element(lambda root: root.get_by_role("heading", name="Classes", exact=True, level=1))
    table = element(_table)
    headings = element(lambda root: _table(root).get_by_role("columnheader"), many=True)
    rows = element(
        lambda root: _table(root).get_by_role("row").filter(has=root.get_by_role("cell")), many=True
    )
    cells = element(lambda root: _table(root).get_by_role("cell"), many=True)
    roster = element(
        lambda root, class_name: root.get_by_role("dialog", name=f"Roster of {class_name}", exact=True)
    )

    def arrived(self) -> Self:
        """Return once the whole list is there."""
        self.heading.wait_for(timeout=self.site.timeouts.arrive_ms)
        self.table.wait_for(timeout=self.site.timeouts.arrive_ms)
        self.page.wait_for_load_state("domcontentloaded")
        return self

    def reloaded(self) -> Self:
        """The list from a fresh load."""
        self.page.reload(wait_until="domcontentloaded")
        return self.arrived()

    def classes(self) -> tuple[TrainingClass, ...]:
        """Every class of the list, in its order."""
        wanted = {key: self.site.labels[label] for key, label in COLUMNS.items()}
        rows = read_table(
            "Classes", self.headings.all_text_contents(), self.cells.all_text_contents(), wanted
        )
        return tuple(self._class(row) for row in rows)

    def open_roster(self, wanted: TrainingClass) -> RosterDialog:
        """The roster of exactly this class: its name, manager and dates all as in the list."""
        listed = [_identity(one) for one in self.classes()]
        if listed.count(_identity(wanted)) != 1:
            raise PortalFailed(
                f"BlackDash lists {listed.count(_identity(wanted))} classes {wanted.name} "
                f"of this manager and these dates, not one."
            )
        # By its place: what tells a row from all others is the whole of its cells, just read.
        row = self.rows.nth(listed.index(_identity(wanted)))
        ClassRow(row, self.site).arrived().show_agents.click()
        return RosterDialog(self.roster(class_name=wanted.name), self.site).arrived()

    def _class(self, row: dict[str, str]) -> TrainingClass:
        if not re.fullmatch(r"[0-9]+", row["agents"]):
            raise PortalFailed(f"BlackDash shows {row['agents']!r} as the agents of {row['name']}.")
        return TrainingClass(
            name=row["name"],
            campaign=row["campaign"],
            manager=row["manager"],
            start=self.site.shown_date(row["start"], "class_start"),
            end=self.site.shown_date(row["end"], "class_end"),
            agents=int(row["agents"]),
            spun_up=row["status"] == self.site.labels["spun_up"],
        )


def _identity(one: TrainingClass) -> tuple[object, ...]:
    return (one.name, one.manager, one.start, one.end)
