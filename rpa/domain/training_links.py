"""How long a link lives, and so how many a session needs (guide: "G2T Links expire after 1 week")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar


class OnADay(Protocol):
    """Whatever takes place on a day."""

    @property
    def day(self) -> date: ...


T = TypeVar("T", bound=OnADay)


def link_ends(first_day: date, life: int) -> date:
    """The last day on which the link lives.

    Assumed: its life counts from the first day that it is made for, whenever it was made.
    """
    return first_day + timedelta(days=life - 1)


def within_links(sittings: Sequence[T], life: int) -> tuple[tuple[T, ...], ...]:
    """The sittings in as few parts as the life of a link, in calendar days, allows."""
    parts: list[list[T]] = []
    for sitting in sittings:
        if parts and sitting.day <= link_ends(parts[-1][0].day, life):
            parts[-1].append(sitting)
        else:
            parts.append([sitting])
    return tuple(map(tuple, parts))
