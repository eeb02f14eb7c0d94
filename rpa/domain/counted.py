"""Numbers of things, as a person says them."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """So many of them, as `1 agent` and `3 agents`; `many` is the plural where an s will not do."""
    return f"{number} {one if number == 1 else many or one + 's'}"
