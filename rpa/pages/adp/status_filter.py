"""ADP > People > Employees > the popover of the status filter."""

from __future__ import annotations

import re
from typing import Self

from rpa.pages.elements import element
from rpa.pages.panel import Panel


class StatusFilter(Panel):
    """Checkboxes of the statuses; it has no Apply, and takes effect when it is closed."""

    screen = "adp.status_filter"
    active = element(lambda root: root.get_by_role("checkbox", name="Active", exact=True))
    others_checked = element(
        lambda root: root.get_by_role("checkbox", name=re.compile("^(?!Active$)"), checked=True),
        when="another status than Active is chosen",
    )

    def arrived(self) -> Self:
        """Return once the boxes are there."""
        self.active.wait_for(timeout=self.site.timeouts.arrive_ms)
        return self

    def only_active(self) -> None:
        """Check Active, uncheck every other status, and close."""
        self.active.check()
        for _ in range(self.others_checked.count()):
            # Each click takes one box out of the list of those still checked.
            self.others_checked.last.uncheck()
        self.root.press("Escape")
        self.root.wait_for(state="hidden")
