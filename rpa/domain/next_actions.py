"""What mends the stuck agents, as batches that the flows take: one file for each flow and way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath, PureWindowsPath
from shlex import quote
from subprocess import list2cmdline

from rpa.domain.departments import DepartmentRules
from rpa.domain.extension import NOC_MINIMUM, Route, route_for
from rpa.domain.nights import StuckRow
from rpa.domain.stuck_facts import Facts

COLUMNS = ("employee id", "name", "site", "campaign", "esp manager", "esp start")
# What transfer does includes the other: it erases Uptraining Class, too.
_INCLUDED_IN = {"clear-uptraining": "transfer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Agents whom one command mends; `options` are the command's, `note` is what to know before."""

    file: str
    flow: str
    rows: tuple[tuple[str, ...], ...]
    options: str = ""
    note: str = ""

    @property
    def command(self) -> str:
        """The command beside the file."""
        return self.command_in(PurePath())

    def command_in(self, folder: PurePath) -> str:
        """The command as it can be typed anywhere, where the file is in this folder."""
        path = folder / self.file
        quoted = list2cmdline([str(path)]) if isinstance(path, PureWindowsPath) else quote(str(path))
        return " ".join(filter(None, ["rpa", self.flow, quoted, self.options]))

    @property
    def employee_ids(self) -> tuple[str, ...]:
        return tuple(row[0] for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extending:
    """How far an extension goes, and from how many agents on it takes the end-date route."""

    until: date
    noc_minimum: int = NOC_MINIMUM


def next_actions(
    stuck: Iterable[StuckRow],
    facts: Mapping[str, Facts],
    extending: Extending,
    today: date,
    departments: DepartmentRules,
) -> tuple[Batch, ...]:
    """The batches, each agent once in each; of two flows for one agent only the one that does both."""
    wanted: dict[tuple[str, str], list[StuckRow]] = {}
    rows = list(stuck)
    flows = {(row.subject, row.flow) for row in rows}
    for row in rows:
        wider = _INCLUDED_IN.get(row.flow)
        is_included = wider is not None and (row.subject, wider) in flows
        if row.flow and not is_included:
            wanted.setdefault((row.flow, row.options), []).append(row)
    return tuple(
        _batch(flow, options, _cells(found, facts, departments), extending, _ending_today(flow, found, today))
        for (flow, options), found in sorted(wanted.items())
    )


def _batch(
    flow: str, options: str, rows: tuple[tuple[str, ...], ...], extending: Extending, ending_today: int
) -> Batch:
    way = options.replace("--", "").replace(" ", "-")
    file = f"{flow}-{way}.csv" if way else f"{flow}.csv"
    note = ""
    if flow == "extend" and not options:
        if route_for(len(rows), extending.noc_minimum) is Route.END_DATE:
            options = f"--until {extending.until}"
        elif ending_today:
            note = (
                f"{ending_today} of them end only today: with fewer than {extending.noc_minimum} agents they "
                f"are refused until tomorrow, or add --route end-date --until {extending.until} now"
            )
    return Batch(
        file=file,
        flow=flow,
        rows=rows,
        options=options,
        note=note,
    )


def _ending_today(flow: str, rows: Sequence[StuckRow], today: date) -> int:
    return sum(row.since == today for row in rows) if flow == "extend" else 0


def _cells(
    rows: Sequence[StuckRow], facts: Mapping[str, Facts], departments: DepartmentRules
) -> tuple[tuple[str, ...], ...]:
    """One row an agent, with what the tracker has: the flow checks it against the record."""
    subjects = dict.fromkeys(row.subject for row in rows)
    return tuple(_agent(facts[subject], departments) for subject in subjects)


def _agent(facts: Facts, departments: DepartmentRules) -> tuple[str, ...]:
    agent = facts.tracked
    if agent is None:
        return (facts.subject, facts.name, "", "", "", "")
    start = agent.esp_start.isoformat() if agent.esp_start else ""
    site = _known(agent.site, departments.sites)
    campaign = _known(agent.campaign, departments.codes)
    return (facts.subject, agent.name, site, campaign, agent.esp_manager, start)


def _known(given: str, known: Iterable[str]) -> str:
    """A word that the settings do not know is left out: it would make the row a bad one for every flow."""
    return given if given.casefold() in {one.casefold() for one in known} else ""
