"""temporary."""
from __future__ import annotations
from datetime import datetime, tzinfo
from pathlib import Path
from rpa.domain.runs import Run
def write_report(run: Run, folder: Path, *, made_at: datetime, zone: tzinfo) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "report.html"
    path.write_text(str(run))
    return path
