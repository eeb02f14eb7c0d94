"""The five daily reports: shown, or sent to their teams once a business day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from rpa.adapters.mail_texts import Report
from rpa.adapters.nightly_report import long_day
from rpa.adapters.report_workbook import workbook
from rpa.cli import output, posting
from rpa.cli.office import Office
from rpa.cli.team_updates import teams_now, unfollowed
from rpa.domain.counted import counted
from rpa.domain.errors import UsageError
from rpa.domain.reports import COLUMNS, REPORT_OF, REPORTS, Counting, Reported, reported
from rpa.domain.teams import Standing, TeamUpdate
from rpa.domain.tracker_cells import TRANSFER
from rpa.engine.claims import Claims
from rpa.engine.outbox import Attachment, Letter
from rpa.flows.post import Posted, report_letter
from rpa.private_files import replace_whole
from rpa.settings import load_settings

BEHIND = "teams-behind"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SENT_BEFORE = "was sent before on this day"
NO_COLUMN = "The tracker has no column for Transfer to Production"
NOT_MADE = f"{NO_COLUMN}: this report is not made. Set RPA_TRACKER__COLUMNS, then send it again."
MAYBE_GONE = f"{NO_COLUMN}: some of these agents may be in production already."


@dataclass(frozen=True, slots=True)
class Sent:
    """The reports of a day, the teams behind, and by name what became of each that was to be sent.

    `held` are the reports that are not sent, as they would be wrong; `notes` are for the manager alone.
    """

    made: Sequence[Reported]
    behind: Sequence[TeamUpdate]
    held: frozenset[str] = frozenset()
    notes: Sequence[str] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    posted: Posted | None = None

    @property
    def exit_code(self) -> int:
        """0, or 1 where a report could not be made, or a mail did not get away."""
        return int(bool(self.held or (self.posted and self.posted.undelivered)))


def reports(*, send: bool, only: str, preview: bool, as_json: bool) -> int:
    """Make the reports, and send them where that is asked for; 1 where a mail did not get away."""
    office = Office(load_settings()).on_this_day()
    done = sent(office, only) if send else make(office, only)
    folder = office.state_file("reports") / office.today().isoformat()
    files = {one.report.name: _kept(one, folder) for one in done.made} if preview else {}
    if as_json:
        documents = [_document(one, done.told, files) for one in done.made]
        told_of_teams = [one.sentence for one in done.behind]
        output.emit({"reports": documents, "teams_behind": told_of_teams, "notes": list(done.notes)})
    else:
        _show(done, files, preview=preview)
    if done.posted:
        posting.tell(done.posted)
    return done.exit_code


def sent(office: Office, only: str = "") -> Sent:
    """Make the reports and send each to its team, once a business day."""
    made = make(office, only)
    told = _queued(office, made)
    return replace(made, told=told, posted=posting.post_waiting(office, "rpa reports"))


def make(office: Office, only: str = "") -> Sent:
    """The reports of today, and the teams that are behind; UsageError without a tracker."""
    if only and only not in REPORT_OF:
        raise UsageError(
            f"There is no report {only!r}.", next_step=f"Nothing was sent. They are: {', '.join(REPORT_OF)}."
        )
    tracked = office.tracked()
    if tracked is None:
        raise UsageError("No tracker is set.", next_step="Nothing was sent. Set RPA_TRACKER__FILE.")
    asked = office.settings
    counting = Counting(days=office.days, way=asked.days.counting, after=asked.reports.after)
    today = office.today()
    wanted = [REPORT_OF[only]] if only else REPORTS
    # Without the column everybody who was ever transferred would be on the report, or nobody knows who is.
    no_transfers = tracked.sheet.column_for(TRANSFER) is None
    held = frozenset(one.name for one in wanted if no_transfers and not one.tasks)
    made = [
        Reported(report=one, day=today, rows=(), notes=(NOT_MADE,))
        if one.name in held
        else reported(one, tracked.agents, counting, today)
        for one in wanted
    ]
    maybe_gone = [MAYBE_GONE] if no_transfers else []
    told = [
        *maybe_gone,
        *_doubled(tracked.doubled),
        *(str(one) for one in tracked.problems if not one.employee_id),
    ]
    made = [one if one.report.name in held else replace(one, notes=(*one.notes, *told)) for one in made]
    teams = () if only else teams_now(office, tracked.agents, tracked.sheet.teams)
    behind = [one for one in teams if one.standing is Standing.BEHIND]
    return Sent(made, behind, held, unfollowed(teams))


def _queued(office: Office, reports: Sent) -> dict[str, str]:
    """Queue each report for its team; what became of each, by name."""
    day = office.today()
    made, behind = reports.made, reports.behind
    if not office.days.is_working(day):
        return {one.report.name: f"{day} is no working day: nothing is sent" for one in made}
    told = {}
    for one in made:
        if one.report.name in reports.held:
            told[one.report.name] = "held back"
            continue
        letters = [_letter(office, one, to) for to in _to(office, one)]
        told[one.report.name] = _queue(office, day, one.report.name, letters)
    if behind:
        told[BEHIND] = _queue(office, day, BEHIND, [_behind_letter(office, day, behind)])
    return told


def _queue(office: Office, day: date, name: str, letters: Iterable[Letter]) -> str:
    holder = f"reports-{day}"
    with Claims(office.journal).held(day, f"report {name}", holder) as done:
        if done is None:
            return SENT_BEFORE
        recipients = []
        for letter in letters:
            office.outbox.queue(holder, letter, office.clock().now())
            recipients.append(letter.to)
        done()
    return f"for {', '.join(recipients)}"


def _to(office: Office, one: Reported) -> tuple[str, ...]:
    settings = office.settings
    return settings.reports.recipients.get(one.report.name) or (settings.mail.manager,)


def _letter(office: Office, one: Reported, to: str) -> Letter:
    about = Report(
        intro=[f"{one.report.title}, {long_day(one.day)}: {one.sentence}.", *_rule(office, one), *one.notes],
        columns=COLUMNS,
        rows=[row.cells for row in one.rows],
        closing=["The same as a workbook is attached."] if one.rows else [],
    )
    key = f"report:{one.report.name}:{one.day}:{to}"
    letter = report_letter(key, to=to, subject=f"{one.report.title} {one.day}: {one.sentence}", about=about)
    file = Attachment(name=_file(one), type=XLSX, content=_workbook(one))
    return replace(letter, attachments=(file,) if one.rows else ())


def _rule(office: Office, one: Reported) -> list[str]:
    """What puts an agent on the report, in the site's own days."""
    if not one.report.tasks:
        return ["Everything of ESP is complete, and Transfer to Production is not marked."]
    after = office.settings.reports.after.get(one.report.name, one.report.after)
    days = counted(after, f"{office.settings.days.counting.value} day")
    return [f"Open {days} or more after the ESP start."]


def _behind_letter(office: Office, day: date, behind: Sequence[TeamUpdate]) -> Letter:
    about = Report(
        intro=[f"Teams that did not bring the ESP tracker up to date, {long_day(day)}."],
        columns=("Team", "Columns", "Last update", "Agents behind", "Report it to"),
        rows=[
            (
                one.team.name,
                ", ".join(one.team.columns),
                one.last.isoformat() if one.last else "",
                str(len(one.agents_behind)),
                one.team.reported_to,
            )
            for one in behind
        ],
    )
    manager = office.settings.mail.manager
    subject = f"ESP tracker {day}: {counted(len(behind), 'team')} behind"
    return report_letter(f"report:{BEHIND}:{day}", to=manager, subject=subject, about=about)


def _doubled(doubled: Collection[str]) -> list[str]:
    return [f"{len(doubled)} employee ids stand in several rows and are on no report."] if doubled else []


def _workbook(one: Reported) -> bytes:
    return workbook(one.report.title, COLUMNS, [row.cells for row in one.rows])


def _file(one: Reported) -> str:
    return f"{one.report.name}-{one.day}.xlsx"


def _kept(one: Reported, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / _file(one)
    replace_whole(path, _workbook(one))
    return path


def _document(one: Reported, told: Mapping[str, str], files: Mapping[str, Path]) -> dict[str, Any]:
    name = one.report.name
    keys = [name.casefold().replace(" ", "_") for name in COLUMNS]
    return {
        "report": name,
        "title": one.report.title,
        "day": one.day.isoformat(),
        "rows": [dict(zip(keys, row.cells, strict=True)) for row in one.rows],
        "notes": list(one.notes),
        "sent": told.get(name, ""),
        "file": str(files[name]) if name in files else None,
    }


def _show(done: Sent, files: Mapping[str, Path], *, preview: bool) -> None:
    for one in done.made:
        name = one.report.name
        became = f" ({done.told[name]})" if name in done.told else ""
        output.show(f"{one.report.title}: {one.sentence}{became}")
        for row in one.rows if preview else ():
            output.show("  " + "  ".join(cell for cell in row.cells if cell))
        for note in one.notes:
            output.talk(f"  {note}")
        if name in files:
            output.talk(f"  {files[name]}")
    for update in done.behind:
        output.show(update.sentence)
    for note in done.notes:
        output.talk(note)
    if not done.told:
        output.talk("Nothing was sent; --send mails each report to its team.")
