"""The picture of all classes, looked at with a browser."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from rpa.adapters.trainings_picture import write_picture
from rpa.domain.training_conflicts import conflicts_of
from rpa.domain.training_plan import plan_class
from rpa.domain.trainings import SessionKind, Syllabus
from rpa.domain.working_days import WorkingDays

DAYS = WorkingDays(holidays=frozenset({date(2026, 11, 26)}))
SYLLABUS = Syllabus(
    days={
        SessionKind.ONBOARDING: 2,
        SessionKind.AHIP_AETNA: 3.5,
        SessionKind.TRAINING: 10,
        SessionKind.CALL_CERT: 3,
    }
)


@pytest.fixture
def picture(page: Page, tmp_path: Path) -> Page:
    """The picture of two classes, opened."""
    plans = [
        plan_class(name, start, zone="America/Denver", syllabus=SYLLABUS, days=DAYS)
        for name, start in (("<b>one</b>", date(2026, 11, 23)), ("two", date(2026, 12, 7)))
    ]
    today = date(2026, 11, 24)
    path = write_picture(
        tmp_path / "trainings.html",
        plans,
        days=DAYS,
        today=today,
        linked=frozenset({"two/onboarding"}),
        conflicts={plan.name: conflicts_of(plan, plans, today) for plan in plans},
    )
    page.goto(path.as_uri())
    return page


def test_each_class_is_one_line_of_blocks(picture: Page) -> None:
    """The first block stands right of the last one's days; a holiday and a weekend cut a session."""
    blocks = picture.locator("section svg").first.locator("g rect.block")
    boxes = [box for box in (block.bounding_box() for block in blocks.all()) if box]
    lines = sorted({round(box["y"]) for box in boxes})
    assert len(lines) == 2
    first = [box["x"] for box in boxes if round(box["y"]) == lines[0]]
    assert first == sorted(first)
    assert len(first) == 1 + 3 + (2 + 2) + 1


def test_half_day_is_half_as_wide(picture: Page) -> None:
    """AHIP ends with a morning: from Monday to half of Tuesday in the first class."""
    ahip = picture.locator("g rect.block.ahip-aetna")
    widths = [float(ahip.nth(n).get_attribute("width") or 0) + 2 for n in range(3)]
    assert widths[2] == pytest.approx(1.5 * widths[0], abs=0.2)


def test_page_holds_what_the_table_tells(picture: Page) -> None:
    """Each link is a row with its deadline; names are text and never markup; the style is allowed."""
    assert picture.get_by_role("heading", name="<b>one</b>").is_visible()
    assert "Thu 17 Dec 2026" in picture.get_by_role("row", name="two/training-2").inner_text()
    assert "there" in picture.get_by_role("row", name="two/onboarding").inner_text()
    assert picture.locator("path.due.late").count() == 3
    assert picture.evaluate("getComputedStyle(document.querySelector('.card')).borderRadius") == "8px"
