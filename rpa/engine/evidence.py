"""Evidence: pictures of what was on the screen, with personal data covered."""

from __future__ import annotations

import re
from pathlib import Path

import structlog
from playwright.sync_api import Error as BrowserError

from rpa.engine.flow import View

log = structlog.get_logger(__name__)

UNSAFE = re.compile(r"[^A-Za-z0-9-]")


class Evidence:
    """Pictures of one run, in one folder; the names that it gives are relative to that folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def picture(self, view: View | None, employee_id: str, moment: str) -> list[str]:
        """The name of a picture of the view, personal data covered; none where it could not be taken.

        A picture is proof, not a step: a row is not given up because a screenshot failed.
        """
        if view is None:
            return []
        name = f"{UNSAFE.sub('_', employee_id)}-{moment}.png"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            view.root.screenshot(path=self.folder / name, mask=list(view.personal()))
        except (BrowserError, OSError) as error:
            log.warning("picture_not_taken", employee_id=employee_id, moment=moment, why=type(error).__name__)
            return []
        return [name]
