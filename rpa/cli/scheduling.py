"""What this machine starts by itself, and what is done then."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
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
    """What a job of the day came to: its exit code, and a sentence."""

    code: int
    told: str


def install(kind: Kind | None, *, as_json: bool) -> None:
    """Have the machine start it each day."""
    office = Office(load_settings())
    scheduler = scheduler_here(kind, Path.home())
    _tell(scheduler, scheduler.install(_daily(office)), "written", as_json=as_json)


def remove(kind: Kind | None, *, as_json: bool) -> None:
    """Take it away again."""
    office = Office(load_settings())
    scheduler = scheduler_here(kind, Path.home())
    _tell(scheduler, scheduler.remove(_daily(office)), "removed", as_json=as_json)


def show(kind: Kind | None, *, as_json: bool) -> None:
    """What would be written, and what was done today."""
    office = Office(load_settings())
    scheduler = scheduler_here(kind, Path.home())
    text = scheduler.shown(_daily(office))
    done = Claims(office.journal).of_day(office.today())
    if as_json:
        jobs = [{"job": one.job, "state": one.state.value, "at": one.at.isoformat()} for one in done]
        output.emit({"kind": scheduler.kind.value, "text": text, "today": jobs})
        return
    output.show(text)
    for one in done:
        output.talk(f"Today: {one.job} {one.state.value}")


def run(*, as_json: bool) -> int:
    """Do what is due today, once; what fails is mailed and logged, and keeps no other job from it."""
    office = Office(load_settings())
    day = office.today()
    if not office.days.is_working(day):
        done = {"none": Job(0, f"{day} is no working day: nothing is due.")}
    else:
        done = {"check": _once(office, "check", _check), "reports": _once(office, "reports", _reports)}
    if as_json:
        output.emit({"day": day.isoformat(), "jobs": {name: asdict(job) for name, job in done.items()}})
    else:
        for name, job in done.items():
            output.show(f"{name}: {job.told}")
    return max(job.code for job in done.values())


def _check(office: Office) -> Job:
    done = nightly_check.checked(office, mail=True)
    return Job(int(done.report.is_degraded), f"{done.report.headline}. {done.mailed} {done.page}")


def _reports(office: Office) -> Job:
    done = daily_reports.sent(office)
    told = "; ".join(f"{name}: {became}" for name, became in done.told.items())
    return Job(done.exit_code, told)


def _once(office: Office, name: str, work: Callable[[Office], Job]) -> Job:
    """One job of the day; nothing where it was done before, or another process does it now."""
    day = office.today()
    try:
        with Claims(office.journal).held(day, f"scheduled {name}", f"schedule-{day}") as done:
            if done is None:
                return Job(0, f"was done before on {day}")
            job = work(office)
            done()
    except Busy as busy:
        return Job(busy.exit_code, busy.what)
    except Exception as error:  # noqa: BLE001 - nobody sits before it: whatever it is, it is mailed and logged
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
    return Job(error.exit_code, str(error))


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


def _daily(office: Office) -> Daily:
    """What is started: this very software, in this very folder, where `.env` is read."""
    settings = office.settings
    program = shutil.which("rpa", path=str(Path(sys.executable).parent))
    command = [program] if program else [sys.executable, "-m", "rpa"]
    return Daily(
        command=[*command, "schedule", "run"],
        at=parse_time(settings.schedule.at),
        folder=Path.cwd(),
        log=office.state_file("logs").absolute() / "schedule.log",
        zone=settings.days.time_zone,
    )


def _tell(scheduler: Scheduler, what: list[str], word: str, *, as_json: bool) -> None:
    if as_json:
        output.emit({"kind": scheduler.kind.value, word: what})
        return
    for one in what:
        output.show(f"{word}: {one}")
    if not what:
        output.talk("Nothing was installed here.")
