"""The site's days: the holidays of its country and state, and a file with its own open and closed days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from rpa.adapters.batch_columns import header_key
from rpa.adapters.cell_values import day, text
from rpa.adapters.cells import Cell, Table
from rpa.adapters.tables import read_tables
from rpa.domain.agents import Unusable
from rpa.domain.errors import UsageError
from rpa.domain.working_days import SATURDAY_AND_SUNDAY, WorkingDays

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
YEARS_AROUND = 2
COLUMNS = "date, open (or closed), note"
_IS_OPEN = {"open": True, "yes": True, "closed": False, "no": False}


def working_days(
    country: str,
    state: str,
    file: Path | None,
    *,
    around: date,
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY,
) -> WorkingDays:
    """The working days some years around a day; without a country there are only the file's.

    UsageError for a country or state that nobody knows, a weekend of seven days, and every bad row of the
    file, with its mend.
    """
    own = dict(_own_days(file)) if file else {}
    opened = frozenset(found for found, is_open in own.items() if is_open)
    closed = frozenset(found for found, is_open in own.items() if not is_open)
    public = _public_holidays(country, state, around) if country else frozenset()
    try:
        return WorkingDays(holidays=public | closed, weekend=weekend, open_days=opened)
    except ValueError as error:
        raise UsageError(f"RPA_DAYS__WEEKEND: {error}.") from None


def last_known_day(around: date) -> date:
    """The last day of which it is known whether it is a public holiday."""
    return date(around.year + YEARS_AROUND, 12, 31)


def _public_holidays(country: str, state: str, around: date) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - it knows every country, which takes a while

    years = range(around.year - YEARS_AROUND, around.year + YEARS_AROUND + 1)
    try:
        return frozenset(country_holidays(country, subdiv=state or None, years=years))
    except NotImplementedError as error:
        raise UsageError(
            f"RPA_DAYS__COUNTRY and RPA_DAYS__STATE: {error}",
            next_step="Nothing was started. Write codes such as US and UT, or leave both empty.",
        ) from None


def _own_days(file: Path) -> Iterator[tuple[date, bool]]:
    """Each day of the file, and whether the site works on it."""
    table = read_tables(file)[0]
    (_, header), *rows = table.rows
    names = [header_key(cell) for cell in header]
    if "date" not in names or "open" not in names:
        raise UsageError(
            f"{file}: the first row must name the columns: {COLUMNS}.", next_step="Nothing was started."
        )
    at, is_open = names.index("date"), names.index("open")
    for number, cells in rows:
        if found := _row(file, number, table, _cell(cells, at), _cell(cells, is_open)):
            yield found


def _row(file: Path, number: int, table: Table, when: Cell, what: Cell) -> tuple[date, bool] | None:
    try:
        found, word = day(when, table.epoch), text(what).casefold()
    except Unusable as why:
        raise UsageError(f"{file}, row {number}: {why}.", next_step="Nothing was started.") from None
    if found is None and not word:
        return None
    with suppress(KeyError):
        if found is not None:
            return found, _IS_OPEN[word]
    raise UsageError(
        f"{file}, row {number}: a day needs a date, and open or closed.", next_step="Nothing was started."
    )


def _cell(cells: tuple[Cell, ...], at: int) -> Cell:
    return cells[at] if at < len(cells) else None
