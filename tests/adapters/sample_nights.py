"""Nights with everything that a report can show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from rpa.domain.night_report import Gap, NightReport, Reads, night_report
from rpa.domain.nights import PastNight
from rpa.domain.stuck_facts import Facts, Night, Source
from rpa.domain.stuck_judging import needs_record
from rpa.domain.working_days import WorkingDays
from tests.domain.stuck_people import CLASSES, RUNNING, TODAY, World, night, seeded

DAYS = WorkingDays()


def looked_up(world: World, site: Night, facts: dict[str, Facts]) -> dict[str, Facts]:
    """The facts with the records that a rule needs."""
    return {
        subject: world.opened_record(one) if needs_record(one, site) else one
        for subject, one in facts.items()
    }


def made(world: World, site: Night, past: list[PastNight], *gaps: Gap) -> NightReport:
    """The report of this world on this night."""
    classes = tuple(one for one in CLASSES if one not in site.unread)
    facts = looked_up(world, site, world.facts(classes=classes))
    return night_report(
        facts,
        site,
        gaps,
        past=past,
        days=DAYS,
        noc_minimum=5,
        reads=Reads(tracked=len(world.people), rosters=len(classes), records=len(world.opened)),
    )


def past_of(report: NightReport) -> PastNight:
    """The night as the next one remembers it."""
    rows = (*report.compared.rows, *report.compared.carried)
    return PastNight(day=report.day, rows=rows, stuck=report.stuck, degraded=report.is_degraded)


def full_night() -> NightReport:
    """A degraded night after others: new ones, solved ones, and those whom nobody could look at."""
    before, _ = seeded(380, seed=3)
    friday = night(today=TODAY - timedelta(days=3))
    last = past_of(made(before, friday, []))
    earlier = [
        PastNight(day=DAYS.add(TODAY, -back), rows=(), stuck=stuck, degraded=degraded)
        for back, stuck, degraded in (
            (8, 21, False),
            (7, 30, True),
            (6, 12, False),
            (4, 0, False),
            (3, 9, False),
        )
    ]
    world, _ = seeded(400)
    gap = Gap(
        source=Source.ROSTERS,
        what="The roster of ESP Ortiz running could not be read: it shows an error.",
        next_step="Look at the class in BlackDash.",
    )
    return made(world, replace(night(), unread=(RUNNING,)), [*earlier, last], gap)


def quiet_night() -> NightReport:
    """Nobody is stuck, everything was looked at, and nothing came before."""
    return made(World(), night(), [])
