"""The journal: what was meant, what was done, and what came of it, in the order it happened.

Every event is committed before the step that follows it, and none is ever changed: an intent stands
before its write, an outcome after it. The events of all runs form one chain; each carries a keyed hash
over itself and the event before, so that an edit shows.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy import (
    event as sa_event,
)
from sqlalchemy.exc import DBAPIError, OperationalError

from rpa.domain.errors import JournalFailed, UsageError
from rpa.domain.runs import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator

schema = MetaData()

events = Table(
    "events",
    schema,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("run", String(32), nullable=False, index=True),
    Column("at", String(40), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("row", Integer),
    Column("employee_id", String(32), nullable=False, index=True),
    Column("data", Text, nullable=False),
    Column("mac", String(64), nullable=False),
)

plans = Table(
    "plans",
    schema,
    Column("id", String(32), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("document", Text, nullable=False),
    Column("mac", String(64), nullable=False),
    Column("used_by", String(32)),
)

outbox = Table(
    "outbox",
    schema,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(300), nullable=False, unique=True),
    Column("run", String(32), nullable=False, index=True),
    Column("message_id", String(200), nullable=False),
    Column("recipient", String(300), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("message", JSON, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

tracker_cells = Table(
    "tracker_cells",
    schema,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run", String(32), nullable=False, index=True),
    Column("employee_id", String(32), nullable=False),
    Column("field", String(200), nullable=False),
    Column("value", String(1000), nullable=False),
    Column("is_date", Boolean, nullable=False),
    Column("seen", Text),
    Column("state", String(16), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("run", "employee_id", "field", "value"),
)

locks = Table(
    "locks",
    schema,
    Column("account", String(300), primary_key=True),
    Column("run", String(32), nullable=False),
    Column("token", String(32), nullable=False, server_default=""),
    Column("host", String(200), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("beat_at", DateTime(timezone=True), nullable=False),
)

claims = Table(
    "claims",
    schema,
    Column("day", String(10), nullable=False),
    Column("job", String(100), nullable=False),
    Column("holder", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", String(40), nullable=False),
    UniqueConstraint("day", "job"),
)


class Journal:
    """The database that the software remembers with; SQLite in the state folder unless told otherwise."""

    def __init__(self, engine: Engine, key: bytes, head_file: Path | None = None) -> None:
        self.engine = engine
        self._key = key
        self._head_file = head_file
        self._end = 0
        self._fence: Callable[[Connection], None] | None = None

    @classmethod
    def open(cls, url: str, key: bytes, head_file: Path | None = None) -> Journal:
        """The journal at this database address, its tables made if they are not there yet.

        How many events there are is noted in `head_file` as well.
        """
        engine = create_engine(url, connect_args=_connect_args(url))
        if engine.dialect.name == "sqlite":
            sa_event.listen(engine, "connect", _durable_sqlite)
            sa_event.listen(engine, "begin", _begin_immediate)
        try:
            schema.create_all(engine)
            _add_token(engine)
        except DBAPIError as error:
            raise UsageError(
                f"The journal's database cannot be opened: {error.orig}.",
                next_step="Nothing was started. Check RPA_STATE_DIR, RPA_DATABASE_URL and the disk.",
            ) from error
        journal = cls(engine, key, head_file)
        journal._begin_head()
        return journal

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that is committed at the end of the block, or not at all."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise JournalFailed(
                f"The journal cannot be written: {error.orig}.",
                next_step="The run stopped before its next step. Free the disk or mend the database.",
            ) from error

    @contextmanager
    def fenced(self, check: Callable[[Connection], None]) -> Iterator[None]:
        """Ask `check` inside each event's transaction until the block ends; what it raises, nothing follows.

        A process that has lost its account to another one must not tell anything more of their run.
        """
        self._fence = check
        try:
            yield
        finally:
            self._fence = None

    def append(
        self,
        run: str,
        kind: EventKind,
        *,
        row: int | None = None,
        employee_id: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> Event:
        """Add one event to the chain; it is on the disk when this returns."""
        with self.transaction() as connection:
            told = self.append_in(connection, run, kind, row=row, employee_id=employee_id, data=data)
        self.note_head()
        return told

    def append_in(
        self,
        connection: Connection,
        run: str,
        kind: EventKind,
        *,
        row: int | None = None,
        employee_id: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> Event:
        """Add one event inside a transaction of the caller's, so that both stand or neither."""
        if self._fence is not None:
            self._fence(connection)
        told = Event(at=datetime.now(UTC), kind=kind, row=row, employee_id=employee_id, data=data or {})
        last = select(events.c.seq, events.c.mac).order_by(events.c.seq.desc()).limit(1)
        end = connection.execute(last).one_or_none()
        seq, previous = (end.seq + 1, end.mac) if end else (1, "")
        values = {
            "run": run,
            "at": told.at.isoformat(),
            "kind": kind.value,
            "row": row,
            "employee_id": employee_id,
            "data": canonical(dict(told.data)),
        }
        mac = self.mac(previous, seq, values)
        connection.execute(insert(events).values(seq=seq, **values, mac=mac))
        self._end = seq
        return told

    def head(self) -> int | None:
        """How many events were noted outside of the database; None where that is gone or not ours."""
        if self._head_file is None:
            return 0
        try:
            seq, _, mac = self._head_file.read_text(encoding="ascii").partition(" ")
        except FileNotFoundError:
            return None
        is_ours = hmac.compare_digest(mac, self.mac("head", seq))
        return int(seq) if is_ours else None

    def _begin_head(self) -> None:
        """Note that a new journal is empty: a process that dies over its first event leaves a note too."""
        with self.engine.connect() as connection:
            is_new = connection.execute(select(events.c.seq).limit(1)).one_or_none() is None
        if is_new and self.head() is None:
            self.note_head()

    def note_head(self) -> None:
        """Remember the end outside of the database: a chain alone cannot tell that its tail was cut off."""
        if self._head_file is not None:
            # A name of this process alone: another one may note its own end at the same moment.
            waiting = self._head_file.with_suffix(f".{os.getpid()}.tmp")
            waiting.write_text(f"{self._end} {self.mac('head', str(self._end))}", encoding="ascii")
            waiting.replace(self._head_file)

    def events_of(self, run: str) -> list[Event]:
        """The events of one run, in order."""
        query = select(events).where(events.c.run == run).order_by(events.c.seq)
        with self.engine.connect() as connection:
            return [_event(found) for found in connection.execute(query).mappings()]

    def history_of(self, employee_id: str) -> list[tuple[str, Event]]:
        """Everything that was told of one employee, with the run that told it, in order."""
        query = select(events).where(events.c.employee_id == employee_id).order_by(events.c.seq)
        with self.engine.connect() as connection:
            return [(found["run"], _event(found)) for found in connection.execute(query).mappings()]

    def runs(self) -> list[str]:
        """The ids of all runs, newest first."""
        query = (
            select(events.c.run)
            .where(events.c.kind == EventKind.RUN_STARTED.value)
            .order_by(events.c.seq.desc())
        )
        with self.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def has_begun(self, run: str) -> bool:
        """Whether this is a run; mails that belong to no run have events under a name of their own."""
        first = next(iter(self.events_of(run)), None)
        return first is not None and first.kind is EventKind.RUN_STARTED

    def mac(self, *parts: object) -> str:
        """The keyed hash of these values."""
        return hmac.new(self._key, canonical(parts).encode(), hashlib.sha256).hexdigest()


def _add_token(engine: Engine) -> None:
    """Give a state folder from before the tokens its column; who holds an account there keeps holding it."""
    if any(column["name"] == "token" for column in inspect(engine).get_columns(locks.name)):
        return
    with engine.begin() as connection:
        # Two commands may see it missing at once; the second finds it in its own transaction.
        if all(column["name"] != "token" for column in inspect(connection).get_columns(locks.name)):
            connection.exec_driver_sql("ALTER TABLE locks ADD COLUMN token VARCHAR(32) NOT NULL DEFAULT ''")


def canonical(value: object) -> str:
    """The one JSON text of a value, of which hashes are made."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def told_values(found: RowMapping) -> dict[str, Any]:
    """The part of a stored event that its hash is made over."""
    return {name: found[name] for name in ("run", "at", "kind", "row", "employee_id", "data")}


def _event(found: RowMapping) -> Event:
    return Event(
        at=datetime.fromisoformat(found["at"]),
        kind=EventKind(found["kind"]),
        row=found["row"],
        employee_id=found["employee_id"],
        data=json.loads(found["data"]),
    )


def _connect_args(url: str) -> dict[str, Any]:
    return {"timeout": 30} if make_url(url).get_backend_name() == "sqlite" else {}


def _durable_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction handling would delay BEGIN to the first write; see _begin_immediate.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # Reading the chain's end and adding to it must be one step, also between two processes.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
