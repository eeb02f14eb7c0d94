"""The flows as this site runs them: made of what is asked for, or of a plan that was made before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from rpa.adapters.tracker_rows import TrackerRead
from rpa.cli.office import Desk, Office
from rpa.domain.agents import EmployeeId
from rpa.domain.clearing import ClearingOrder
from rpa.domain.departments import DepartmentRules
from rpa.domain.extension import ExtensionOrder, Route
from rpa.domain.open_uptraining import OpenUptraining, open_uptraining
from rpa.domain.plans import Plan
from rpa.domain.tracker_cells import TRANSFER, CellChange
from rpa.domain.tracking import Task
from rpa.domain.transfer import TransferOrder
from rpa.engine.flow import Flow, Watcher
from rpa.flows.clear_uptraining import ClearUptraining
from rpa.flows.extend import Extend
from rpa.flows.leaving import Leaving
from rpa.flows.portals import Portals
from rpa.flows.roster_wait import Patience
from rpa.flows.transfer import Transfer
from rpa.flows.undo import Undo

AnyFlow = Flow[Portals]


def flow_of(desk: Desk, plan: Plan, watcher: Watcher) -> AnyFlow:
    """The flow that made the plan, with the plan's own parameters."""
    return _BY_NAME[plan.flow](desk, plan, watcher)


def extend(desk: Desk, asked: ExtensionOrder, watcher: Watcher) -> Extend:
    """The flow `extend`."""
    settings = desk.office.settings
    return Extend(
        asked=asked,
        today=desk.clock.today(),
        manager=settings.extension.esp_manager,
        noc=settings.mail.noc,
        patience=_patience(desk),
        limits=desk.limits,
        clock=desk.clock,
        watcher=watcher,
    )


def clear_uptraining(desk: Desk, asked: ClearingOrder, watcher: Watcher) -> ClearUptraining:
    """The flow `clear-uptraining`, with what journal and tracker say now."""
    return ClearUptraining(
        asked=asked,
        today=desk.clock.today(),
        leaving=_leaving(desk, watcher),
        ours=held_open(desk.office),
        tracked=tracked(desk.office, needs=(Task.CALL_CERT,)),
    )


def transfer(desk: Desk, asked: TransferOrder, watcher: Watcher) -> Transfer:
    """The flow `transfer`, with what the tracker says now."""
    office = desk.office
    known = None if asked.without_tracker else tracked(office, needs=(TRANSFER,))
    return Transfer(
        asked=asked,
        today=desk.clock.today(),
        it=office.settings.mail.it,
        leaving=_leaving(desk, watcher),
        clock=desk.clock,
        tracked=known,
        cells=_Cells(office, known, desk) if known else None,
        mark=office.transferred_mark,
    )


def transfer_order(office: Office, effective: date, *, again: bool, without_tracker: bool) -> TransferOrder:
    """What was asked for, with what the site has decided."""
    settings = office.settings
    return TransferOrder(
        departments=DepartmentRules(
            sites=settings.sites, codes=settings.campaigns, words=settings.transfer.department_words
        ),
        effective=effective,
        last_day_before=settings.transfer.last_day_before,
        touch_graduation=settings.transfer.touch_graduation,
        again=again,
        without_tracker=without_tracker,
    )


def held_open(office: Office) -> Mapping[str, OpenUptraining]:
    """Who is on the uptraining route by this software, the longest first, as the journal knows."""
    return open_uptraining(office.told(run) for run in office.journal.runs())


def tracked(office: Office, needs: tuple[str, ...]) -> TrackerRead | None:
    """What the tracker says; None where the site has none."""
    return office.tracker.read(office.today(), needs=needs) if office.tracker else None


@dataclass(frozen=True)
class _Cells:
    """The tracker's cells by way of the queue, with what stood there when it was read."""

    office: Office
    read: TrackerRead
    desk: Desk

    def queue(self, run: str, employee_id: str, field: str, value: str | date) -> None:
        """Have this cell written once the tracker can be."""
        known = self.read.agent(EmployeeId(employee_id))
        seen = self.read.text(known, field) if known else None
        change = CellChange(employee_id=EmployeeId(employee_id), field=field, value=value, seen=seen)
        self.office.tracker_queue.queue(run, change, self.desk.clock.now())


def _patience(desk: Desk) -> Patience:
    roster = desk.office.settings.roster
    return Patience(timeout=roster.timeout, poll=roster.poll)


def _leaving(desk: Desk, watcher: Watcher) -> Leaving:
    return Leaving(
        patience=_patience(desk),
        limits=desk.limits,
        clock=desk.clock,
        watcher=watcher,
        uptraining_class=desk.office.settings.extension.uptraining_class,
    )


def _extend(desk: Desk, plan: Plan, watcher: Watcher) -> AnyFlow:
    until = plan.order["until"]
    asked = ExtensionOrder(
        route=Route(plan.route),
        until=date.fromisoformat(until) if until else None,
        noc_minimum=plan.order["noc_minimum"],
        uptraining_class=plan.order["uptraining_class"],
    )
    return extend(desk, asked, watcher)


def _clear_uptraining(desk: Desk, plan: Plan, watcher: Watcher) -> AnyFlow:
    return clear_uptraining(desk, ClearingOrder(**plan.order), watcher)


def _transfer(desk: Desk, plan: Plan, watcher: Watcher) -> AnyFlow:
    asked = transfer_order(
        desk.office,
        date.fromisoformat(plan.order["effective"]),
        again=plan.order["again"],
        without_tracker=plan.order["without_tracker"],
    )
    return transfer(desk, asked, watcher)


def _undo(desk: Desk, plan: Plan, watcher: Watcher) -> AnyFlow:
    del watcher
    return Undo(undone=desk.office.told(plan.order["run"]))


_BY_NAME: Mapping[str, Callable[[Desk, Plan, Watcher], AnyFlow]] = {
    "extend": _extend,
    "clear-uptraining": _clear_uptraining,
    "transfer": _transfer,
    "undo": _undo,
}
