"""The plans of all classes as a picture: one line a class, SVG in an HTML page that opens anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from pathlib import Path

from rpa.adapters import html_page
from rpa.domain.hours import Hours
from rpa.domain.training_conflicts import Conflict
from rpa.domain.trainings import TITLES, ClassPlan, Session, told
from rpa.domain.working_days import WorkingDays

LEFT = 170
TOP = 46
LINE = 92
NARROWEST_DAY, WIDEST_DAY, ROOM = 14, 60, 1240
LETTER = 8.5  # the width of a bold letter, at its widest among the usual fonts


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The days of a session in a row without a gap, as a rectangle; `label` is empty where it has no room."""

    kind: str
    x: float
    width: float
    label: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How long a link lives, as a line below the blocks, and when its room is due, as a mark above them."""

    x: float
    y: int
    width: float
    due_x: float
    label: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLine:
    """One class: its blocks and its links."""

    plan: ClassPlan
    y: float
    blocks: tuple[Block, ...]
    lives: tuple[Life, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """Days as places from left to right."""

    first: date
    days: int
    step: float

    @classmethod
    def of(cls, plans: Sequence[ClassPlan]) -> Scale:
        first = min(min(session.due for session in plan.sessions) for plan in plans)
        first -= timedelta(days=first.weekday())
        last = max(session.link_ends for plan in plans for session in plan.sessions)
        days = (last - first).days + 2
        return cls(first, days, max(NARROWEST_DAY, min(WIDEST_DAY, (ROOM - LEFT) / days)))

    def x(self, day: date) -> float:
        """The left edge of a day."""
        return round(LEFT + (day - self.first).days * self.step, 1)

    @property
    def width(self) -> float:
        return round(LEFT + self.days * self.step + 70, 1)

    def each(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.days)]


def write_picture(
    path: Path,
    plans: Sequence[ClassPlan],
    *,
    days: WorkingDays,
    today: date,
    linked: frozenset[str],
    conflicts: Mapping[str, Sequence[Conflict]],
) -> Path:
    """The picture of these classes at this path; no name and no address of an agent is in it, and no link."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    css, css_hash = html_page.style("trainings.css")
    environment = html_page.environment(UTC)  # no moment is shown, only days
    environment.filters["told"] = told
    scale = Scale.of(plans)
    page = environment.get_template("trainings.html.j2").render(
        css=css,
        css_hash=css_hash,
        scale=scale,
        left=LEFT,
        height=TOP + LINE * len(plans) + 8,
        top=TOP,
        lines=[_line(plan, n, scale, today, linked) for n, plan in enumerate(plans)],
        off=[day for day in scale.each() if not days.is_working(day)],
        mondays=[day for day in scale.each() if day.weekday() == 0],
        today=today,
        titles={kind.value: title for kind, title in TITLES.items()},
        plans=plans,
        linked=linked,
        conflicts=conflicts,
    )
    html_page.replace_text(path, page)
    return path


def _line(plan: ClassPlan, number: int, scale: Scale, today: date, linked: frozenset[str]) -> ClassLine:
    return ClassLine(
        plan=plan,
        y=TOP + LINE * number,
        blocks=tuple(block for session in plan.sessions for block in _blocks(session, scale, plan.whole_day)),
        lives=tuple(_life(session, n, scale, today, linked) for n, session in enumerate(plan.sessions)),
    )


def _blocks(session: Session, scale: Scale, whole: Hours) -> list[Block]:
    """Days that follow one another are one block; half a day is half as wide."""
    runs: list[list[date]] = []
    for sitting in session.sittings:
        if runs and sitting.day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(sitting.day)
        else:
            runs.append([sitting.day])
    last = session.sittings[-1]
    cut = 0.5 if last.hours != whole else 0
    return [_block(session, run, scale, cut=cut if run[-1] == last.day else 0) for run in runs]


def _block(session: Session, run: Sequence[date], scale: Scale, *, cut: float) -> Block:
    width = (len(run) - cut) * scale.step - 2
    title = TITLES[session.kind]
    fits = len(title) * LETTER + 8 < width
    first, last = session.first_day, session.last_day
    return Block(
        kind=session.kind.value,
        x=scale.x(run[0]) + 1,
        width=round(width, 1),
        label=title if fits else "",
        told=f"{session.title}: {told(first)} to {told(last)}",
    )


def _life(session: Session, number: int, scale: Scale, today: date, linked: frozenset[str]) -> Life:
    days = (session.link_ends - session.first_day).days + 1
    return Life(
        x=scale.x(session.first_day) + 2,
        # Lives overlap: every other one is a step lower.
        y=58 + number % 2 * 11,
        width=round(days * scale.step - 4, 1),
        due_x=scale.x(session.due) + scale.step / 2,
        label=f"{session.id}: room due {told(session.due)}, link lives until {told(session.link_ends)}",
        late=session.due < today and session.id not in linked,
    )
