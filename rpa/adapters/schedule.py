"""What makes a machine start something every day by itself, as the files of each kind of scheduler.

All of it is text made of a few values. The job that is started claims its business day and knows when it is
due, so that a scheduler may start it too often and too early: each kind starts it every hour until the
evening, and so catches up what was missed, what failed and what could not be mailed.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from html import escape
from pathlib import Path
from subprocess import list2cmdline

from rpa.domain.errors import UsageError

NAME = "esp-rpa"
LABEL = "com.esp-rpa.daily"
MARK = f"# {NAME}: the nightly check and the daily reports"
LAST_HOUR = 18


class Kind(StrEnum):
    """The schedulers that are known."""

    SYSTEMD = "systemd"
    CRON = "cron"
    LAUNCHD = "launchd"
    WINDOWS = "windows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """What is started: the command and its words, when first by the machine's clock, in which folder.

    `zone` is the site's time zone where one is set, and `zone_at` the hour by its clocks, for a scheduler
    that knows time zones; `log` takes what the command says.
    """

    command: Sequence[str]
    at: time
    folder: Path
    log: Path
    zone: str = ""
    zone_at: time | None = None

    @property
    def hours(self) -> range:
        """The hours of the machine's day at which it is started."""
        return _hours(self.at)


def files(kind: Kind, daily: Daily, home: Path) -> dict[Path, str]:
    """The files to be written, by path; cron has none but its table, Windows only what it is given."""
    match kind:
        case Kind.SYSTEMD:
            units = home / ".config" / "systemd" / "user"
            return {
                units / f"{NAME}.service": _service(daily),
                units / f"{NAME}.timer": _timer(daily),
            }
        case Kind.LAUNCHD:
            return {home / "Library" / "LaunchAgents" / f"{LABEL}.plist": _plist(daily)}
        case Kind.WINDOWS:
            return {daily.log.parent / f"{NAME}.xml": _task(daily)}
        case Kind.CRON:
            return {}


def cron_table(daily: Daily | None, before: str) -> str:
    """The user's table with our lines in it, or without them; all other lines stay as they are."""
    lines = before.splitlines()
    while MARK in lines:
        at = lines.index(MARK)
        del lines[at : at + 2]
    if daily:
        lines += [MARK, cron_line(daily)]
    return "".join(f"{line}\n" for line in lines)


def cron_line(daily: Daily) -> str:
    """One line."""
    hours = f"{daily.hours[0]}-{daily.hours[-1]}"
    words = f"cd {shlex.quote(str(daily.folder))} && {shlex.join(daily.command)}"
    # A per cent sign ends the command in a crontab.
    command = f"{words} >> {shlex.quote(str(daily.log))} 2>&1".replace("%", r"\%")
    return f"{daily.at.minute} {hours} * * * {command}"


def _service(daily: Daily) -> str:
    program, *words = daily.command
    command = " ".join([_systemd_program(program), *map(_systemd_word, words)])
    return f"""\
[Unit]
Description=ESP: the nightly check and the daily reports
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={str(daily.folder).replace("%", "%%")}
ExecStart={command}
StandardOutput=append:{str(daily.log).replace("%", "%%")}
StandardError=inherit
"""


def _timer(daily: Daily) -> str:
    at = (daily.zone_at or daily.at) if daily.zone else daily.at
    hours = _hours(at)
    when = f"*-*-* {_hours_told(hours)}:{at:%M}:00{f' {daily.zone}' if daily.zone else ''}"
    return f"""\
[Unit]
Description=ESP: the nightly check and the daily reports, each day

[Timer]
OnCalendar={when}
Persistent=true

[Install]
WantedBy=timers.target
"""


def _hours(at: time) -> range:
    return range(at.hour, max(LAST_HOUR, at.hour) + 1)


def _hours_told(hours: range) -> str:
    return f"{hours[0]:02}..{hours[-1]:02}" if len(hours) > 1 else f"{hours[0]:02}"


def _systemd_program(path: str) -> str:
    """The first word of ExecStart, in which systemd expands no $; UsageError for what it never takes."""
    if odd := sorted(set(path) & set("\"'\\")):
        raise UsageError(
            f"systemd starts no program whose path has {' or '.join(odd)} in it: {path}",
            next_step="Nothing was written. Move the software to another folder, or use --kind cron.",
        )
    return _systemd_quoted(path.replace("%", "%%"))


def _systemd_word(word: str) -> str:
    """A further word: systemd expands % and $ also inside quotes."""
    return _systemd_quoted(word.replace("%", "%%").replace("$", "$$"))


def _systemd_quoted(expanded: str) -> str:
    if re.fullmatch(r"[\w@%+=:,./$-]+", expanded):
        return expanded
    quoted = expanded.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _plist(daily: Daily) -> str:
    words = "\n".join(f"    <string>{escape(word, quote=False)}</string>" for word in daily.command)
    log = escape(str(daily.log), quote=False)
    minute = f"<key>Minute</key><integer>{daily.at.minute}</integer>"
    hours = "\n".join(
        f"    <dict><key>Hour</key><integer>{hour}</integer>{minute}</dict>" for hour in daily.hours
    )
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>{LABEL}</string>
  <key>ProgramArguments</key>
  <array>
{words}
  </array>
  <key>WorkingDirectory</key>
  <string>{escape(str(daily.folder), quote=False)}</string>
  <key>StartCalendarInterval</key>
  <array>
{hours}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>StandardOutPath</key>
  <string>{log}</string>
  <key>StandardErrorPath</key>
  <string>{log}</string>
</dict>
</plist>
"""


def _task(daily: Daily) -> str:
    command, *words = daily.command
    # A task keeps nothing of what is said, so the command keeps it itself.
    words += ["--log", str(daily.log)]
    return f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>ESP: the nightly check and the daily reports</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
{_repetition(daily)}      <StartBoundary>2026-01-01T{daily.at:%H:%M}:00</StartBoundary>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT4H</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(command, quote=False)}</Command>
      <Arguments>{escape(list2cmdline(words), quote=False)}</Arguments>
      <WorkingDirectory>{escape(str(daily.folder), quote=False)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def _repetition(daily: Daily) -> str:
    more = len(daily.hours) - 1
    if not more:
        return ""
    return f"""\
      <Repetition>
        <Interval>PT1H</Interval>
        <Duration>PT{more}H</Duration>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
"""
