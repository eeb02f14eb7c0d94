"""The report of a night: one HTML file that opens anywhere, without a network and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, tzinfo
from pathlib import Path

from rpa.adapters import html_page
from rpa.adapters import nightly_report_charts as charts
from rpa.domain.counted import counted
from rpa.domain.night_report import BUCKETS, NightReport
from rpa.domain.nights import StuckRow
from rpa.domain.stuck_verdicts import Severity

SIGNS: Mapping[Severity, str] = {Severity.NOW: "!", Severity.SOON: ">", Severity.NOTE: "i"}
URGENCY: Mapping[Severity, str] = {
    Severity.NOW: "needs you today",
    Severity.SOON: "needs you soon",
    Severity.NOTE: "to know",
}


def write_nightly_report(
    report: NightReport, path: Path, *, zone: tzinfo, clean: Callable[[str], str] = str
) -> Path:
    """The report at this path, whole or as it was before; only this user can read it.

    `clean` takes secrets out of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    html_page.replace_text(path, clean(_page(report, zone, path.parent)))
    return path


def days_told(days: int) -> str:
    """An age in words."""
    return counted(days, "day") if days else "today"


def long_day(day: date) -> str:
    """A day as people say it, such as Monday, November 23, 2026."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def _page(report: NightReport, zone: tzinfo, folder: Path) -> str:
    css, css_hash = html_page.style("run_report.css", "nightly_report.css")
    made = html_page.environment(zone)
    made.filters |= {"days_told": days_told, "long_day": long_day}
    made.globals |= {"SIGNS": SIGNS, "URGENCY": URGENCY, "BUCKETS": BUCKETS, "charts": charts}
    return made.get_template("nightly_report.html.j2").render(
        report=report,
        folder=folder,
        css=css,
        css_hash=css_hash,
        age_bars=charts.age_bars(report.bars),
        columns=charts.columns(report.strip),
        funnel=charts.funnel_bars(report.funnel, report.cohort),
        new=[row for row in report.compared.rows if row.key in report.compared.new],
        batch_of=_batch_of(report),
        version=html_page.version_told(),
    )


def _batch_of(report: NightReport) -> dict[tuple[str, str], str]:
    """The file in which a row's mend stands, by its key."""
    return {
        row.key: batch.file
        for row in report.compared.rows
        for batch in report.batches
        if row.flow == batch.flow and row.subject in batch.employee_ids and _is_way(row, batch.file)
    }


def _is_way(row: StuckRow, file: str) -> bool:
    way = row.options.replace("--", "").replace(" ", "-")
    return file == (f"{row.flow}-{way}.csv" if way else f"{row.flow}.csv")
