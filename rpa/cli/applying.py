"""Applies a plan, asks before it does, and shows what came of it."""

from __future__ import annotations

import os
import secrets
import signal
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import FrameType

import typer

from rpa.cli import documents, output, posting, tables
from rpa.cli.desk import Desk, opened
from rpa.cli.flow_table import flow_of
from rpa.cli.office import Office
from rpa.cli.options import need_terminal
from rpa.cli.watching import TerminalWatcher
from rpa.domain.counted import counted
from rpa.domain.errors import PlanRefused, RpaError, UsageError
from rpa.domain.outcomes import STANDING, Outcome
from rpa.domain.plans import Plan
from rpa.domain.runs import Run
from rpa.domain.undos import UndoRun, half_undone, taken_back
from rpa.engine.clock import StoppableClock
from rpa.engine.evidence import Evidence
from rpa.engine.runner import Runner
from rpa.flows.portals import Portals
from rpa.settings import load_settings

ASK_FOR_THE_NUMBER_ABOVE = 10
STOPPED_BY_USER = 130
AT_ONCE = {signal.SIGINT, signal.SIGTERM}
# A closed window (SIGHUP, which Windows does not have) asks to stop, too, and may do so several times.
STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@dataclass
class Ending:
    """How an applied plan ended: the run, and the error that stopped it, if one did."""

    run: str
    stopped_by: RpaError | None = None
    interrupted: bool = False


def apply_plan(name: str, *, yes: bool, as_json: bool) -> int:
    """Apply the plan; its exit code."""
    office = Office(load_settings())
    plan = office.plans.load(name)
    office.plans.refuse_used(plan)
    confirm(plan, yes=yes)
    ending = Ending(run=f"run-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}")
    with opened(office, ending.run) as desk:
        plan.check_usable(now=desk.clock.now(), today=desk.clock.today(), tenant=desk.tenant)
        office.plans.use(plan, ending.run)
        _work(desk, plan, ending, lambda runner: runner.apply(plan))
    return _wound_up(office, ending, as_json=as_json)


def resume_run(run: str, *, as_json: bool) -> int:
    """Do what is left of a run; its exit code."""
    office = Office(load_settings())
    office.told(run)
    plan = office.plans.of_run(office.journal.events_of(run)[0].data["plan"])
    ending = Ending(run=run)
    with opened(office, run) as desk:
        if dict(plan.tenant) != desk.tenant:
            raise PlanRefused(
                f"{run} worked with other portals or another account.", next_step="Nothing was changed."
            )
        _refuse_taken_back(run, office.undos())
        _work(desk, plan, ending, lambda runner: runner.resume(plan))
    return _wound_up(office, ending, as_json=as_json)


def _refuse_taken_back(run: str, undos: Sequence[UndoRun]) -> None:
    """A run that an undo has ended would write the undone agents again."""
    if (undo := taken_back(undos).get(run)) is None:
        return
    finish = f"`rpa resume {undo}` finishes that. " if run in half_undone(undos) else ""
    raise PlanRefused(
        f"{run} was taken back by {undo}, so it does not go on.",
        next_step=f"Nothing was changed. {finish}Plan again for those for whom it is still to be done; of an "
        f"unknown outcome say what ADP shows: rpa settle {run} EMPLOYEE --saved|--not-saved",
    )


def confirm(plan: Plan, *, yes: bool) -> None:
    """Go on only with a person's yes: a typed number where many records change."""
    changes = len(plan.to_change)
    if yes or not changes:
        return
    need_terminal()
    try:
        agreed = _agreed(changes)
    except typer.Abort:  # Ctrl-C at the question
        output.talk("Stopped. Nothing was changed, and the plan can still be applied.")
        raise typer.Exit(STOPPED_BY_USER) from None
    if not agreed:
        raise UsageError(
            "Not confirmed.", next_step="Nothing was changed, and the plan can still be applied."
        )


def _agreed(changes: int) -> bool:
    if changes > ASK_FOR_THE_NUMBER_ABOVE:
        answer = typer.prompt(f"{changes} agents will be changed. Type the number to go on", err=True)
        return bool(answer.strip() == str(changes))
    return typer.confirm(f"Change {counted(changes, 'agent')}?", err=True)


def _work(desk: Desk, plan: Plan, ending: Ending, what: Callable[[Runner[Portals]], None]) -> None:
    """Run `what`, and note in `ending` how it ended."""
    office = desk.office
    watcher = TerminalWatcher()
    with _stop_on_signal() as stop_asked:
        # A flow waits in its batch step alone, where no agent is in hand.
        waiting = replace(desk, clock=StoppableClock(desk.clock, stop_asked))
        runner = Runner(
            run=ending.run,
            flow=flow_of(waiting, plan, watcher),
            portals=desk.portals,
            sessions=desk.sessions,
            journal=office.journal,
            desk=office.desk(ending.run, plan, desk.clock),
            clock=desk.clock,
            limits=desk.limits,
            evidence=Evidence(office.run_folder(ending.run)),
            watcher=watcher,
            stop_asked=stop_asked,
            still_mine=desk.still_mine,
        )
        try:
            what(runner)
        except RpaError as error:
            ending.stopped_by = error
        except KeyboardInterrupt:
            ending.interrupted = True


@contextmanager
def _stop_on_signal() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C asks the run to stop after the agent in hand, the second interrupts at once."""
    asked: list[int] = []

    def ask(number: int, frame: FrameType | None) -> None:
        if number not in AT_ONCE:
            _leave_terminal()
        elif asked:
            signal.default_int_handler(number, frame)
        asked.append(number)
        output.talk("Stopping after the agent in hand. Ctrl-C again stops at once.")

    # What whoever started us has had ignored, as nohup does, stays so.
    heeded = [number for number in STOPPING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, ask) for number in heeded}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave_terminal() -> None:
    """Say nothing more to a terminal that has gone: that would fail, in the middle of an agent."""
    for number in (1, 2):
        with suppress(OSError):
            if stat.S_ISCHR(os.fstat(number).st_mode) and not os.isatty(number):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, number)
                os.close(nowhere)


def _wound_up(office: Office, ending: Ending, *, as_json: bool) -> int:
    """Send its mails, show the run, write its report; the exit code, which no mail changes."""
    posted = posting.post_waiting(office, ending.run)
    run = office.told(ending.run)
    _sync_tracker(office, run)
    report = office.report(run)
    if as_json:
        output.emit(
            {**documents.run_document(run), "tracker": tracker_cells(office, run), "report": str(report)}
        )
    else:
        output.show(tables.run_table(run))
        for notice in run.notices:
            output.talk(notice)
        output.talk(f"Report: {report}")
    posting.tell(posted)
    return exit_code(run, ending)


def _sync_tracker(office: Office, run: Run) -> None:
    """Write what waits into the tracker, as far as it lets us."""
    if office.tracker is not None:
        done = office.sync_cells(office.tracker, run.id)
        if done.written:
            output.talk(f"The tracker was written for {counted(len(done.written), 'agent')}.")
        for refused in done.refused:
            output.talk(f"The tracker was not written for {refused.change.employee_id}: {refused.reason}")
        if done.waiting:
            output.talk(f"Waiting for the tracker: {counted(len(done.waiting), 'write')}. {done.because}")


def tracker_cells(office: Office, run: Run) -> list[dict[str, str]]:
    """The run's cells of the tracker, as they stand."""
    return [
        {
            "employee_id": cell.change.employee_id,
            "field": cell.change.field,
            "value": str(cell.change.value),
            "state": cell.state.value,
            "reason": cell.reason,
        }
        for cell in office.tracker_queue.of_run(run.id)
    ]


def exit_code(run: Run, ending: Ending) -> int:
    """The worst that happened: an unknown outcome before a stop before rows that are not done."""
    if ending.stopped_by is not None:
        output.talk(f"rpa: {ending.stopped_by.what}")
        output.talk(ending.stopped_by.next_step)
    if any(row.outcome is Outcome.UNKNOWN for row in run.rows):
        return 6
    if ending.interrupted:
        return STOPPED_BY_USER
    if ending.stopped_by is not None:
        return ending.stopped_by.exit_code
    if run.rows and all(row.outcome is Outcome.DRIFTED for row in run.rows):
        return 3
    return 0 if all(row.outcome in STANDING for row in run.rows) else 1
