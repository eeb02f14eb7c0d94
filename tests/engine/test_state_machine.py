"""The five promises under any order of plans, runs, crashes, resumes, undos and other people's changes.

The engine is the real one, on a real journal; the portal and the browser are stand-ins at their ports.
A process can die at every edge: before, inside and after each event of the journal, and at each look,
panel, Done and answer of the portal. What must hold is asserted at the moment it could break.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rpa.domain.agents import Agent
from rpa.domain.errors import PlanRefused, PortalFailed, RpaError
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Plan, PlanRow
from rpa.domain.records import Answer, AnswerKind
from rpa.domain.runs import Event, EventKind, Run
from rpa.domain.settling import settled
from rpa.domain.undos import UndoRun
from rpa.domain.values import Values, differences, only, still_missing
from rpa.engine import audit
from rpa.engine.outbox import Outbox
from rpa.engine.plan_store import PlanStore
from tests.conftest import SoakFigures
from tests.engine.mortal import Edges, Extension, MortalJournal, TakenBack
from tests.engine.stage import agents_of, batch_of, desk_of, planner, records, runner_and_desk
from tests.engine.stand_ins import JumpingClock, Killed, MemoryFlow, MemoryPortal, StandInSessions

AGENTS = tuple(records(3))
DATES = ("2026-12-04", "2026-12-11", "2026-11-27")
IN_MEMORY = Path("/dev/shm")  # what survives a crash is not asked here, so no disk needs to be waited for
TAKEN = {AnswerKind.SAVED.value, AnswerKind.SILENT.value, AnswerKind.APPROVAL.value}

# What the portal does to Done: whether it stores, and what it answers (None: nothing in time).
MANNERS: Mapping[str, tuple[bool, AnswerKind | None]] = {
    "saves": (True, AnswerKind.SAVED),
    "saves without a word": (True, AnswerKind.SILENT),
    "saves and gives no answer": (True, None),
    "loses it and says saved": (False, AnswerKind.SAVED),
    "loses it without an answer": (False, None),
    "wants an approval": (False, AnswerKind.APPROVAL),
    "says no": (False, AnswerKind.REJECTED),
    "saves and is not listed": (True, AnswerKind.SAVED),
    "saves and cannot be read": (True, AnswerKind.SAVED),
    "loses it and cannot be read": (False, None),
}
# What keeps the engine from pressing Done at all.
HINDRANCES = ("cannot be read", "panel does not open", "Done is covered", "shows somebody else")
MOODS = st.fixed_dictionaries({agent: st.sampled_from(["saves", *MANNERS, *HINDRANCES]) for agent in AGENTS})
MEANWHILE = st.lists(
    st.tuples(st.sampled_from(AGENTS), st.sampled_from([*DATES, "approves", "settles"])), max_size=2
)
# Each try of a run: the edge at which its process dies, if it does; a row has some twenty edges.
TRIES = st.lists(st.none() | st.integers(0, 70), min_size=1, max_size=3)


class Promises(RuleBasedStateMachine):
    """A manager, colleagues, a portal with its moods, and a machine that dies."""

    steps: ClassVar[int] = 0

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None)
        place = Path(self.folder.name)
        self.journal = MortalJournal.open(
            f"sqlite:///{place / 'journal.sqlite'}", b"k" * 32, place / "journal.head"
        )
        self.journal.edges, self.journal.witness = Edges(), self.witness
        self.store = PlanStore(self.journal, place / "plans")
        self.sessions = StandInSessions()
        self.portal = MemoryPortal(
            records(len(AGENTS)),
            trouble=self.moment,
            saves=self.saves,
            answer=self.answer,
            shows=lambda agent: "9999" if self.manner[agent] == "shows somebody else" else agent,
        )
        self.clock = JumpingClock()
        self.manner = dict.fromkeys(AGENTS, "saves")
        self.plans: dict[str, Plan] = {}
        self.plan_of: dict[str, Plan] = {}
        self.working: str = ""  # the run whose process lives now
        self.pressed: set[str] = set()  # whose Done has sent something in this process
        self.pending: dict[str, Values] = {}
        self.stored: Counter[tuple[str, str]] = Counter()
        self.touched: set[tuple[str, str]] = set()  # changed by somebody else since that run stored it

    def teardown(self) -> None:
        self.journal.engine.dispose()
        self.folder.cleanup()

    # What happens -----------------------------------------------------------------------------------

    @rule(until=st.sampled_from(DATES), meanwhile=MEANWHILE, manners=MOODS, tries=TRIES)
    def plan_and_apply(
        self, until: str, meanwhile: list[tuple[str, str]], manners: dict[str, str], tries: list[int | None]
    ) -> None:
        """The manager plans, others do something, the plan is applied; the process may die at any edge."""
        self.manner = dict.fromkeys(AGENTS, "saves")
        self._keep(self._planned(Extension(self.sessions.guard, until=until), agents_of(AGENTS)))
        self.apply(0, meanwhile, manners, tries)

    @rule(which=st.integers(0, 2), meanwhile=MEANWHILE, manners=MOODS, tries=TRIES)
    @precondition(lambda self: self.plans)
    def apply(
        self, which: int, meanwhile: list[tuple[str, str]], manners: dict[str, str], tries: list[int | None]
    ) -> None:
        """The manager applies a plan: fresh, stale, or one that was used already."""
        self._others_do(meanwhile)
        plan = self._nth(self.plans, which)
        run = f"run-{len(self.plan_of) + 1}"
        try:
            self.store.use(plan, run)
        except PlanRefused:
            assert plan.id in self._used()
            return
        assert plan.id not in self._used(), "a plan was used twice"
        self.plan_of[run], self.manner = plan, manners
        self._work(run, tries[0], lambda runner: runner.apply(plan))
        self._resume(run, tries[1:])

    @rule(which=st.integers(0, 2), meanwhile=MEANWHILE, manners=MOODS, tries=TRIES)
    @precondition(lambda self: self._runs())
    def resume(
        self, which: int, meanwhile: list[tuple[str, str]], manners: dict[str, str], tries: list[int | None]
    ) -> None:
        """The manager resumes a run, whether or not anything is left of it."""
        self._others_do(meanwhile)
        run = self._nth(self._runs(), which)
        self.manner = manners
        self._resume(run, tries)

    @rule(which=st.integers(0, 2), meanwhile=MEANWHILE, manners=MOODS, tries=TRIES)
    @precondition(lambda self: self._runs())
    def undo(
        self, which: int, meanwhile: list[tuple[str, str]], manners: dict[str, str], tries: list[int | None]
    ) -> None:
        """The manager takes a run back, and the process may die over that too."""
        self.manner = dict.fromkeys(AGENTS, "saves")
        if self._plan_undo(self._nth(self._runs(), which)):
            self.apply(0, meanwhile, manners, tries)

    @rule(which=st.integers(0, 2), meanwhile=MEANWHILE)
    @precondition(lambda self: self._runs())
    def undo_on_a_good_day(self, which: int, meanwhile: list[tuple[str, str]]) -> None:
        """On a portal that works, an undo restores what nobody has changed since, and nothing else."""
        self._others_do(meanwhile)
        undone = self._nth(self._runs(), which)
        self.manner = dict.fromkeys(AGENTS, "saves")
        rows = {row.employee_id: row for row in self._told(undone).rows}
        before = {agent: dict(values) for agent, values in self.portal.records.items()}
        ours = {
            agent
            for (run, agent), times in self.stored.items()
            if run == undone and times and (run, agent) not in self.touched
        }
        stands = {Outcome.DONE, Outcome.UNCHANGED, Outcome.PENDING}
        known = {
            agent
            for agent in ours
            if rows[agent].outcome in stands and not still_missing(rows[agent].after, rows[agent].found)
        }
        if not self._plan_undo(undone):
            assert not known
            return
        self.apply(0, [], self.manner, [None])
        for agent, values in self.portal.records.items():
            row = rows.get(agent)
            restored = {**before[agent], **(row.before if row else {})}
            if agent in known:
                assert values == restored, "what nobody has changed was not restored"
            elif row is None or differences(row.after, only(before[agent], row.after)):
                assert values == before[agent], "somebody's change was taken back"
            else:
                assert values in (before[agent], restored)

    def _others_do(self, meanwhile: list[tuple[str, str]]) -> None:
        """A colleague changes a record, somebody approves, or the manager settles what is unknown."""
        for agent, what in meanwhile:
            if what == "approves":
                if agent in self.pending:
                    self.portal.records[agent].update(self.pending.pop(agent))
                    self._touch(agent, by="")
            elif what == "settles":
                for run in self._runs():
                    self._settle(run, agent)
            else:
                self.portal.records[agent]["esp_end_date"] = what
                self._touch(agent, by="")

    def _settle(self, run: str, agent: str) -> None:
        """The manager looks at a record whose outcome is unknown, and says what it shows."""
        row = next((row for row in self._told(run).rows if row.employee_id == agent), None)
        if row is None or row.outcome is not Outcome.UNKNOWN or agent in self.pending:
            return
        word = settled(row, saved=self._shows(agent, row.after))
        about = {"outcome": word.outcome.value, "found": word.found, "not_saved": word.not_saved}
        self.journal.append(run, EventKind.ROW_SETTLED, row=row.row, employee_id=agent, data=about)

    # What must hold ---------------------------------------------------------------------------------

    @invariant()
    def journal_is_whole(self) -> None:
        """The chain verifies, whatever died in the middle of what."""
        type(self).steps += 1
        if hasattr(self, "journal"):
            assert audit.verify(self.journal).holds

    @invariant()
    def mail_is_queued_once(self) -> None:
        """However many runs go on however often, a reason makes one mail; an undo takes it back unsent."""
        if hasattr(self, "journal"):
            assert len(Outbox(self.journal).waiting()) <= 1

    def check_press(self, agent: str) -> None:
        """Done is about to be pressed: by a plan, on the right record, as planned, for the first time."""
        assert self.working, "written without a run"
        row = self._row(self.working, agent)
        assert row.outcome is Outcome.PLANNED, "written without a plan"
        assert self.manner[agent] != "shows somebody else", "written to a wrong person"
        assert self._shows(agent, row.before), "written over somebody's change"
        assert agent not in self.pressed, "Done was pressed twice"
        events = [event for event in self.journal.events_of(self.working) if event.employee_id == agent]
        assert events[-1].kind is EventKind.WRITE_INTENDED, "written before the intent was on the disk"
        end = next(iter(self._ends(self.working, agent)[-1:]), None)
        if end is not None:
            outcome = end.data["outcome"]
            may = self._may_be_tried_again(self.working, agent, outcome)
            assert may, f"a row that ended {outcome} was written again"
        since = events[events.index(end) + 1 :] if end else events
        answered = [event.data["answer"] for event in since if event.kind is EventKind.WRITE_ANSWERED]
        assert not TAKEN & set(answered), "what the portal had taken was written again"

    def witness(self, run: str, event: Event) -> None:
        """An event was told: it must be true at this moment."""
        if event.kind is not EventKind.ROW_ENDED or not self.working:
            return
        row, agent = self._row(run, event.employee_id), event.employee_id
        match Outcome(event.data["outcome"]):
            case Outcome.DONE:
                assert row.outcome is Outcome.PLANNED, "done, and nothing was to be done"
                assert self._shows(agent, row.after), "done, and the portal does not show it"
            case Outcome.FAILED | Outcome.REFUSED | Outcome.DRIFTED:
                is_ours = self.stored[run, agent] and (run, agent) not in self.touched
                assert not is_ours, "said to be not written, and it was"
                ends = [one.data["outcome"] for one in self._ends(run, agent)[:-1]]
                assert not ends or self._may_be_tried_again(run, agent, ends[-1]), (
                    f"{ends[-1]}, and all at once not written"
                )

    # The portal -------------------------------------------------------------------------------------

    def moment(self, moment: str, agent: str) -> None:
        """Something begins at the portal: the process may die here, and the portal may fail."""
        manner = self.manner[agent]
        if moment == "done" and manner != "Done is covered":
            self.check_press(agent)
        self.journal.edges.cross()
        fails = {"look": "cannot be read", "open": "panel does not open", "done": "Done is covered"}
        if moment == "before":
            self.pressed.add(agent)
        is_dark = moment == "look" and agent in self.pressed and manner.endswith("cannot be read")
        if manner == fails.get(moment) or is_dark or (moment == "after" and MANNERS[manner][1] is None):
            raise PortalFailed(f"{manner}: {moment}")

    def saves(self, agent: str) -> bool:
        """The request has arrived."""
        stores, answer = MANNERS[self.manner[agent]]
        if answer is AnswerKind.APPROVAL:
            self.pending[agent] = self._row(self.working, agent).after
        if stores:
            is_first = not self.stored[self.working, agent]
            assert is_first or (self.working, agent) in self.touched, "stored twice by one run"
            self.stored[self.working, agent] += 1
            self._touch(agent, by=self.working)
        return stores

    def answer(self, agent: str) -> Answer:
        """What the portal says to Done."""
        kind = MANNERS[self.manner[agent]][1]
        assert kind is not None
        return Answer(kind=kind, sentence="a sentence")

    # Doing it ---------------------------------------------------------------------------------------

    def _planned(self, flow: Any, agents: list[Agent]) -> Plan | None:
        patient = planner(self.portal, self.sessions, self.clock, lifetime=timedelta(days=999))
        with suppress(PortalFailed):
            return patient.plan(flow, batch_of(agents))
        return None

    def _plan_undo(self, run: str) -> Plan | None:
        undo = TakenBack(undone=self._told(run), flow=MemoryFlow(self.sessions.guard))
        agents = undo.agents()
        return self._keep(self._planned(undo, agents)) if agents else None

    def _keep(self, plan: Plan | None) -> Plan | None:
        if plan is not None:
            self.store.keep(plan)
            self.plans[plan.id] = plan
        return plan

    def _resume(self, run: str, tries: list[int | None]) -> None:
        # One that died before its first event is none, and one that was taken back does not go on.
        if run in self.journal.runs() and not self._is_taken_back(run):
            for crash in tries:
                self._work(run, crash, lambda runner: runner.resume(self.plan_of[run]))

    def _work(self, run: str, crash: int | None, what: Any) -> None:
        """A process that lives for one run, and may die at this edge."""
        plan = self.plan_of[run]
        unlisted = {agent for agent, manner in self.manner.items() if manner.endswith("is not listed")}
        flow: Any = Extension(self.sessions.guard, until=plan.order.get("until", ""), unlisted=unlisted)
        if plan.flow == "undo":
            flow = TakenBack(undone=self._told(plan.undoes), flow=flow)
        runner, _ = runner_and_desk(
            plan,
            flow,
            portals=self.portal,
            sessions=self.sessions,
            journal=self.journal,
            clock=self.clock,
            run=run,
        )
        self.working, self.journal.edges.left = run, crash
        self.pressed.clear()
        try:
            what(runner)
        except (Killed, RpaError):
            pass
        else:
            assert Outcome.SKIPPED not in {row.outcome for row in self._told(run).rows}, "a row was lost"
        finally:
            self.working, self.journal.edges.left = "", None
            self.sessions.guard.is_open = False
        notices = self._told(run).notices
        assert len(notices) == len(set(notices)), "something was told twice"

    # Looking ----------------------------------------------------------------------------------------

    def _told(self, run: str) -> Run:
        return desk_of(self.plan_of[run], self.journal, self.clock, run).told()

    def _is_taken_back(self, run: str) -> bool:
        undos = [other for other in self._runs() if self.plan_of[other].undoes == run]
        return any(UndoRun(run, self._told(undo)).has_begun for undo in undos)

    def _runs(self) -> list[str]:
        return sorted(self.journal.runs()) if hasattr(self, "journal") else []

    def _used(self) -> set[str]:
        """The plans of runs that have begun: one that died before its first event has used none."""
        return {self.plan_of[run].id for run in self._runs()}

    def _nth(self, things: Any, which: int) -> Any:
        found = list(things.values()) if isinstance(things, dict) else list(things)
        return found[-1 - which % len(found)]

    def _ends(self, run: str, agent: str) -> list[Event]:
        """What the row was said to have come to, by the run or by a person, in order."""
        kinds = {EventKind.ROW_ENDED, EventKind.ROW_SETTLED}
        events = self.journal.events_of(run)
        return [event for event in events if event.employee_id == agent and event.kind in kinds]

    def _may_be_tried_again(self, run: str, agent: str, outcome: str) -> bool:
        """What has failed, or waits for a roster without anything having been sent."""
        events = self.journal.events_of(run)
        ends = [one.data["outcome"] for one in self._ends(run, agent)]
        sent = any(event.employee_id == agent and event.kind is EventKind.WRITE_INTENDED for event in events)
        waits = outcome == Outcome.PENDING.value and (not sent or Outcome.UNCHANGED.value in ends)
        return outcome == Outcome.FAILED.value or waits

    def _row(self, run: str, agent: str) -> PlanRow:
        return next(row for row in self.plan_of[run].rows if row.employee_id == agent)

    def _shows(self, agent: str, values: Values) -> bool:
        return all(self.portal.records[agent][name] == value for name, value in values.items())

    def _touch(self, agent: str, by: str) -> None:
        """The record was changed: every other run's write of it no longer stands untouched."""
        self.touched |= {(run, agent) for run in self.plan_of if run != by}
        self.touched.discard((by, agent))


def check(examples: int, steps: int, **more: Any) -> None:
    run_state_machine_as_test(
        Promises,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


def test_promises_hold_in_any_order() -> None:
    """No order of a few plans, crashes, resumes, undos and changes breaks a promise."""
    check(40, 10, derandomize=True, phases=[Phase.generate])  # shrinking takes minutes: that is for soak


@pytest.mark.soak
@pytest.mark.timeout(3600)  # half an hour of a processor, and a failure is shrunk after that
def test_promises_hold_in_any_long_order(soak_figures: SoakFigures) -> None:
    """The same for five hundred histories of fifty steps."""
    Promises.steps = 0
    try:
        check(500, 50)
    finally:
        soak_figures("any order of plan, apply, crash, resume, undo", histories=500, steps=Promises.steps)
