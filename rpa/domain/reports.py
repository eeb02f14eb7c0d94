"""The daily reports (guide: "ensure the following reports are sent daily"), each a rule over the tracker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rpa.domain.counted import counted
from rpa.domain.tracking import REQUIRED, TASK_NAMES, Task, TaskState, TrackedAgent, told
from rpa.domain.working_days import DayCounting, WorkingDays

COLUMNS = ("Employee ID", "Name", "Site", "Campaign", "ESP manager", "ESP start", "Days", "Open")


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyReport:
    """One report: the tasks that it follows, and after how many full days an open one is on it.

    Without tasks it lists who has completed everything and is not transferred.
    """

    name: str
    title: str
    tasks: tuple[Task, ...] = ()
    after: int = 0


REPORTS = (
    DailyReport(
        name="producer-world", title="Producer World incompletions", tasks=(Task.PRODUCER_WORLD,), after=1
    ),
    DailyReport(name="ahip-aetna", title="AHIP/Aetna incompletions", tasks=(Task.AHIP, Task.AETNA), after=4),
    DailyReport(name="tbt", title="TBT incompletions", tasks=(Task.TBT,), after=3),
    DailyReport(name="call-cert", title="Call Cert incompletions", tasks=(Task.CALL_CERT,), after=3),
    DailyReport(name="transfer", title="Transfer to Production needed"),
)
REPORT_OF = {report.name: report for report in REPORTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One agent on a report; `days` have passed since the ESP start, None where that is not known."""

    agent: TrackedAgent
    days: int | None
    open: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The row under COLUMNS, as text."""
        agent = self.agent
        return (
            agent.employee_id,
            agent.name,
            agent.site,
            agent.campaign,
            agent.esp_manager,
            agent.esp_start.isoformat() if agent.esp_start else "",
            "" if self.days is None else str(self.days),
            self.open,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One report of one day, oldest agents first; `notes` say who or what could not be judged."""

    report: DailyReport
    day: date
    rows: tuple[ReportRow, ...]
    notes: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What the report comes to."""
        number = len(self.rows)
        return counted(number, "agent") if number else "No agents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How days are counted; `after` overrides a report's own number."""

    days: WorkingDays
    way: DayCounting = DayCounting.WORKING
    after: Mapping[str, int] = field(default_factory=dict)

    def passed(self, start: date, today: date) -> int:
        """Full days since the first day of ESP: on the second day one has passed (assumed)."""
        return self.days.passed(start, today, self.way)

    def limit(self, report: DailyReport) -> int:
        """The number of days from which an open task is on the report."""
        return self.after.get(report.name, report.after)


def reported(
    report: DailyReport, agents: Iterable[TrackedAgent], counting: Counting, today: date
) -> Reported:
    """The report of this day; agents who are transferred are on none."""
    learning = [agent for agent in agents if not agent.transferred.is_closed]
    if not report.tasks:
        return _transfers(report, learning, counting, today)
    followed = [agent for agent in learning if any(task in agent.tasks for task in report.tasks)]
    still_open = {agent.employee_id: told for agent in followed if (told := _open(agent, report.tasks))}
    open_agents = [agent for agent in followed if agent.employee_id in still_open]
    rows = [
        ReportRow(agent=agent, days=days, open=still_open[agent.employee_id])
        for agent in open_agents
        if agent.esp_start and (days := counting.passed(agent.esp_start, today)) >= counting.limit(report)
        if agent.esp_start <= today
    ]
    undated = [agent for agent in open_agents if agent.esp_start is None]
    notes = _note(undated, "without an ESP start that can be read, so nobody knows their days")
    if learning and not followed:
        notes = (f"The tracker has no column for {' and '.join(TASK_NAMES[task] for task in report.tasks)}.",)
    return Reported(report=report, day=today, rows=_sorted(rows), notes=notes)


def _transfers(
    report: DailyReport, agents: Sequence[TrackedAgent], counting: Counting, today: date
) -> Reported:
    rows = [
        ReportRow(
            agent=agent,
            days=counting.passed(agent.esp_start, today) if agent.esp_start else None,
            open="Transfer to Production",
        )
        for agent in agents
        if agent.is_complete and agent.transferred is not TaskState.UNREADABLE
    ]
    complete = [agent for agent in agents if agent.is_complete]
    unreadable = [agent for agent in complete if agent.transferred is TaskState.UNREADABLE]
    notes = _note(unreadable, "whose Transfer to Production cannot be read")
    unknown = [task for task in REQUIRED if agents and all(task in one.unknown_tasks for one in agents)]
    if unknown:
        notes = (*notes, f"The tracker has no column for {told(unknown)}, so nobody counts as complete.")
    return Reported(report=report, day=today, rows=_sorted(rows), notes=notes)


def _open(agent: TrackedAgent, tasks: Iterable[Task]) -> str:
    """The open ones among these tasks; one that cannot be read is never taken for done."""
    return ", ".join(
        f"{TASK_NAMES[task]} (unreadable)" if agent.tasks[task] is TaskState.UNREADABLE else TASK_NAMES[task]
        for task in tasks
        if task in agent.open_tasks
    )


def _note(agents: Sequence[TrackedAgent], what: str) -> tuple[str, ...]:
    if not agents:
        return ()
    rows = ", ".join(str(agent.row) for agent in agents)
    return (f"{len(agents)} in the tracker {what}: row{'' if len(agents) == 1 else 's'} {rows}.",)


def _sorted(rows: Iterable[ReportRow]) -> tuple[ReportRow, ...]:
    return tuple(sorted(rows, key=lambda row: (-(row.days or 0), row.agent.name, row.agent.employee_id)))
