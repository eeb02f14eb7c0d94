"""`rpa outbox`, end to end: real commands, real mail servers of this machine."""

from __future__ import annotations

import json
from urllib.parse import quote

from tests.adapters import smtp_servers
from tests.adapters.smtp_servers import PASSWORD, USER, raw_server, real_server
from tests.canaries import everything_in, spellings
from tests.command import UNTIL, Rpa, class_of
from tests.conftest import MockPortals


def set_server(rpa: Rpa, port: int, sign_in: str = "") -> None:
    rpa.settings["RPA_MAIL__SMTP_URL"] = f"smtp://{sign_in}127.0.0.1:{port}"


def test_a_server_that_refuses_us_spoils_no_run(rpa: Rpa, mock: MockPortals) -> None:
    """The run is done, its mail waits and says why; once the server takes us, it goes out, once."""
    agents = class_of(mock, 2)
    rpa.settings["RPA_EXTENSION__NOC_MINIMUM"] = "2"
    plan = rpa.planned(agents)
    with real_server(password="another") as strange:
        set_server(rpa, strange.port, f"{USER}:{quote(PASSWORD, safe='')}@")
        run = rpa.apply(plan)
        again = rpa("outbox", "send", "--json")
    assert (run.code, run.json["counts"]) == (0, {"done": 2})
    (mail,) = run.json["mails"]
    assert (mail["state"], "sign-in" in mail["sentence"], "sign-in" in run.err) == ("queued", True, True)
    assert (again.code, again.json["mails"][0]["attempts"]) == (1, 2)
    with real_server() as good:
        set_server(rpa, good.port)
        assert [rpa("outbox", "send").code for _ in range(2)] == [0, 0]
    ((_, content),) = good.accepted
    assert all(agent.encode() in content for agent in agents)
    shown = rpa("outbox", "show", "1", "--json")
    assert (shown.json["state"], agents[0] in shown.json["text"]) == ("sent", True)
    assert rpa("audit", "verify").code == 0
    for spelling in spellings(PASSWORD):
        assert spelling not in run.out + run.err + again.out + again.err
        for name, found in everything_in(rpa.folder / "state"):
            assert spelling.encode() not in found, name


def test_a_placeholder_is_no_address(rpa: Rpa, mock: MockPortals) -> None:
    """Where mails really leave, a plan whose mails would go to a placeholder is refused by its setting."""
    batch = rpa.batch(class_of(mock, 1), site=["PRV"], campaign=["Aetna"])
    set_server(rpa, 9)
    rpa.settings["RPA_MAIL__FROM"] = "desk@portal.example"
    extend = rpa("extend", batch, "--until", UNTIL)
    assert (extend.code, "RPA_MAIL__NOC still holds a placeholder" in extend.err) == (2, True)
    rpa.settings["RPA_MAIL__NOC"] = "noc@portal.example"
    move = rpa("transfer", batch, "--without-tracker")
    assert (move.code, "RPA_MAIL__IT still holds a placeholder" in move.err) == (2, True)
    assert mock.requests() == []


def test_what_nobody_knows_is_settled_by_a_person(rpa: Rpa) -> None:
    """A mail without an answer is unknown (exit code 6), never sent again, and closed by who has looked."""
    rpa.settings["RPA_TEAMS__LEADERS"] = json.dumps({"Licensing": "lead@example.invalid"})
    with raw_server(smtp_servers.drops_after_data) as box:
        set_server(rpa, box.port)
        told = rpa("trainings", "meeting", "--season", "2027-02-08")
        sent = rpa("outbox", "send")
        chosen = rpa("outbox", "send", "1")
    assert "rpa outbox settle 1" in told.err
    assert (sent.code, chosen.code, len(box.accepted)) == (6, 2, 1)
    assert [one["id"] for one in rpa("outbox", "list", "--state", "unknown", "--json").json["mails"]] == [1]
    assert "stays sealed" in rpa("outbox", "show", "1").out
    assert rpa("outbox", "settle", "1").code == 2
    settled = rpa("outbox", "settle", "1", "--not-sent", "--json")
    assert (settled.json["state"], "settled as not sent by" in settled.json["sentence"]) == ("queued", True)
    assert rpa("outbox", "discard", "1", "--json").json["state"] == "discarded"
    assert rpa("outbox", "discard", "1").code == 2
    assert rpa("outbox", "send").code == 0
