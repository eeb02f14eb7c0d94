"""The nightly check: gathers, judges, writes the report and mails it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from rpa.adapters.nightly_files import night_document, past_nights, write_night
from rpa.adapters.nightly_report import days_told, write_nightly_report
from rpa.adapters.tracker_seen import tracker_seen
from rpa.cli import output
from rpa.cli.desk import Desk, opened
from rpa.cli.nightly_mail import JOB, mail_night
from rpa.cli.office import Office
from rpa.cli.team_updates import teams_now, unfollowed
from rpa.cli.training_desk import TrainingDesk
from rpa.cli.watching import TerminalWatcher
from rpa.domain import undos
from rpa.domain.errors import BrowserLost, Busy, GuardBroken, PortalFailed, RpaError, SignInNeeded, UsageError
from rpa.domain.night_report import Gap, NightReport, Reads, night_report
from rpa.domain.remembering import remembered
from rpa.domain.runs import INTERRUPTED, Run
from rpa.domain.stuck_facts import Night, Source, Thresholds, UnsentMail
from rpa.domain.stuck_subjects import TrackerSeen
from rpa.engine.lock import Lock
from rpa.engine.outbox import MailState
from rpa.engine.reading import Reader
from rpa.flows.night_portals import NoPortals, RetriedPortals
from rpa.flows.nightly import Gathered, Gathering
from rpa.settings import load_settings

UNSENT = (MailState.QUEUED, MailState.SENDING, MailState.REFUSED, MailState.UNKNOWN)
# Written to a file, one of these helps nobody until a person has sent it: somebody waits for what it asks.
ASKED_FOR = {"noc-spin-up", "it-escalation"}


@dataclass(frozen=True, slots=True)
class Checked:
    """One night: its report, the page that shows it, what became of the mail.

    `was_busy`: another run held the account, so that a later start would see more.
    """

    report: NightReport
    page: Path
    mailed: str
    was_busy: bool = False


def nightly(*, mail: bool, as_json: bool) -> int:
    """Check everybody and tell it; 0 where every source was read, else 1."""
    done = checked(Office(load_settings()).on_this_day(), mail=mail)
    if as_json:
        output.emit({**night_document(done.report), "report": str(done.page), "mail": done.mailed})
    else:
        _show(done)
    return int(done.report.is_degraded)


def checked(office: Office, *, mail: bool) -> Checked:
    """Check everybody, and mail it where that is asked for."""
    report, page, was_busy = check(office)
    told = mail_night(office, report, page.parent) if mail else "No mail was asked for."
    return Checked(report, page, told, was_busy)


def check(office: Office) -> tuple[NightReport, Path, bool]:
    """The night's report, its page, whether the account was held; Busy where another process makes it now."""
    nights = office.state_file("nightly")
    with Lock(office.journal, JOB, doing="does the nightly check").held(f"rpa {JOB}"):
        gathered = _gathered(office)
        past, unreadable = past_nights(nights)
        gaps = (*gathered.gaps, *(_unreadable(path) for path in unreadable))
        report = night_report(
            gathered.facts,
            gathered.night,
            gaps,
            past=past,
            days=office.days,
            noc_minimum=office.settings.extension.noc_minimum,
            reads=Reads(
                tracked=len(gathered.tracker.agents) if gathered.tracker else 0,
                rosters=gathered.rosters_read,
                records=gathered.records_read,
            ),
        )
        report = replace(report, notes=tuple(_unfollowed(office, gathered.tracker)))
        folder = nights / report.day.isoformat()
        write_night(report, folder)
        page = write_nightly_report(
            report, folder / "report.html", zone=office.clock().zone(), clean=output.clean
        )
    return report, page, gathered.was_busy


def _gathered(office: Office) -> Gathered:
    """What can be known; portals that cannot be opened at all, for whatever reason, are a gap."""
    with ExitStack() as stack:
        try:
            desk = stack.enter_context(opened(office, "the nightly check"))
            desk.sessions.guard.prove(desk.portals.page())
        except (Busy, BrowserLost, SignInNeeded, PortalFailed, UsageError) as failure:
            is_busy = isinstance(failure, Busy)
            blind = _gathering(office, NoPortals(failure), lambda: None, is_busy=is_busy).gather()
            return replace(blind, was_busy=is_busy)
        reader = Reader(desk.portals, desk.clock, desk.limits)
        gathered = _gathering(office, RetriedPortals(desk.portals, reader), reader.next_row).gather()
        return replace(gathered, gaps=(*gathered.gaps, *_surprises(desk)))


def _gathering(
    office: Office,
    portals: RetriedPortals | NoPortals,
    next_agent: Callable[[], None],
    *,
    is_busy: bool = False,
) -> Gathering:
    settings, clock = office.settings, office.clock()
    manager = settings.extension.esp_manager
    runs, unread, journal_unread = _runs(office)
    waiting = [(one.change.employee_id, one.change.field) for one in office.tracker_queue.waiting()]
    return Gathering(
        night=Night(
            today=clock.today(),
            now=clock.now(),
            departments=office.departments,
            sources=frozenset(),
            thresholds=thresholds(office),
            manager=manager,
            managers=frozenset({manager} - {""}),
            uptraining_class=settings.extension.uptraining_class,
            journal_unread=journal_unread,
        ),
        tracker=lambda: _tracker(office),
        blackdash=portals,
        adp=portals,
        remembered=remembered(
            runs,
            waiting,
            taken_back=undos.taken_back(office.undos(readable=True)),
            # Whoever holds the account may be in the middle of one of these.
            going_on={run.id for run in runs if is_busy and run.state == INTERRUPTED},
        ),
        mails=list(_unsent(office)),
        teams=lambda seen: teams_now(office, seen.agents, seen.teams),
        slow=TrainingDesk(office).longer_call_certs,
        next_agent=next_agent,
        watcher=TerminalWatcher(),
        failures_in_a_row=settings.limits.failures_in_a_row,
        most_records=settings.nightly.most_records,
        unread_runs=unread,
    )


def _runs(office: Office) -> tuple[list[Run], list[Gap], frozenset[str]]:
    """Every run that can be told, the gaps of those that cannot, and whose rows those have."""
    runs, gaps, hidden = [], [], set()
    for run in office.journal.runs():
        try:
            runs.append(office.told(run))
        except (RpaError, OSError, LookupError, ValueError, TypeError) as error:
            why = error.what if isinstance(error, RpaError) else type(error).__name__
            gaps.append(Gap(source=Source.JOURNAL, what=f"Run {run} cannot be read: {why}"))
            hidden |= {event.employee_id for event in office.journal.events_of(run)}
    return runs, gaps, frozenset(hidden - {""})


def thresholds(office: Office) -> Thresholds:
    """The site's thresholds; BlackDash's lag is what a flow waits for it."""
    asked = office.settings.nightly.model_dump(exclude={"most_records"})
    return Thresholds(**asked, lag=timedelta(seconds=office.settings.roster.timeout))


def _tracker(office: Office) -> TrackerSeen:
    read = office.tracked()
    if read is None:
        raise UsageError("No tracker is set.", next_step="Set RPA_TRACKER__FILE.")
    return tracker_seen(read, office.settings.tracker.teams)


def _unfollowed(office: Office, seen: TrackerSeen | None) -> list[str]:
    """The teams that the site's settings give no column; one that is missing in the tracker is a gap."""
    if seen is None:
        return []
    return unfollowed(teams_now(office, seen.agents, {*seen.teams, *seen.teams_missing}))


def _unsent(office: Office) -> Iterator[UnsentMail]:
    zone = office.clock().zone()
    for state in (*UNSENT, MailState.WRITTEN):
        for letter in office.outbox.letters(state):
            if state is MailState.WRITTEN and letter.kind not in ASKED_FOR:
                continue
            yield UnsentMail(
                number=letter.id,
                to=letter.letter.to,
                subject=letter.letter.subject,
                state=state.value,
                since=letter.created_at.astimezone(zone).date(),
            )


def _surprises(desk: Desk) -> list[Gap]:
    """What tried to write while we only looked: the guard has refused it, and it is told."""
    try:
        surprises = desk.sessions.guard.surprises()
    except GuardBroken as broken:
        raise GuardBroken(broken.what, next_step="The report was not made.") from broken
    return [
        Gap(
            source=Source.RECORD,
            what=f"A page tried to write while it was only looked at; the guard refused it: {one.url}",
            next_step="Where that is known to be harmless, name it in RPA_GUARD__HARMLESS.",
        )
        for one in surprises
    ]


def _unreadable(path: str) -> Gap:
    return Gap(
        source=Source.JOURNAL,
        what=f"An earlier night cannot be read: {path}",
        next_step="Nothing is lost but what it knew of new and solved; delete it.",
    )


def _show(done: Checked) -> None:
    report = done.report
    output.show(report.headline)
    for row in report.compared.rows:
        name = f" {row.name}" if row.name else ""
        output.show(
            f"{row.severity.value:4}  {row.subject}{name}: {row.title} ({row.reason}); "
            f"{days_told(row.age(report.day))}. {row.action}"
        )
    for batch in report.batches:
        note = f"; {batch.note}" if batch.note else ""
        output.show(f"{batch.command_in(done.page.parent)}  # {len(batch.rows)}{note}")
    for gap in report.gaps:
        output.talk(f"{gap.what} {gap.next_step}".strip())
    for one in report.not_judged:
        output.talk(one.sentence)
    for note in report.notes:
        output.talk(note)
    output.talk(done.mailed)
    output.talk(f"Report: {done.page}")
