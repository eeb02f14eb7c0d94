"""What must not stand in the database in clear: sealed before it is stored, opened where it is used."""

from __future__ import annotations

from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken

from rpa.domain.errors import UsageError


class Vault(Protocol):
    """Seals texts and opens them again; where its key is kept is its own affair."""

    def seal(self, text: str) -> str: ...

    def open(self, sealed: str) -> str:
        """The text; CannotOpen where the key is another than the one it was sealed with."""
        ...


class CannotOpen(UsageError):
    """What is stored was sealed with another key than the one that is here."""


class FernetVault:
    """Authenticated encryption with one key."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(key)

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise CannotOpen(
                "What is stored sealed (links, addresses) cannot be opened: its key is another one.",
                next_step="Nothing was sent. Put the state folder's links.key back from a backup. If there "
                "is none, `rpa trainings cancel CLASS` forgets a class; then plan it anew.",
            ) from None
