"""Secrets that are planted before a run are nowhere to be found after it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.adapters.smtp_servers import PASSWORD, USER, real_server
from tests.canaries import everything_in, spellings
from tests.command import UNTIL, Rpa, Told, class_of
from tests.conftest import MockPortals

SMTP_PASSWORD = 'smtp-c4nary"/&'
DATABASE_PASSWORD = "db-c4nary%2F?"


def arguments_while(process: subprocess.Popen[str]) -> Iterator[str]:
    """The command line of every process of this machine, again and again until the process ends."""
    while process.poll() is None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                yield path.read_text(errors="replace")
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)


def bundled(path: Path) -> dict[str, str]:
    """The bundle's parts by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_bundle_holds_no_secret_and_nobody(rpa: Rpa, mock: MockPortals) -> None:
    """Canaries that lie in the log and in portals.toml are not in the bundle, and nobody that they name."""
    agent = class_of(mock, 1)[0]
    rpa.planned([agent])
    (name,) = (one["name"] for one in mock.state()["employees"] if one["employee_id"] == agent)
    people = {
        "RPA_TRAININGS__ORGANIZER": "organizer@people.example",
        "RPA_TRAININGS__CO_ORGANIZER": "co@people.example",
        "RPA_TEAMS__LEADERS": '{"Onboarding": "leader@people.example"}',
        "RPA_TEAMS__REPORTED_TO": '{"Onboarding": "boss@people.example"}',
        "RPA_REPORTS__RECIPIENTS": '{"tbt": ["reader@people.example"]}',
        "RPA_MAIL__NOC": "noc@people.example",
    }
    rpa.settings |= people
    logs = rpa.folder / "state" / "logs"
    ids = ["G3ABCDE12345678", "E10012", "123456789", agent]
    told = {"event": "x", "rows": ids, "who": name, "to": "x@people.example", "p": mock.adp.password}
    with (logs / "rpa.jsonl").open("a") as file:
        file.write(json.dumps(told) + "\n")
    (logs / "rpa-2026-11-20.jsonl").write_text('{"event": "the day before"}\n')
    (rpa.folder / "portals.toml").write_text(
        f"# {mock.blackdash.password} of {name}, x@people.example, E10012\n[adp]\nsettle = 1\n"
    )
    done = rpa("support-bundle", "out.zip", "--json")
    assert done.code == 0, done.err
    parts = bundled(rpa.folder / "out.zip")
    assert {"log.jsonl", "machine.json", "portals.toml", "settings.txt"} <= set(parts)
    assert "the day before" in parts["log.jsonl"]
    assert (rpa.folder / "out.zip").stat().st_mode & 0o077 == 0
    canaries = [mock.adp.password, mock.blackdash.password, mock.adp.username, name, "people.example", *ids]
    for part, text in parts.items():
        for canary in canaries:
            assert not any(spelled in text for spelled in spellings(canary)), (part, canary)


def test_bundle_is_made_of_broken_settings_too(rpa: Rpa, mock: MockPortals) -> None:
    """Settings that stop every other command are told in the bundle, without their secrets."""
    rpa.settings["RPA_ROSTER__POLL"] = "never"
    (rpa.folder / "portals.toml").write_text(f'[adp]\npassword = "another-c4nary"\n# {mock.adp.password}\n')
    done = rpa("support-bundle", "out.zip", "--json")
    assert done.code == 0, done.err
    parts = bundled(rpa.folder / "out.zip")
    assert "settings.txt" in parts
    assert "portals.toml" in parts
    told = "".join(parts.values())
    assert "another-c4nary" not in told
    assert mock.adp.password not in told


@pytest.mark.soak
def test_no_secret_is_left_behind(rpa: Rpa, mock: MockPortals) -> None:
    """Passwords, sessions and the mail server's password are in no file, output or trace of any command."""
    rpa.settings["RPA_TRACE"] = "true"
    rpa.settings["RPA_MAIL__SMTP_URL"] = f"smtp://robot:{SMTP_PASSWORD}@127.0.0.1:9"
    rpa.settings |= dict.fromkeys(("RPA_MAIL__FROM", "RPA_MAIL__NOC"), "desk@portal.example")
    secrets = [mock.adp.password, mock.blackdash.password, SMTP_PASSWORD]
    agents = class_of(mock, 1)
    mock.faults({"match": {"employee_id": agents[0], "method": "POST"}, "effect": "drop_before"})
    told = [rpa.plan(agents, "--route", "end-date")]
    told.append(rpa.apply(told[0].json["plan"]))
    told += [rpa("show", told[1].json["run"]), rpa("config", "show"), rpa("config", "show", "--json")]
    rpa.settings["RPA_ADP__URL"] += "/nothing-here"
    told.append(rpa("extend", rpa.folder / "batch.csv", "--until", "2026-12-04", "--route", "end-date"))
    said = "".join(one.out + one.err for one in told)
    secrets += mock.sessions()
    assert len(secrets) > 5, "each command has signed in to both portals"
    assert list((rpa.folder / "state" / "traces").rglob("*.zip"))
    for secret in secrets:
        for spelling in spellings(secret):
            assert spelling not in said
            for name, content in everything_in(rpa.folder):
                assert spelling.encode() not in content, name


def answering(rpa: Rpa, question: str, answer: str, *words: str) -> Told:
    """A command on a terminal, on which somebody answers one question; its talk is in `err`.

    The question has to end with the space before the cursor: what is typed sooner, a terminal throws away.
    """
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "rpa", *words]
    with subprocess.Popen(
        command,
        env=rpa.environment(),
        cwd=rpa.folder,
        stdin=end,
        stdout=subprocess.PIPE,
        stderr=end,
        text=True,
        start_new_session=True,
    ) as process:
        os.close(end)
        heard = ""
        with suppress(OSError):  # the end of a terminal is an error on Linux
            while more := os.read(terminal, 4096).decode(errors="replace"):
                heard += more
                if question in heard and answer:
                    os.write(terminal, f"{answer}\n".encode())
                    answer = ""
        out, _ = process.communicate()
    os.close(terminal)
    return Told(process.returncode, out, heard)


@pytest.mark.timeout(400)
def test_six_canaries_are_nowhere(rpa: Rpa, mock: MockPortals) -> None:
    """Both passwords, a one-time code, the sessions and the mail server's password are left nowhere.

    A session kept after a code, a plan, its run with a mail that a real server takes, and all that tells of
    them afterwards.
    """
    account = mock.account("adp", "step_up")
    rpa.sign_in_as("adp", account)
    with real_server(password=PASSWORD) as box:
        address = f"smtp://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{box.port}"
        rpa.settings |= {
            "RPA_TRACE": "true",
            "RPA_MAIL__SMTP_URL": address,
            "RPA_MAIL__FROM": "esp@example.com",
            "RPA_MAIL__NOC": "noc@example.com",
            "RPA_EXTENSION__NOC_MINIMUM": "1",
            "RPA_SESSION__KEY_FILE": str(rpa.folder.parent / f"{rpa.folder.name}.key"),
        }
        told = [answering(rpa, "One-time code: ", account.code, "login", "adp", "--with-password")]
        assert told[0].code == 0, told[0].err
        told.append(rpa.plan(class_of(mock, 1), "--route", "end-date"))
        run = rpa.apply(told[1].json["plan"])
        told += [run, rpa("show", run.json["run"]), rpa("show", run.json["run"], "--json")]
        told += [
            rpa("config", "show"),
            rpa("doctor"),
            rpa("doctor", "--json"),
            rpa("outbox", "list", "--json"),
        ]
        told.append(rpa("support-bundle", "out.zip"))
    assert set(run.outcomes().values()) == {"done"}, run.err
    assert [mail["state"] for mail in run.json["mails"]] == ["sent"]
    assert len(box.accepted) == 1
    sessions = mock.sessions()
    assert sessions
    canaries = [account.password, mock.blackdash.password, account.code, PASSWORD, *sessions]
    left = {"said": "".join(one.out + one.err for one in told).encode(), "mail": box.accepted[0][1]}
    left |= dict(everything_in(rpa.folder))
    assert any(".zip:" in name for name in left)
    for canary in canaries:
        for name, content in left.items():
            assert not [one for one in spellings(canary) if one.encode() in content], (name, canary)


def test_database_password_is_said_nowhere(rpa: Rpa) -> None:
    """An address of a database that cannot be used is told by no command, and is in no bundle."""
    password = quote(DATABASE_PASSWORD, safe="")
    rpa.settings["RPA_DATABASE_URL"] = f"postgresql+psycopg://robot:{password}@127.0.0.1:9/rpa"
    told = [rpa("runs"), rpa("config", "show"), rpa("doctor", "--offline"), rpa("support-bundle", "out.zip")]
    assert [one.code for one in told] == [2, 0, 2, 0], told
    assert "RPA_DATABASE_URL" in told[0].err
    left = {"said": "".join(one.out + one.err for one in told).encode(), **dict(everything_in(rpa.folder))}
    for name, content in left.items():
        assert not [one for one in spellings(DATABASE_PASSWORD) if one.encode() in content], name


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs a list of processes as files")
def test_no_secret_is_an_argument(rpa: Rpa, mock: MockPortals) -> None:
    """While a command runs, no process of the machine has a password or a session in its arguments."""
    rpa.settings["RPA_MAIL__SMTP_URL"] = f"smtp://robot:{SMTP_PASSWORD}@127.0.0.1:9"
    rpa.settings |= dict.fromkeys(("RPA_MAIL__FROM", "RPA_MAIL__NOC"), "desk@portal.example")
    batch = rpa.batch(class_of(mock, 1))
    with rpa.start("extend", batch, "--until", UNTIL, "--route", "end-date") as command:
        seen = set(arguments_while(command))
        command.communicate()
    assert command.returncode == 0
    assert any("--remote-debugging" in line for line in seen), "the browser was among them"
    for secret in (mock.adp.password, mock.blackdash.password, SMTP_PASSWORD, *mock.sessions()):
        assert not [line for line in seen if secret in line]


def test_database_password_is_not_in_the_error(rpa: Rpa) -> None:
    """A database that cannot be reached is told without the password in its address."""
    address = f"sqlite:////nonexistent/{quote(DATABASE_PASSWORD, safe='')}/journal.sqlite"
    rpa.settings["RPA_DATABASE_URL"] = address
    told = rpa("runs")
    assert told.code == 2
    for spelling in spellings(DATABASE_PASSWORD):
        assert spelling not in told.out + told.err
