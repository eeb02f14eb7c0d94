"""The flows by name: how each is built, new from an order or again from a plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from rpa.adapters.tracker_rows import TrackerRead
from rpa.cli.desk import Desk
from rpa.cli.office import Office
from rpa.domain.agents import EmployeeId
from rpa.domain.clearing import ClearingOrder
from rpa.domain.counted import counted
from rpa.domain.errors import Busy, UsageError
from rpa.domain.extension import ExtensionOrder, Route
from rpa.domain.open_uptraining import OpenUptraining, open_uptraining
from rpa.domain.plans import Plan
from rpa.domain.tracker_cells import TRANSFER, CellChange
from rpa.domain.tracking import REQUIRED
from rpa.domain.transfer import TransferOrder
from rpa.engine.clock import Clock
from rpa.engine.flow import Flow, Watcher
from rpa.flows.clear_uptraining import ClearUptraining
from rpa.flows.extend import Extend
from rpa.flows.leaving import Leaving
from rpa.flows.portals import Portals
from rpa.flows.transfer import Transfer
from rpa.flows.undo import Undo

CALL_CERT = "call_cert"


def flow_of(desk: Desk, plan: Plan, watcher: Watcher) -> Flow[Portals]:
    """The flow that made the plan, with the plan's own parameters."""
    return _AGAIN[plan.flow](desk, plan, watcher)


def extend(desk: Desk, asked: ExtensionOrder, watcher: Watcher) -> Extend:
    """The flow `extend`, as this site runs it."""
    settings = desk.office.settings
    tracked = desk.office.tracked("cxp_email") if settings.mail.agents else None
    if settings.mail.agents and tracked is None:
        raise UsageError(
            "RPA_MAIL__AGENTS is on, and no tracker is set that has the agents' cXp addresses.",
            next_step="Nothing was started. Set RPA_TRACKER__FILE, or RPA_MAIL__AGENTS=false.",
        )
    return Extend(
        asked=asked,
        today=desk.clock.today(),
        manager=settings.extension.esp_manager,
        noc=settings.mail.noc,
        patience=desk.office.patience,
        limits=desk.limits,
        clock=desk.clock,
        watcher=watcher,
        tracked=tracked,
    )


def clear_uptraining(desk: Desk, asked: ClearingOrder, watcher: Watcher) -> ClearUptraining:
    """The flow `clear-uptraining`, likewise; it looks into the tracker where there is one."""
    return ClearUptraining(
        asked=asked,
        today=desk.clock.today(),
        leaving=_leaving(desk, watcher),
        ours=open_now(desk.office),
        tracked=desk.office.tracked(*(() if asked.even_if_open else (CALL_CERT,))),
    )


def transfer(desk: Desk, asked: TransferOrder, watcher: Watcher) -> Transfer:
    """The flow `transfer`, likewise."""
    office = desk.office
    tracked = tracked_for(office, asked)
    return Transfer(
        asked=asked,
        today=desk.clock.today(),
        it=office.settings.mail.it,
        leaving=_leaving(desk, watcher),
        clock=desk.clock,
        tracked=tracked,
        cells=Cells(office, desk.clock, tracked) if tracked is not None else None,
        mark=office.transferred_mark,
        folder_of=office.run_folder,
        unchecked=tracked.without_column() if tracked is not None else (),
    )


def transfer_order(office: Office, effective: date, *, again: bool, without_tracker: bool) -> TransferOrder:
    """What is asked of a transfer, with what the site has decided."""
    rules = office.settings.transfer
    return TransferOrder(
        departments=office.departments,
        effective=effective,
        last_day_before=rules.last_day_before,
        touch_graduation=rules.touch_graduation,
        again=again,
        without_tracker=without_tracker,
    )


def tracked_for(office: Office, asked: TransferOrder) -> TrackerRead | None:
    """Everybody in the tracker, which must have a column for each required task.

    UsageError where it lacks one, or where there is no tracker and nobody has said to go without.
    """
    if asked.without_tracker:
        return None
    required = [task.value for task in REQUIRED if task not in office.settings.tracker.not_tracked]
    tracked = office.tracked(TRANSFER, *required)
    if tracked is None:
        raise UsageError(
            "No tracker is set, so nobody can check that these agents are complete with everything of ESP.",
            next_step=(
                "Nothing was started. Set RPA_TRACKER__FILE, or say with --without-tracker that you have "
                "checked them yourself."
            ),
        )
    return tracked


def open_now(office: Office) -> dict[str, OpenUptraining]:
    """Whom the journal holds on the uptraining route."""
    return open_uptraining([office.told(run) for run in office.journal.runs()])


@dataclass(frozen=True, slots=True)
class Cells:
    """The tracker's cells, written through the queue; not one that has changed since `tracked` was read."""

    office: Office
    clock: Clock
    tracked: TrackerRead | None = None

    def queue(self, run: str, employee_id: str, field: str, value: str | date) -> None:
        """Queue the write, with what stood in the cell when it was decided upon."""
        agent = EmployeeId(employee_id)
        known = self.tracked.agent(agent) if self.tracked else None
        seen = self.tracked.text(known, field) if self.tracked and known else None
        change = CellChange(employee_id=agent, field=field, value=value, seen=seen)
        self.office.tracker_queue.queue(run, change, self.clock.now())

    def take_back(self, undone: str, employees: Collection[str], by: str) -> str:
        """Have the cells of the undone run cleared; what came of it, in a sentence."""
        try:
            done = self.office.tracker_queue.take_back(undone, employees, by, self.clock.now())
        except Busy as busy:
            return f"The tracker's cells of {undone} still stand: {busy.what} Clear them by hand."
        told = []
        if done.cancelled:
            told.append(f"{counted(len(done.cancelled), 'waiting cell')} of the tracker will not be written")
        if done.clearing:
            told.append(f"{counted(len(done.clearing), 'cell')} of the tracker will be cleared again")
        return f"{', '.join(told)}." if told else ""


def _leaving(desk: Desk, watcher: Watcher) -> Leaving:
    return Leaving(
        patience=desk.office.patience,
        limits=desk.limits,
        clock=desk.clock,
        watcher=watcher,
        uptraining_class=desk.office.settings.extension.uptraining_class,
    )


def _extend_again(desk: Desk, plan: Plan, watcher: Watcher) -> Extend:
    until = plan.order["until"]
    asked = ExtensionOrder(
        route=Route(plan.route),
        until=date.fromisoformat(until) if until else None,
        noc_minimum=plan.order["noc_minimum"],
        uptraining_class=plan.order["uptraining_class"],
    )
    return extend(desk, asked, watcher)


def _clear_again(desk: Desk, plan: Plan, watcher: Watcher) -> ClearUptraining:
    return clear_uptraining(desk, ClearingOrder(**plan.order), watcher)


def _transfer_again(desk: Desk, plan: Plan, watcher: Watcher) -> Transfer:
    asked = transfer_order(
        desk.office,
        date.fromisoformat(plan.order["effective"]),
        again=plan.order["again"],
        without_tracker=plan.order["without_tracker"],
    )
    return transfer(desk, asked, watcher)


def _undo_again(desk: Desk, plan: Plan, watcher: Watcher) -> Undo:
    del watcher
    cells = Cells(desk.office, desk.clock) if desk.office.tracker is not None else None
    return Undo(undone=desk.office.told(plan.undoes), cells=cells)


_AGAIN: Mapping[str, Callable[[Desk, Plan, Watcher], Flow[Portals]]] = {
    "extend": _extend_again,
    "clear-uptraining": _clear_again,
    "transfer": _transfer_again,
    "undo": _undo_again,
}
