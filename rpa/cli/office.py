"""The wiring: settings become the journal, the outbox, the tracker and what else needs no browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from rpa.adapters.secret_store import HOW_TO, keep_secret, read_secret
from rpa.adapters.site_calendar import WEEKDAYS, working_days
from rpa.adapters.smtp import SmtpServer
from rpa.adapters.tracker import Tracker
from rpa.adapters.tracker_columns import Layout
from rpa.adapters.tracker_file import Backups
from rpa.adapters.tracker_rows import TrackerRead
from rpa.adapters.tracker_words import TaskWords
from rpa.cli import output
from rpa.cli.sites import accounts
from rpa.domain.departments import DepartmentRules
from rpa.domain.errors import RpaError, UsageError
from rpa.domain.examination import Finding, Level, judge_folder
from rpa.domain.plans import Plan, rows_to_run
from rpa.domain.runs import Run
from rpa.domain.undos import UndoRun, half_undone
from rpa.domain.working_days import WorkingDays
from rpa.engine.clock import Clock, SystemClock
from rpa.engine.journal import Journal, KeyFile
from rpa.engine.kept_sessions import KeptSessions, new_key
from rpa.engine.log import Redaction, kept_log
from rpa.engine.mounts import filesystem_of
from rpa.engine.outbox import Outbox
from rpa.engine.passwords import Password
from rpa.engine.plan_store import PlanStore
from rpa.engine.run_desk import RunDesk
from rpa.engine.traces import Traces, remove_raw
from rpa.engine.tracker_queue import Synced, TrackerQueue
from rpa.engine.vault import FernetVault
from rpa.flows.portal_door import ADP
from rpa.flows.roster_wait import Patience
from rpa.private_files import fernet_key, is_fernet_key
from rpa.setting_model import Settings

SESSION_KEY = "session-key"


@dataclass(frozen=True)
class Office:
    """What every command may need, without a browser."""

    settings: Settings

    def __post_init__(self) -> None:
        """From here on the secrets are known, so that nothing can say them."""
        output.hide(self._redaction)

    @cached_property
    def _redaction(self) -> Redaction:
        return Redaction(self.settings.secrets())

    def redacted(self, text: str) -> str:
        """The text without any secret of the settings."""
        return self._redaction(text)

    @cached_property
    def journal(self) -> Journal:
        """The journal, its folder made for this user alone."""
        folder = self._state_dir()
        return Journal.open(
            self.settings.journal_url,
            KeyFile(folder / "journal.key"),
            folder / "journal.head",
            self.redacted,
        )

    @cached_property
    def plans(self) -> PlanStore:
        return PlanStore(self.journal, self._state_dir() / "plans")

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.journal)

    @cached_property
    def tracker(self) -> Tracker | None:
        """The ESP tracker; None where the site has set none."""
        asked = self.settings.tracker
        if asked.file is None:
            return None
        words = TaskWords(done=asked.done_words, open=asked.open_words, not_needed=asked.not_needed_words)
        return Tracker(
            path=asked.file,
            layout=Layout(
                sheet=asked.sheet,
                columns=asked.columns,
                words=words,
                teams=asked.teams,
                not_tracked=frozenset(asked.not_tracked),
            ),
            backups=Backups(folder=self._state_dir() / "backups", kept=asked.backups),
        )

    def tracked(self, *needs: str) -> TrackerRead | None:
        """Everybody in the tracker as it is now, which must have these fields; None where none is set."""
        return self.tracker.read(self.today(), needs) if self.tracker else None

    @property
    def departments(self) -> DepartmentRules:
        """The site's sites and campaigns, and what its departments of production are called."""
        settings = self.settings
        return DepartmentRules(
            sites=settings.sites,
            codes=settings.campaigns,
            words=settings.transfer.department_words,
            pattern=settings.transfer.department_pattern,
        )

    @property
    def patience(self) -> Patience:
        """How long BlackDash is waited for."""
        return Patience(timeout=self.settings.roster.timeout, poll=self.settings.roster.poll)

    @cached_property
    def tracker_queue(self) -> TrackerQueue:
        return TrackerQueue(self.journal)

    @property
    def transferred_mark(self) -> str:
        """What the tracker's `Transfer to Production` gets; empty where that is the day of the transfer."""
        return self.settings.tracker.written

    @cached_property
    def vault(self) -> FernetVault:
        """What links and addresses are sealed with."""
        return FernetVault(fernet_key(self._state_dir() / "links.key"))

    @property
    def mail_server(self) -> SmtpServer | None:
        """Where mails are handed in; None where the site has set none."""
        asked = self.settings.mail
        url = asked.smtp_url.get_secret_value()
        return SmtpServer.of(url, asked.ca_file, asked.timeout) if url else None

    @property
    def outbox_folder(self) -> Path:
        return self._state_dir() / "outbox"

    def run_folder(self, run: str) -> Path:
        """Where a run's report and pictures are."""
        return self._state_dir() / "runs" / run

    def told(self, run: str) -> Run:
        """A run as the journal tells it; UsageError where there is none with this id."""
        if not self.journal.has_begun(run):
            raise UsageError(f"There is no run {run!r}.", next_step="`rpa runs` lists them.")
        plan = self.plans.of_run(self.journal.events_of(run)[0].data["plan"])
        return self.desk(run, plan, clock=None).told()

    def sync_cells(self, tracker: Tracker, holder: str) -> Synced:
        """Write the cells that wait, as far as the tracker lets us, but for those of a half-undone run."""
        but_of = self.half_undone() if self.tracker_queue.waiting() else ()
        return self.tracker_queue.sync(tracker, holder, but_of=but_of)

    def half_undone(self) -> frozenset[str]:
        """The runs that are being taken back: what they have waiting is not true any more."""
        return frozenset(half_undone(self.undos(readable=True)))

    def undos(self, *, readable: bool = False) -> list[UndoRun]:
        """Every undo, or those that can be read where a damaged one must not stop the rest; oldest first."""
        found = []
        for run in reversed(self.journal.runs(flow="undo")):
            try:
                told = self.told(run)
                found.append(UndoRun(undone=self.plans.of_run(told.plan).undoes, run=told))
            except (RpaError, LookupError, ValueError):
                if not readable:
                    raise
        return found

    def desk(self, run: str, plan: Plan, clock: Clock | None) -> RunDesk:
        """The desk on which a run of this plan works."""
        return RunDesk(
            run=run,
            planned=rows_to_run(plan),
            journal=self.journal,
            outbox=self.outbox,
            clock=clock or self.clock(),
        )

    def traces(self, holder: str) -> Traces | None:
        """Where this command's traces go, should some be asked for."""
        remove_raw(self._state_dir() / "traces")
        if not self.settings.trace:
            return None
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{re.sub('[^A-Za-z0-9-]+', '-', holder)}"
        folder = self._state_dir() / "traces" / name
        output.talk(f"Traces of each agent are kept in {folder}.")
        return Traces(folder, self._redaction)

    def report(self, run: Run) -> Path:
        """The run's report, written anew."""
        from rpa.adapters import run_report

        folder = self.run_folder(run.id)
        clock = self.clock()
        return run_report.write_report(
            run, folder, made_at=clock.now(), zone=clock.zone(), clean=output.clean
        )

    def logging(self) -> AbstractContextManager[Path]:
        """Keeps the log of what happens inside."""
        return kept_log(self._state_dir() / "logs", output.clean)

    def clock(self, pump: Callable[[float], None] | None = None) -> SystemClock:
        """The site's clock; `pump` is what waits, where anything does."""
        zone = self.settings.days.time_zone
        return SystemClock(
            pump or _no_waiting, today=self.settings.today, zone=ZoneInfo(zone) if zone else None
        )

    @cached_property
    def days(self) -> WorkingDays:
        """The working days of the site around today."""
        asked = self.settings.days
        return working_days(
            asked.country,
            asked.state,
            asked.calendar,
            weekend=frozenset(WEEKDAYS.index(name) for name in asked.weekend),
            around=self.today(),
        )

    def today(self) -> date:
        """The day that the rules count from."""
        return self.clock().today()

    def on_this_day(self) -> Office:
        """The same, for work that may go on past midnight and is of one day all the same."""
        return Office(self.settings.model_copy(update={"today": self.today()}))

    @property
    def kept_sessions(self) -> KeptSessions:
        """The sessions that `rpa login` has kept."""
        session = self.settings.session
        return KeptSessions(
            folder=self._state_dir() / "sessions",
            key=lambda: fernet_key(session.key_file) if session.key_file else _keyring_key(),
            lifetime=timedelta(hours=session.hours),
        )

    def password(self, portal: str) -> Password:
        """What is known of the password that is set for this portal."""
        asked = self.settings.adp if portal == ADP else self.settings.blackdash
        return Password(
            self.journal, portal, accounts(self.settings)[portal], asked.password.get_secret_value()
        )

    def state_file(self, name: str) -> Path:
        """A file of the state folder."""
        return self._state_dir() / name

    @cached_property
    def folder_finding(self) -> Finding:
        """Whether the state folder can be trusted with a journal; a link is followed to where it leads."""
        folder = self.settings.state_dir.resolve()
        return judge_folder(folder, filesystem_of(folder))

    def _state_dir(self) -> Path:
        folder = self.settings.state_dir
        if self.folder_finding.level is Level.BLOCKING:
            raise UsageError(
                f"{self.folder_finding.what}.",
                next_step=f"Nothing was started. {self.folder_finding.next_step}",
            )
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
        except OSError as error:
            raise UsageError(
                f"The state folder {folder} cannot be used: {error.strerror}.",
                next_step="Nothing was started. Set RPA_STATE_DIR to a folder of your own.",
            ) from error
        return folder


def _keyring_key() -> bytes:
    """The key of kept sessions, from the keyring; made at the first use."""
    if (key := read_secret(SESSION_KEY)) is None:
        # Another process may keep its own at the same moment; what is read back is what the next one reads.
        keep_secret(SESSION_KEY, new_key().decode())
        if (key := read_secret(SESSION_KEY)) is None:
            raise UsageError("The keyring forgets what it is given: it may be disabled.", next_step=HOW_TO)
    if not is_fernet_key(key.encode()):
        raise UsageError(f"The keyring's {SESSION_KEY} is no key.", next_step=f"Delete it there. {HOW_TO}")
    return key.encode()


def _no_waiting(seconds: float) -> None:
    raise AssertionError(f"nothing waits {seconds} seconds without a browser")
