"""What this machine starts by itself, and what is done then."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import structlog

from rpa.adapters.mail_texts import Report
from rpa.adapters.schedule import Daily, Kind
from rpa.adapters.scheduler import Scheduler, scheduler_here
from rpa.cli import daily_reports, nightly_check, output, posting
from rpa.cli.office import Office
from rpa.domain.errors import Busy, RpaError
from rpa.domain.hours import parse_time
from rpa.engine.claims import Claims
from rpa.flows.post import report_letter
from rpa.settings import load_settings


@dataclass(frozen=True, slots=True)
class Job:
    """What a job of the day came to: its exit code, a sentence, whether a later start tries it again."""

    code: int
    told: str
    again: bool = False


def install(kind: Kind | None, *, as_json: bool) -> None:
    """Have the machine start it each day."""
    office = Office(load_settings())
    scheduler = scheduler_here(kind, Path.home())
    _tell(scheduler, scheduler.install(daily(office)), "written", as_json=as_json)


def remove(kind: Kind | None, *, as_json: bool) -> None:
    """Take it away again."""
    office = Office(load_settings())
    scheduler = scheduler_here(kind, Path.home())
    _tell(scheduler, scheduler.remove(daily(office)), "removed", as_json=as_json)


def show(kind: Kind | None, *, as_json: bool) -> None:
    """What would be written, and what was done today."""
    office = Office(load_settings())
    scheduler = scheduler_here(kind, Path.home())
    text = scheduler.shown(daily(office))
    done = Claims(office.journal).of_day(office.today())
    if as_json:
        jobs = [{"job": one.job, "state": one.state.value, "at": one.at.isoformat()} for one in done]
        output.emit({"kind": scheduler.kind.value, "text": text, "today": jobs})
        return
    output.show(text)
    for one in done:
        output.talk(f"Today: {one.job} {one.state.value}")


def run(*, as_json: bool, log: Path | None = None) -> int:
    """Do what is due today, once; what fails is mailed and logged, and keeps no other job from it."""
    try:
        office = Office(load_settings())
        day, done = office.today(), _jobs(office)
    except RpaError as error:
        _kept(log, f"{error.what} {error.next_step}")
        raise
    for name, job in done.items():
        _kept(log, f"{name}: {job.told}")
    if as_json:
        output.emit({"day": day.isoformat(), "jobs": {name: asdict(job) for name, job in done.items()}})
    else:
        for name, job in done.items():
            output.show(f"{name}: {job.told}")
    return max(job.code for job in done.values())


def _jobs(office: Office) -> dict[str, Job]:
    """Each job of the day; the reports first, as a check may take long. In the end what waits is mailed."""
    try:
        due = _why_nothing_is_due(office)
    except Exception as error:  # noqa: BLE001 - nobody sits before it: whatever it is, it is mailed and logged
        return {"days": _failed(office, "days", error)}
    office = office.on_this_day()
    jobs = {"none": Job(0, due)} if due else {}
    if not due:
        jobs |= {"reports": _once(office, "reports", _reports), "check": _once(office, "check", _check)}
    mails = _mails(office)
    return {**jobs, "mails": mails} if mails else jobs


def _why_nothing_is_due(office: Office) -> str:
    day, at = office.today(), parse_time(office.settings.schedule.at)
    if not office.days.is_working(day):
        return f"{day} is no working day: nothing is due."
    clock = office.clock()
    # A day that was chosen, for a rehearsal, has no hours.
    is_early = office.settings.today is None and clock.now().astimezone(clock.zone()).time() < at
    return f"nothing is due before {at:%H:%M}." if is_early else ""


def _mails(office: Office) -> Job | None:
    """Send what waits, of an earlier start, too; None where nothing did. 1 while a mail of today waits."""
    if not office.outbox.waiting():
        return None
    posting.tell(posting.post_waiting(office, "rpa schedule run"))
    of_today = {f"{name}-{office.today()}" for name in ("reports", "nightly", "schedule")}
    waiting = [letter for letter in office.outbox.waiting() if letter.run in of_today]
    if not waiting:
        return Job(0, "what had waited was handed over")
    return Job(
        1, f"{len(waiting)} of today still wait: {waiting[0].sentence or 'nobody took them'}", again=True
    )


def _check(office: Office) -> Job:
    done = nightly_check.checked(office, mail=True)
    told = f"{done.report.headline}. {done.mailed} {done.page}"
    return Job(int(done.report.is_degraded), told, again=done.was_busy)


def _reports(office: Office) -> Job:
    done = daily_reports.sent(office)
    told = "; ".join(f"{name}: {became}" for name, became in done.told.items())
    return Job(done.exit_code, told, again=bool(done.held))


def _once(office: Office, name: str, work: Callable[[Office], Job]) -> Job:
    """One job of the day; nothing where it was done before, or another process does it now."""
    day = office.today()
    try:
        with Claims(office.journal).held(day, f"scheduled {name}", f"schedule-{day}") as done:
            if done is None:
                return Job(0, f"was done before on {day}")
            job = _worked(office, name, work)
            if not job.again:
                done()
    except Busy as busy:
        return Job(busy.exit_code, busy.what, again=True)
    except Exception as error:  # noqa: BLE001 - see above
        return _failed(office, name, error)
    return job


def _worked(office: Office, name: str, work: Callable[[Office], Job]) -> Job:
    """The job's work; what fails in it, and be it that something was busy, is told and tried again."""
    try:
        job = work(office)
    except Exception as error:  # noqa: BLE001 - see above
        return _failed(office, name, error)
    with office.logging():
        structlog.get_logger().info("scheduled_job_done", job=name, exit_code=job.code)
    return job


def _failed(office: Office, name: str, error: Exception) -> Job:
    with office.logging() as log:
        structlog.get_logger().error("scheduled_job_failed", job=name, exc_info=error)
    if not isinstance(error, RpaError):
        error = RpaError(f"The software failed: {type(error).__name__}.")
    _mail_failure(office, name, error, log)
    return Job(error.exit_code, str(error), again=True)


def _mail_failure(office: Office, name: str, error: RpaError, log: Path) -> None:
    day = office.today()
    about = Report(
        intro=[f"The scheduled job {name!r} of {day} failed: {error.what}", error.next_step],
        closing=[f"The log is {log}. It is tried again at the next start; by hand: rpa schedule run"],
    )
    subject = f"ESP {day}: the scheduled {name} failed"
    manager = office.settings.mail.manager
    letter = report_letter(f"failed:{name}:{day}", to=manager, subject=subject, about=about)
    office.outbox.queue(f"schedule-{day}", letter, office.clock().now())
    posting.tell(posting.post_waiting(office, f"schedule-{day}"))


def daily(office: Office) -> Daily:
    """What is started: this very software, in this very folder, where `.env` is read."""
    settings = office.settings
    program = shutil.which("rpa", path=str(Path(sys.executable).parent))
    command = [program] if program else [sys.executable, "-m", "rpa"]
    return Daily(
        command=[*command, "schedule", "run"],
        at=_by_this_machine(parse_time(settings.schedule.at), office),
        folder=Path.cwd(),
        log=office.state_file("logs").absolute() / "schedule.log",
        zone=settings.days.time_zone,
        zone_at=parse_time(settings.schedule.at),
    )


def _by_this_machine(at: time, office: Office) -> time:
    """An hour of the site by this machine's clock, as both stand today."""
    return datetime.combine(office.today(), at, office.clock().zone()).astimezone().time()


def _kept(log: Path | None, told: str) -> None:
    """Add a line to the file; one that cannot be written keeps nothing from being done."""
    if log is None:
        return
    with suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ} {output.clean(told)}\n")


def _tell(scheduler: Scheduler, what: list[str], word: str, *, as_json: bool) -> None:
    if as_json:
        output.emit({"kind": scheduler.kind.value, word: what})
        return
    for one in what:
        output.show(f"{word}: {one}")
    if not what:
        output.talk("Nothing was installed here.")
