"""The report of a run: one HTML file that opens anywhere, without a network and without scripts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from jinja2 import Environment

from rpa.adapters import html_page
from rpa.adapters import run_report_charts as charts
from rpa.adapters import run_report_words as words
from rpa.domain.outcomes import MEANINGS, Outcome
from rpa.domain.runs import Run
from rpa.domain.values import label, shown

# A browser opens this much at once; further pictures stay in the folder and are named.
MOST_PICTURE_BYTES = 40_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_MOMENTS = {"filled": "before Done", "after": "read back"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One evidence picture; `uri` is empty where it cannot be shown, and `trouble` says why."""

    name: str
    moment: str
    uri: str = ""
    trouble: str = ""


def write_report(
    run: Run, folder: Path, *, made_at: datetime, zone: tzinfo, clean: Callable[[str], str] = str
) -> Path:
    """The run's report in its folder, whole or as it was before; only this user can read it.

    `clean` takes secrets out of it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "report.html"
    html_page.replace_text(path, clean(_page(run, folder, made_at, zone)))
    return path


def _page(run: Run, folder: Path, made_at: datetime, zone: tzinfo) -> str:
    css, css_hash = html_page.style("run_report.css")
    return (
        _environment(zone)
        .get_template("run_report.html.j2")
        .render(
            run=run,
            css=css,
            css_hash=css_hash,
            troubles=words.troubles(run),
            fields=words.changed_fields(run),
            names={row.employee_id: row.name for row in run.rows},
            segments=charts.segments(run.counts),
            rosters=charts.roster_charts(run.rosters),
            pictures=_pictures(run, folder),
            made_at=made_at,
            version=html_page.version_told(),
        )
    )


def _environment(zone: tzinfo) -> Environment:
    environment = html_page.environment(zone)
    filters: dict[str, Callable[..., str]] = {"duration": words.duration, "label": label, "shown": shown}
    environment.filters |= filters
    environment.globals |= {"words": words, "MEANINGS": MEANINGS, "Outcome": Outcome}
    return environment


def _pictures(run: Run, folder: Path) -> Mapping[int, list[Picture]]:
    """Each row's pictures; where there are too many for one page, the rows that need a look come first."""
    pictures: dict[int, list[Picture]] = {}
    left = MOST_PICTURE_BYTES
    for row in sorted(run.rows, key=lambda row: words.is_done(row.outcome)):
        told = [_picture(folder, name, left) for name in row.pictures]
        left -= sum(len(picture.uri) for picture in told)
        pictures[row.row] = told
    return pictures


def _picture(folder: Path, name: str, most: int) -> Picture:
    moment = Path(name).stem.rpartition("-")[2]
    picture = Picture(name=name, moment=_MOMENTS.get(moment, moment))
    try:
        content = _content(folder, name)
    except (OSError, ValueError):
        return _without(picture, "is missing")
    if not content.startswith(_PNG):
        return _without(picture, "cannot be shown")
    uri = f"data:image/png;base64,{b64encode(content).decode('ascii')}"
    if len(uri) > most:
        return _without(picture, "is in the run's folder")
    return Picture(name=name, moment=picture.moment, uri=uri)


def _content(folder: Path, name: str) -> bytes:
    """The picture's bytes; ValueError for a name that leads out of the folder."""
    if Path(name).name != name:
        raise ValueError(name)
    return (folder / name).read_bytes()


def _without(picture: Picture, trouble: str) -> Picture:
    return Picture(name=picture.name, moment=picture.moment, trouble=trouble)
