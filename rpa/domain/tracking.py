"""The ESP tracker as the rules need it: one row an agent, one state a task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from rpa.domain.agents import EmployeeId


class Task(StrEnum):
    """A task of the ESP period that the tracker follows."""

    PRODUCER_WORLD = "producer_world"
    AHIP = "ahip"
    AETNA = "aetna"
    TBT = "tbt"
    CALL_CERT = "call_cert"
    CALL_SHADOWING = "call_shadowing"


TASK_NAMES = {
    Task.PRODUCER_WORLD: "Producer World",
    Task.AHIP: "AHIP",
    Task.AETNA: "Aetna",
    Task.TBT: "TBT",
    Task.CALL_CERT: "Call Cert",
    Task.CALL_SHADOWING: "Call Shadowing",
}


# Who is to go to production must have done these, unless the site does not track one of them.
REQUIRED = (Task.PRODUCER_WORLD, Task.AHIP, Task.AETNA, Task.TBT, Task.CALL_CERT)


class TaskState(StrEnum):
    """What a cell of the tracker says; one that cannot be read is never taken for done."""

    DONE = "done"
    OPEN = "open"
    NOT_NEEDED = "not needed"
    UNREADABLE = "unreadable"

    @property
    def is_closed(self) -> bool:
        """True where nothing is left to do."""
        return self in {TaskState.DONE, TaskState.NOT_NEEDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedAgent:
    """One row of the tracker; `row` is the spreadsheet's own number, texts are empty where not given.

    `tasks` holds the tasks that the site's tracker has a column for, `not_tracked` those that it needs none
    for, as the site has said. `transferred` is the state of
    `Transfer to Production`, `transferred_on` its date where the cell holds one, and `transfer_cell` the cell
    and its text where nobody can say what it means. `updated` tells by
    team when it last brought its columns up to date, where the tracker says so.
    """

    employee_id: EmployeeId
    row: int
    name: str = ""
    site: str = ""
    campaign: str = ""
    esp_manager: str = ""
    esp_start: date | None = None
    esp_end: date | None = None
    cxp_email: str = ""
    personal_email: str = ""
    tasks: Mapping[Task, TaskState] = field(default_factory=dict)
    not_tracked: frozenset[Task] = frozenset()
    transferred: TaskState = TaskState.OPEN
    transferred_on: date | None = None
    transfer_cell: str = ""
    updated: Mapping[str, date] = field(default_factory=dict)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The tasks that are not closed, in the order of the period."""
        return tuple(task for task in Task if task in self.tasks and not self.tasks[task].is_closed)

    def is_done(self, task: Task) -> bool:
        """Whether nothing is left to do of this task; one that the tracker does not follow is not done."""
        return self.tasks.get(task, TaskState.OPEN).is_closed

    @property
    def unknown_tasks(self) -> tuple[Task, ...]:
        """The required tasks of which the tracker says nothing, having no column for them."""
        known = self.tasks.keys() | self.not_tracked
        return tuple(task for task in REQUIRED if task not in known)

    @property
    def is_complete(self) -> bool:
        """Whether everything of ESP is known to be complete, and the agent not transferred yet."""
        is_open = not self.tasks or self.open_tasks or self.unknown_tasks
        return not is_open and not self.transferred.is_closed


class TrackedAgents(Protocol):
    """Everybody in the tracker.

    An id that stands in several rows is in `doubled` with their numbers and is nobody's, since nobody can
    say which row is right.
    """

    @property
    def doubled(self) -> Mapping[EmployeeId, tuple[int, ...]]: ...

    def agent(self, employee_id: EmployeeId) -> TrackedAgent | None:
        """The agent with this id."""
        ...


def told(tasks: Iterable[Task]) -> str:
    """Tasks in the manager's words."""
    return " and ".join(TASK_NAMES[task] for task in tasks)


def open_told(agent: TrackedAgent) -> str:
    """The open tasks in the manager's words, such as "TBT, Call Cert (unreadable)"; empty where none is."""
    unreadable = {task for task in agent.open_tasks if agent.tasks[task] is TaskState.UNREADABLE}
    return ", ".join(
        f"{TASK_NAMES[task]} (unreadable)" if task in unreadable else TASK_NAMES[task]
        for task in agent.open_tasks
    )
