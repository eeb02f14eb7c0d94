"""The journal on a real Postgres: what SQLite's lock gives for nothing has to hold there as well."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url

from rpa.domain.agents import EmployeeId
from rpa.domain.errors import Busy
from rpa.domain.runs import EventKind
from rpa.domain.tracker_cells import CellChange
from rpa.engine import audit
from rpa.engine.journal import Journal, KeyFile
from rpa.engine.lock import Lock
from rpa.engine.outbox import Letter, Outbox
from rpa.engine.tracker_queue import TrackerQueue
from tests.command import UNTIL, Rpa, class_of
from tests.conftest import StartMock
from tests.engine.postgres import is_there, running_postgres

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
WRITERS, EACH = 6, 12

pytestmark = pytest.mark.skipif(not is_there(), reason="no Postgres server on this machine")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_postgres() as address:
        yield address


@pytest.fixture
def address(server: str, request: pytest.FixtureRequest) -> str:
    """A database of the test's own."""
    name = request.node.name.lower()[:60]
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def opened(address: str, folder: Path) -> Iterator[Journal]:
    """The journal at this address, as one process has it."""
    journal = Journal.open(address, KeyFile(folder / "journal.key"), folder / "journal.head")
    try:
        yield journal
    finally:
        journal.engine.dispose()


def test_chain_has_no_fork_and_nothing_is_lost(address: str, tmp_path: Path) -> None:
    """Writers side by side, each with mails and cells of its own: all of it is there, in one whole chain."""

    def work(number: int) -> None:
        with opened(address, tmp_path) as journal:
            for nth in range(EACH):
                run, name = f"run-{number}", f"{number}-{nth}"
                journal.append(run, EventKind.NOTICE, data={"text": name})
                letter = Letter(key=name, to="noc@example.invalid", subject=name, content={"kind": "report"})
                assert Outbox(journal).queue(run, letter, NOW)
                change = CellChange(employee_id=EmployeeId(name), field="transfer", value=date(2026, 11, 23))
                assert TrackerQueue(journal).queue(run, change, NOW)

    with opened(address, tmp_path) as first, ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(work, range(WRITERS)))
        assert len(Outbox(first).waiting()) == len(TrackerQueue(first).waiting()) == WRITERS * EACH
        assert audit.verify(first) == audit.Audit(events=3 * WRITERS * EACH)


def test_same_mail_of_several_is_queued_once(address: str, tmp_path: Path) -> None:
    """Of many who want to write for one reason one does, and the others are told who did."""
    letter = Letter(key="noc|class", to="noc@example.invalid", subject="one", content={"kind": "report"})
    with opened(address, tmp_path) as journal, ThreadPoolExecutor(WRITERS) as pool:
        outbox = Outbox(journal)
        did = list(pool.map(lambda number: outbox.queue(f"run-{number}", letter, NOW), range(WRITERS)))
        assert did.count(True) == 1
        assert outbox.queued_by("noc|class") == f"run-{did.index(True)}"


def test_commands_work_on_it(address: str, tmp_path: Path, start_mock: StartMock) -> None:
    """A plan, its run and the way back, with everything remembered in Postgres."""
    mock = start_mock()
    rpa = Rpa(tmp_path, mock)
    rpa.settings["RPA_DATABASE_URL"] = address
    agents = class_of(mock, 2)
    run = rpa.apply(rpa.planned(agents)).json
    assert run["counts"] == {"done": 2}
    assert {mock.employee(agent)["esp_end_date"] for agent in agents} == {UNTIL}
    undo = rpa.apply(rpa("undo", run["run"], "--json").json["plan"])
    assert undo.json["counts"] == {"done": 2}
    assert rpa("audit", "verify").code == 0
    assert not list((tmp_path / "state").glob("*.sqlite*"))


def test_a_clock_that_is_ahead_takes_no_living_lock(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Machines share the server's clock: one whose own is an hour ahead does not think the others dead."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(hours=1)

    with opened(address, tmp_path) as journal, Lock(journal, "adp|one", doing="works").held("run-1"):
        monkeypatch.setattr("rpa.engine.lock.datetime", Ahead)
        with pytest.raises(Busy, match="run-1"), Lock(journal, "adp|one", doing="works").held("run-2"):
            pass
