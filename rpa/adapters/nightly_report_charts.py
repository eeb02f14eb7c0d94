"""Where the lines of the nightly report's pictures go: ages of the stuck, the strip of nights, the funnel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rpa.domain.night_report import RuleBar, TaskBar
from rpa.domain.nights import StripNight

NARROWEST = 1.2  # per cent: one agent among hundreds can still be seen
LABELLED = 4.0  # per cent: narrower than this, a number has no room above its part
STRIP_WIDTH, STRIP_HEIGHT, STRIP_BASE, STRIP_TOP = 620, 124, 96, 20
COLUMN = 40


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar; `left` and `width` in per cent, `kind` names its pattern."""

    kind: str
    number: int
    left: float
    width: float

    @property
    def has_room(self) -> bool:
        return self.width >= LABELLED


@dataclass(frozen=True, slots=True)
class AgeBar:
    """The bar of one rule, with its parts from young to old."""

    bar: RuleBar
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class FunnelBar:
    """The bar of one task: done, open, unreadable."""

    bar: TaskBar
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One night of the strip: a column, or the outline of one that is missing."""

    night: StripNight
    x: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + COLUMN / 2


def age_bars(bars: Sequence[RuleBar]) -> list[AgeBar]:
    """All bars on one scale, so that their lengths compare."""
    longest = max((bar.total for bar in bars), default=0)
    kinds = ("young", "older", "old")
    return [AgeBar(bar, _parts(zip(kinds, bar.ages, strict=True), longest)) for bar in bars]


def funnel_bars(bars: Sequence[TaskBar], cohort: int) -> list[FunnelBar]:
    """Each bar as wide as the cohort; agents of whom the tracker says nothing leave it shorter."""
    return [
        FunnelBar(
            bar, _parts((("done", bar.done), ("open", bar.open), ("unreadable", bar.unreadable)), cohort)
        )
        for bar in bars
    ]


def columns(nights: Sequence[StripNight]) -> list[Column]:
    """One column a night from left to right, the highest as high as there is room."""
    most = max((night.stuck or 0 for night in nights), default=0) or 1
    step = STRIP_WIDTH / max(len(nights), 1)
    room = STRIP_BASE - STRIP_TOP
    return [
        Column(
            night=night,
            x=round(at * step + (step - COLUMN) / 2, 1),
            y=round(STRIP_BASE - room * (night.stuck or 0) / most, 1),
            height=round(room * (night.stuck or 0) / most, 1),
        )
        for at, night in enumerate(nights)
    ]


def _parts(counts: Iterable[tuple[str, int]], whole: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    left = 0.0
    for kind, number in counts:
        if number:
            width = max(100 * number / whole, NARROWEST)
            parts.append(Part(kind, number, round(left, 2), round(width, 2)))
            left += width
    scale = 100 / left if left > 100 else 1.0  # noqa: PLR2004 - per cent
    return tuple(
        Part(one.kind, one.number, round(one.left * scale, 2), round(one.width * scale, 2)) for one in parts
    )
