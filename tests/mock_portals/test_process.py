"""`python -m mock_portals` as a process: what it says, how it is asked, how it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, StartMock

FREE = ("--adp-port", "0", "--blackdash-port", "0")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """A start that should not come to serving."""
    command = [sys.executable, "-m", "mock_portals", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


def start(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mock_portals", *FREE, *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(number: signal.Signals) -> None:
    """One line on stdout, then service; a signal ends both portals, even while a request is held."""
    with start("--agents", "20") as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        url = told["adp"]["url"]
        httpx.post(f"{url}/_mock/faults", json=[{"match": {"path": "/sorry"}, "effect": "spinner_forever"}])
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as held:
            held.sendall(b"GET /sorry.html HTTP/1.1\r\nHost: adp\r\n\r\n")
            while not httpx.get(f"{url}/_mock/requests").json():
                pass
            began = time.monotonic()
            process.send_signal(number)
            rest, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert time.monotonic() - began < 5
    assert rest == ""
    assert "Traceback" not in errors


def test_the_line_tells_addresses_and_accounts(start_mock: StartMock) -> None:
    """Both addresses are this machine's alone, and every account that is told can sign in."""
    mock = start_mock(accounts=3, agents=20, seed=7)
    for portal in (mock.adp, mock.blackdash):
        assert portal.url.startswith("http://127.0.0.1:")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", int(portal.url.rpartition(":")[2])), timeout=2)
    managers = [mock.account("adp", "manager", nth) for nth in range(3)]
    assert len({one.username for one in managers}) == 3
    assert managers[0] == mock.adp
    assert mock.account("adp", "step_up").code
    for one in managers:
        who = {"userid": one.username, "password": one.password}
        assert httpx.post(f"{one.url}/signin/v1/password", json=who).status_code == 200


def test_today_is_as_told(start_mock: StartMock) -> None:
    """The day of the option is the day of the portals, whatever the machine's is."""
    mock = start_mock(today="2027-03-05", agents=20)
    assert httpx.post(f"{mock.adp.url}/_mock/advance", json={"seconds": 0}).json()["now"] >= "2027-03-05"
    assert min(one["end"] for one in mock.state()["classes"] if one["end"]) >= "2027-03-05"


def test_the_largest_world_starts_quickly(start_mock: StartMock) -> None:
    """5000 agents are there within seconds, and a list of classes does not take one."""
    began = time.monotonic()
    mock = start_mock(agents=5000)
    assert time.monotonic() - began < 10
    assert len(mock.state()["employees"]) == 5000
    began = time.monotonic()
    mock.state()
    assert time.monotonic() - began < 2


def test_faults_can_be_given_at_the_start(start_mock: StartMock, tmp_path: Path) -> None:
    """The faults of the file are planted, and come back with a reset."""
    file = tmp_path / "faults.json"
    file.write_text(json.dumps([{"match": {"portal": "adp"}, "effect": "sorry", "times": 1}]))
    mock = start_mock(faults=file, agents=20)
    for _ in range(2):
        answers = [httpx.get(mock.adp.url, headers={"Accept": "text/html"}) for _ in range(2)]
        assert [one.headers["location"] == "/sorry.html" for one in answers] == [True, False]
        mock.reset()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--agents", "0"), "not between 1 and 5000"),
        (("--agents", "5001"), "not between 1 and 5000"),
        (("--lag", "-1"), "not a number of seconds"),
        (("--accounts", "0"), "at least one manager"),
        (("--adp-port", "70000"), "not a port"),
        (("--today", "tomorrow"), "tomorrow"),
        (("--variant", "nonsense"), "nonsense"),
        (("--faults", "no-such-file.json"), "no-such-file.json"),
    ],
)
def test_an_option_that_cannot_be_meant_is_told(words: tuple[str, str], sentence: str) -> None:
    """A wrong option ends with 2 and a sentence, before anything is served."""
    done = run(*FREE, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_faults_that_nobody_could_mean_are_told(tmp_path: Path) -> None:
    """A file with a misspelt effect is refused with its path and the reason."""
    file = tmp_path / "faults.json"
    for text in ('[{"effect": "sory"}]', '{"effect": "sorry"}', "not json", "7"):
        file.write_text(text)
        done = run(*FREE, "--faults", str(file))
        assert done.returncode == 2
        assert str(file) in done.stderr


def test_a_port_that_is_taken_is_told() -> None:
    """Another's port is named in one sentence."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run("--adp-port", port, "--blackdash-port", "0")
    assert done.returncode == 1
    assert f"port {port}" in done.stderr
    assert "Traceback" not in done.stderr
