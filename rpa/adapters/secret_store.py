"""The system's keyring: where secrets are kept that stand in no file."""

from __future__ import annotations

import keyring
from keyring.errors import KeyringError

from rpa.domain.errors import UsageError

SERVICE = "esp-rpa"
HOW_TO = (
    "Nothing was started. Unlock or install a keyring, or use another place: `.env.example` names those "
    "for passwords (RPA_SECRETS_DIR) and for kept sessions (RPA_SESSION__KEY_FILE)."
)


def read_secret(name: str) -> str | None:
    """The secret that the keyring holds under this name, None where it holds none; UsageError without one."""
    try:
        return keyring.get_password(SERVICE, name)
    except KeyringError as error:
        raise UsageError(f"The keyring cannot be read: {_core(error)}.", next_step=HOW_TO) from error


def keep_secret(name: str, secret: str) -> None:
    """Put a secret into the keyring; UsageError where there is none."""
    try:
        keyring.set_password(SERVICE, name, secret)
    except KeyringError as error:
        raise UsageError(f"The keyring cannot be written: {_core(error)}.", next_step=HOW_TO) from error


def _core(error: KeyringError) -> str:
    return str(error).splitlines()[0].split(". ")[0].rstrip(".") or type(error).__name__
