"""BlackDash > Classes > the row of one class."""

from __future__ import annotations

import re
from typing import Self

from rpa.pages.elements import element
from rpa.pages.panel import Panel


class ClassRow(Panel):
    """One class of the list; the smiley at its right shows who is on it."""

    screen = "blackdash.class_row"
    show_agents = element(lambda root: root.get_by_role("button", name=re.compile("^Show agents of ")))

    def arrived(self) -> Self:
        """Return once the row can be used."""
        self.show_agents.wait_for(timeout=self.site.timeouts.arrive_ms)
        return self
