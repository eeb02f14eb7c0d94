"""Evidence: pictures of what was on the screen, with personal data covered."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import structlog
from playwright.sync_api import Error as BrowserError

from rpa.engine.flow import View

log = structlog.get_logger(__name__)

MARGIN = 24
COVER = "#8a94a6"
UNSAFE = re.compile(r"[^A-Za-z0-9-]")


class Evidence:
    """Pictures of one run, in one folder; the names that it gives are relative to that folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def picture(self, view: View, employee_id: str, moment: str) -> list[str]:
        """The name of a picture of the view, personal data covered; none where it could not be taken.

        A picture is proof, not a step: a row is not given up because a screenshot failed.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            name = self._next_name(UNSAFE.sub("_", employee_id), moment)
            _take(view, self.folder / name)
        except (BrowserError, OSError, _NothingShown) as error:
            log.warning("picture_not_taken", employee_id=employee_id, moment=moment, why=type(error).__name__)
            return []
        return [name]

    def _next_name(self, employee: str, moment: str) -> str:
        """A name that no picture has: an agent may have several panels, and a run several tries."""
        number = next(n for n in count(1) if not any(self.folder.glob(f"{employee}-{n}-*.png")))
        return f"{employee}-{number}-{moment}.png"


class _NothingShown(Exception):
    """The view is not on the screen any more, or what must be covered on it is not found."""


def _take(view: View, path: Path) -> None:
    """Picture the smallest part of the page that holds the view, so that nothing else is on it."""
    if not (parts := view.extent()):
        raise _NothingShown
    page = parts[0].page
    boxes = [box for part in parts if (box := part.bounding_box())]
    covered = list(view.personal())
    if not boxes or (covered and not any(one.count() for one in covered)):
        raise _NothingShown
    size = page.viewport_size or {"width": 1280, "height": 720}
    left = max(0.0, min(box["x"] for box in boxes) - MARGIN)
    top = max(0.0, min(box["y"] for box in boxes) - MARGIN)
    right = min(float(size["width"]), max(box["x"] + box["width"] for box in boxes) + MARGIN)
    bottom = min(float(size["height"]), max(box["y"] + box["height"] for box in boxes) + MARGIN)
    page.screenshot(
        path=path,
        clip={"x": left, "y": top, "width": right - left, "height": bottom - top},
        mask=covered,
        mask_color=COVER,
        # What still moves would cost a wait, and be on the picture as it is anyway.
        animations="allow",
        caret="initial",
    )
