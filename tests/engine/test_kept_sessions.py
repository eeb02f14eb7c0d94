"""Sessions that are kept: only with the key, only for a while, only for their account."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import keyring
import pytest
import time_machine
from keyring.backend import KeyringBackend

from rpa.cli.office import Office
from rpa.domain.errors import UsageError
from rpa.engine.kept_sessions import KeptSessions, new_key
from rpa.private_files import fernet_key
from rpa.setting_model import Settings

STATE = {
    "cookies": [{"name": "SMSESSION", "value": "c00kie-canary", "domain": "x", "path": "/"}],
    "origins": [],
}


@pytest.fixture
def kept(tmp_path: Path) -> KeptSessions:
    """Sessions kept for an hour with a key."""
    key = new_key()
    return KeptSessions(folder=tmp_path / "sessions", key=lambda: key, lifetime=timedelta(hours=1))


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """A clock that a test moves."""
    with time_machine.travel("2026-11-23 12:00Z", tick=False) as clock:
        yield clock


def test_what_is_kept_is_found_again(kept: KeptSessions) -> None:
    """The session of this account on this portal comes back as it was."""
    kept.keep("ADP", "https://a|me", STATE)
    assert kept.find("ADP", "https://a|me") == STATE
    assert kept.find("ADP", "https://a|you") is None
    assert kept.of({"ADP": "https://a|me", "BlackDash": "https://b|me"}) == {"ADP": STATE}


def test_file_is_noise_without_the_key(kept: KeptSessions, tmp_path: Path) -> None:
    """Whoever copies the file has nothing, and only this user can read it."""
    path = kept.keep("ADP", "https://a|me", STATE)
    assert b"c00kie-canary" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    other = new_key()
    thief = KeptSessions(folder=kept.folder, key=lambda: other, lifetime=kept.lifetime)
    assert thief.find("ADP", "https://a|me") is None


def test_session_expires(kept: KeptSessions, noon: time_machine.Traveller) -> None:
    """A session is forgotten after its hours, and its file is gone."""
    path = kept.keep("ADP", "https://a|me", STATE)
    noon.shift(timedelta(minutes=59))
    assert kept.find("ADP", "https://a|me") == STATE
    noon.shift(timedelta(minutes=2))
    assert kept.find("ADP", "https://a|me") is None
    assert not path.exists()


def test_key_is_not_asked_for_in_vain(tmp_path: Path) -> None:
    """Where nothing is kept no keyring is opened."""

    def refuse() -> bytes:
        raise AssertionError("nothing is kept, and the key was asked for")

    kept = KeptSessions(folder=tmp_path, key=refuse, lifetime=timedelta(hours=1))
    assert kept.find("ADP", "https://a|me") is None


def test_key_file_is_this_users_alone(tmp_path: Path) -> None:
    """The key that a person wants in a file is made once, and nobody else can read it."""
    path = tmp_path / "keys" / "session.key"
    assert fernet_key(path) == fernet_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


class MemoryKeyring(KeyringBackend):
    """A keyring as an unlocked desktop has it; `forgets` is one that was disabled."""

    priority = 1.0

    def __init__(self, *, forgets: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}
        self._forgets = forgets

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if not self._forgets:
            self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture
def use_keyring() -> Iterator[Callable[[KeyringBackend], None]]:
    """A function that puts a keyring in the place of this machine's."""
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def office_in(folder: Path) -> Office:
    return Office(Settings(state_dir=folder))


def test_key_is_in_the_keyring_alone(tmp_path: Path, use_keyring: Callable[[KeyringBackend], None]) -> None:
    """Without a key file the key is made in the keyring at its first use, and the next command finds it."""
    ring = MemoryKeyring()
    use_keyring(ring)
    office_in(tmp_path).kept_sessions.keep("ADP", "https://a|me", STATE)
    assert office_in(tmp_path).kept_sessions.find("ADP", "https://a|me") == STATE
    assert list(ring.held) == [("esp-rpa", "session-key")]
    key = ring.held["esp-rpa", "session-key"].encode()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and key in path.read_bytes()]
    use_keyring(MemoryKeyring())
    assert office_in(tmp_path).kept_sessions.find("ADP", "https://a|me") is None


def test_keyring_that_forgets_is_told(tmp_path: Path, use_keyring: Callable[[KeyringBackend], None]) -> None:
    """A keyring that was disabled takes everything and has nothing: no session is said to be kept with it."""
    use_keyring(MemoryKeyring(forgets=True))
    with pytest.raises(UsageError, match="forgets"):
        office_in(tmp_path).kept_sessions.keep("ADP", "https://a|me", STATE)
    assert list((tmp_path / "sessions").glob("*.session")) == []


def test_keyring_with_something_else_is_told(
    tmp_path: Path, use_keyring: Callable[[KeyringBackend], None]
) -> None:
    """What somebody else has put under our name is no key, and is not overwritten."""
    ring = MemoryKeyring()
    ring.held["esp-rpa", "session-key"] = "hello"
    use_keyring(ring)
    with pytest.raises(UsageError, match="is no key"):
        office_in(tmp_path).kept_sessions.key()
    assert ring.held["esp-rpa", "session-key"] == "hello"
