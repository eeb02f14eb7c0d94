"""The mail of a night to the ESP manager: the table in the mail itself, the report and the files with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rpa.adapters.mail_texts import Report
from rpa.adapters.nightly_files import batch_text
from rpa.adapters.nightly_report import days_told
from rpa.cli import posting
from rpa.cli.office import Office
from rpa.domain.next_actions import Batch
from rpa.domain.night_report import NightReport
from rpa.domain.nights import StuckRow
from rpa.engine.claims import Claims, ClaimState
from rpa.engine.outbox import Attachment, Letter
from rpa.flows.post import report_letter

JOB = "nightly"
MOST_IN_MAIL = 200
NOT_LOOKED_AT = "not looked at"
COLUMNS = ("Employee ID", "Name", "Urgency", "What is wrong", "For", "Next")
ATTACHED = (
    "The report with its pictures, and the batch files, are attached. The commands find the files where you "
    "start rpa: save them there first."
)
BEFORE = "The mail of this day went out before."


def mail_night(office: Office, report: NightReport, folder: Path) -> str:
    """Queue and send the mail, once a business day; one that is whole follows one that was degraded."""
    if not office.days.is_working(report.day):
        return f"{report.day} is no working day, so nothing is mailed."
    job = f"{JOB}, degraded" if report.is_degraded else JOB
    claims = Claims(office.journal)
    if any(one.job == JOB and one.state is ClaimState.DONE for one in claims.of_day(report.day)):
        return BEFORE
    holder = f"{JOB}-{report.day}"
    with claims.held(report.day, job, holder) as done:
        if done is None:
            return BEFORE
        office.outbox.queue(holder, _letter(office, report, job, folder), office.clock().now())
        done()
    posting.tell(posting.post_waiting(office, holder))
    return ", ".join(f"Mail to {mail.to}: {mail.state}" for mail in office.outbox.of_run(holder))


def mail_of(report: NightReport) -> Report:
    """What the mail says: headline, changes, gaps, the table of who is stuck, the commands that mend it."""
    return Report(
        intro=[f"{report.headline}.", *_changes(report), *_missing(report), *report.notes],
        columns=COLUMNS,
        rows=_rows(report)[:MOST_IN_MAIL],
        closing=[*_too_many(report), *map(_command, report.batches), ATTACHED],
    )


def _letter(office: Office, report: NightReport, job: str, folder: Path) -> Letter:
    page = (folder / "report.html").read_bytes()
    files = [
        Attachment(name=f"nightly-{report.day}.html", type="text/html", content=page),
        *(
            Attachment(name=batch.file, type="text/csv", content=batch_text(batch).encode())
            for batch in report.batches
        ),
    ]
    to, subject = office.settings.mail.manager, f"{report.day}: {report.headline}"
    letter = report_letter(f"{job}:{report.day}", to=to, subject=subject, about=mail_of(report))
    return replace(letter, attachments=tuple(files))


def _missing(report: NightReport) -> list[str]:
    """What could not be looked at, and what to do about it."""
    gaps = (f"{gap.what} {gap.next_step}".rstrip() for gap in report.gaps)
    return [*gaps, *(one.sentence for one in report.not_judged)]


def _rows(report: NightReport) -> list[tuple[str, ...]]:
    """Who is stuck, then who was and could not be looked at tonight."""
    told = report.compared
    carried = ((*_cells(row, report)[:2], NOT_LOOKED_AT, *_cells(row, report)[3:]) for row in told.carried)
    return [*(_cells(row, report) for row in told.rows), *carried]


def _cells(row: StuckRow, report: NightReport) -> tuple[str, ...]:
    what = f"{row.title}: {row.reason}"
    age = days_told(row.age(report.day))
    return (row.subject, row.name, row.severity.value, what, age, row.action)


def _command(batch: Batch) -> str:
    note = f"; {batch.note}" if batch.note else ""
    return f"{batch.command} ({len(batch.rows)}{note})"


def _changes(report: NightReport) -> list[str]:
    if report.last_night is None:
        return []
    told = report.compared
    changes = f"{len(told.new)} new, {len(told.solved)} solved, {len(told.carried)} not looked at tonight"
    return [f"Since {report.last_night}: {changes}."]


def _too_many(report: NightReport) -> list[str]:
    more = len(_rows(report)) - MOST_IN_MAIL
    return [f"{more} more stand in the attached report."] if more > 0 else []
