"""Finds mentors for a class."""

from __future__ import annotations

from dataclasses import replace
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
from rpa.domain.mentors import Mentor, Mentoring, Need, assign_mentors
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
    found = read_mentors(settings.file)
    taken = desk.store.mentored_elsewhere(named)
    mentoring = assign_mentors(
        batch.agents,
        [replace(one, agents=max(one.agents, taken[one.employee_id])) for one in found.mentors],
        ratio=settings.ratio,
        hours=parse_hours(settings.hours),
        in_esp=desk.in_esp(),
        before=desk.store.mentors(named),
    )
    desk.store.keep_mentors(named, mentoring.mentor_of)
    if as_json:
        output.emit({"class": named, **_document(mentoring)})
    else:
        _show(mentoring, {agent.employee_id: agent for agent in batch.agents}, found.mentors)
    for trouble in (*(row.reason for row in batch.invalid), *map(str, found.problems)):
        output.talk(trouble)
    output.talk(_verdict(mentoring, _needed_by(desk, named)))
    return 0 if mentoring.enough and not batch.invalid else 1


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
    for agent, mentor in mentoring.mentor_of.items():
        output.show(f"{agent}  {agents[agent].name}: {mentor} {names[mentor]}".rstrip())
    for agent, why in mentoring.without.items():
        output.show(f"{agent}  {agents[agent].name}: nobody, {why}")
    for mentor, why in mentoring.not_taken.items():
        output.show(f"{mentor}  {names[mentor]}: no mentor, {why}")


def _document(mentoring: Mentoring) -> dict[str, Any]:
    return {
        "enough": mentoring.enough,
        "rows": [
            {"employee_id": agent, "mentor": mentor, "reason": ""}
            for agent, mentor in mentoring.mentor_of.items()
        ]
        + [{"employee_id": agent, "mentor": None, "reason": why} for agent, why in mentoring.without.items()],
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
