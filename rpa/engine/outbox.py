"""The outbox: a mail is queued with the run's journal, once for its key, and goes out once.

A letter is claimed (`sending`) and that is on the disk before the first byte leaves. A process that dies
in between leaves `sending` behind; nobody can tell then, so the next one makes it `unknown`, and only a
person can have it sent again.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, String, cast, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from rpa.domain.errors import UsageError
from rpa.domain.runs import EventKind, QueuedMail
from rpa.engine.database import failed
from rpa.engine.journal import Journal
from rpa.engine.lock import Lock
from rpa.engine.tables import outbox

HELD_AS = "outbox"
TAKEN_BACK = "|taken back by "


class MailState(StrEnum):
    """Where a letter stands; `written` is a file that a person sends."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    DISCARDED = "discarded"
    WRITTEN = "written"


# What may follow; from `unknown` only what a person, or the process that claimed it, knows better.
NEXT: Mapping[MailState, frozenset[MailState]] = {
    MailState.QUEUED: frozenset(
        {MailState.SENDING, MailState.WRITTEN, MailState.REFUSED, MailState.DISCARDED}
    ),
    MailState.SENDING: frozenset({MailState.SENT, MailState.QUEUED, MailState.REFUSED, MailState.UNKNOWN}),
    MailState.REFUSED: frozenset(
        {MailState.SENDING, MailState.WRITTEN, MailState.REFUSED, MailState.DISCARDED}
    ),
    MailState.UNKNOWN: frozenset({MailState.SENT, MailState.QUEUED, MailState.DISCARDED}),
    MailState.WRITTEN: frozenset({MailState.SENT, MailState.QUEUED, MailState.DISCARDED}),
    MailState.SENT: frozenset(),
    MailState.DISCARDED: frozenset(),
}


# Nobody has it, and nobody needs it once its run was taken back.
NOT_SENT = {MailState.QUEUED, MailState.REFUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a letter: its bytes, or where they are when it is sent."""

    name: str
    type: str
    content: bytes | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to be sent once; `key` names the reason for it, `content` what its text is made of."""

    key: str
    to: str
    subject: str
    content: Mapping[str, Any]
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A letter as it stands in the outbox; `sentence` is what was last said of it, times are in UTC."""

    id: int
    letter: Letter
    run: str
    message_id: str
    state: MailState
    attempts: int
    sentence: str
    created_at: datetime
    changed_at: datetime

    @property
    def kind(self) -> str:
        """Which kind of mail this becomes."""
        return str(self.letter.content["kind"])


class Outbox:
    """Letters by their key, in the journal's database."""

    def __init__(self, journal: Journal, domain: str = "rpa.invalid") -> None:
        self._journal = journal
        self._domain = domain

    def queue(self, run: str, letter: Letter, now: datetime) -> bool:
        """Queue the letter; False where one with this key was queued before, by any run.

        One of this run that was refused, which nobody has, is made anew: its address may be mended by now.
        """
        subject, content = (
            _cleaned(one, self._journal.clean) for one in (letter.subject, dict(letter.content))
        )
        attached = [_stored(attachment) for attachment in letter.attachments]
        anew = {
            "message_id": f"<{secrets.token_hex(16)}@{self._domain}>",
            "recipient": letter.to,
            "subject": subject,
            "message": {"content": content, "attachments": attached},
            "state": MailState.QUEUED.value,
            "sentence": "",
            "changed_at": now.astimezone(UTC),
        }
        ours = {"key": letter.key, "run": run}
        refused = {**ours, "state": MailState.REFUSED.value}
        try:
            with self._journal.transaction() as connection:
                renewed = connection.execute(update(outbox).filter_by(**refused).values(anew))
                if not renewed.rowcount:
                    first = {"attempts": 0, "created_at": now.astimezone(UTC)}
                    connection.execute(insert(outbox).values({**ours, **first, **anew}))
                self._journal.append_in(
                    connection, run, EventKind.MAIL_QUEUED, data={"to": letter.to, "subject": subject}
                )
        except IntegrityError as clash:
            if self.queued_by(letter.key):
                return False
            raise failed(f"the mail was not queued ({clash.orig})") from clash
        self._journal.note_head()
        return True

    def queued_by(self, key: str) -> str:
        """The run that has queued the letter with this key; empty where there is none."""
        return next((mail.run for mail in self._find(outbox.c.key == key)), "")

    def take_back(self, run: str, *, by: str) -> None:
        """Discard what a run has waiting, and let what it has written for be a reason for a mail again.

        The letters stay; only their keys are free. Once for each letter, however often this is asked.
        """
        for mail in self._find(outbox.c.run == run):
            if mail.state in NOT_SENT:
                self.move(mail, MailState.DISCARDED, f"Taken back by {by} before it was sent.", by=by)
        with self._journal.transaction() as connection:
            connection.execute(
                update(outbox)
                .where(outbox.c.run == run, outbox.c.key.not_like(f"%{TAKEN_BACK}%"))
                .values(key=outbox.c.key + f"{TAKEN_BACK}{by}, letter " + cast(outbox.c.id, String))
            )

    def of_run(self, run: str) -> list[QueuedMail]:
        """The run's mails, without their text."""
        return [
            QueuedMail(
                to=mail.letter.to,
                subject=mail.letter.subject,
                state=mail.state.value,
                sentence=mail.sentence,
            )
            for mail in self._find(outbox.c.run == run)
        ]

    def waiting(self) -> list[Queued]:
        """The letters that nobody has handed over yet, oldest first."""
        return self.letters(MailState.QUEUED)

    def letters(self, state: MailState | None = None) -> list[Queued]:
        """All letters, or those in this state, oldest first."""
        return self._find(true() if state is None else outbox.c.state == state.value)

    def of_keys(self, keys: Iterable[str]) -> dict[str, Queued]:
        """The letters with these keys as they stand now, by key."""
        return {mail.letter.key: mail for mail in self._find(outbox.c.key.in_(list(keys)))}

    def letter(self, number: int) -> Queued:
        """One letter as it stands now; UsageError where there is none with this number."""
        found = self._find(outbox.c.id == number)
        if not found:
            raise UsageError(
                f"There is no mail {number} in the outbox.", next_step="`rpa outbox list` lists them."
            )
        return found[0]

    @contextmanager
    def held(self, holder: str) -> Iterator[Callable[[], None]]:
        """The right to send until the block ends, and a check of it; Busy where another process sends now.

        Whatever is `sending` when nobody sends was left by a process that died, and becomes `unknown`.
        """
        with Lock(self._journal, HELD_AS, doing="sends the mails").held(holder) as still_mine:
            for left in self.letters(MailState.SENDING):
                self.move(left, MailState.UNKNOWN, "The process that was sending it died.")
            yield still_mine

    def move(self, mail: Queued, state: MailState, sentence: str = "", *, by: str = "") -> Queued | None:
        """Bring a letter from the state in which it was seen into this one, journaled with the reason.

        None, and nothing changed, where it stands elsewhere by now. ValueError for what may not follow.
        """
        if state not in NEXT[mail.state]:
            raise ValueError(f"{mail.state.value} is not followed by {state.value}")
        attempts = mail.attempts + (state is MailState.SENDING)
        now = datetime.now(UTC)
        # Its own sender, believed dead for a while, still knows better than `unknown`.
        seen = {mail.state.value, *([MailState.UNKNOWN.value] if mail.state is MailState.SENDING else [])}
        with self._journal.transaction() as connection:
            changed = connection.execute(
                update(outbox)
                .where(outbox.c.id == mail.id, outbox.c.state.in_(seen), outbox.c.attempts == mail.attempts)
                .values(state=state.value, attempts=attempts, sentence=sentence, changed_at=now)
            )
            if not changed.rowcount:
                return None
            self._journal.append_in(
                connection,
                mail.run,
                EventKind.MAIL_MOVED,
                data={
                    "mail": mail.id,
                    "state": state.value,
                    "attempt": attempts,
                    "sentence": sentence,
                    "by": by,
                },
            )
        self._journal.note_head()
        return replace(mail, state=state, attempts=attempts, sentence=sentence, changed_at=now)

    def _find(self, condition: ColumnElement[bool]) -> list[Queued]:
        query = select(outbox).where(condition).order_by(outbox.c.id)
        with self._journal.engine.connect() as connection:
            return [_queued(found) for found in connection.execute(query).mappings()]


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:  # noqa: ANN401 - JSON
    """What a mail says, without secrets; the names of its parts are ours."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: _cleaned(inner, clean) for key, inner in value.items()}
    return [_cleaned(one, clean) for one in value] if isinstance(value, (list, tuple)) else value


def _queued(found: RowMapping) -> Queued:
    letter = Letter(
        key=found["key"],
        to=found["recipient"],
        subject=found["subject"],
        content=found["message"]["content"],
        attachments=tuple(_attachment(stored) for stored in found["message"]["attachments"]),
    )
    return Queued(
        id=found["id"],
        run=found["run"],
        message_id=found["message_id"],
        state=MailState(found["state"]),
        attempts=found["attempts"],
        sentence=found["sentence"],
        created_at=_in_utc(found["created_at"]),
        changed_at=_in_utc(found["changed_at"]),
        letter=letter,
    )


def _stored(attachment: Attachment) -> dict[str, str]:
    content = attachment.content
    where = {"path": str(content)} if isinstance(content, Path) else {"base64": b64encode(content).decode()}
    return {"name": attachment.name, "type": attachment.type, **where}


def _attachment(stored: Mapping[str, str]) -> Attachment:
    content = Path(stored["path"]) if "path" in stored else b64decode(stored["base64"])
    return Attachment(name=stored["name"], type=stored["type"], content=content)


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
