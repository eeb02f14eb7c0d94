"""Who stands on the uptraining route by our doing: it must be undone when the certs are complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rpa.domain.runs import Run, RunRow
from rpa.domain.undoing import written

FIELD = "uptraining_class"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenUptraining:
    """An agent with an Uptraining Class that a run has written and none has erased."""

    employee_id: str
    name: str
    word: str
    run: str
    since: date

    def age(self, today: date) -> int:
        """For how many days it has been open."""
        return (today - self.since).days


def open_uptraining(runs: Iterable[Run]) -> dict[str, OpenUptraining]:
    """The open ones by employee id, oldest first: written by a run, and found empty by none since."""
    told = [
        (row.ended_at, run, row)
        for run in runs
        for row in run.rows
        if row.ended_at and (FIELD in written(row) or _is_empty(row))
    ]
    still_open: dict[str, OpenUptraining] = {}
    for _, run, row in sorted(told, key=lambda one: one[0]):
        still_open.pop(row.employee_id, None)
        if word := written(row).get(FIELD):
            assert row.ended_on is not None
            still_open[row.employee_id] = OpenUptraining(
                employee_id=row.employee_id,
                name=row.name,
                word=word,
                run=run.id,
                since=row.ended_on,
            )
    return still_open


def _is_empty(row: RunRow) -> bool:
    """Whether ADP showed an empty field, whatever the run was for: somebody has erased it by hand.

    What a row showed before a write that was never read back tells nothing of now.
    """
    return row.found.get(FIELD) == ""
