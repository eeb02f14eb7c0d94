"""Which column of the tracker holds what: the workbook is the user's own, so its headers are not ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from rpa.adapters.batch_columns import Column, header_key
from rpa.adapters.cell_values import is_blank, shown
from rpa.adapters.cells import Cell, Table
from rpa.adapters.tracker_words import TaskWords, contradictions
from rpa.domain.agents import Unusable
from rpa.domain.errors import UsageError
from rpa.domain.tracker_cells import TRANSFER
from rpa.domain.tracking import Task

ID_FIELD = "employee_id"
HEADER_WITHIN = 20
MOST_SHOWN = 30

# Two tasks in one column; a column of their own counts more.
SHARED = {"ahip_aetna": (Task.AHIP, Task.AETNA)}
TASKS_OF = {**SHARED, **{task.value: (task,) for task in Task}}

HEADERS: Mapping[str, tuple[str, ...]] = {
    ID_FIELD: ("employee id", "adp employee id", "adp id", "employee number", "employee no", "emp id", "eid"),
    "name": ("name", "agent name", "agent", "employee name", "full name"),
    "site": ("site", "location"),
    "campaign": ("campaign", "lob", "client"),
    "esp_manager": ("esp manager", "manager"),
    "esp_start": ("esp start", "esp start date"),
    "esp_end": ("esp end", "esp end date"),
    "cxp_email": ("cxp email", "cxp e-mail address", "cxp", "work email"),
    "personal_email": ("personal email", "personal e-mail address", "private email", "home email"),
    "producer_world": ("producer world", "pw"),
    "ahip_aetna": ("ahip/aetna", "ahip and aetna", "aetna/ahip"),
    "ahip": ("ahip",),
    "aetna": ("aetna",),
    "tbt": ("tbt", "tbts"),
    "call_cert": ("call cert", "call certs", "call certification", "call certifications"),
    "call_shadowing": ("call shadowing", "call shadow", "shadowing"),
    TRANSFER: ("transfer to production", "transferred to production", "transfer to prod"),
}
# "Call Certs Completed" and "TBT - Date" are the same columns; read where the plain header is not there.
_STATES = ("", " status", " done", " complete", " completed", " date", " completion date", " complete date")
_WITH_STATE = frozenset({*TASKS_OF, TRANSFER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the site's tracker is laid out.

    `sheet` is empty for the one with a column of employee ids. `columns` gives the headers of a field in
    place of the usual ones, `teams` the header of the column with a team's last update. `not_tracked` are
    the tasks that need no column here.
    """

    sheet: str = ""
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    words: TaskWords = field(default_factory=TaskWords)
    teams: Mapping[str, str] = field(default_factory=dict)
    not_tracked: frozenset[Task] = frozenset()

    def __post_init__(self) -> None:
        """UsageError for a field that does not exist, and for a word with two meanings."""
        for name in self.columns:
            if name not in HEADERS:
                near = get_close_matches(name, HEADERS, n=1)
                mend = f"Did you mean {near[0]!r}?" if near else f"Fields are: {', '.join(HEADERS)}."
                raise UsageError(
                    f"RPA_TRACKER__COLUMNS: {name!r} is no field of the tracker.", next_step=mend
                )
        if doubled := contradictions(self.words):
            raise UsageError(
                f"RPA_TRACKER__…_WORDS: {', '.join(sorted(doubled))} would mean two things.",
                next_step="Keep each word in one of the lists.",
            )

    def headers_of(self, name: str) -> tuple[tuple[str, ...], ...]:
        """The headers that a field may have, as keys: the better ones first, then the looser ones."""
        if name in self.columns:
            return (tuple(header_key(header) for header in self.columns[name]),)
        plain = tuple(header_key(header) for header in HEADERS[name])
        if name not in _WITH_STATE:
            return (plain,)
        return plain, tuple(header_key(header + state) for header in HEADERS[name] for state in _STATES[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerSheet:
    """The sheet that is the tracker, its header found and matched to the fields."""

    table: Table
    header_row: int
    headers: tuple[Column, ...]
    fields: Mapping[str, Column]
    teams: Mapping[str, Column]

    def column(self, name: str) -> Column | None:
        """The column of a field, or of a header as the tracker has it."""
        if name in self.fields:
            return self.fields[name]
        found = [column for column in self.headers if header_key(column.header) == header_key(name)]
        return found[0] if len(found) == 1 else None

    def column_for(self, name: str) -> Column | None:
        """The column that a field is read from: its own, or one that it shares."""
        shared = (self.fields.get(other) for other, tasks in SHARED.items() if name in tasks)
        return self.fields.get(name) or next(shared, None)

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """The rows below the header, by their numbers."""
        return ((number, cells) for number, cells in self.table.rows if number > self.header_row)

    def told_headers(self) -> str:
        """The headers there are, for an error."""
        names = [str(column) for column in self.headers]
        return ", ".join(names[:MOST_SHOWN]) + ("…" if len(names) > MOST_SHOWN else "")


def find_sheet(path: Path, tables: Sequence[Table], layout: Layout) -> TrackerSheet:
    """The sheet with the agents; UsageError where it cannot be told, with the headers that there are."""
    named = [table for table in tables if header_key(table.name) == header_key(layout.sheet)]
    if layout.sheet and not named and any(table.name for table in tables):
        names = ", ".join(table.name for table in tables)
        raise _unusable(
            path,
            f"has no visible sheet {layout.sheet!r}, but {names}",
            "Set RPA_TRACKER__SHEET to one of them.",
        )
    asked = named if layout.sheet and named else list(tables)
    found = [sheet for table in asked if (sheet := _matched(path, table, layout))]
    with_tasks = [sheet for sheet in found if _WITH_STATE & sheet.fields.keys()]
    if len(found) > 1 and len(with_tasks) != 1:
        names = ", ".join(sheet.table.name for sheet in with_tasks or found)
        raise _unusable(
            path, f"has several sheets of agents: {names}", "Set RPA_TRACKER__SHEET to the right one."
        )
    if not found:
        raise _no_ids(path, asked, layout)
    return (with_tasks if len(found) > 1 else found)[0]


def require(path: Path, sheet: TrackerSheet, needed: Sequence[str]) -> None:
    """UsageError where a column that is to be read is not there."""
    if missing := [name for name in dict.fromkeys(needed) if not sheet.column_for(name)]:
        lack = lacking(sheet, missing)
        raise _unusable(path, lack.what, lack.mend)


def lacking(sheet: TrackerSheet, missing: Sequence[str]) -> Unusable:
    """What to tell of columns that are not there: the headers that come near, and all there are."""
    sentences = [f"{name!r}{_near(name, sheet)}" for name in missing]
    where = f"row {sheet.header_row}" + (f" of the sheet {sheet.table.name}" if sheet.table.name else "")
    return Unusable(
        f"has no column for {' and '.join(sentences)}; {where} names {sheet.told_headers()}",
        'Tell the header in RPA_TRACKER__COLUMNS, as {"' + missing[0] + '": ["Its header"]}.',
    )


def _near(name: str, sheet: TrackerSheet) -> str:
    by_key = {header_key(column.header): column for column in sheet.headers}
    usual = [header_key(header) for header in HEADERS.get(name, (name,))]
    near = {key for header in usual for key in get_close_matches(header, by_key, n=2, cutoff=0.6)}
    near |= {key for key in by_key for header in usual if len(header) > 2 and header in key}  # noqa: PLR2004 - "pw" is in too many words
    return f" (is it {' or '.join(str(by_key[key]) for key in sorted(near))}?)" if near else ""


def _matched(path: Path, table: Table, layout: Layout) -> TrackerSheet | None:
    """The sheet as a tracker, by the first of its rows that names most fields and an employee id."""
    best: TrackerSheet | None = None
    for number, cells in table.rows:
        if number > HEADER_WITHIN:
            break
        headers = tuple(
            Column(at=at, header=shown(cell)) for at, cell in enumerate(cells) if not is_blank(cell)
        )
        keys = [header_key(column.header) for column in headers]
        if not set(keys) & set(layout.headers_of(ID_FIELD)[0]):
            continue
        fields = {
            name: column for name in HEADERS if (column := _column(path, number, name, headers, layout))
        }
        if best is None or len(fields) > len(best.fields):
            teams = {
                team: column for team, header in layout.teams.items() if (column := _one(header, headers))
            }
            best = TrackerSheet(table=table, header_row=number, headers=headers, fields=fields, teams=teams)
    return best


def _column(path: Path, row: int, name: str, headers: Sequence[Column], layout: Layout) -> Column | None:
    for keys in layout.headers_of(name):
        found = [column for column in headers if header_key(column.header) in keys]
        if len(found) > 1:
            raise _unusable(
                path,
                f"has several columns in row {row} that can be {name!r}: {', '.join(map(str, found))}",
                'Tell the right one in RPA_TRACKER__COLUMNS, as {"' + name + '": ["Its header"]}.',
            )
        if found:
            return found[0]
    return None


def _one(header: str, headers: Sequence[Column]) -> Column | None:
    return next((column for column in headers if header_key(column.header) == header_key(header)), None)


def _no_ids(path: Path, tables: Sequence[Table], layout: Layout) -> UsageError:
    usual = layout.columns.get(ID_FIELD, HEADERS[ID_FIELD])
    seen = []
    for table in tables:
        first = next((cells for _, cells in table.rows if sum(not is_blank(cell) for cell in cells) > 1), ())
        names = ", ".join(shown(cell) for cell in first[:MOST_SHOWN] if not is_blank(cell))
        seen.append(f"{table.name or 'the file'} begins with {names or 'nothing'}")
    return _unusable(
        path,
        f"has no column of employee ids in its first {HEADER_WITHIN} rows ({'; '.join(seen)})",
        f"Such a column is called {', '.join(usual)}; another name: RPA_TRACKER__COLUMNS, as "
        '{"employee_id": ["Its header"]}.',
    )


def _unusable(path: Path, what: str, mend: str) -> UsageError:
    return UsageError(f"The tracker {path} {what}.", next_step=f"{mend} The tracker was not changed.")
