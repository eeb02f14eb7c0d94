"""The flows as this site runs them: made of what is asked for, or of a plan that was made before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from rpa.cli.office import Desk, Office
from rpa.domain.agents import EmployeeId
from rpa.domain.clearing import ClearingOrder, Known, call_cert_of
from rpa.domain.extension import ExtensionOrder, Route
from rpa.domain.open_uptraining import OpenUptraining, still_open
from rpa.domain.plans import Plan
from rpa.domain.tracking import Task
from rpa.engine.flow import Flow, Watcher
from rpa.flows.clear_uptraining import ClearUptraining
from rpa.flows.extend import Extend
from rpa.flows.portals import Portals
from rpa.flows.roster_wait import Patience
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
        patience=Patience(timeout=settings.roster.timeout, poll=settings.roster.poll),
        limits=desk.limits,
        clock=desk.clock,
        watcher=watcher,
    )


def clear_uptraining(office: Office, asked: ClearingOrder, agents: Iterable[str]) -> ClearUptraining:
    """The flow `clear-uptraining` for these agents, with what tracker and journal say of them now."""
    return ClearUptraining(asked=asked, known=_known(office, agents))


def open_uptraining(office: Office) -> tuple[OpenUptraining, ...]:
    """Who is on the uptraining route by this software, and still is as far as the journal knows."""
    return still_open(office.told(run) for run in reversed(office.journal.runs()))


def _known(office: Office, agents: Iterable[str]) -> Mapping[str, Known]:
    tracked = office.tracker.read(office.today(), needs=(Task.CALL_CERT,)) if office.tracker else None
    opened = {one.employee_id: one for one in open_uptraining(office)}
    return {
        agent: Known(
            call_cert=call_cert_of(tracked.agent(EmployeeId(agent))) if tracked else None,
            word=opened[agent].word if agent in opened else "",
            days=opened[agent].days(office.today()) if agent in opened else None,
        )
        for agent in agents
    }


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
    del watcher
    agents = [row.employee_id for row in plan.rows]
    return clear_uptraining(desk.office, ClearingOrder(**plan.order), agents)


def _undo(desk: Desk, plan: Plan, watcher: Watcher) -> AnyFlow:
    del watcher
    return Undo(undone=desk.office.told(plan.order["run"]))


_BY_NAME: Mapping[str, Callable[[Desk, Plan, Watcher], AnyFlow]] = {
    "extend": _extend,
    "clear-uptraining": _clear_uptraining,
    "undo": _undo,
}
