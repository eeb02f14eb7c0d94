"""One process at a time for a piece of work: a lock with owner and heartbeat, in the journal's database."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from rpa.domain.errors import Busy, JournalFailed
from rpa.engine.journal import Journal
from rpa.engine.tables import locks

BEAT_SECONDS = 10.0
DEAD_AFTER = timedelta(seconds=60)
MARK = " #"


class Hold:
    """One holding of a lock: raises Busy when called after it was lost."""

    def __init__(self, lock: Lock, run: str, token: str) -> None:
        self._lock = lock
        self._run = run
        self.token = token

    def __call__(self) -> None:
        with self._lock.journal.engine.connect() as connection:
            self.check_in(connection)

    def check_in(self, connection: Connection) -> None:
        """The same inside a transaction of the caller's, so that what it writes rests on the answer."""
        owner = self._lock.owner(connection)
        if owner is None or owner["token"] != self.token:
            raise Busy(
                "This process was silent for too long, and has lost its hold.",
                next_step=f"Nothing more is written by it. Look at it with: rpa show {self._run}",
            )


class Lock:
    """Who does something now that only one may do at a time; `doing` says what, after the holder's name."""

    def __init__(self, journal: Journal, name: str, doing: str) -> None:
        self.journal = journal
        self._name = name
        self._doing = doing
        self._host = _here()

    @contextmanager
    def held(self, run: str) -> Iterator[Hold]:
        """Hold the lock for this run until the block ends; Busy, naming the holder, where another has it.

        Gives a check that raises Busy when the lock was lost meanwhile: a machine that slept for an hour
        may wake up in the middle of a run that somebody else has taken over, or has resumed. So each
        holding has a token of its own; the run's name would be the same for both.
        """
        hold = Hold(self, run, secrets.token_hex(16))
        self._take(run, hold.token)
        ended = threading.Event()
        beating = threading.Thread(target=self._beat, args=(hold, ended), daemon=True)
        beating.start()
        try:
            yield hold
        finally:
            ended.set()
            beating.join()
            with self.journal.transaction() as connection:
                connection.execute(delete(locks).where(self._mine(hold)))

    def owner(self, connection: Connection) -> RowMapping | None:
        """Who holds the lock now."""
        found = connection.execute(select(locks).where(locks.c.name == self._name))
        return found.mappings().one_or_none()

    def _take(self, run: str, token: str) -> None:
        values = {
            "run": run,
            "token": token,
            "host": self._host,
            "pid": os.getpid(),
        }
        try:
            with self.journal.transaction() as connection:
                now, owner = _now(connection), self.owner(connection)
                if owner is not None:
                    self._refuse_living(owner, now)
                    connection.execute(delete(locks).where(locks.c.name == self._name))
                connection.execute(insert(locks).values(name=self._name, beat_at=now, **values))
        except IntegrityError:
            raise Busy("Another process was quicker at the same moment.", next_step=WAIT) from None

    def _refuse_living(self, owner: RowMapping, now: datetime) -> None:
        beat_at = owner["beat_at"]
        beat_at = beat_at if beat_at.tzinfo else beat_at.replace(tzinfo=UTC)
        is_silent = now - beat_at > DEAD_AFTER
        # A process of this machine can be asked for; one elsewhere only falls silent.
        is_gone = owner["host"] == self._host and not psutil.pid_exists(owner["pid"])
        if not (is_silent or is_gone):
            machine = owner["host"].partition(MARK)[0]
            raise Busy(
                f"{owner['run']} {self._doing} now "
                f"(process {owner['pid']} on {machine}, last heard at {beat_at:%H:%M:%S} UTC).",
                next_step=WAIT,
            )

    def _beat(self, hold: Hold, ended: threading.Event) -> None:
        while not ended.wait(BEAT_SECONDS):
            # A beat that is missed shows in the next check; the run itself meets the broken journal first.
            with suppress(JournalFailed), self.journal.transaction() as connection:
                beat = update(locks).where(self._mine(hold)).values(beat_at=_now(connection))
                connection.execute(beat)

    def _mine(self, hold: Hold) -> ColumnElement[bool]:
        return and_(locks.c.name == self._name, locks.c.token == hold.token)


WAIT = "Nothing was changed. Wait until it has ended, or stop it."


def _now(connection: Connection) -> datetime:
    """The time by the one clock that all machines of a journal share: the database server's, if any."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now


def _here() -> str:
    """Where a process can be asked for by its number: this machine since it was started, or this container.

    Containers and copied machines can have one name; what follows the mark tells them apart.
    """
    told = [str(uuid.getnode())]
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        told = [boot, str(Path("/proc/self/ns/pid").stat().st_ino)]
    digest = hashlib.sha256("|".join(told).encode()).hexdigest()
    return f"{socket.gethostname()}{MARK}{digest[:12]}"
