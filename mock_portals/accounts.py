"""Accounts of the mock portals: who may sign in, what they may do there, and their one session each."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

BAD_PASSWORDS_UNTIL_LOCKED = 3
Verdict = Literal["ok", "bad", "locked"]
Ended = Literal["expired", "kicked", "step_up"]


@dataclass(slots=True)
class Account:
    """One user of one portal."""

    portal: str
    username: str
    password: str
    kind: str = "manager"
    name: str = "Dana Whitfield"
    can_edit: bool = True
    step_up: bool = False
    code: str = ""
    interrupted: bool = False
    has_training_access: bool = True
    bad_passwords: int = 0


class Accounts:
    """All accounts, and the sessions that are open."""

    def __init__(self, managers: int, seed: int) -> None:
        self._all = {(one.portal, one.username): one for one in _accounts(managers, seed)}
        self._open: dict[str, Account] = {}
        self._ended: dict[str, tuple[Ended, str]] = {}

    def __iter__(self) -> Iterator[Account]:
        return iter(self._all.values())

    def named(self, portal: str, username: str) -> Account:
        """The account; KeyError where there is none."""
        return self._all[portal, username]

    def check(self, portal: str, username: str, password: str) -> Verdict:
        """Whether this password opens the account; three bad ones in a row lock it."""
        account = self._all.get((portal, username))
        if account is None:
            return "bad"
        if account.bad_passwords >= BAD_PASSWORDS_UNTIL_LOCKED:
            return "locked"
        if not secrets.compare_digest(account.password.encode(), password.encode()):
            account.bad_passwords += 1
            return "locked" if account.bad_passwords >= BAD_PASSWORDS_UNTIL_LOCKED else "bad"
        account.bad_passwords = 0
        return "ok"

    def sign_in(self, portal: str, username: str) -> str:
        """Open the account's one session, ending the one it had, and give its token."""
        self.end(portal, username, "kicked")
        token = secrets.token_urlsafe(24)
        self._open[token] = self.named(portal, username)
        return token

    def session(self, portal: str, token: str) -> Account | None:
        """Whose session this token is, if it still is one."""
        account = self._open.get(token)
        return account if account is not None and account.portal == portal else None

    def sign_out(self, portal: str, token: str) -> None:
        """End the session in good order."""
        if self.session(portal, token):
            del self._open[token]

    def end(self, portal: str, username: str, reason: Ended) -> None:
        """End whatever session the account has, and remember why."""
        for token in [
            token for token, one in self._open.items() if (one.portal, one.username) == (portal, username)
        ]:
            del self._open[token]
            self._ended[token] = (reason, username)

    def tokens(self) -> list[str]:
        """Every session's token since the last reset, for tests that look where it has leaked to."""
        return [*self._open, *self._ended]

    def ended_because(self, token: str) -> Ended | None:
        """Why the session with this token ended, if it was not by its owner."""
        return self._ended[token][0] if token in self._ended else None

    def must_prove(self, token: str) -> str | None:
        """The username of a session that goes on only after a one-time code."""
        reason, username = self._ended.get(token, (None, ""))
        return username if reason == "step_up" else None

    def reset(self) -> None:
        """Unlock every account and end every session."""
        self._open.clear()
        self._ended.clear()
        for account in self:
            account.bad_passwords = 0


def _accounts(managers: int, seed: int) -> Iterator[Account]:
    for portal in ("adp", "blackdash"):
        for number in range(1, managers + 1):
            yield Account(
                portal, f"esp.manager{number if number > 1 else ''}", f"Mock-{portal}-{seed}-{number}!"
            )
    extra = f"Mock-extra-{seed}!"
    yield Account("adp", "read.only", extra, kind="read_only", name="Robin Vale", can_edit=False)
    yield Account("adp", "step.up", extra, kind="step_up", name="Sam Iverson", step_up=True, code="482913")
    yield Account("adp", "inter.rupted", extra, kind="interrupted", name="Jo Lambert", interrupted=True)
    yield Account(
        "blackdash", "no.access", extra, kind="no_access", name="Ari Novak", has_training_access=False
    )
