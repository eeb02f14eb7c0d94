"""Plans a class anew without losing what was decided before: its clocks, fixed days, and agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from shlex import quote

from rpa.adapters.site_calendar import last_known_day
from rpa.cli.training_desk import TrainingDesk
from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.class_names import class_name, class_zone
from rpa.domain.errors import UsageError
from rpa.domain.training_changes import changes_told, whole_roster
from rpa.domain.training_plan import plan_class
from rpa.domain.trainings import ClassPlan, SessionKind, told
from rpa.engine.planner import Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for; a session of `fixed` without a day follows on again, `zone` is empty for none."""

    name: str
    start: date
    fixed: Mapping[SessionKind, date | None]
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The plan as it is stored, what it changes of the one before, and what else is to be told.

    `kept` are agents who stay from before as a row of the file cannot be read, `also_in` those of each other
    class who are in this one, too.
    """

    plan: ClassPlan
    roster: tuple[Agent, ...]
    changed: tuple[str, ...]
    notes: tuple[str, ...]
    kept: tuple[EmployeeId, ...]
    also_in: Mapping[str, tuple[EmployeeId, ...]]


def planned(desk: TrainingDesk, batch: Batch, order: Order) -> Planned:
    """The plan of the class, stored in place of an earlier one."""
    name, today = class_name(order.name), desk.office.today()
    before = next((plan for plan in desk.store.plans() if plan.name == name), None)
    if before and before.last_day < today:
        raise UsageError(
            f"A class {name!r} was planned before, and is over.",
            next_step=(
                "Nothing was planned. Give this one a name of its own with --name, or forget the other one: "
                f"rpa trainings cancel {quote(name)}"
            ),
        )
    had = desk.store.roster(name) if before else ()
    roster, kept = whole_roster(batch.agents, had, all_readable=not batch.invalid)
    zone, notes = _clocks(desk, roster, before, order.zone)
    fixed = {**dict(before.fixed if before else ()), **order.fixed}
    plan = plan_class(
        name,
        order.start,
        zone=zone,
        syllabus=desk.syllabus,
        days=desk.days,
        fixed={kind: day for kind, day in fixed.items() if day},
    )
    _refuse_impossible(plan, today)
    desk.store.keep(plan, roster)
    return Planned(
        plan=plan,
        roster=roster,
        changed=changes_told(before, plan, had, roster) if before else (),
        notes=(*notes, *_fixed_before(plan, order), *_begun(plan, today)),
        kept=kept,
        also_in=_also_in(desk, plan, roster),
    )


def _clocks(
    desk: TrainingDesk, roster: Sequence[Agent], before: ClassPlan | None, asked: str
) -> tuple[str, tuple[str, ...]]:
    """By whose clocks the class goes; one more agent shifts nobody's."""
    settings = desk.office.settings.trainings
    if asked:
        return asked, ()
    zone, note = class_zone(roster, settings.time_zones, settings.time_zone)
    if before is None:
        return zone, (note,) if note else ()
    if zone == before.zone:
        return zone, ()
    return before.zone, (
        f"Hours stay those of {before.zone}, though most agents go by {zone}. --time-zone changes that.",
    )


def _refuse_impossible(plan: ClassPlan, today: date) -> None:
    """A year that was mistyped plans a class that nobody can be invited to, or without its holidays."""
    if plan.last_day < today:
        raise UsageError(
            f"A class that starts on {told(plan.start)} would be over since {told(plan.last_day)}.",
            next_step="Nothing was planned. Look at the year of --start.",
        )
    if plan.last_day > last_known_day(today):
        raise UsageError(
            f"Holidays are known up to {told(last_known_day(today))}, and this class ends on "
            f"{told(plan.last_day)}.",
            next_step="Nothing was planned. Look at the year of --start and --fix.",
        )


def _fixed_before(plan: ClassPlan, order: Order) -> tuple[str, ...]:
    kept = [f"--fix {kind}={day.isoformat()}" for kind, day in plan.fixed if kind not in order.fixed]
    return (f"Kept from the plan before: {', '.join(kept)}.",) if kept else ()


def _begun(plan: ClassPlan, today: date) -> tuple[str, ...]:
    if plan.start >= today:
        return ()
    mend = f"Not meant so: plan it again, or rpa trainings cancel {quote(plan.name)}"
    return (f"The class has begun on {told(plan.start)}; nobody is invited to what is over. {mend}",)


def _also_in(
    desk: TrainingDesk, plan: ClassPlan, roster: Sequence[Agent]
) -> dict[str, tuple[EmployeeId, ...]]:
    """A file that was renamed would plan, and invite, the same class twice."""
    ids = {agent.employee_id for agent in roster}
    rosters = desk.store.rosters()
    return {
        other.name: tuple(sorted(ids & rosters[other.name]))
        for other in desk.running()
        if other.name != plan.name and ids & rosters[other.name]
    }
