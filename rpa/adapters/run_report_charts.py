"""Where the lines of the run report's pictures go: the bar of outcomes, and rosters over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rpa.domain.outcomes import Outcome
from rpa.domain.runs import Roster

ORDER = (
    Outcome.DONE,
    Outcome.UNCHANGED,
    Outcome.PENDING,
    Outcome.DRIFTED,
    Outcome.FAILED,
    Outcome.UNKNOWN,
    Outcome.REFUSED,
    Outcome.INVALID,
    Outcome.SKIPPED,
)
NARROWEST = 1.5  # per cent: one agent among hundreds can still be seen
WIDTH, HEIGHT = 560, 132
LEFT, RIGHT, TOP, BOTTOM = 34, 546, 14, 106


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One part of the bar; `left` and `width` in per cent of it."""

    outcome: Outcome
    number: int
    left: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One look at a roster, and where it stands in the picture."""

    at: datetime
    seconds: float
    right: int
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChart:
    """One class over time; `span` is the length of the axis in seconds."""

    roster: Roster
    wanted: int
    span: float
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """The stepped line through all looks: what was seen holds until the next one."""
        first, *others = self.points
        return f"M{first.x} {first.y}" + "".join(f"H{point.x}V{point.y}" for point in others)

    @property
    def waited(self) -> float:
        """Seconds from the first look to the last."""
        return self.points[-1].seconds if self.points else 0.0

    @property
    def complete_after(self) -> float | None:
        """Seconds until all were where they should be for good, or None where some are not."""
        if self.roster.wrong or not self.points:
            return None
        short = [index for index, point in enumerate(self.points) if point.right < self.wanted]
        return self.points[short[-1] + 1].seconds if short else 0.0


def segments(counts: Mapping[str, int]) -> list[Segment]:
    """The bar from left to right: what is done first, what was never tried last."""
    total = sum(counts.values())
    words = sorted(counts, key=lambda word: ORDER.index(Outcome(word)) if word in ORDER else len(ORDER))
    shares = {word: max(100 * counts[word] / total, NARROWEST) for word in words}
    scale = 100 / sum(shares.values()) if shares else 1
    bar: list[Segment] = []
    left = 0.0
    for word, share in shares.items():
        width = share * scale
        bar.append(
            Segment(outcome=Outcome(word), number=counts[word], left=round(left, 3), width=round(width, 3))
        )
        left += width
    return bar


def roster_charts(rosters: Sequence[Roster]) -> list[RosterChart]:
    """One picture a class, all with the same axis of time."""
    spans = [
        (roster.readings[-1].at - roster.readings[0].at).total_seconds()
        for roster in rosters
        if roster.readings
    ]
    return [_chart(roster, max(spans, default=0.0)) for roster in rosters]


def _chart(roster: Roster, span: float) -> RosterChart:
    wanted = len(roster.right) + len(roster.wrong)
    points = []
    for reading in roster.readings:
        seconds = (reading.at - roster.readings[0].at).total_seconds()
        listed = len(reading.listed)
        right = listed if roster.gone is None else wanted - listed
        points.append(
            Point(
                at=reading.at,
                seconds=seconds,
                right=right,
                x=round(LEFT + (RIGHT - LEFT) * seconds / (span or 1), 1),
                y=round(BOTTOM - (BOTTOM - TOP) * right / (wanted or 1), 1),
            )
        )
    return RosterChart(roster=roster, wanted=wanted, span=span, points=tuple(points))
