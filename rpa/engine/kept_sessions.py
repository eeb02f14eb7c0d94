"""Sessions that a person has begun, kept encrypted for a while and used again by runs without one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from rpa.private_files import replace_whole

State = Any  # Playwright's StorageState, which JSON carries


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSessions:
    """The sessions of one state folder; without the key a file of it is noise.

    `key` is asked for only where there is something to read or to keep; it may be in a keyring.
    """

    folder: Path
    key: Callable[[], bytes]
    lifetime: timedelta

    def keep(self, portal: str, account: str, state: State) -> Path:
        """Keep the cookies and local storage of this account's session."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        plain = json.dumps({"account": account, "state": state}).encode()
        path = self._path(portal, account)
        replace_whole(path, Fernet(self.key()).encrypt(plain))
        return path

    def find(self, portal: str, account: str) -> State | None:
        """The kept session; None where there is none, it is too old, or the key is another."""
        path = self._path(portal, account)
        if not path.is_file():
            return None
        try:
            plain = Fernet(self.key()).decrypt(path.read_bytes(), ttl=int(self.lifetime.total_seconds()))
        except InvalidToken:
            path.unlink(missing_ok=True)
            return None
        told: State = json.loads(plain)
        return told["state"] if told["account"] == account else None

    def of(self, accounts: Mapping[str, str]) -> dict[str, State]:
        """The kept sessions of these accounts, by portal."""
        found = {portal: self.find(portal, account) for portal, account in accounts.items()}
        return {portal: state for portal, state in found.items() if state}

    def _path(self, portal: str, account: str) -> Path:
        return self.folder / f"{portal.lower()}-{sha256(account.encode()).hexdigest()[:12]}.session"


def new_key() -> bytes:
    """A key that nobody has had before."""
    return Fernet.generate_key()
