"""The report of a run: what it says, what it must not hold, and how it looks in a browser."""

from __future__ import annotations

import os
import re
import stat
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect  # noqa: TID251 - the ban is for rpa

from rpa.adapters import run_report
from rpa.adapters.run_report import write_report
from rpa.adapters.run_report_charts import roster_charts, segments
from rpa.adapters.run_report_words import duration, headline, troubles
from rpa.domain.outcomes import MEANINGS, Outcome
from rpa.domain.runs import Run, RunRow
from tests.adapters import sample_runs

EASTERN = timezone(timedelta(hours=-5), "EST")
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HOSTILE = "<script>document.title='owned'</script>\"' onmouseover='x' {{ 7*7 }} </style>"
SIZE: ViewportSize = {"width": 1366, "height": 768}

# Every text against what is painted behind it; both as sRGB, by the formula of WCAG 2.
FAINT_TEXTS = """() => {
  const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = colour => {
    const [r, g, b] = parts(colour).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (parts(colour)[3] !== 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const text = element.closest('svg') ? style.fill : style.color;
    const [low, high] = [light(text), light(behind(element))].sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${texts.currentNode.data.trim()}`);
  }
  return faint;
}"""


def written(run: Run, folder: Path, *, with_pictures: bool = True) -> Path:
    """The run's report, with its pictures beside it."""
    for name in (name for row in run.rows for name in row.pictures if with_pictures):
        (folder / name).write_bytes(PIXEL)
    return write_report(run, folder, made_at=sample_runs.START + timedelta(minutes=8), zone=EASTERN)


def text_of(run: Run, folder: Path, *, with_pictures: bool = True) -> str:
    """The report's source."""
    return written(run, folder, with_pictures=with_pictures).read_text(encoding="utf-8")


def ended(outcomes: dict[Outcome, int], flow: str = "extend") -> Run:
    """A run in which so many rows ended so."""
    every = [outcome for outcome, number in outcomes.items() for _ in range(number)]
    rows = [sample_runs.row(number, outcome) for number, outcome in enumerate(every, start=2)]
    return replace(sample_runs.run_of_rows(rows), flow=flow)


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        (ended({Outcome.DONE: 11, Outcome.UNKNOWN: 1}), "11 of 12 agents extended; 1 needs you"),
        (ended({Outcome.DONE: 9, Outcome.UNCHANGED: 3}), "All 12 agents extended"),
        (ended({Outcome.DONE: 1}, "transfer"), "1 of 1 agent transferred"),
        (
            ended({Outcome.FAILED: 2, Outcome.DRIFTED: 1, Outcome.SKIPPED: 9}),
            "None of 12 agents extended; 3 need you; 9 not tried",
        ),
        (
            ended({Outcome.DONE: 5, Outcome.PENDING: 1, Outcome.REFUSED: 2, Outcome.INVALID: 1}, "other"),
            "5 of 9 agents done; 1 still waits; 2 refused by a rule; 1 unusable in the file",
        ),
        (ended({}), "No agents in this run"),
    ],
)
def test_headline(run: Run, sentence: str) -> None:
    """The first sentence tells the result as an operations manager reads it."""
    assert headline(run) == sentence


def test_troubles_stand_in_the_order_of_urgency_and_by_cause() -> None:
    """What may have been written comes first; agents of one cause are told once, with a next step."""
    found = troubles(sample_runs.troubled_run())
    assert [(one.outcome, len(one.rows)) for one in found] == [
        (Outcome.UNKNOWN, 1),
        (Outcome.FAILED, 1),
        (Outcome.DRIFTED, 1),
        (Outcome.PENDING, 1),
        (Outcome.REFUSED, 1),
        (Outcome.INVALID, 1),
        (Outcome.SKIPPED, 4),
    ]
    assert all(one.next_step for one in found)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_its_words(tmp_path: Path, outcome: Outcome) -> None:
    """A run can end with any word that there is: it is counted, explained, and has a sign beside it."""
    page = text_of(ended({outcome: 2}), tmp_path, with_pictures=False)
    assert f'aria-label="2 {outcome.value}"' in page
    assert page.count(MEANINGS[outcome]) >= 3
    assert page.count(f"</b>{outcome.value}</span>") >= 2


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0 s"), (59.6, "1 min 0 s"), (252, "4 min 12 s"), (7384, "2 h 3 min 4 s")]
)
def test_duration(seconds: float, told: str) -> None:
    """A length of time is told in the units a person says."""
    assert duration(seconds) == told


@pytest.mark.parametrize("counts", [{"done": 999, "failed": 1}, {"done": 1, "unknown": 1, "skipped": 1}])
def test_bar_is_full_and_hides_nobody(counts: dict[str, int]) -> None:
    """The parts of the bar fill it, and one agent among a thousand can still be seen."""
    bar = segments(counts)
    assert sum(part.width for part in bar) == pytest.approx(100, abs=0.01)
    assert min(part.width for part in bar) > 1
    assert [part.number for part in bar] == list(counts.values())


@pytest.mark.parametrize(
    ("listed", "after"), [([2, 2], 0.0), ([0, 1, 2, 2], 30.0), ([2, 1, 2, 2], 30.0), ([2, 1, 1], None)]
)
def test_roster_is_complete_only_when_it_stays_so(listed: Sequence[int], after: float | None) -> None:
    """An agent who drops off the roster again was not there; the time counts from when all stayed."""
    chart = roster_charts([sample_runs.roster(["1", "2"], listed)])[0]
    assert chart.complete_after == after


@pytest.mark.parametrize(("listed", "pictured"), [([2, 2], 0), ([0, 2, 2], 1), ([1, 1], 1)])
def test_roster_that_was_right_at_the_first_look_needs_no_picture(
    listed: Sequence[int], pictured: int, tmp_path: Path
) -> None:
    """A line that never moved says no more than its sentence; one that waited is drawn."""
    run = replace(sample_runs.good_run(), rosters=(sample_runs.roster(["1", "2"], listed),))
    assert text_of(run, tmp_path).count('<svg class="chart"') == pictured


def test_report_tells_every_agent(tmp_path: Path) -> None:
    """Of each agent: id, name, old and new value, the word, its meaning, the reason and the next step."""
    run = replace(sample_runs.troubled_run(), mails=sample_runs.good_run().mails)
    page = text_of(run, tmp_path).replace("&#39;", "'")
    for row in run.rows:
        for said in (row.employee_id, row.name, row.reason, row.next_step, MEANINGS[row.outcome]):
            assert said in page
    for said in (
        "2026-11-27",
        "2026-12-04",
        run.stopped_because,
        run.id,
        run.plan,
        run.notices[0],
        "7 min 41 s",
    ):
        assert said in page
    assert "2026-11-23 08:40:12 EST" in page
    assert "Missing:</strong> <bdi>10036</bdi> <bdi>Park, Ana</bdi>" in page
    assert "<bdi>noc@example.invalid</bdi>" in page


def test_no_more_of_a_person_than_id_and_name(tmp_path: Path) -> None:
    """What else a record or the batch file holds of an agent does not reach the report."""
    row = sample_runs.row(2)
    row = replace(row, about={"site": "SLC-secret"}, found={**row.found, "esp_start_date": "1999-01-01"})
    page = text_of(sample_runs.run_of_rows([row]), tmp_path)
    assert "SLC-secret" not in page
    assert "1999-01-01" not in page


def test_report_of_an_unfinished_run(tmp_path: Path) -> None:
    """A run without an end in the journal is told as such, and without times it does not have."""
    run = replace(sample_runs.good_run(), state="interrupted", ended_at=None, started_at=None)
    assert "it was interrupted, or is still going on" in text_of(run, tmp_path)


def test_report_of_nothing(tmp_path: Path) -> None:
    """A run without rows has a report, too."""
    assert "No agents in this run" in text_of(sample_runs.run_of_rows([]), tmp_path)


def test_report_is_whole_and_private(tmp_path: Path) -> None:
    """The file appears in one step, over an older one, readable by its owner alone, and leaves no scraps."""
    folder = tmp_path / "runs" / "run-1"
    folder.mkdir(parents=True)
    first = written(sample_runs.good_run(), folder, with_pictures=False)
    second = written(sample_runs.troubled_run(), folder, with_pictures=False)
    assert first == second == folder / "report.html"
    assert os.name == "nt" or stat.S_IMODE(second.stat().st_mode) == 0o600
    assert list(folder.iterdir()) == [second]


def test_failed_writing_keeps_the_older_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk refuses, the report of before is still there, and no half of the new one."""
    older = written(sample_runs.good_run(), tmp_path, with_pictures=False)
    before = older.read_bytes()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space"):
        written(sample_runs.troubled_run(), tmp_path, with_pictures=False)
    assert older.read_bytes() == before
    assert list(tmp_path.iterdir()) == [older]


def test_pictures_are_in_the_page_and_missing_ones_are_named(tmp_path: Path) -> None:
    """A picture is embedded whole and described; one that is gone is said, and costs nothing else."""
    run = sample_runs.run_of_rows([sample_runs.row(2), sample_runs.row(3)])
    written(run, tmp_path)
    (tmp_path / "10033-after.png").unlink()
    (tmp_path / "10033-filled.png").write_bytes(b"<svg onload='x'/>")
    page = text_of(run, tmp_path, with_pictures=False)
    assert len(re.findall(r'<img src="data:image/png;base64,', page)) == 2
    assert 'alt="Picture of 10032 Nguyễn, Thị Mai, read back"' in page
    assert "Picture “read back” is missing: <bdi>10033-after.png</bdi>" in page
    assert "Picture “before Done” cannot be shown: <bdi>10033-filled.png</bdi>" in page


@pytest.mark.parametrize("name", ["../secret.png", "/etc/hostname", "sub/one.png", "", "a\0b.png"])
def test_picture_outside_the_folder_is_not_read(tmp_path: Path, name: str) -> None:
    """A picture's name cannot lead out of the run's folder."""
    (tmp_path / "secret.png").write_bytes(PIXEL)
    folder = tmp_path / "run"
    run = sample_runs.run_of_rows([replace(sample_runs.row(2), pictures=(name,))])
    page = text_of(run, folder, with_pictures=False)
    assert "is missing" in page
    assert "<img" not in page


def test_too_many_pictures_leave_those_that_need_a_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a page would become too heavy, the pictures of what went wrong are the ones in it."""
    monkeypatch.setattr(run_report, "MOST_PICTURE_BYTES", 300)
    run = sample_runs.run_of_rows([sample_runs.row(2), sample_runs.row(3, Outcome.UNKNOWN)])
    page = text_of(run, tmp_path)
    assert page.count("<img") == 2
    assert "Picture of 10033" in page
    assert "is in the run&#39;s folder: <bdi>10032-after.png</bdi>" in page


def hostile_run() -> Run:
    """A run in which every text wants to be more than a text."""
    row = RunRow(
        row=2,
        employee_id=HOSTILE,
        name=HOSTILE,
        outcome=Outcome.FAILED,
        before={"uptraining_class": HOSTILE},
        after={"uptraining_class": HOSTILE},
        found={"uptraining_class": HOSTILE},
        reason=HOSTILE + "\ud800" + "long" * 400,
        next_step=HOSTILE,
        pictures=("1-after.png", HOSTILE),
    )
    run = sample_runs.run_of_rows([row], sample_runs.roster([HOSTILE, "2"], [0, 1], name=HOSTILE))
    return replace(run, state="stopped", stopped_because=HOSTILE, notices=(HOSTILE,), plan=HOSTILE)


def test_hostile_texts_are_inert(tmp_path: Path, page: Page) -> None:
    """Names and sentences from portals and files are text in the report, whatever they hold."""
    (tmp_path / "1-after.png").write_bytes(PIXEL)
    page.set_viewport_size(SIZE)
    page.goto(written(hostile_run(), tmp_path, with_pictures=False).as_uri())
    assert page.title().startswith("None of 1 agent extended")
    assert page.locator("script, [onmouseover], [style]").count() == 0
    expect(page.get_by_role("row").nth(1).get_by_role("rowheader")).to_have_text(HOSTILE)
    assert sideways(page) == 0


def sideways(page: Page) -> int:
    """By how many pixels something sticks out on the right."""
    width = (
        "Math.max(...[...document.querySelectorAll('body *')].map(one => one.getBoundingClientRect().right))"
    )
    return max(0, int(page.evaluate(f"Math.ceil({width}) - document.documentElement.clientWidth")))


@pytest.mark.parametrize("width", [1366, 1000, 700, 400])
def test_report_opens_without_a_network_and_fits(tmp_path: Path, page: Page, width: int) -> None:
    """The report asks for nothing but itself, breaks no rule of its own, and needs no sideways scroll."""
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": width, "height": SIZE["height"]})
    address = written(sample_runs.troubled_run(), tmp_path).as_uri()
    page.goto(address)
    assert (asked, said) == ([address], [])
    assert sideways(page) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(tmp_path: Path, page: Page, scheme: str) -> None:
    """Every text has the contrast that WCAG AA asks for, by day and by night."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(
        written(replace(sample_runs.troubled_run(), mails=sample_runs.good_run().mails), tmp_path).as_uri()
    )
    assert page.evaluate(FAINT_TEXTS) == []


def test_picture_grows_and_shrinks_again(tmp_path: Path, page: Page) -> None:
    """A click shows a picture over the whole window, a second one puts it back; the keyboard does it, too."""
    page.set_viewport_size(SIZE)
    page.goto(written(sample_runs.good_run(), tmp_path).as_uri())
    summary = page.locator(".picture > summary").first
    summary.scroll_into_view_if_needed()
    small = summary.bounding_box()
    summary.click()
    assert summary.bounding_box() == {"x": 0, "y": 0, **SIZE}
    page.keyboard.press("Enter")
    assert summary.bounding_box() == small


def test_long_run_can_be_narrowed_to_what_is_open(tmp_path: Path, page: Page) -> None:
    """Of 200 rows the two that are not done can be shown alone, and are linked from the top."""
    page.set_viewport_size(SIZE)
    page.goto(written(sample_runs.large_run(), tmp_path).as_uri())
    rows = page.locator(".agents tbody tr:visible")
    expect(rows).to_have_count(200)
    page.get_by_role("link", name="10150 Park, Ana").click()
    expect(page.locator("#row-120")).to_be_in_viewport()
    page.get_by_label("not done 2").check()
    expect(rows).to_have_count(2)
    assert sideways(page) == 0


def test_tables_and_pictures_are_named_for_who_cannot_see(tmp_path: Path, page: Page) -> None:
    """Headers carry their scope, each row is headed by its id, and every drawing has words."""
    page.goto(written(sample_runs.troubled_run(), tmp_path).as_uri())
    assert page.locator("th:not([scope])").count() == 0
    assert page.locator("svg:not([aria-label]):not([aria-hidden]), img:not([alt])").count() == 0
    expect(page.get_by_role("img", name="1 done, 1 unchanged, 1 pending")).to_be_visible()
    expect(page.get_by_role("img", name="ESP Whitfield 11/30: 0 of 3 after 0 s")).to_be_visible()
    expect(page.get_by_role("rowheader", name="10033")).to_be_visible()


def test_report_prints_on_landscape_paper(tmp_path: Path, page: Page) -> None:
    """On A4 landscape nothing sticks out, and what only a screen can use is left out."""
    page.set_viewport_size({"width": 1047, "height": 718})  # A4 landscape less its margins, at 96 dpi
    page.emulate_media(media="print")
    page.goto(written(sample_runs.troubled_run(), tmp_path).as_uri())
    assert sideways(page) == 0
    expect(page.locator(".readings-of").first).to_be_hidden()
