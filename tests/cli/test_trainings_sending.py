"""Invites sent by the real command to real mail servers of this machine, killed and started anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event

import pytest

from tests.adapters import smtp_servers
from tests.adapters.smtp_servers import Mailbox, Wire, raw_server, real_server
from tests.command import Rpa
from tests.importing_calendar import unfolded

HEAD = "employee id,name,site,campaign,cxp email,personal email"
ROWS = '1001,"Ash, Ann",MEM,Aetna,ann@example.invalid,ann.home@example.com'
ANN = "ann@example.invalid"
PLAN = ("--start", "2026-12-07", "--json")

Server = Callable[[], AbstractContextManager[Mailbox]]


@pytest.fixture
def linked(rpa: Rpa) -> Rpa:
    """A class whose first room is there: four invites to send."""
    path = rpa.folder / "c.csv"
    path.write_text(f"{HEAD}\n{ROWS}\n", encoding="utf-8")
    assert rpa("trainings", "plan", path, *PLAN).code == 0
    assert rpa("trainings", "link", "c/onboarding", "https://g2t.example.com/join/1").code == 0
    return rpa


@pytest.mark.parametrize(
    ("server", "state", "code"),
    [
        (lambda: real_server(rcpt={ANN: "550 nobody here"}), "refused", 1),
        (lambda: real_server(rcpt={ANN: "451 later"}), "queued", 1),
        (lambda: raw_server(smtp_servers.drops_after_data), "unknown", 6),
    ],
)
def test_what_the_server_did_not_take_is_told_each_time(
    linked: Rpa, server: Server, state: str, code: int
) -> None:
    """Exit code and JSON come from where the letters stand, by the first sending and by the second."""
    with server() as box:
        linked.settings["RPA_MAIL__SMTP_URL"] = f"smtp://127.0.0.1:{box.port}"
        first, second = (linked("trainings", "send", "c", "--json") for _ in range(2))
    states = {one["to"]: one["state"] for one in first.json["invites"]}
    assert (states["1001 cxp"], first.json["sent"]) == (state, False)
    assert (second.json["invites"], second.json["sent"]) == ([], False)
    assert {one["state"] for one in second.json["earlier"]} == {state}
    # The other rooms are missing as well, which alone would be 1.
    assert (first.code, second.code) == (code, code)


def test_killed_sending_doubles_nothing_and_says_what_nobody_knows(linked: Rpa) -> None:
    """The mail under way is unknown (exit code 6), those before it are not repeated, the rest goes out."""
    under_way = Event()
    turns: Iterator[int] = iter(range(9))

    def second_hangs(wire: Wire) -> None:
        turn = next(turns)
        wire.up_to_data()
        wire.accept()
        if turn == 1:
            under_way.set()
            wire.file.readline()
            return
        wire.say("250 taken")
        wire.hear()
        wire.say("221 bye")

    with raw_server(second_hangs) as box:
        linked.settings["RPA_MAIL__SMTP_URL"] = f"smtp://127.0.0.1:{box.port}"
        with linked.start("trainings", "send", "c") as process:
            assert under_way.wait(60)
            process.kill()
    with real_server() as good:
        linked.settings["RPA_MAIL__SMTP_URL"] = f"smtp://127.0.0.1:{good.port}"
        told = linked("trainings", "send", "c", "--json")
        again = linked("trainings", "send", "c", "--json")
    assert (len(box.accepted), len(good.accepted)) == (2, 2)
    assert [one["state"] for one in told.json["earlier"]] == ["unknown"]
    assert (told.code, again.code) == (6, 6)
    assert "rpa outbox settle" in again.err


def test_same_inputs_give_the_same_bytes_in_every_process(linked: Rpa) -> None:
    """Plan, picture and invites do not depend on the order in which a process happens to hold things."""
    told, pictures, invites = [], [], []
    for seed in ("1", "2"):
        linked.settings["PYTHONHASHSEED"] = seed
        told.append(linked("trainings", "plan", linked.folder / "c.csv", *PLAN).out)
        pictures.append((linked.folder / "state" / "trainings.html").read_bytes())
        linked("trainings", "send", "c", "--out", "files")
        invites.append(sorted(calendar_files(linked.folder / "files")))
        shutil.rmtree(linked.folder / "files")
    assert told[0] == told[1]
    assert pictures[0] == pictures[1]
    assert invites[0] == invites[1]
    assert len(invites[0]) == 4


def calendar_files(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The lines of each file but for the moment at which it was made."""
    for path in folder.glob("*.ics"):
        lines = unfolded(path.read_bytes())
        yield path.name, [line for line in lines if not line.startswith("DTSTAMP")]


def test_night_tells_who_of_a_planned_class_is_slow(rpa: Rpa) -> None:
    """From the plan and the tracker through the real nightly check: the invite to forward."""
    path = rpa.folder / "c.csv"
    path.write_text(f"{HEAD}\n{ROWS}\n", encoding="utf-8")
    rpa("trainings", "plan", path, "--start", "2026-10-26", "--fix", "call-cert=2026-11-19", "--json")
    columns = "Employee ID,Name,Call Cert,TBT,Transfer to Production"
    (rpa.folder / "tracker.csv").write_text(f"{columns}\n1001,Ann Ash,,2026-11-20,\n", encoding="utf-8")
    rpa.settings["RPA_TRACKER__FILE"] = "tracker.csv"
    # Nobody listens there: a portal that is away hides nothing that the tracker tells.
    rpa.settings |= {"RPA_ADP__URL": "http://127.0.0.1:10", "RPA_BLACKDASH__URL": "http://127.0.0.1:10"}
    told = rpa("nightly", "--json")
    (row,) = [row for row in told.json["stuck"] if "Forward the invite" in str(row)]
    assert "1001" in str(row)
    assert "Forward the invite of c/call-cert up to Wed 25 Nov 2026; beyond it make a new" in str(row)
