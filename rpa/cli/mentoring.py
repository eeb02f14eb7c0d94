"""Finds mentors for a class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from rpa.adapters.mentors_file import read_mentors
from rpa.cli import output
from rpa.cli.office import Office
from rpa.cli.planning import batch_of
from rpa.cli.training_desk import TrainingDesk
from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.class_names import class_name
from rpa.domain.errors import UsageError
from rpa.domain.hours import parse_hours
from rpa.domain.mentors import Mentor, Mentoring, Need, assign_mentors, has_finished, still_mentored
from rpa.domain.trainings import SessionKind, told
from rpa.settings import load_settings


def mentors(file: Path, name: str, *, as_json: bool) -> int:
    """Assign mentors and keep the assignment; 0 where every agent has one, else 1."""
    desk = TrainingDesk(Office(load_settings()))
    settings = desk.office.settings.mentors
    if settings.file is None:
        raise UsageError(
            "There is no list of mentors.", next_step="Nothing was started. Set RPA_MENTORS__FILE in `.env`."
        )
    named = class_name(name)
    batch = batch_of(file, desk.office)
    known = desk.office.settings
    found = read_mentors(settings.file, sites=known.sites, campaigns=frozenset(known.campaigns))
    taken = _taken(desk, named)
    before = desk.store.mentors(named)
    mentoring = assign_mentors(
        batch.agents,
        [replace(one, agents=one.agents + taken[one.employee_id]) for one in found.mentors],
        ratio=settings.ratio,
        hours=parse_hours(settings.hours),
        in_esp=desk.in_esp(),
        before=before,
    )
    desk.store.keep_mentors(named, mentoring.mentor_of)
    if as_json:
        output.emit({"class": named, **_document(mentoring)})
    else:
        _show(mentoring, {agent.employee_id: agent for agent in batch.agents}, found.mentors)
    for trouble in (*(row.reason for row in batch.invalid), *map(str, found.problems)):
        output.talk(trouble)
    for sentence in _counted_twice(found.mentors, taken + Counter(before.values()), settings.ratio):
        output.talk(sentence)
    output.talk(_verdict(mentoring, _needed_by(desk, named)))
    return 0 if mentoring.enough and not batch.invalid else 1


def _taken(desk: TrainingDesk, name: str) -> Counter[EmployeeId]:
    """How many agents of other classes each mentor has still."""
    freed = timedelta(days=desk.office.settings.mentors.freed_after)
    return still_mentored(
        desk.store.mentored_elsewhere(name),
        {plan.name: plan.last_day for plan in desk.store.plans()},
        frozenset(one.employee_id for one in desk.tracked() if has_finished(one)),
        freed_before=desk.office.today() - freed,
    )


def _counted_twice(
    mentors: Iterable[Mentor], assigned: Mapping[EmployeeId, int], ratio: int
) -> Iterator[str]:
    """Who may be full only as the list holds those again whom the software assigned."""
    for one in mentors:
        here = assigned.get(one.employee_id, 0)
        if one.agents and here and one.agents + here > ratio:
            yield (
                f"{one.employee_id} has {here} agents by this software and {one.agents} more by the list; "
                "its column `agents` counts only those whom the software did not assign."
            )


def _needed_by(desk: TrainingDesk, name: str) -> str:
    """When call shadowing starts: assumed to be the working day after the class's Call Cert session."""
    plan = next((plan for plan in desk.store.plans() if plan.name == name), None)
    if plan is None:
        return "before call shadowing starts"
    last = plan.of_kind(SessionKind.CALL_CERT)[-1].last_day
    return f"before call shadowing starts, on {told(desk.days.next(last))}"


def _verdict(mentoring: Mentoring, when: str) -> str:
    if mentoring.enough:
        return f"There are enough mentors; needed {when}."
    missing = [
        f"{need.mentors_missing} for {need.site} {need.campaign}".rstrip()
        for need in mentoring.needs
        if not need.is_met
    ]
    return f"Mentors are missing: {', '.join(missing)}; needed {when}."


def _show(mentoring: Mentoring, agents: dict[EmployeeId, Agent], mentors: tuple[Mentor, ...]) -> None:
    names = {mentor.employee_id: mentor.name for mentor in mentors}
    for agent, given in mentoring.mentor_of.items():
        output.show(f"{agent}  {agents[agent].name}: {given} {names[given]}".rstrip())
    for agent, why in mentoring.without.items():
        output.show(f"{agent}  {agents[agent].name}: nobody, {why}")
    for one in mentoring.candidates:
        mentor = one.mentor
        output.show(
            f"{mentor.employee_id}  {mentor.name}: mentor of {mentor.site} {mentor.campaign}, "
            f"has {one.agents} agents, could have {one.places} more"
        )
    for who, why in mentoring.not_taken.items():
        output.show(f"{who}  {names[who]}: no mentor, {why}")


def _document(mentoring: Mentoring) -> dict[str, Any]:
    return {
        "enough": mentoring.enough,
        "rows": [
            {"employee_id": agent, "mentor": mentor, "reason": ""}
            for agent, mentor in mentoring.mentor_of.items()
        ]
        + [{"employee_id": agent, "mentor": None, "reason": why} for agent, why in mentoring.without.items()],
        "candidates": [
            {
                "employee_id": one.mentor.employee_id,
                "name": one.mentor.name,
                "site": one.mentor.site,
                "campaign": one.mentor.campaign,
                "agents": one.agents,
                "places": one.places,
            }
            for one in mentoring.candidates
        ],
        "not_taken": [{"employee_id": one, "reason": why} for one, why in mentoring.not_taken.items()],
        "needs": [_need(need) for need in mentoring.needs],
    }


def _need(need: Need) -> dict[str, Any]:
    return {
        "site": need.site,
        "campaign": need.campaign,
        "agents": need.agents,
        "places": need.places,
        "mentors_missing": need.mentors_missing,
    }
