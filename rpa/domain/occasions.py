"""What people are invited to: the sessions of a class, and the leaders' meeting before the season."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from rpa.domain.agents import Agent
from rpa.domain.hours import Hours
from rpa.domain.trainings import Session, SessionKind, told

UID_DOMAIN = "esp-rpa.invalid"
LEADER = "leader of "


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One address to invite; `who` tells whose it is without saying it, and is what logs may hold."""

    who: str
    address: str
    name: str = ""
    opens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One calendar entry: what, when, where, and who is asked to come.

    `sittings` are begin and end of each day as written on the wall in `zone`. One that `waits` is not sent,
    as its link was made for other days.
    """

    id: str
    group: str
    title: str
    description: str
    place: str
    zone: str
    sittings: tuple[tuple[datetime, datetime], ...]
    guests: tuple[Guest, ...]
    waits: bool = False

    @property
    def uid(self) -> str:
        """The same for every version of the entry."""
        return uid_of(self.id)

    @property
    def ends(self) -> date:
        return self.sittings[-1][1].date()


def uid_of(entry: str) -> str:
    """The UID of the entry with this id."""
    return f"{uuid5(NAMESPACE_URL, f'esp-rpa:{entry}')}@{UID_DOMAIN}"


def occasion_of(session: Session, link: str, roster: Iterable[Agent], *, waits: bool = False) -> Occasion:
    """The calendar entry of a session whose room is there."""
    return Occasion(
        id=session.id,
        group=session.class_name,
        title=f"{session.title} - {session.class_name}",
        description=_description(session, link),
        place=link,
        zone=session.zone,
        sittings=tuple(
            (
                datetime.combine(sitting.day, sitting.hours.starts),  # on the wall
                datetime.combine(sitting.day, sitting.hours.ends),
            )
            for sitting in session.sittings
        ),
        guests=tuple(_guests(session, roster)),
        waits=waits,
    )


def meeting_occasion(
    day: date, hours: Hours, *, season_start: date, zone: str, guests: Sequence[Guest]
) -> Occasion:
    """The meeting with the leaders of the teams (guide: "to ensure everyone [is] aligned")."""
    return Occasion(
        id=meeting_id(season_start),
        group="leaders",
        title=f"Onboarding season from {told(season_start)}: meeting of the leaders",
        description=(
            f"The onboarding season begins on {told(season_start)}. What each team does and by when, the "
            "daily updates of the ESP tracker, and who opens which rooms."
        ),
        place="",
        zone=zone,
        sittings=((datetime.combine(day, hours.starts), datetime.combine(day, hours.ends)),),
        guests=tuple(_once(guests)),
    )


def meeting_id(season_start: date) -> str:
    """The id of the leaders' meeting before this season."""
    return f"leaders/{season_start.isoformat()}"


def _once(guests: Iterable[Guest]) -> Iterator[Guest]:
    """Each address once: who leads two teams has one event."""
    by_address: dict[str, Guest] = {}
    for guest in guests:
        one = by_address.get(guest.address.casefold())
        also = f"{one.who} and {guest.who.removeprefix(LEADER)}" if one else guest.who
        by_address[guest.address.casefold()] = replace(one or guest, who=also)
    yield from by_address.values()


def _guests(session: Session, roster: Iterable[Agent]) -> Iterator[Guest]:
    """Who opens the room, then each agent by cXp and by personal e-mail; no address twice."""
    seen: set[str] = set()
    openers = [
        Guest(who="organizer", address=session.organizer, opens=True),
        Guest(who="co-organizer", address=session.co_organizer, opens=True),
    ]
    agents = [
        Guest(who=f"{agent.employee_id} {of}", address=address, name=agent.name)
        for agent in sorted(roster, key=lambda one: one.employee_id)
        for of, address in (("cxp", agent.cxp_email), ("personal", agent.personal_email))
    ]
    for guest in (*openers, *agents):
        if guest.address and guest.address.casefold() not in seen:
            seen.add(guest.address.casefold())
            yield guest


def _description(session: Session, link: str) -> str:
    days = [f"  {told(sitting.day)}, {sitting.hours}" for sitting in session.sittings]
    return "\n".join(
        [
            f"{session.title} of class {session.class_name}, by the clocks of {session.zone}:",
            *days,
            "",
            f"Join: {link}",
            f"The link lives until {told(session.link_ends)}.",
            *_notes(session),
        ]
    )


def _notes(session: Session) -> Iterator[str]:
    if math.ceil(session.needed) < len(session.sittings):
        yield f"Most are done after {session.needed:g} days; the rest is there for those who need it."
    if session.part < session.parts:
        yield "The days after these have a link and an invite of their own."
    if session.kind is SessionKind.ONBOARDING:
        yield "Questions of your own are answered in a breakout room; please stay muted in the main room."


def uninvited(roster: Sequence[Agent]) -> tuple[Agent, ...]:
    """The agents who cannot be invited, as the class file has no address of theirs."""
    return tuple(agent for agent in roster if not agent.cxp_email and not agent.personal_email)
