"""Pictures of what was on the screen: each under a name of its own, and none at the price of a row."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from rpa.engine.evidence import Evidence

PNG = b"\x89PNG\r\n\x1a\n"


class Shown:
    """A view of these parts of a page, its names covered."""

    def __init__(self, *parts: Locator) -> None:
        self.parts = parts

    def extent(self) -> list[Locator]:
        return list(self.parts)

    def personal(self) -> list[Locator]:
        return [part.page.locator("b") for part in self.parts]


@pytest.fixture
def panels(page: Page) -> list[Shown]:
    """Two panels, as a transfer fills one after the other, and one that is not to be seen."""
    page.set_content(
        "<section id=a><b>Alvarez</b> 2026-12-04</section><section id=b style='height:90px'>510</section>"
        "<section id=c hidden>gone</section>"
    )
    return [Shown(page.locator(one)) for one in ("#a", "#b", "#c")]


def test_every_panel_has_its_own_picture(panels: list[Shown], tmp_path: Path) -> None:
    """The second panel's picture does not take the place of the first's, nor does a second try's."""
    evidence = Evidence(tmp_path / "run")
    first = evidence.picture(panels[0], "1001", "filled")
    kept = (tmp_path / "run" / first[0]).read_bytes()
    names = first + evidence.picture(panels[1], "1001", "filled")
    names += Evidence(tmp_path / "run").picture(panels[1], "1001", "filled")
    names += evidence.picture(panels[1], "1001", "after")
    assert names == [f"1001-{n}-{moment}.png" for n, moment in enumerate(["filled"] * 3 + ["after"], 1)]
    assert kept.startswith(PNG)
    assert (tmp_path / "run" / first[0]).read_bytes() == kept != (tmp_path / "run" / names[1]).read_bytes()


def test_what_is_not_shown_costs_no_row(panels: list[Shown], tmp_path: Path) -> None:
    """A panel that has closed meanwhile, or a card that the record does not have, makes no picture."""
    evidence = Evidence(tmp_path / "run")
    assert evidence.picture(panels[2], "1001", "after") == []
    assert evidence.picture(Shown(), "1001", "after") == []
    assert list((tmp_path / "run").iterdir()) == []


def test_what_cannot_be_covered_is_not_pictured(page: Page, tmp_path: Path) -> None:
    """A portal that marks the name otherwise than expected gets no picture with the name on it."""
    page.set_content("<section id=a><i>Alvarez</i> 2026-12-04</section>")
    assert Evidence(tmp_path / "run").picture(Shown(page.locator("#a")), "1001", "filled") == []
    assert list((tmp_path / "run").iterdir()) == []


def test_folder_that_cannot_be_used_costs_no_row(panels: list[Shown], tmp_path: Path) -> None:
    """A picture that cannot be written is left out."""
    (tmp_path / "file").touch()
    assert Evidence(tmp_path / "file").picture(panels[0], "1001", "after") == []
