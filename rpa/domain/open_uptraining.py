"""Who is still on the uptraining route, by the journal (guide: "must remember to 'undo' this")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rpa.domain.runs import Run, RunRow
from rpa.domain.undoing import was_written

FIELD = "uptraining_class"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenUptraining:
    """An agent whose Uptraining Class this software has set, and nobody is known to have erased since."""

    employee_id: str
    name: str
    word: str
    run: str
    since: datetime

    def days(self, today: date) -> int:
        """For how many days the route has been open."""
        return (today - self.since.date()).days


def still_open(runs: Iterable[Run]) -> tuple[OpenUptraining, ...]:
    """The open ones, the longest first; `runs` in the order in which they were begun.

    What a later run has found in ADP counts, whatever it was for: an empty field closes the route.
    """
    found: dict[str, OpenUptraining] = {}
    for run in runs:
        for row in run.rows:
            if opened := _opened(run, row):
                found[row.employee_id] = opened
            elif row.found.get(FIELD) == "":
                found.pop(row.employee_id, None)
    return tuple(sorted(found.values(), key=lambda one: (one.since, one.employee_id)))


def _opened(run: Run, row: RunRow) -> OpenUptraining | None:
    word, since = row.after.get(FIELD), row.ended_at or run.started_at
    if not word or since is None or not was_written(row):
        return None
    return OpenUptraining(employee_id=row.employee_id, name=row.name, word=word, run=run.id, since=since)
