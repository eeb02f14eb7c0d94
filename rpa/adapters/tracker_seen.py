"""The tracker as the stuck rules see it: what cannot be read is told by agent and field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rpa.adapters.tracker_columns import ID_FIELD, TASKS_OF
from rpa.adapters.tracker_rows import TrackerRead
from rpa.domain.stuck_subjects import TrackerSeen
from rpa.domain.tracker_cells import TRANSFER
from rpa.domain.tracking import Task

# Without these columns some rules would be wrong rather than silent.
NEEDED = (Task.CALL_CERT.value, TRANSFER)


def tracker_seen(read: TrackerRead, teams: Iterable[str] = ()) -> TrackerSeen:
    """What the rules may rely on, and what not; `teams` should have a column for their last update."""
    fields = {str(column): name for name, column in read.sheet.fields.items()}
    doubt: defaultdict[str, set[str]] = defaultdict(set)
    rows_without_id = set()
    doubles = {row for rows in read.doubled.values() for row in rows}
    # Several rows of one agent are the matter of a rule: they could be read.
    problems = [
        one for one in read.problems if not (fields.get(one.column) == ID_FIELD and one.row in doubles)
    ]
    for problem in problems:
        field = fields.get(problem.column, "")
        if field == ID_FIELD:
            rows_without_id.add(problem.row)
        elif problem.employee_id:
            doubt[problem.employee_id] |= {field} | {task.value for task in TASKS_OF.get(field, ())}
    return TrackerSeen(
        agents=read.agents,
        doubled={str(one): rows for one, rows in read.doubled.items()},
        doubt={employee_id: frozenset(names) for employee_id, names in doubt.items()},
        blind=frozenset(name for name in NEEDED if read.sheet.column_for(name) is None),
        untold=frozenset(
            task.value
            for task in read.without_column()
            if task.value not in NEEDED and task not in read.not_tracked
        ),
        rows_without_id=tuple(sorted(rows_without_id)),
        problems=tuple(str(problem) for problem in problems),
        teams=frozenset(read.sheet.teams),
        teams_missing=tuple(team for team in teams if team not in read.sheet.teams),
    )
