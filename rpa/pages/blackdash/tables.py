"""Tables of BlackDash, read by their column headings and never by position alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rpa.domain.errors import PortalFailed

EMPTY = {"", "-", "–", "—"}  # noqa: RUF001 - a dash of some kind stands for an empty cell


def read_table(
    name: str, headings: Sequence[str], cells: Sequence[str], wanted: Mapping[str, str]
) -> list[dict[str, str]]:
    """The rows of a table by the keys of `wanted`, whose values are the headings of those columns."""
    shown = [heading.strip() for heading in headings]
    for heading in wanted.values():
        if shown.count(heading) != 1:
            raise PortalFailed(f"BlackDash's table {name} has no single column {heading!r}.")
    if len(cells) % len(shown):
        raise PortalFailed(f"BlackDash's table {name} has rows with cells missing.")
    rows = [cells[at : at + len(shown)] for at in range(0, len(cells), len(shown))]
    places = {key: shown.index(heading) for key, heading in wanted.items()}
    return [{key: _text(row[place]) for key, place in places.items()} for row in rows]


def _text(cell: str) -> str:
    text = cell.strip()
    return "" if text in EMPTY else text
