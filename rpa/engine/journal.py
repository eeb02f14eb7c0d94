"""The journal: what was meant, what was done, and what came of it, in the order it happened.

Every event is committed before the step that follows it, and none is ever changed: an intent stands
before its write, an outcome after it. The events of all runs form one chain; each carries a keyed hash
over itself and the event before, so that an edit shows. The chain's end is noted in a file beside it, since
a chain alone cannot tell that its tail was cut off. That note only ever moves forward; where the event that
it names is no longer there, the next event tells so, and stays.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Connection, Engine, RowMapping, insert, inspect, select, true

from rpa.domain.errors import JournalFailed, UsageError
from rpa.domain.runs import Event, EventKind, without_secrets
from rpa.engine.database import FAILED, engine_at, failed
from rpa.engine.tables import events, plans, schema
from rpa.private_files import publish, read_key, replace_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

# The name under which events stand that belong to no run.
BESIDE_RUNS = "journal"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The file in which the journal's key is; it is made with the first table, and never after that."""

    path: Path

    def read(self) -> bytes | None:
        """The key; None where the file is not there, UsageError where it is damaged."""
        text = read_key(self.path, lambda key: re.fullmatch(rb"[0-9a-f]{64}", key) is not None)
        return None if text is None else bytes.fromhex(text.decode("ascii"))


@dataclass(frozen=True, slots=True)
class End:
    """The last event of a chain: its number, and its keyed hash. The end of an empty chain is 0 and ""."""

    seq: int = 0
    mac: str = ""


class Journal:
    """The database that the software remembers with; SQLite in the state folder unless told otherwise.

    `clean` takes secrets out of the sentences that it is told.
    """

    def __init__(
        self,
        engine: Engine,
        key: bytes,
        head_file: Path | None = None,
        clean: Callable[[str], str] = str,
    ) -> None:
        self.engine = engine
        self.clean = clean
        self._key = key
        self._head_file = head_file
        self._fence: Callable[[Connection], None] | None = None

    @classmethod
    def open(
        cls,
        url: str,
        key: bytes | KeyFile,
        head_file: Path | None = None,
        clean: Callable[[str], str] = str,
    ) -> Self:
        """The journal at this database address, its tables made if they are not there yet.

        Where its end is, is noted in `head_file` as well. UsageError where the address cannot be used, or
        the key of what is in the database is gone.
        """
        engine = engine_at(url)
        try:
            with engine.begin() as connection:
                is_new = not inspect(connection).has_table(events.name)
                schema.create_all(connection)
                return cls._begun(engine, connection, key, head_file, clean, is_new=is_new)
        except (JournalFailed, OSError) as error:
            what = error.what if isinstance(error, JournalFailed) else str(error.strerror)
            raise UsageError(
                f"The journal's database cannot be opened: {what.removeprefix(FAILED).rstrip('.')}.",
                next_step="Nothing was started. Check RPA_STATE_DIR, RPA_DATABASE_URL and the disk.",
            ) from error

    @classmethod
    def _begun(
        cls,
        engine: Engine,
        connection: Connection,
        key: bytes | KeyFile,
        head_file: Path | None,
        clean: Callable[[str], str],
        *,
        is_new: bool,
    ) -> Self:
        """The journal, with a note of its empty end where it begins just now.

        A key file decides what is new: it is published after the note, and all of it inside the database's
        lock. So a process that dies here leaves nothing that looks like a journal that was robbed, and only
        there is a missing note innocent.
        """
        if isinstance(key, bytes):
            journal = cls(engine, key, head_file, clean)
            if is_new and journal.head() is None:
                journal._note(End())
            return journal
        if (known := key.read()) is None:
            if _has_past(connection):
                raise UsageError(
                    f"The journal's key {key.path} is gone, and the database has events that it signed.",
                    next_step="Nothing was started. Put journal.key and journal.head back from a backup, or "
                    "copy them from the machine that began this database.",
                )
            known = secrets.token_bytes(32)
            journal = cls(engine, known, head_file, clean)
            journal._note(End())
            if publish(key.path, known.hex().encode("ascii")):
                return journal
            raise UsageError(
                f"The key {key.path} was made at the same moment for another database.",
                next_step="Nothing was started. Run the command again.",
            )
        return cls(engine, known, head_file, clean)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that is committed at the end of the block, or not at all."""
        with self.engine.begin() as connection:
            yield connection

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
        self._tell_cut(connection)
        told = Event(
            at=datetime.now(UTC),
            kind=kind,
            row=row,
            employee_id=employee_id,
            data=without_secrets(data or {}, self.clean),
        )
        self._add(connection, run, told)
        return told

    def _add(self, connection: Connection, run: str, told: Event) -> None:
        end = _end(connection)
        values = {
            "run": run,
            "at": told.at.isoformat(),
            "kind": told.kind.value,
            "row": told.row,
            "employee_id": told.employee_id,
            "data": canonical(dict(told.data)),
        }
        seq = end.seq + 1
        connection.execute(insert(events).values(seq=seq, **values, mac=self.mac(end.mac, seq, values)))

    def _tell_cut(self, connection: Connection) -> None:
        """Tell, in an event that stays, that what was noted as the journal's end is no longer there."""
        if self._head_file is None:
            return
        noted = self.head()
        if not _stands(connection, noted):
            data = {"noted": noted and noted.seq, "found": _end(connection).seq}
            told = Event(at=datetime.now(UTC), kind=EventKind.JOURNAL_CUT, data=data)
            self._add(connection, BESIDE_RUNS, told)

    def head(self) -> End | None:
        """The end as it was noted outside of the database; None where that is gone or not ours."""
        if self._head_file is None:
            return End()
        try:
            seq, mac, signature = self._head_file.read_text(encoding="ascii").split(" ")
        except (FileNotFoundError, ValueError):
            return None
        except OSError as error:
            raise failed(f"{self._head_file.name}: {error.strerror}") from error
        is_ours = hmac.compare_digest(signature, self.mac("head", seq, mac))
        return End(int(seq), mac) if is_ours else None

    def note_head(self) -> None:
        """Note the chain's end outside of the database; never one that is before the end noted last.

        The database's lock is held meanwhile: of two processes neither can note an older end than the other.
        """
        if self._head_file is None:
            return
        with self.transaction() as connection:
            noted = self.head()
            if _stands(connection, noted) or _is_told(connection, noted):
                self._note(_end(connection))

    def _note(self, end: End) -> None:
        if self._head_file is None:
            return
        text = f"{end.seq} {end.mac} {self.mac('head', str(end.seq), end.mac)}"
        try:
            replace_whole(self._head_file, text.encode("ascii"))
        except OSError as error:
            raise failed(f"{self._head_file.name}: {error.strerror}") from error

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

    def runs(self, flow: str = "") -> list[str]:
        """The ids of all runs, or of those of one flow, newest first."""
        of_flow = events.c.data.contains(f'"flow":"{flow}"') if flow else true()
        query = (
            select(events.c.run)
            .where(events.c.kind == EventKind.RUN_STARTED.value, of_flow)
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


def canonical(value: object) -> str:
    """The one JSON text of a value, of which hashes are made.

    Half a sign, as a page has it that cuts texts in the middle of an emoji, is no text: it becomes a `?`.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "replace").decode("utf-8")


def told_values(found: RowMapping) -> dict[str, Any]:
    """The part of a stored event that its hash is made over."""
    return {name: found[name] for name in ("run", "at", "kind", "row", "employee_id", "data")}


def _event(found: RowMapping) -> Event:
    try:
        return Event(
            at=datetime.fromisoformat(found["at"]),
            kind=EventKind(found["kind"]),
            row=found["row"],
            employee_id=found["employee_id"],
            data=json.loads(found["data"]),
        )
    except (TypeError, ValueError) as error:
        raise JournalFailed(
            f"Event {found['seq']} of the journal cannot be read: it is not as it was written.",
            next_step="`rpa audit verify` tells more. Put the database back from a backup.",
        ) from error


def _end(connection: Connection) -> End:
    last = select(events.c.seq, events.c.mac).order_by(events.c.seq.desc()).limit(1)
    found = connection.execute(last).one_or_none()
    return End(found.seq, str(found.mac)) if found else End()


def _stands(connection: Connection, noted: End | None) -> bool:
    """Whether the event that was the end is still where it was; later ones may have followed."""
    if noted is None or noted.seq == 0:
        return noted is not None
    mac = connection.execute(select(events.c.mac).where(events.c.seq == noted.seq)).scalar_one_or_none()
    return mac == noted.mac


def _is_told(connection: Connection, noted: End | None) -> bool:
    """Whether the last cut that was told is that of this end: then the note may go on to the new one."""
    cuts = select(events.c.data).where(events.c.kind == EventKind.JOURNAL_CUT.value)
    data = connection.execute(cuts.order_by(events.c.seq.desc()).limit(1)).scalar_one_or_none()
    return data is not None and json.loads(data)["noted"] == (noted and noted.seq)


def _has_past(connection: Connection) -> bool:
    """Whether something in the database was signed with a key."""
    firsts = (select(table.c.mac).limit(1) for table in (events, plans))
    return any(connection.execute(first).one_or_none() is not None for first in firsts)
