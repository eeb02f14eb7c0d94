"""What the people list answers to a search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from mock_portals.people import Employee

ONE_IN_SO_MANY_HAS_TWO_POSITIONS = 37


def matches(employee: Employee, query: str) -> bool:
    """Whether the search finds this person: by the start of the id, or of "Last, First"."""
    wanted = query.casefold()
    return employee.employee_id.casefold().startswith(wanted) or employee.name.casefold().startswith(wanted)


def found(employees: Iterable[Employee], query: str, statuses: Iterable[str]) -> list[dict[str, str]]:
    """The rows of a search, by name; a person with two positions has two of them."""
    shown = set(statuses)
    hits = [one for one in employees if one.status in shown and matches(one, query)]
    return [row for one in sorted(hits, key=lambda one: (one.name, one.employee_id)) for row in _rows(one)]


def _rows(employee: Employee) -> Iterator[dict[str, str]]:
    row = {
        "aoid": employee.aoid,
        "name": employee.name,
        "employee_id": employee.employee_id,
        "position_id": employee.position_id,
        "job_title": employee.job_title,
        "site": employee.site,
        "status": employee.status,
    }
    yield row
    if has_two_positions(employee.employee_id):
        yield row | {"position_id": f"{employee.position_id}N", "job_title": "Peer Coach"}


def has_two_positions(employee_id: str) -> bool:
    """A few people hold a second position; which is settled by the id, so that it never moves."""
    return crc32(employee_id.encode()) % ONE_IN_SO_MANY_HAS_TWO_POSITIONS == 0
