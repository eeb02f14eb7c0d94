"""The files of each scheduler, whole; and the crontab of a user, which is theirs."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from rpa.adapters.schedule import Daily, Kind, cron_line, cron_table, files
from rpa.adapters.scheduler import Scheduler
from rpa.domain.errors import UsageError

HOME = Path("/home/maria")
DAILY = Daily(
    command=["/opt/esp/bin/rpa", "schedule", "run"],
    at=time(6, 30),
    folder=Path("/home/maria/esp"),
    log=Path("/home/maria/state/logs/schedule.log"),
)
ODD = replace(
    DAILY,
    command=["/opt/50% off & more/$rpa", "schedule", "$run"],
    folder=Path("/home/maria/a b's"),
    log=Path("/home/maria/100%/log"),
    zone="America/Denver",
)

SERVICE = """\
[Unit]
Description=ESP: the nightly check and the daily reports
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory=/home/maria/esp
ExecStart=/opt/esp/bin/rpa schedule run
StandardOutput=append:/home/maria/state/logs/schedule.log
StandardError=inherit
"""
TIMER = """\
[Unit]
Description=ESP: the nightly check and the daily reports, each day

[Timer]
OnCalendar=*-*-* 06..18:30:00
Persistent=true

[Install]
WantedBy=timers.target
"""
HOURS = "\n".join(
    f"    <dict><key>Hour</key><integer>{hour}</integer><key>Minute</key><integer>30</integer></dict>"
    for hour in range(6, 19)
)
PLIST = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>com.esp-rpa.daily</string>
  <key>ProgramArguments</key>
  <array>
    <string>/opt/esp/bin/rpa</string>
    <string>schedule</string>
    <string>run</string>
  </array>
  <key>WorkingDirectory</key>
  <string>/home/maria/esp</string>
  <key>StartCalendarInterval</key>
  <array>
{HOURS}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>StandardOutPath</key>
  <string>/home/maria/state/logs/schedule.log</string>
  <key>StandardErrorPath</key>
  <string>/home/maria/state/logs/schedule.log</string>
</dict>
</plist>
"""
TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>ESP: the nightly check and the daily reports</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <Repetition>
        <Interval>PT1H</Interval>
        <Duration>PT12H</Duration>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
      <StartBoundary>2026-01-01T06:30:00</StartBoundary>
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
      <Command>/opt/esp/bin/rpa</Command>
      <Arguments>schedule run --log /home/maria/state/logs/schedule.log</Arguments>
      <WorkingDirectory>/home/maria/esp</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            Kind.SYSTEMD,
            {
                ".config/systemd/user/esp-rpa.service": SERVICE,
                ".config/systemd/user/esp-rpa.timer": TIMER,
            },
        ),
        (Kind.LAUNCHD, {"Library/LaunchAgents/com.esp-rpa.daily.plist": PLIST}),
        (Kind.WINDOWS, {"state/logs/esp-rpa.xml": TASK}),
        (Kind.CRON, {}),
    ],
)
def test_the_files_are_these(kind: Kind, expected: dict[str, str]) -> None:
    """Each scheduler gets exactly these files, at these places."""
    assert files(kind, DAILY, HOME) == {HOME / path: text for path, text in expected.items()}


def test_the_line_for_cron() -> None:
    """Each hour until the evening, so that a start missed in the night is caught up."""
    assert cron_line(DAILY) == (
        "30 6-18 * * * cd /home/maria/esp && /opt/esp/bin/rpa schedule run "
        ">> /home/maria/state/logs/schedule.log 2>&1"
    )
    assert cron_line(replace(DAILY, at=time(22, 5))).startswith("5 22-22 * * *")


def test_odd_names_reach_the_command_whole() -> None:
    """Spaces, quotes, per cent, dollar and ampersand are the path's own in every form."""
    service = files(Kind.SYSTEMD, ODD, HOME)[HOME / ".config/systemd/user/esp-rpa.service"]
    assert 'ExecStart="/opt/50%% off & more/$rpa" schedule $$run\n' in service
    assert "append:/home/maria/100%%/log\n" in service
    (plist,) = files(Kind.LAUNCHD, ODD, HOME).values()
    assert plistlib.loads(plist.encode())["ProgramArguments"] == list(ODD.command)
    (task,) = files(Kind.WINDOWS, ODD, HOME).values()
    root = ET.fromstring(task)
    assert root.findtext(".//{*}Command") == ODD.command[0]
    assert r"/100\%/log" in cron_line(ODD)
    assert "cd '/home/maria/a b'\"'\"'s' &&" in cron_line(ODD)


def test_the_sites_time_zone_is_the_timers() -> None:
    """Where the site's clocks are not the machine's, systemd is told whose they are."""
    timer = files(Kind.SYSTEMD, ODD, HOME)[HOME / ".config/systemd/user/esp-rpa.timer"]
    assert "OnCalendar=*-*-* 06..18:30:00 America/Denver\n" in timer
    elsewhere = replace(ODD, at=time(13, 30), zone_at=time(6, 30))
    timer = files(Kind.SYSTEMD, elsewhere, HOME)[HOME / ".config/systemd/user/esp-rpa.timer"]
    assert "OnCalendar=*-*-* 06..18:30:00 America/Denver\n" in timer
    assert cron_line(elsewhere).startswith("30 13-18 * * *")


@pytest.mark.parametrize("path", ['/opt/"rpa"', "/home/O'Brien/rpa", "/opt/a\\b"])
def test_a_program_that_systemd_never_starts_is_refused(path: str) -> None:
    """A quote or a backslash in the program's own path is fatal to the unit, however it is written."""
    with pytest.raises(UsageError, match="systemd starts no program"):
        files(Kind.SYSTEMD, replace(DAILY, command=[path, "schedule", "run"]), HOME)
    assert files(Kind.LAUNCHD, replace(DAILY, command=[path, "schedule", "run"]), HOME)


def test_one_start_in_the_late_evening_is_not_repeated() -> None:
    """A site whose hour is after the last one has that one start alone."""
    late = replace(DAILY, at=time(22, 5))
    (task,) = files(Kind.WINDOWS, late, HOME).values()
    assert "Repetition" not in task
    timer = files(Kind.SYSTEMD, late, HOME)[HOME / ".config/systemd/user/esp-rpa.timer"]
    assert "OnCalendar=*-*-* 22:05:00\n" in timer


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_itself_understands_the_hours() -> None:
    """The machine's own systemd reads the calendar expression."""
    for zone in ("", " America/Denver"):
        subprocess.run(
            ["systemd-analyze", "calendar", f"*-*-* 06..18:30:00{zone}"], check=True, capture_output=True
        )


@pytest.mark.parametrize("before", ["", "0 5 * * * backup\n", "# mine\n\n@reboot x\n"])
def test_all_other_lines_of_a_crontab_stay(before: str) -> None:
    """Ours are put in once however often, and taken out again without a trace."""
    once = cron_table(DAILY, before)
    assert once == f"{before}# esp-rpa: the nightly check and the daily reports\n{cron_line(DAILY)}\n"
    assert cron_table(DAILY, once) == once
    assert cron_table(None, once) == before


CRONTAB = """#!/bin/sh
table="{table}"
if [ "$1" = "-l" ]; then
  {refuse}
  [ -f "$table" ] || {{ echo "no crontab for maria" >&2; exit 1; }}
  cat "$table"
else
  cat > "$table"
fi
"""


@pytest.fixture
def crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a crontab of its own; what is in the table."""
    program, table = tmp_path / "bin" / "crontab", tmp_path / "table"
    program.parent.mkdir()
    program.write_text(CRONTAB.format(table=table, refuse=":"), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return table


def daily(folder: Path) -> Daily:
    return replace(DAILY, log=folder / "logs" / "schedule.log")


def test_a_crontab_is_written_and_cleaned(tmp_path: Path, crontab: Path) -> None:
    """Installed twice there is one line; removed there is none, and the user's own stay throughout."""
    scheduler = Scheduler(Kind.CRON, tmp_path)
    assert scheduler.remove(daily(tmp_path)) == []
    crontab.write_text("0 5 * * * backup\n", encoding="utf-8")
    for _ in range(2):
        assert scheduler.install(daily(tmp_path)) == ["crontab"]
    assert crontab.read_text(encoding="utf-8") == cron_table(daily(tmp_path), "0 5 * * * backup\n")
    assert scheduler.remove(daily(tmp_path)) == ["crontab"]
    assert crontab.read_text(encoding="utf-8") == "0 5 * * * backup\n"


def test_a_crontab_that_cannot_be_read_is_left_alone(tmp_path: Path, crontab: Path) -> None:
    """Where the table cannot be read nothing is written: it would take the user's lines away."""
    crontab.write_text("0 5 * * * backup\n", encoding="utf-8")
    program = tmp_path / "bin" / "crontab"
    refusing = CRONTAB.format(table=crontab, refuse='echo "permission denied" >&2; exit 1')
    program.write_text(refusing, encoding="utf-8")
    with pytest.raises(UsageError, match="permission denied"):
        Scheduler(Kind.CRON, tmp_path).install(daily(tmp_path))
    assert crontab.read_text(encoding="utf-8") == "0 5 * * * backup\n"


LISTENING = """#!/bin/sh
echo "$@" >> "{calls}"
{end}
"""


def listening(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, end: str) -> Path:
    """A program of this name, first on the PATH, that notes how it is called; the notes."""
    program, calls = folder / "bin" / name, folder / "calls"
    program.parent.mkdir()
    program.write_text(LISTENING.format(calls=calls, end=end), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return calls


@pytest.mark.parametrize("works", [True, False])
def test_units_are_written_and_systemd_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, works: bool
) -> None:
    """The timer is enabled after the units are there; a systemd that refuses is told with its own words."""
    end = "exit 0" if works else "echo 'no bus' >&2; exit 1"
    calls = listening(tmp_path, monkeypatch, "systemctl", end)
    scheduler = Scheduler(Kind.SYSTEMD, tmp_path)
    if not works:
        with pytest.raises(UsageError, match="no bus"):
            scheduler.install(daily(tmp_path))
        return
    written = scheduler.install(daily(tmp_path))
    assert [Path(path).name for path in written] == ["esp-rpa.service", "esp-rpa.timer"]
    assert all(Path(path).exists() for path in written)
    assert scheduler.remove(daily(tmp_path)) == written
    assert not any(Path(path).exists() for path in written)
    assert calls.read_text(encoding="utf-8").splitlines() == [
        "--user daemon-reload",
        "--user enable --now esp-rpa.timer",
        "--user disable --now esp-rpa.timer",
    ]


def test_launchd_forgets_the_old_one_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installed twice: bootstrap refuses what is there already, so the old one goes before each."""
    calls = listening(tmp_path, monkeypatch, "launchctl", "exit 0")
    for _ in range(2):
        Scheduler(Kind.LAUNCHD, tmp_path).install(daily(tmp_path))
    words = [line.split()[0] for line in calls.read_text(encoding="utf-8").splitlines()]
    assert words == ["bootout", "bootstrap"] * 2


@pytest.mark.parametrize("knows", [True, False])
def test_a_task_of_another_state_folder_is_removed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, knows: bool
) -> None:
    """Windows knows the task by its name, whichever folder had the file that it was made of."""
    calls = listening(tmp_path, monkeypatch, "schtasks", f"exit {int(not knows)}")
    assert Scheduler(Kind.WINDOWS, tmp_path).remove(daily(tmp_path)) == (["esp-rpa"] if knows else [])
    assert calls.read_text(encoding="utf-8").splitlines() == ["/Delete /F /TN esp-rpa"]


@pytest.mark.parametrize("kind", list(Kind))
def test_show_tells_what_install_writes(kind: Kind) -> None:
    """Every file with its path, or the line of the crontab."""
    shown = Scheduler(kind, HOME).shown(DAILY)
    for path, text in files(kind, DAILY, HOME).items():
        assert f"# {path}\n{text}" in shown
    if kind is Kind.CRON:
        assert cron_line(DAILY) in shown
