"""Deletes what holds personal data and is no longer needed; how long that is, the site decides."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rpa.cli import output
from rpa.cli.office import Office
from rpa.domain.counted import counted
from rpa.settings import load_settings

KEPT_IN = ("runs", "plans", "outbox", "backups", "traces", "nightly", "reports", "logs")


def purge(days: int, *, yes: bool, as_json: bool) -> None:
    """Delete pictures, reports, mail files, plan and tracker copies, nights and logs, so many days old."""
    office = Office(load_settings())
    before = datetime.now(UTC) - timedelta(days=days)
    old = [
        path
        for folder in KEPT_IN
        for path in sorted((office.settings.state_dir / folder).glob("*"))
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before
    ]
    if yes:
        for path in old:
            _delete(path)
    if as_json:
        output.emit({"deleted": yes, "paths": [str(path) for path in old]})
        return
    for path in old:
        output.show(str(path))
    done = "deleted" if yes else "would be deleted; add --yes to do it"
    what = counted(len(old), "file or folder", "files and folders")
    output.talk(f"{what} older than {counted(days, 'day')}: {done}. The journal stays as it is.")


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
