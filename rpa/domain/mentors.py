"""Mentors for call shadowing: who can be one, whether there are enough, who gets whom.

The guide: "Before Call Shadowing can take place, ESP managers must first identify a sufficient number of
agents who are trusted to assist as Mentors."
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rpa.domain.agents import Agent, EmployeeId
from rpa.domain.hours import Hours
from rpa.domain.tracking import Task, TrackedAgent


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor:
    """One row of the mentors list; `shift` is None for any.

    `agents` is how many the mentor has whom the software did not assign: those that it did are added.
    """

    employee_id: EmployeeId
    row: int
    name: str = ""
    site: str = ""
    campaign: str = ""
    shift: Hours | None = None
    trusted: bool = False
    in_esp: bool = False
    agents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Agents of one site and campaign, and the places that mentors have for them."""

    site: str
    campaign: str
    agents: int
    places: int
    mentors_missing: int

    @property
    def is_met(self) -> bool:
        return self.mentors_missing == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who can mentor: how many agents with those of this class, and how many more could be."""

    mentor: Mentor
    agents: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentoring:
    """Who mentors whom, by agent; who has nobody, and why; who of the list cannot mentor, and why."""

    mentor_of: Mapping[EmployeeId, EmployeeId]
    without: Mapping[EmployeeId, str]
    not_taken: Mapping[EmployeeId, str]
    needs: tuple[Need, ...]
    candidates: tuple[Candidate, ...] = ()

    @property
    def enough(self) -> bool:
        return not self.without


def why_not(mentor: Mentor, hours: Hours, in_esp: frozenset[EmployeeId]) -> str:
    """Why this one cannot mentor; empty where nothing speaks against it."""
    if mentor.in_esp or mentor.employee_id in in_esp:
        return "is in ESP"
    if not mentor.trusted:
        return "is not marked as trusted"
    if not mentor.site or not mentor.campaign:
        return "has no site or no campaign in the list"
    if mentor.shift and not mentor.shift.cover(hours):
        return f"works {mentor.shift}, call shadowing is {hours}"
    return ""


def assign_mentors(
    agents: Sequence[Agent],
    mentors: Sequence[Mentor],
    *,
    ratio: int,
    hours: Hours,
    in_esp: frozenset[EmployeeId] = frozenset(),
    before: Mapping[EmployeeId, EmployeeId] | None = None,
) -> Mentoring:
    """A mentor for each agent, at most `ratio` agents a mentor, evenly.

    Only mentors of the agent's own site and campaign. What was assigned `before` is kept where it still
    can be; nobody is moved but to even out a difference of two and more.
    """
    learning = in_esp | {agent.employee_id for agent in agents}
    reasons = {one.employee_id: why_not(one, hours, learning) for one in mentors}
    able = [one for one in mentors if not reasons[one.employee_id]]
    mentor_of: dict[EmployeeId, EmployeeId] = {}
    without: dict[EmployeeId, str] = {}
    needs: list[Need] = []
    for (site, campaign), group in _groups(agents).items():
        free = {
            one.employee_id: ratio - one.agents
            for one in able
            if (one.site, one.campaign) == (site, campaign)
        }
        free = {mentor: places for mentor, places in free.items() if places > 0}
        known = bool(site and campaign)
        given = _spread(group, free, before or {}, ratio) if known else {}
        why = (
            f"no mentor of {site} {campaign} is free" if known else "the class file gives no site or campaign"
        )
        mentor_of |= given
        without |= {agent: why for agent in group if agent not in given}
        needs.append(_need(site, campaign, len(group), sum(free.values()) if known else 0, ratio))
    return Mentoring(
        mentor_of=dict(sorted(mentor_of.items())),
        without=dict(sorted(without.items())),
        not_taken={mentor: why for mentor, why in sorted(reasons.items()) if why},
        needs=tuple(needs),
        candidates=_candidates(able, Counter(mentor_of.values()), ratio),
    )


def _candidates(able: Iterable[Mentor], given: Mapping[EmployeeId, int], ratio: int) -> tuple[Candidate, ...]:
    found = []
    for one in sorted(able, key=lambda mentor: (mentor.site, mentor.campaign, mentor.employee_id)):
        agents = one.agents + given.get(one.employee_id, 0)
        found.append(Candidate(mentor=one, agents=agents, places=max(ratio - agents, 0)))
    return tuple(found)


def still_mentored(
    assignments: Mapping[str, Mapping[EmployeeId, EmployeeId]],
    ends: Mapping[str, date],
    finished: frozenset[EmployeeId],
    *,
    freed_before: date,
) -> Counter[EmployeeId]:
    """How many agents each mentor has by these assignments of other classes, given by their names.

    Who has finished call shadowing needs nobody any more, nor does a class that ended before that day.
    """
    return Counter(
        mentor
        for name, mentor_of in assignments.items()
        if ends.get(name, date.max) >= freed_before
        for agent, mentor in mentor_of.items()
        if agent not in finished
    )


def has_finished(agent: TrackedAgent) -> bool:
    """Whether an agent needs no mentor any more."""
    return agent.transferred.is_closed or agent.is_done(Task.CALL_SHADOWING)


def _groups(agents: Iterable[Agent]) -> dict[tuple[str, str], list[EmployeeId]]:
    groups: dict[tuple[str, str], list[EmployeeId]] = {}
    for agent in sorted(agents, key=lambda one: (one.site, one.campaign, one.employee_id)):
        groups.setdefault((agent.site, agent.campaign), []).append(agent.employee_id)
    return groups


def _need(site: str, campaign: str, agents: int, places: int, ratio: int) -> Need:
    missing = max(agents - places, 0)
    return Need(
        site=site, campaign=campaign, agents=agents, places=places, mentors_missing=-(-missing // ratio)
    )


def _spread(
    group: Sequence[EmployeeId],
    free: Mapping[EmployeeId, int],
    before: Mapping[EmployeeId, EmployeeId],
    ratio: int,
) -> dict[EmployeeId, EmployeeId]:
    """Kept where it can be, the rest to whoever has the fewest, then evened out."""
    load = Counter({mentor: ratio - places for mentor, places in free.items()})
    given: dict[EmployeeId, EmployeeId] = {}
    for agent in group:
        kept = before.get(agent)
        if kept is not None and kept in free and load[kept] < ratio:
            given[agent] = kept
            load[kept] += 1
    for agent in group:
        if agent not in given and (mentor := _least(load, ratio)):
            given[agent] = mentor
            load[mentor] += 1
    _even_out(given, load)
    return given


def _least(load: Mapping[EmployeeId, int], ratio: int) -> EmployeeId | None:
    able = [mentor for mentor, number in load.items() if number < ratio]
    return min(able, key=lambda mentor: (load[mentor], mentor), default=None)


def _even_out(given: dict[EmployeeId, EmployeeId], load: Counter[EmployeeId]) -> None:
    """Move one agent after the other from the fullest mentor to the emptiest, until they differ by one."""
    while load:
        movable = {mentor: load[mentor] for mentor in given.values()}
        if not movable:
            return
        fullest = min(movable, key=lambda mentor: (-movable[mentor], mentor))
        emptiest = min(load, key=lambda mentor: (load[mentor], mentor))
        if load[fullest] - load[emptiest] < 2:  # noqa: PLR2004  a difference of one is even
            return
        moved = max(agent for agent, mentor in given.items() if mentor == fullest)
        given[moved] = emptiest
        load[fullest] -= 1
        load[emptiest] += 1
