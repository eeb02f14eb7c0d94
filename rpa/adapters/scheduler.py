"""The machine's own scheduler: which one there is, and how it learns of what we wrote."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rpa.adapters.schedule import LABEL, NAME, Daily, Kind, cron_line, cron_table, files
from rpa.domain.errors import UsageError

_PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Scheduler:
    """One scheduler of this machine, for this user."""

    kind: Kind
    home: Path

    def shown(self, daily: Daily) -> str:
        """What `install` would write, as text."""
        if self.kind is Kind.CRON:
            return f"# crontab\n{cron_line(daily)}\n"
        return "\n".join(f"# {path}\n{text}" for path, text in files(self.kind, daily, self.home).items())

    def install(self, daily: Daily) -> list[str]:
        """Write it, and tell the scheduler; what was written or changed. UsageError where that fails."""
        daily.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.kind is Kind.CRON:
            _run(["crontab", "-"], given=cron_table(daily, _table()))
            return ["crontab"]
        written = []
        for path, text in files(self.kind, daily, self.home).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-16" if self.kind is Kind.WINDOWS else "utf-8")
            written.append(str(path))
        for words in self._before():
            _answers(words)
        for words in self._told_of(written):
            _run(words)
        return written

    def remove(self, daily: Daily) -> list[str]:
        """Take it away again; what was removed."""
        if self.kind is Kind.CRON:
            table = _table()
            without = cron_table(None, table)
            if without != table:
                _run(["crontab", "-"], given=without)
            return ["crontab"] if without != table else []
        there = [path for path in files(self.kind, daily, self.home) if path.exists()]
        # Also where no file is: another state folder may have installed it.
        was_known = any(_answers(words) for words in self._forgotten())
        for path in there:
            path.unlink()
        return [str(path) for path in there] or ([NAME] if was_known else [])

    def _before(self) -> list[list[str]]:
        """Launchd takes nothing that it knows already: the old one has to go."""
        return self._forgotten() if self.kind is Kind.LAUNCHD else []

    def _told_of(self, written: Sequence[str]) -> list[list[str]]:
        match self.kind:
            case Kind.SYSTEMD:
                return [
                    ["systemctl", "--user", "daemon-reload"],
                    ["systemctl", "--user", "enable", "--now", f"{NAME}.timer"],
                ]
            case Kind.LAUNCHD:
                return [["launchctl", "bootstrap", _domain(), written[0]]]
            case Kind.WINDOWS:
                return [["schtasks", "/Create", "/F", "/TN", NAME, "/XML", written[0]]]
            case Kind.CRON:
                return []

    def _forgotten(self) -> list[list[str]]:
        match self.kind:
            case Kind.SYSTEMD:
                return [["systemctl", "--user", "disable", "--now", f"{NAME}.timer"]]
            case Kind.LAUNCHD:
                return [["launchctl", "bootout", f"{_domain()}/{LABEL}"]]
            case Kind.WINDOWS:
                return [["schtasks", "/Delete", "/F", "/TN", NAME]]
            case Kind.CRON:
                return []


def scheduler_here(kind: Kind | None, home: Path) -> Scheduler:
    """This machine's scheduler, or the asked one; UsageError where there is none."""
    found = kind or _found()
    if found is None:
        raise UsageError(
            "This machine has no scheduler that is known: no systemd for users, and no crontab.",
            next_step="Nothing was written. Start `rpa schedule run` each morning by other means.",
        )
    return Scheduler(found, home)


def _found() -> Kind | None:
    if sys.platform == "win32":
        return Kind.WINDOWS
    if sys.platform == "darwin":
        return Kind.LAUNCHD
    if shutil.which("systemctl") and _answers(["systemctl", "--user", "show-environment"]):
        return Kind.SYSTEMD
    return Kind.CRON if shutil.which("crontab") else None


def _answers(words: Sequence[str]) -> bool:
    with suppress(OSError, subprocess.SubprocessError):
        return _started(words).returncode == 0
    return False


def _table() -> str:
    """The user's crontab; empty where there is none yet, UsageError where nobody can tell."""
    try:
        done = _started(["crontab", "-l"])
    except (OSError, subprocess.SubprocessError) as error:
        raise _not_taken(str(error)) from error
    if done.returncode and "no crontab" not in done.stderr:
        raise _not_taken(done.stderr.strip())
    return done.stdout


def _run(words: Sequence[str], given: str | None = None) -> None:
    try:
        done = _started(words, given)
    except (OSError, subprocess.SubprocessError) as error:
        raise _not_taken(str(error)) from error
    if done.returncode:
        raise _not_taken(done.stderr.strip() or done.stdout.strip())


def _started(words: Sequence[str], given: str | None = None) -> subprocess.CompletedProcess[str]:
    program = shutil.which(words[0])
    if program is None:
        raise FileNotFoundError(f"there is no {words[0]} on this machine")
    return subprocess.run(  # noqa: S603 - the words are ours
        [program, *words[1:]], check=False, capture_output=True, text=True, input=given, timeout=_PATIENCE
    )


def _not_taken(why: str) -> UsageError:
    return UsageError(
        f"The scheduler did not take it: {why}.",
        next_step="`rpa schedule show` prints what was to be written.",
    )


def _domain() -> str:
    return f"gui/{os.getuid()}"
