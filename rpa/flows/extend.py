"""Keeps agents in the training environment (guide: ESP Training Environment Extension)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rpa.adapters import mail
from rpa.domain.agents import Agent, EmployeeId, spoken
from rpa.domain.counted import counted
from rpa.domain.errors import AccessMissing, PortalFailed
from rpa.domain.extension import ExtensionOrder, Route, decide
from rpa.domain.outcomes import Outcome
from rpa.domain.plans import Decision, Seen
from rpa.domain.records import CustomFields
from rpa.domain.rosters import ClassKey
from rpa.domain.runs import Roster, RunRow
from rpa.domain.tracking import TrackedAgents
from rpa.domain.verdicts import LOOKS_AGAIN
from rpa.engine.clock import Clock
from rpa.engine.flow import Desk, Watcher
from rpa.engine.outbox import Letter
from rpa.engine.reading import Limits, Reader, named_errors
from rpa.flows.portals import Portals
from rpa.flows.post import log_out_letter
from rpa.flows.record import OnRecord, pending_unless_seen, standing
from rpa.flows.roster_wait import Patience, RosterWait


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(OnRecord):
    """Both routes of the guide: a later ESP End Date with NOC, or the Uptraining Class without.

    `tracked` has the addresses where agents are told to log out and in; None where a person tells them.
    """

    asked: ExtensionOrder
    today: date
    manager: str
    noc: str
    patience: Patience
    limits: Limits
    clock: Clock
    watcher: Watcher
    tracked: TrackedAgents | None = None
    name: str = "extend"

    @property
    def route(self) -> str:
        """The route taken, as users type it."""
        return self.asked.route.value

    def order(self) -> Mapping[str, Any]:
        """The parameters of `Extend.asked`, JSON-ready."""
        return {
            "until": self.asked.until.isoformat() if self.asked.until else None,
            "noc_minimum": self.asked.noc_minimum,
            "uptraining_class": self.asked.uptraining_class,
        }

    def prepare(self, portals: Portals) -> Sequence[str]:
        """A note where BlackDash will not be able to confirm the rosters."""
        try:
            with named_errors(portals):
                return portals.blackdash.missing_access()
        except (AccessMissing, PortalFailed) as failure:
            return [f"{failure.what}: the rosters cannot be verified until BlackDash can be read."]

    def decide(self, agent: Agent, seen: Seen) -> Decision:
        """The rules of the guide."""
        return decide(agent, seen.name, CustomFields.from_values(seen.values), self.asked, self.today)

    def settle(self, portals: Portals, desk: Desk) -> None:
        """Rosters, then the mail to NOC, then what the agents must do."""
        rows = standing(desk)
        if not rows:
            return
        rosters: Mapping[ClassKey, Roster] = {}
        with pending_unless_seen(
            portals, desk, rows, unseen="nobody has seen the roster", later=self._later()
        ):
            rosters = self._wait(portals, desk).until_listed(self._classes(rows))
        for key, roster in rosters.items():
            self._close(desk, key, roster, rows)

    def _wait(self, portals: Portals, desk: Desk) -> RosterWait:
        reader = Reader(portals, self.clock, self.limits)
        return RosterWait(
            read=lambda keys: reader.read(lambda: portals.read_rosters(keys)),
            clock=self.clock,
            patience=self.patience,
            desk=desk,
            watcher=self.watcher,
        )

    def _classes(self, rows: Sequence[RunRow]) -> dict[ClassKey, frozenset[str]]:
        """The class that each agent must now be listed on."""
        groups: defaultdict[ClassKey, set[str]] = defaultdict(set)
        for row in rows:
            meant = self._class_of(row)
            groups[next(filter(meant.is_same, groups), meant)].add(row.employee_id)
        return {key: frozenset(agents) for key, agents in groups.items()}

    def _class_of(self, row: RunRow) -> ClassKey:
        if self.asked.route is Route.UPTRAINING:
            return ClassKey(campaign_class=self.asked.uptraining_class)
        fields = CustomFields.from_values(row.found)
        return ClassKey(
            manager=row.about.get("esp_manager") or self.manager, start=fields.esp_start, end=fields.esp_end
        )

    def _close(self, desk: Desk, key: ClassKey, roster: Roster, rows: Sequence[RunRow]) -> None:
        """Say what became of one class, and queue the mail where NOC has something to spin up."""
        of_class = {row.employee_id: row for row in rows}
        for employee_id in roster.missing:
            desk.end_row(
                of_class[employee_id],
                Outcome.PENDING,
                f"ADP shows the change, but the roster of {roster.name} does not list this agent yet",
                f"{self._later()} Still missing after an hour: ask NOC.",
            )
        if not roster.listed:
            return
        if self.asked.route is Route.UPTRAINING:
            self._tell_agents(desk, roster, of_class, after_noc=False)
        elif roster.headcount >= self.asked.noc_minimum:
            if not desk.queue(self._noc_letter(key, roster, of_class)):
                desk.notice(
                    f"An earlier run has queued the mail that asks NOC to spin up {roster.name} until "
                    f"{key.end}, so no second one was: `rpa outbox list` shows what became of it."
                )
            self._tell_agents(desk, roster, of_class, after_noc=True)
        else:
            desk.notice(
                f"{roster.name} has {roster.headcount} agents, and NOC spins up no class for fewer than "
                f"{self.asked.noc_minimum}: no mail was queued. {self._too_few(desk, roster)}"
            )

    def _too_few(self, desk: Desk, roster: Roster) -> str:
        if roster.missing:
            missing = counted(len(roster.missing), "agent is", "agents are")
            return f"{missing} still missing: `rpa resume {desk.run}` looks again."
        return "Once their dates have expired, --route uptraining keeps them in training."

    def _later(self) -> str:
        asks_noc = self.asked.route is Route.END_DATE
        return "`rpa resume` looks again, and then writes to NOC." if asks_noc else LOOKS_AGAIN

    def _tell_agents(
        self, desk: Desk, roster: Roster, rows: Mapping[str, RunRow], *, after_noc: bool
    ) -> None:
        """The notice to log out and in: to each agent whose work address is known, and to the manager."""
        desk.notice(mail.log_out_notice(roster.name, after_noc=after_noc))
        if self.tracked is None:
            return
        unknown = []
        for employee_id in roster.listed:
            known = self.tracked.agent(EmployeeId(employee_id))
            if known is None or not known.cxp_email:
                unknown.append(employee_id)
                continue
            desk.queue(
                log_out_letter(
                    f"log-out|{desk.run}|{employee_id}",
                    to=known.cxp_email,
                    name=rows[employee_id].name,
                    class_name=roster.name,
                    after_noc=after_noc,
                )
            )
        if unknown:
            desk.notice(f"The tracker has no cXp address of {', '.join(unknown)}: please tell them yourself.")

    def _noc_letter(self, key: ClassKey, roster: Roster, rows: Mapping[str, RunRow]) -> Letter:
        assert key.start is not None
        assert key.end is not None
        return Letter(
            key=f"noc-spin-up|{roster.name}|{spoken(key.manager)}|{key.start} to {key.end}",
            to=self.noc,
            subject=f"Please spin up training class {roster.name} until {key.end}",
            content={
                "kind": "noc-spin-up",
                "class_name": roster.name,
                "manager": key.manager,
                "start": key.start.isoformat(),
                "end": key.end.isoformat(),
                "agents": [[agent, rows[agent].name] for agent in roster.listed],
            },
        )
