"""Reading with patience, and at a pace: on a clock that only waiting moves."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rpa.domain.departments import DepartmentRules
from rpa.domain.errors import AccessMissing, PortalBusy, PortalFailed
from rpa.engine.network import told_by
from rpa.engine.reading import Limits, Reader
from rpa.flows.verify import Verifier
from tests.engine.stage import Stage, agents_of, batch_of, plan_of, planner, records, rehearsal
from tests.engine.stand_ins import JumpingClock, MemoryFlow, MemoryPortal, NoWatcher
from tests.engine.stand_ins import StandInSessions as Sessions

PACE = 20.0
WORK = 3.0


@dataclass
class BusyPortal(MemoryPortal):
    """A portal on which each look takes its time, and that notes when an agent begins."""

    clock: JumpingClock = field(default_factory=JumpingClock)
    began: list[float] = field(default_factory=list)

    def new_row(self) -> None:
        self.began.append(self.clock.elapsed())


def paced(clock: JumpingClock, agents: int = 3) -> BusyPortal:
    """A portal with so many agents, a look at each of whom takes three seconds."""
    portal = BusyPortal(records(agents), clock=clock)
    portal.trouble = lambda moment, _agent: clock.wait(WORK) if moment == "look" else None
    return portal


def steps(began: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(began)]


def test_planner_keeps_the_pace() -> None:
    """Agents are read at least the set seconds apart, from beginning to beginning."""
    clock = JumpingClock()
    portal, sessions = paced(clock), Sessions()
    paced_planner = planner(portal, sessions, clock, Limits(seconds_per_row=PACE))
    paced_planner.plan(MemoryFlow(sessions.guard), batch_of(agents_of(portal.records)))
    assert steps(portal.began) == [PACE, PACE]


def test_runner_keeps_the_pace(tmp_path: Path) -> None:
    """A run begins its agents that far apart, and waits neither before the first nor after the last."""
    stage = Stage(tmp_path, agents=3)
    stage.portal = paced(stage.clock)
    stage.apply(limits=Limits(seconds_per_row=PACE))
    assert steps(stage.portal.began[:3]) == [PACE, PACE]
    assert stage.portal.began[0] == 0
    assert stage.clock.passed == 2 * PACE + 2 * WORK


def test_rehearsal_keeps_the_pace() -> None:
    """A rehearsal, too."""
    clock = JumpingClock()
    portal, sessions = paced(clock), Sessions()
    portal.shows = lambda _agent: "9999"  # the form is not what this is about
    limits = Limits(seconds_per_row=PACE)
    rehearsal(MemoryFlow(sessions.guard), portal, sessions, clock, limits).rehearse(plan_of(portal.records))
    assert steps(portal.began) == [PACE, PACE]


def test_verifier_keeps_the_pace() -> None:
    """A verification, too."""
    clock = JumpingClock()
    portal = paced(clock)

    class Unreadable:
        def read(self, _agent: str) -> None:
            clock.wait(WORK)
            raise AccessMissing("not yours")

    portal.adp = Unreadable()  # type: ignore[attr-defined]
    portal.all_rosters = dict  # type: ignore[attr-defined]
    verifier = Verifier(
        portals=portal,  # type: ignore[arg-type]
        reader=Reader(portal, clock, Limits(seconds_per_row=PACE)),  # type: ignore[arg-type]
        departments=DepartmentRules(sites=frozenset(), codes={}),
        manager="",
        uptraining_class="Aetna",
        today=date(2026, 11, 23),
        clock=clock,
        watcher=NoWatcher(),
    )
    verifier.verify(agents_of(portal.records))
    assert steps(portal.began) == [PACE, PACE]


def test_slow_agents_are_not_slowed_further(tmp_path: Path) -> None:
    """An agent that took longer than the pace is followed at once, and nothing is caught up on later."""
    stage = Stage(tmp_path, agents=3)
    stage.portal = paced(stage.clock)
    stage.apply(limits=Limits(seconds_per_row=WORK))
    assert steps(stage.portal.began[:3]) == [2 * WORK, 2 * WORK]


def test_stop_is_heard_while_waiting_for_the_turn(tmp_path: Path) -> None:
    """A stop that is asked for between two agents leaves the next one alone."""
    stage = Stage(tmp_path, agents=3)
    stage.portal = paced(stage.clock)
    run = stage.apply(limits=Limits(seconds_per_row=PACE), stop_asked=lambda: stage.clock.passed >= PACE)
    assert list(stage.outcomes(run).values()) == ["done", "skipped", "skipped"]


def test_busy_portal_is_asked_again_when_it_said() -> None:
    """A portal that names seconds is asked again after exactly these, or given up if they are too many."""
    clock = JumpingClock()
    portal = MemoryPortal({})
    reader: Reader[Any] = Reader(portal, clock, Limits(read_seconds=60))
    answers = iter([PortalBusy("busy", retry_after=37), None])

    def read() -> str:
        if failure := next(answers):
            raise failure
        return "read"

    assert reader.read(read) == "read"
    assert clock.passed == 37
    with pytest.raises(PortalBusy):
        reader.read(lambda: (_ for _ in ()).throw(PortalBusy("busy", retry_after=3600)))
    assert clock.passed == 37


@dataclass
class Refusal:
    """A response, as far as it is looked at."""

    status: int
    headers: dict[str, str]


def asked_for(said: str) -> float:
    busy = told_by("ADP", Refusal(429, {"retry-after": said}))  # type: ignore[arg-type]
    assert isinstance(busy, PortalBusy)
    return busy.retry_after


@pytest.mark.parametrize(("said", "seconds"), [("30", 30), ("0", 0), ("soon", 5), ("", 5), ("-3", 5)])
def test_retry_after_in_seconds(said: str, seconds: float) -> None:
    """Retry-After in seconds is taken as it stands; without one that can be read it is five."""
    assert asked_for(said) == seconds


def test_retry_after_that_nobody_can_mean_is_a_day() -> None:
    """A moment in milliseconds where seconds belong is no number of years, and crashes nothing."""
    assert asked_for("1764000000000") == 86_400
    assert asked_for("\u00b2") > 0


def test_retry_after_as_a_moment() -> None:
    """Retry-After as a moment is the time until then, and none where it has passed."""
    assert 3000 < asked_for(formatdate(time.time() + 3600, usegmt=True)) <= 3600
    assert asked_for(formatdate(time.time() - 3600, usegmt=True)) == 0


def test_what_is_forbidden_is_no_failure_of_the_portal() -> None:
    """A 403 is told as a right that is missing, so that it is not asked for again."""
    assert not isinstance(told_by("ADP", Refusal(403, {})), PortalFailed)  # type: ignore[arg-type]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def busy_for(stage: Stage, seconds: float, agents: tuple[str, ...] = ("1001",)) -> list[tuple[float, str]]:
    """The moments of all looks at a portal that answers these agents' with 429 and so many seconds."""
    looks: list[tuple[float, str]] = []

    def trouble(moment: str, agent: str) -> None:
        if moment == "look":
            looks.append((stage.clock.elapsed(), agent))
            if agent in agents:
                raise PortalBusy("adp asked to slow down (429)", retry_after=seconds)

    stage.portal.trouble = trouble
    return looks


def test_next_agent_waits_as_long_as_the_portal_asks(stage: Stage) -> None:
    """A portal that wants more time than a reading has costs that agent, and nobody asks it before."""
    looks = busy_for(stage, 240)
    run = stage.apply()
    assert list(stage.outcomes(run).values()) == ["failed", "done", "done", "done"]
    assert next(at for at, agent in looks if agent == "1002") == 240


def test_a_rest_is_kept_though_the_reading_came_through(stage: Stage) -> None:
    """A page that asked again by itself was answered at last; the next agent waits as the portal wants."""
    looks = busy_for(stage, 240, agents=())
    asked = PortalBusy("adp asked to slow down (429)", retry_after=240)
    stage.portal.busy = lambda: asked if len(looks) == 1 else None  # type: ignore[method-assign]
    run = stage.apply()
    assert set(stage.outcomes(run).values()) == {"done"}
    first = [next(at for at, of in looks if of == agent) for agent in ("1001", "1002", "1003")]
    assert first == [0, 240, 240]


def test_portal_that_wants_an_hour_stops_the_run(stage: Stage) -> None:
    """Where the portal wants to be left alone for very long, the run says when to come back, and stops."""
    looks = busy_for(stage, 3600)
    run = stage.apply()
    assert list(stage.outcomes(run).values()) == ["failed", "skipped", "skipped", "skipped"]
    assert len(looks) == 1
    assert "not to come back before 09:30 UTC" in run.stopped_because


def test_stop_is_heard_while_the_portal_wants_time(stage: Stage) -> None:
    """Who stops the run in that time does not have to sit it out."""
    looks = busy_for(stage, 240)
    run = stage.apply(stop_asked=lambda: bool(looks) and stage.clock.elapsed() >= 5)
    assert run.state == "stopped"
    assert stage.clock.elapsed() <= 6


def test_planner_waits_as_long_as_the_portal_asks(stage: Stage) -> None:
    """The same holds for whoever only looks."""
    looks = busy_for(stage, 240)
    batch = batch_of(agents_of(stage.portal.records))
    planner(stage.portal, stage.sessions, stage.clock).plan(stage.flow, batch)
    assert next(at for at, agent in looks if agent == "1002") == 240


def test_rehearsal_does_not_go_on_where_the_portal_is_down(stage: Stage) -> None:
    """After as many failures in a row as stop a run, the rest of a rehearsal is skipped, and told."""

    def trouble(_moment: str, agent: str) -> None:
        if agent != "1001":
            raise PortalFailed("down")

    stage.portal.trouble = trouble
    stage.portal.shows = lambda _agent: "9999"
    rows = stage.rehearsal(Limits(failures_in_a_row=2, read_attempts=1)).rehearse(stage.plan)
    assert [row.outcome.value for row in rows] == ["failed", "failed", "skipped", "skipped"]
    assert "seems to be down" in rows[-1].reason


def test_rehearsal_proves_its_guard_as_patiently_as_a_run(stage: Stage) -> None:
    """A first page that does not load at once does not end a rehearsal before it has begun."""
    fails = iter([True])

    def prove(_page: object) -> None:
        if next(fails, False):
            raise PortalFailed("not there yet")

    stage.sessions.guard.prove = prove  # type: ignore[method-assign]
    stage.portal.shows = lambda _agent: "9999"
    assert len(stage.rehearsal().rehearse(stage.plan)) == 4
