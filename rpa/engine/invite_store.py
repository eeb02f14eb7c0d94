"""Which version of which invite each person has, so that each gets each version once.

A version is written down before it is handed to the outbox; one that a crash left in between is handed
over by the next command, with its own sequence number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from rpa.engine.journal import Journal
from rpa.engine.tables import schema

invites = Table(
    "invite_versions",
    schema,
    Column("uid", String(64), primary_key=True),
    Column("attendee", String(64), primary_key=True),
    Column("who", String(200), nullable=False),
    Column("class_name", String(100), nullable=False, index=True),
    Column("subject", String(300), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("ends", Date, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("key", String(200), nullable=False),
    Column("queued", Boolean, nullable=False),
)

_COLUMNS = [column.name for column in invites.columns]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The newest version of an invite that one mailbox has; no field of it says its address.

    `attendee` is the keyed hash of the address alone, since a calendar knows an event by its UID, whoever
    the address belongs to; `who` tells whose it is now. `digest` is the keyed hash of what it says, `sealed`
    the mail itself, `ends` the session's last day, `key` the outbox's: each mailbox, each version, once.
    """

    uid: str
    attendee: str
    who: str
    class_name: str
    subject: str
    sequence: int
    digest: str
    cancelled: bool
    ends: date
    sealed: str
    key: str
    queued: bool = False


def word(version: Version) -> str:
    """What kind of mail it is."""
    return "cancelled" if version.cancelled else "update" if version.sequence else "invite"


class InviteStore:
    """Versions by invite and person."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        schema.create_all(journal.engine, tables=[invites])

    def of_class(self, name: str) -> dict[tuple[str, str], Version]:
        """The newest versions of a class's invites, by uid and attendee."""
        found = self._find(invites.c.class_name == name)
        return {(version.uid, version.attendee): version for version in found}

    def of_uids(self, uids: Iterable[str]) -> dict[tuple[str, str], Version]:
        """The newest versions of these entries, by uid and attendee."""
        found = self._find(invites.c.uid.in_(list(uids)))
        return {(version.uid, version.attendee): version for version in found}

    def intend(self, versions: Iterable[Version]) -> None:
        """Write the versions down, all or none, before any is handed over."""
        with self._journal.transaction() as connection:
            for version in versions:
                same = (invites.c.uid == version.uid, invites.c.attendee == version.attendee)
                connection.execute(delete(invites).where(*same))
                connection.execute(insert(invites).values(**_values(version)))

    def unqueued(self) -> list[Version]:
        """What was written down and not yet handed to the outbox."""
        return self._find(invites.c.queued.is_(False))

    def rename(self, version: Version, who: str) -> None:
        """Note that the mailbox belongs to somebody else, or has another id, by now."""
        with self._journal.transaction() as connection:
            connection.execute(
                update(invites)
                .where(invites.c.uid == version.uid, invites.c.attendee == version.attendee)
                .values(who=who)
            )

    def forget(self, class_name: str) -> None:
        """Take a class's invites for cancelled; the numbers stay, as a calendar heeds only a higher one."""
        with self._journal.transaction() as connection:
            connection.execute(
                update(invites).where(invites.c.class_name == class_name).values(cancelled=True, queued=True)
            )

    def mark_queued(self, version: Version) -> None:
        """Note that the outbox has this version."""
        with self._journal.transaction() as connection:
            connection.execute(
                update(invites)
                .where(
                    invites.c.uid == version.uid,
                    invites.c.attendee == version.attendee,
                    invites.c.sequence == version.sequence,
                )
                .values(queued=True)
            )

    def _find(self, condition: ColumnElement[bool]) -> list[Version]:
        query = select(invites).where(condition).order_by(invites.c.uid, invites.c.attendee)
        with self._journal.engine.connect() as connection:
            return [Version(**found) for found in connection.execute(query).mappings()]


def _values(version: Version) -> dict[str, object]:
    return {name: getattr(version, name) for name in _COLUMNS}
