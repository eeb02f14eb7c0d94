"""What a night leaves beside its report: its JSON and the batch files; and how that is read again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from rpa.adapters.html_page import replace_text
from rpa.domain.next_actions import COLUMNS, Batch
from rpa.domain.night_report import NightReport
from rpa.domain.nights import PastNight, StuckRow
from rpa.domain.stuck_verdicts import Severity

SCHEMA_VERSION = 1
NAME = "night.json"
# What a spreadsheet takes for a formula; an id cannot begin so, and a name is only there to be compared.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # fullwidth


def night_document(report: NightReport) -> dict[str, Any]:
    """The night as one JSON object (schema_version 1 is added by who writes it)."""
    return {
        "nightly": report.day.isoformat(),
        "made_at": report.made_at.isoformat(),
        "degraded": report.is_degraded,
        "headline": report.headline,
        "counts": {
            "stuck": report.stuck,
            "now": report.urgent,
            "loose_ends": report.loose_ends,
            "new": len(report.compared.new),
            "solved": len(report.compared.solved),
        },
        "stuck": [
            {**_row(row), "age": row.age(report.day), "new": row.key in report.compared.new}
            for row in report.compared.rows
        ],
        "solved": [_row(row) for row in report.compared.solved],
        "carried": [_row(row) for row in report.compared.carried],
        "gaps": [
            {"source": gap.source.value, "what": gap.what, "next_step": gap.next_step} for gap in report.gaps
        ],
        "not_judged": [asdict(one) for one in report.not_judged],
        "batches": [_batch(batch) for batch in report.batches],
        "cohort": {"agents": report.cohort, "tasks": [asdict(bar) for bar in report.funnel]},
        "reads": asdict(report.reads),
        "notes": list(report.notes),
    }


def write_night(report: NightReport, folder: Path) -> Path:
    """The night's JSON and batch files, for this user alone; files of an earlier start on this day go."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.glob("*.csv"):
        old.unlink()
    for batch in report.batches:
        replace_text(folder / batch.file, batch_text(batch))
    path = folder / NAME
    text = json.dumps(
        {"schema_version": SCHEMA_VERSION, **night_document(report)}, ensure_ascii=False, indent=1
    )
    replace_text(path, text)
    return path


def batch_text(batch: Batch) -> str:
    """The batch as a CSV that the flows read, and that a spreadsheet shows without running anything."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in batch.rows:
        writer.writerow(["" if cell.startswith(_FORMULA_STARTS) else cell for cell in row])
    return text.getvalue()


def past_nights(folder: Path) -> tuple[list[PastNight], list[str]]:
    """The nights that left their JSON, oldest first, and the files that cannot be read."""
    nights, unreadable = [], []
    for path in sorted(folder.glob(f"*/{NAME}")):
        try:
            nights.append(_past(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, LookupError, TypeError):
            unreadable.append(str(path))
    return sorted(nights, key=lambda night: night.day), unreadable


def _past(told: Mapping[str, Any]) -> PastNight:
    return PastNight(
        day=date.fromisoformat(told["nightly"]),
        rows=tuple(_read_row(row) for row in (*told["stuck"], *told["carried"])),
        stuck=int(told["counts"]["stuck"]),
        degraded=bool(told["degraded"]),
    )


def _row(row: StuckRow) -> dict[str, Any]:
    return {
        **asdict(row),
        "severity": row.severity.value,
        "since": row.since.isoformat() if row.since else None,
        "first_seen": row.first_seen.isoformat(),
    }


def _read_row(told: Mapping[str, Any]) -> StuckRow:
    texts = ("rule", "title", "subject", "name", "reason", "action", "flow", "options", "guide")
    return StuckRow(
        **{name: str(told[name]) for name in texts},
        severity=Severity(told["severity"]),
        since=date.fromisoformat(told["since"]) if told["since"] else None,
        first_seen=date.fromisoformat(told["first_seen"]),
    )


def _batch(batch: Batch) -> dict[str, Any]:
    return {
        "file": batch.file,
        "flow": batch.flow,
        "command": batch.command,
        "note": batch.note,
        "employee_ids": list(batch.employee_ids),
    }
