"""What a portal has said of a password, remembered over all processes: three bad ones lock the account.

No password is kept, only a keyed hash of portal, account and password. So another password is a new one, and
the same one is known again tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from rpa.domain.errors import SignInNeeded, SignInRefused
from rpa.engine.journal import Journal
from rpa.engine.tables import passwords

MOST_UNANSWERED = 2
NOT_AGAIN = "It is not typed again: three bad passwords lock the account."


class Password:
    """One password of one account on one portal."""

    def __init__(self, journal: Journal, portal: str, account: str, password: str) -> None:
        self._journal = journal
        self._portal = portal
        self._mark = journal.mac("password", portal, account, password)

    @contextmanager
    def in_use(self) -> Iterator[Callable[[], None]]:
        """A block that may send the password once; what is given has to be called right before.

        SignInNeeded, and nothing is typed, where the portal has refused it before, or has not answered to it
        too often. A block that ends without an error is a sign-in that went through; one that ends with
        another question of the portal's (SignInNeeded) says nothing against the password.
        """
        if trouble := self.trouble():
            raise trouble
        sent: list[bool] = []

        def sending() -> None:
            self._count(1)
            sent.append(True)

        try:
            yield sending
        except SignInRefused as refused:
            self._note_refusal(refused.sentence)
            raise
        except SignInNeeded:
            if sent:
                self._count(-1)
            raise
        self.forget()

    def trouble(self) -> SignInNeeded | None:
        """Why the password must not be typed; None where nothing is known against it."""
        with self._journal.engine.connect() as connection:
            known = connection.execute(select(passwords).where(passwords.c.mark == self._mark)).one_or_none()
        by_hand = f"sign in by hand with `rpa login {self._portal.lower()}`"
        if known is not None and known.refusal is not None:
            return SignInNeeded(
                f"{self._portal} refused this password on {known.at[:10]}: {known.refusal}",
                next_step=f"{NOT_AGAIN} Set the new one, or {by_hand}.",
            )
        if known is not None and known.unanswered >= MOST_UNANSWERED:
            return SignInNeeded(
                f"{self._portal} gave no answer to {known.unanswered} sign-ins with this password.",
                next_step=f"{NOT_AGAIN} Look at the portal, and {by_hand}; then all goes on.",
            )
        return None

    def forget(self) -> None:
        """Nothing is known against it any more: the portal has let somebody in."""
        with self._journal.transaction() as connection:
            connection.execute(delete(passwords).where(passwords.c.mark == self._mark))

    def _count(self, more: int) -> None:
        with self._journal.transaction() as connection:
            self._set(connection, unanswered=passwords.c.unanswered + more)

    def _note_refusal(self, sentence: str) -> None:
        with self._journal.transaction() as connection:
            self._set(connection, refusal=self._journal.clean(sentence))

    def _set(self, connection: Connection, **values: object) -> None:
        mine = passwords.c.mark == self._mark
        if connection.execute(select(passwords.c.mark).where(mine)).one_or_none() is None:
            connection.execute(
                insert(passwords).values(mark=self._mark, portal=self._portal, unanswered=0, at="")
            )
        now = datetime.now(UTC).isoformat(timespec="seconds")
        connection.execute(update(passwords).where(mine).values(at=now, **values))
