"""The outbox: a mail is queued with the run's journal, once for its key, whatever is repeated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError

from rpa.domain.runs import EventKind, QueuedMail
from rpa.engine.journal import Journal, outbox

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to be sent once; `key` names the reason for it, `content` what its text is made of."""

    key: str
    to: str
    subject: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A letter as it stands in the outbox."""

    id: int
    letter: Letter
    run: str
    message_id: str
    state: str


class Outbox:
    """Letters by their key, in the journal's database."""

    def __init__(self, journal: Journal, domain: str = "rpa.invalid") -> None:
        self._journal = journal
        self._domain = domain

    def queue(self, run: str, letter: Letter, now: datetime) -> bool:
        """Queue the letter; False where one with this key was queued before, by any run."""
        message_id = f"<{self._journal.mac('mail', letter.key)[:32]}@{self._domain}>"
        try:
            with self._journal.transaction() as connection:
                connection.execute(
                    insert(outbox).values(
                        key=letter.key,
                        run=run,
                        message_id=message_id,
                        recipient=letter.to,
                        subject=letter.subject,
                        message=dict(letter.content),
                        state="queued",
                        created_at=now,
                    )
                )
                self._journal.append_in(
                    connection, run, EventKind.MAIL_QUEUED, data={"to": letter.to, "subject": letter.subject}
                )
        except IntegrityError:
            return False
        self._journal.note_head()
        return True

    def of_run(self, run: str) -> list[QueuedMail]:
        """The run's mails, without their text."""
        return [
            QueuedMail(to=mail.letter.to, subject=mail.letter.subject, state=mail.state)
            for mail in self._find(outbox.c.run == run)
        ]

    def waiting(self) -> list[Queued]:
        """The letters that nobody has handed over yet, oldest first."""
        return self._find(outbox.c.state == "queued")

    def mark(self, mail: Queued, state: str) -> None:
        """Note what became of a letter."""
        with self._journal.transaction() as connection:
            connection.execute(update(outbox).where(outbox.c.id == mail.id).values(state=state))

    def _find(self, condition: ColumnElement[bool]) -> list[Queued]:
        query = select(outbox).where(condition).order_by(outbox.c.id)
        with self._journal.engine.connect() as connection:
            return [
                Queued(
                    id=found["id"],
                    run=found["run"],
                    message_id=found["message_id"],
                    state=found["state"],
                    letter=Letter(
                        key=found["key"],
                        to=found["recipient"],
                        subject=found["subject"],
                        content=found["message"],
                    ),
                )
                for found in connection.execute(query).mappings()
            ]
