"""The system's keyring: where secrets are kept that stand in no file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rpa.domain.errors import UsageError

SERVICE = "esp-rpa"
HOW_TO = (
    "Nothing was started. Unlock or install a keyring, or use another place: `.env.example` names those "
    "for passwords (RPA_SECRETS_DIR) and for kept sessions (RPA_SESSION__KEY_FILE)."
)


def read_secret(name: str) -> str | None:
    """The secret that the keyring holds under this name, None where it holds none; UsageError without one."""
    import keyring  # noqa: PLC0415 - it looks for every kind there is, and most commands need none

    with _told("read"):
        return keyring.get_password(SERVICE, name)


def keep_secret(name: str, secret: str) -> None:
    """Put a secret into the keyring; UsageError where there is none."""
    import keyring  # noqa: PLC0415 - as above

    with _told("written"):
        keyring.set_password(SERVICE, name, secret)


@contextmanager
def _told(how: str) -> Iterator[None]:
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    try:
        yield
    except KeyringError as error:
        core = str(error).splitlines()[0].split(". ")[0].rstrip(".") or type(error).__name__
        raise UsageError(f"The keyring cannot be {how}: {core}.", next_step=HOW_TO) from error
