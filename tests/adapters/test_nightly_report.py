"""The report of a night as a page: it says what the night is, in every form, and holds nothing that runs."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from rpa.adapters import nightly_report_charts as charts
from rpa.adapters.batch_file import read_batch
from rpa.adapters.nightly_files import batch_text, night_document, past_nights, write_night
from rpa.adapters.nightly_report import write_nightly_report
from rpa.domain.next_actions import COLUMNS, Batch
from rpa.domain.night_report import NightReport, RuleBar, TaskBar
from rpa.domain.nights import StripNight, StuckRow
from rpa.domain.stuck_verdicts import Severity
from tests.adapters.sample_nights import full_night, past_of, quiet_night
from tests.domain.stuck_people import TODAY

ZONE = ZoneInfo("America/Denver")
HOSTILE = '"><script>alert(1)</script>\u202e=HYPERLINK("x")'


@pytest.fixture(scope="module")
def full() -> NightReport:
    """A night with everything in it."""
    return full_night()


def shown(report: NightReport, folder: Path, page: Page) -> str:
    """The visible text of the page."""
    page.goto(write_nightly_report(report, folder / "report.html", zone=ZONE).as_uri())
    return page.locator("body").inner_text()


def hostile(report: NightReport) -> NightReport:
    """The same night with a name that wants to run."""
    rows = tuple(replace(row, name=HOSTILE, reason=HOSTILE, action=HOSTILE) for row in report.compared.rows)
    return replace(report, compared=replace(report.compared, rows=rows))


def test_the_page_says_what_the_night_is(full: NightReport, tmp_path: Path, page: Page) -> None:
    """Headline, gaps, every stuck subject, every command and the reads stand in the page."""
    text = shown(full, tmp_path, page)
    assert full.headline in text
    assert text.index("Not everything could be looked at") < text.index("How long they have been stuck")
    for gap in full.gaps:
        assert gap.what in text
    for batch in full.batches:
        assert batch.command_in(tmp_path) in text
    for row in full.compared.rows:
        assert row.subject in text
        assert row.title in text
    assert f"{len(full.compared.solved)} solved" in text
    assert page.locator(".stuck tbody tr").count() == len(full.compared.rows)


def test_a_quiet_night_says_so(tmp_path: Path, page: Page) -> None:
    """Nobody stuck, nothing missing: one sentence, no banner, no empty tables."""
    text = shown(quiet_night(), tmp_path, page)
    assert "Nobody is stuck" in text
    assert "first night" in text
    assert page.locator(".banner, .stuck, .mends").count() == 0


@pytest.mark.parametrize("width", [1366, 768, 480])
def test_the_page_needs_no_sideways_scroll(full: NightReport, tmp_path: Path, page: Page, width: int) -> None:
    """On a laptop, a tablet and a phone all of it is to be seen."""
    page.set_viewport_size({"width": width, "height": 800})
    shown(full, tmp_path, page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_runs_nothing_and_calls_nobody(full: NightReport, tmp_path: Path, browser: Browser) -> None:
    """Names out of portals stay text; there is no script, and nothing outside is asked for."""
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    path = write_nightly_report(hostile(full), tmp_path / "report.html", zone=ZONE)
    page.goto(path.as_uri())
    assert asked == [path.as_uri()]
    assert said == []
    assert page.locator("script").count() == 0
    assert "<script>alert" in page.locator("body").inner_text()
    page.close()


def test_every_picture_says_its_numbers(full: NightReport, tmp_path: Path, page: Page) -> None:
    """Who does not see the bars hears them, and no bar tells by its colour alone."""
    shown(full, tmp_path, page)
    pictures = page.locator("svg[role=img]")
    assert pictures.count() == len(full.bars) + len(full.funnel) + 1
    for at in range(pictures.count()):
        assert re.search(r"\d", pictures.nth(at).get_attribute("aria-label") or "")
    for kind in ("older", "old"):
        assert page.locator(f".bars g.{kind} rect.pattern").count() == page.locator(f".bars g.{kind}").count()


def test_the_page_prints(full: NightReport, tmp_path: Path, page: Page) -> None:
    """In print everything that can be folded stands open, and the tables do not stick."""
    shown(full, tmp_path, page)
    page.emulate_media(media="print")
    assert page.locator("details.more li").first.is_visible()


def test_only_this_user_can_read_it(full: NightReport, tmp_path: Path) -> None:
    """The page and its folder are nobody else's."""
    path = write_nightly_report(full, tmp_path / "night" / "report.html", zone=ZONE)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_document_holds_the_night(full: NightReport) -> None:
    """The JSON has every row with its age, and the counts agree with the rows."""
    told: dict[str, Any] = json.loads(json.dumps(night_document(full)))
    assert told["counts"]["stuck"] == full.stuck > 0
    assert told["counts"]["new"] == sum(row["new"] for row in told["stuck"])
    assert [row["subject"] for row in told["stuck"]] == [row.subject for row in full.compared.rows]
    assert told["stuck"][0]["age"] == full.compared.rows[0].age(full.day)


def test_a_night_is_read_as_it_was_written(full: NightReport, tmp_path: Path) -> None:
    """The next night finds the rows, the carried ones and the number of this one."""
    write_night(full, tmp_path / full.day.isoformat())
    assert past_nights(tmp_path) == ([past_of(full)], [])


@pytest.mark.parametrize("content", ["", "{", "[]", '{"nightly": "yesterday"}', '{"nightly": "2026-11-20"}'])
def test_a_night_that_cannot_be_read_is_named(full: NightReport, tmp_path: Path, content: str) -> None:
    """A damaged file of an earlier night is told, and takes no other night with it."""
    write_night(full, tmp_path / full.day.isoformat())
    broken = tmp_path / "2026-11-20" / "night.json"
    broken.parent.mkdir()
    broken.write_text(content, encoding="utf-8")
    assert past_nights(tmp_path) == ([past_of(full)], [str(broken)])


def test_batches_are_read_by_the_flows(full: NightReport, tmp_path: Path) -> None:
    """Each file is a batch file as `rpa extend` reads it, with all its agents and no bad row."""
    write_night(full, tmp_path)
    assert len(full.batches) >= 5
    for batch in full.batches:
        read = read_batch(tmp_path / batch.file, sites=frozenset({"PRV"}), campaigns=frozenset({"Aetna"}))
        assert not read.problems
        assert [agent.employee_id for agent in read.agents] == list(batch.employee_ids)


def test_files_of_an_earlier_start_go(full: NightReport, tmp_path: Path) -> None:
    """A second start on a day leaves no batch of the first behind."""
    write_night(full, tmp_path)
    write_night(quiet_night(), tmp_path)
    assert list(tmp_path.glob("*.csv")) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d"])
def test_no_cell_of_a_batch_is_a_formula(start: str) -> None:
    """A name that a spreadsheet would run is left out; the id alone is what the flows need."""
    batch = Batch(file="x.csv", flow="extend", rows=(("000123", f"{start}1+1", "", "", "", ""),))
    assert batch_text(batch) == f"{','.join(COLUMNS)}\n000123,,,,,\n"


def test_bars_share_a_scale_and_stay_inside() -> None:
    """The longest rule fills its bar; one agent among hundreds can be seen; nothing is wider than the bar."""
    bars = charts.age_bars(
        [
            RuleBar(title="a", severity=Severity.NOW, ages=(1, 0, 499)),
            RuleBar(title="b", severity=Severity.SOON, ages=(250, 0, 0)),
        ]
    )
    first, second = bars
    assert [part.kind for part in first.parts] == ["young", "old"]
    assert first.parts[0].width >= 1.1
    assert sum(part.width for part in first.parts) == pytest.approx(100, abs=0.1)
    assert second.parts[0].width == pytest.approx(50, abs=0.1)
    assert charts.age_bars([]) == []


def test_the_funnel_is_as_wide_as_the_cohort() -> None:
    """Half of the cohort done is half of the bar, also where the tracker says nothing of the others."""
    (bar,) = charts.funnel_bars([TaskBar(title="TBT", done=5, open=0, unreadable=1)], 10)
    assert [(part.kind, part.width) for part in bar.parts] == [("done", 50), ("unreadable", 10)]
    assert charts.funnel_bars([TaskBar(title="TBT", done=0, open=0, unreadable=0)], 0)[0].parts == ()


def test_columns_of_nights_stand_side_by_side() -> None:
    """The highest night reaches the top; no column leaves the picture."""
    nights = [
        StripNight(day=TODAY - timedelta(days=n), stuck=stuck) for n, stuck in enumerate((0, None, 40, 20))
    ]
    found = charts.columns(nights)
    assert [one.height for one in found] == [0, 0, 76, 38]
    assert found[2].y == charts.STRIP_TOP
    assert found[-1].x + charts.COLUMN <= charts.STRIP_WIDTH


def test_a_row_knows_its_batch(full: NightReport, tmp_path: Path, page: Page) -> None:
    """Beside each agent whom a flow mends stands the file that does it."""
    shown(full, tmp_path, page)
    for batch in full.batches:
        rows = page.locator(".stuck tbody tr", has_text=batch.file)
        assert rows.count() >= len(batch.rows)


def test_ages_of_a_stored_row_go_on(full: NightReport) -> None:
    """A row is a day older the next day."""
    row: StuckRow = full.compared.rows[0]
    assert row.age(full.day + timedelta(days=1)) == row.age(full.day) + 1
