"""Examines machine, settings and portals, and tells what was found."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from rich.text import Text

from rpa.adapters.mail_server import greet
from rpa.cli import output
from rpa.cli.desk import opened
from rpa.cli.fitness import remember
from rpa.cli.office import Office
from rpa.domain.counted import counted
from rpa.domain.errors import RpaError, TrackerBusy, UsageError
from rpa.domain.examination import MISSES, Finding, Found, Level, exit_code, flows_touched
from rpa.domain.tracker_cells import TRANSFER
from rpa.domain.tracking import Task
from rpa.engine.audit import verify
from rpa.engine.guard import Guard
from rpa.flows.examination import Examination
from rpa.settings import load_settings, unknown_variables

PACKAGES = ("esp-rpa", "playwright", "pydantic-settings", "sqlalchemy", "cryptography", "keyring")
TRACKER = "Check RPA_TRACKER__FILE."
# What the rules of stuck agents, the reports and the transfer go by.
USED = frozenset({*Task, TRANSFER, "esp_start", "esp_end"})
TRACKER_NOT_SET = "RPA_TRACKER__FILE is not set; reports and the transfer need it"
MARKS = {Level.OK: "ok      ", Level.WARNING: "warning ", Level.BLOCKING: "BLOCKING"}


def examine(agent: str, *, offline: bool, as_json: bool) -> int:
    """Examine and tell; 0 all good, 1 warnings, 2 something blocks."""
    office = Office(load_settings())
    findings = list(machine_findings(office))
    if not offline and office.folder_finding.level is not Level.BLOCKING:
        looked_at = _portals(office, agent)
        remember(office, looked_at)
        findings += looked_at
    if as_json:
        output.emit(_document(findings))
    else:
        _show(findings)
    return exit_code(findings)


def machine_findings(office: Office) -> Iterator[Finding]:
    """Everything that is examined without a browser."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    yield _ok("versions", f"Python {platform.python_version()}, {versions}, {sys.platform}")
    for sentence in unknown_variables():
        yield Finding(subject="settings", level=Level.WARNING, what=sentence, next_step="Mend its name.")
    yield office.folder_finding
    if office.folder_finding.level is Level.BLOCKING:
        return  # nothing may be made there, and the database, the outbox and the tracker's copies would be
    yield from _tried("database", lambda: _journal(office), "See docs/install.md.")
    if url := office.settings.mail.smtp_url.get_secret_value():
        yield from _tried("mail", lambda: greet(url), "Check RPA_MAIL__SMTP_URL; mails wait in the outbox.")
    else:
        yield _ok("mail", "no server is set: mails are files in the state folder's outbox")
    yield _tracker_finding(office)


def _journal(office: Office) -> str:
    audit = verify(office.journal)
    if not audit.holds:
        raise RpaError(f"event {audit.broken_at} of the journal: {audit.reason}")
    return f"{audit.events} events, all as they were written"


def _tracker_finding(office: Office) -> Finding:
    """Whether the tracker can be read, and which of its columns and rows cannot."""
    if office.tracker is None:
        return Finding(subject="tracker", level=Level.WARNING, what=TRACKER_NOT_SET)
    try:
        found = office.tracker.read(office.today())
    except (UsageError, TrackerBusy) as error:
        return Finding(
            subject="tracker", level=Level.BLOCKING, what=error.what, next_step=error.next_step or TRACKER
        )
    missing = [one.field.replace("_", " ") for one in found.columns if one.field in USED and not one.header]
    bad = len(found.problems) + len(found.doubled)
    lacks = [f"no column for {', '.join(missing)}"] if missing else []
    lacks += [f"{counted(bad, 'cell or row', 'cells or rows')} that cannot be used"] if bad else []
    what = f"{found.file}: {counted(len(found.agents), 'agent')}" + "".join(f"; {lack}" for lack in lacks)
    if not lacks:
        return _ok("tracker", what)
    look = (
        "Name the columns in RPA_TRACKER__COLUMNS; `rpa tracker show` lists what was matched, and each cell."
    )
    return Finding(subject="tracker", level=Level.WARNING, what=what, next_step=look)


def _portals(office: Office, agent: str) -> list[Finding]:
    """Both portals, through the guarded browser."""
    try:
        with opened(office, "an examination") as desk:
            examination = Examination(
                sessions=desk.sessions,
                on_adp=desk.portals.adp.access,
                on_blackdash=desk.portals.blackdash.access,
                now=lambda: datetime.now(UTC),
                patience=min(office.settings.adp.timeout, 5.0),
                agent=agent,
            )
            found = examination.examine()
            found += blocked_findings(desk.sessions.guard)
            return [_ok("browser", desk.browser), *found]
    except RpaError as error:
        return [Finding(subject="browser", level=Level.BLOCKING, what=error.what, next_step=error.next_step)]


def blocked_findings(guard: Guard) -> list[Finding]:
    """What the guard kept from leaving and the site may need: reads of other hosts, and writes."""
    strangers = [f"{origin} ({count} times)" for origin, count in guard.strangers().items()]
    findings = [
        Finding(
            subject="guard",
            level=Level.WARNING,
            what=f"kept the portals from loading from other hosts: {', '.join(strangers)}",
            next_step="What the portals need belongs under [guard] origins, noise under [guard] harmless.",
        )
    ]
    writes = {
        f"kept {blocked.method} {blocked.url} from leaving ({blocked.why})": None
        for blocked in guard.surprises()
    }
    mend = "What only reads, or signs in, belongs under read_posts; noise under [guard] harmless."
    told = [Finding(subject="guard", level=Level.WARNING, what=what, next_step=mend) for what in writes]
    return [*(findings if strangers else ()), *told]


def _ok(subject: str, what: str) -> Finding:
    return Finding(subject=subject, level=Level.OK, what=what)


def _tried(subject: str, look: Callable[[], str], mend: str) -> Iterator[Finding]:
    try:
        yield _ok(subject, look())
    except RpaError as error:
        yield Finding(
            subject=subject, level=Level.BLOCKING, what=error.what, next_step=error.next_step or mend
        )


def _missing(findings: Sequence[Finding]) -> list[str]:
    return [one.subject for one in findings if one.found in MISSES]


def _show(findings: Sequence[Finding]) -> None:
    """Everything that is not a locator, and of the locators those that are not simply there."""
    there = [one for one in findings if one.found is Found.ONE]
    unseen = [one for one in findings if one.found in {Found.NOT_NOW, Found.NOT_REACHED}]
    for finding in findings:
        if finding not in there and finding not in unseen:
            _say(finding)
    for (level, what), alike in _grouped(unseen):
        output.show(Text(f"{MARKS[level]} {counted(len(alike), 'locator')} {what}: {', '.join(alike)}"))
    output.show(Text(f"{MARKS[Level.OK]} {counted(len(there), 'locator')} found"))
    touched = flows_touched(_missing(findings))
    for names in dict.fromkeys(touched.values()):
        flows = ", ".join(flow for flow, missed in touched.items() if missed == names)
        output.talk(f"Plans are refused until {', '.join(names)} can be found: {flows}.")


def _grouped(unseen: Sequence[Finding]) -> list[tuple[tuple[Level, str], list[str]]]:
    """The locators that were not looked at, by why."""
    groups: dict[tuple[Level, str], list[str]] = {}
    for one in unseen:
        groups.setdefault((one.level, one.what), []).append(one.subject)
    return list(groups.items())


def _say(finding: Finding) -> None:
    output.show(Text(f"{MARKS[finding.level]} {finding.subject}: {finding.what}"))
    for line in (finding.next_step, *finding.lines):
        if line:
            output.show(Text(f"           {line}"))
    for line in finding.snapshot.splitlines():
        output.show(Text(f"         | {line}"))


def _document(findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "findings": [
            {
                "subject": one.subject,
                "level": one.level.value,
                "what": one.what,
                "next_step": one.next_step,
                "lines": list(one.lines),
                "snapshot": one.snapshot,
            }
            for one in findings
        ],
        "refused_flows": {flow: list(names) for flow, names in flows_touched(_missing(findings)).items()},
    }
