"""The database at an address, with its failures named: SQLite that keeps what it was told, or Postgres."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy import event as sa_event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from rpa.domain.errors import JournalFailed, UsageError

FAILED = "The journal cannot be used: "
# Postgres's name for the lock that every transaction of ours holds: any number that nobody else takes.
ONE_AT_A_TIME = 0x6573702D727061
MADE_FOR = frozenset({"sqlite", "postgresql"})
ADDRESSES = (
    "Nothing was started. It is empty for the state folder's own, sqlite:////folder/journal.sqlite, or "
    "postgresql+psycopg://user:password@host/name."
)


def engine_at(url: str) -> Engine:
    """The engine for this address, which is never told: it may hold a password."""
    try:
        name = make_url(url).get_backend_name()
        if name not in MADE_FOR:
            raise UsageError(f"RPA_DATABASE_URL names a database of the kind {name!r}.", next_step=ADDRESSES)
        engine = create_engine(url, connect_args={"timeout": 30} if name == "sqlite" else {})
    except ImportError as error:
        raise UsageError(
            f"RPA_DATABASE_URL needs the package {error.name!r}, which is not installed.",
            next_step=f"Nothing was started. Install it beside this software: pip install {error.name}",
        ) from error
    except (ArgumentError, NoSuchModuleError, ValueError):
        # Their own words quote the address.
        raise UsageError("RPA_DATABASE_URL is no address of a database.", next_step=ADDRESSES) from None
    sa_event.listen(engine, "handle_error", _name_failure)
    if name == "sqlite":
        sa_event.listen(engine, "connect", _durable_sqlite)
    sa_event.listen(engine, "begin", _begin_immediate if name == "sqlite" else _begin_locked)
    return engine


def _name_failure(context: ExceptionContext) -> None:
    """Name whatever the database refuses, in reading and in writing; a clash is the caller's affair."""
    error = context.sqlalchemy_exception
    if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
        raise failed(str(error.orig)) from error


def failed(what: str) -> JournalFailed:
    return JournalFailed(
        f"{FAILED}{what}.",
        next_step="Nothing more is done. Free the disk or mend the database, then `rpa resume` the run.",
    )


def _durable_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction handling would delay BEGIN to the first write; see _begin_immediate.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


# Reading the chain's end and adding to it must be one step, also between two processes.
def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_locked(connection: Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
