"""Which texts are e-mail addresses: one rule for what is read, and for what is sent to."""

from __future__ import annotations

import re

# The signs of RFC 5322 without quotation marks: no second address and no further header can hide in them.
_NAME = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_HOST = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_ADDRESS = re.compile(f"({_NAME})@({_HOST})")


def address_parts(text: str) -> tuple[str, str] | None:
    """The name and the host of one plain address; None for anything else."""
    found = _ADDRESS.fullmatch(text)
    return (found[1], found[2]) if found else None


def is_full_address(text: str) -> bool:
    """Whether a person can be written to at this address: its host has a domain."""
    parts = address_parts(text)
    return parts is not None and "." in parts[1]
