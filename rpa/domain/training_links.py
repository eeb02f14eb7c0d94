"""How long a link lives, and so how many a session needs (guide: "G2T Links expire after 1 week")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol, TypeVar


class OnADay(Protocol):
    """Whatever takes place on a day."""

    @property
    def day(self) -> date: ...


LONGEST_LINK = 2000
T = TypeVar("T", bound=OnADay)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinLink:
    """A join link, and the days of its session when it was entered."""

    url: str = field(repr=False)
    days: tuple[date, ...]

    def is_for(self, days: Sequence[date]) -> bool:
        """Whether the room was made for these days."""
        return self.days == tuple(days)


def why_no_link(url: str) -> str:
    """Why nobody can be invited with this; empty where it can be a join link."""
    if not re.fullmatch(r"https://[^\s/?#@\\]+\S*", url) or len(url) > LONGEST_LINK:
        return "This is no join link: one begins with https:// and has no space in it."
    if re.search(r"/start/?(?:[?#]|$)", url, re.IGNORECASE):
        return "This is the organizer's start link: it opens the room as its organizer, for whoever has it."
    return ""


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
