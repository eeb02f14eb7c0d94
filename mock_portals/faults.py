"""Faults that a test plants: which requests they match, and how often they still hit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

EFFECTS = frozenset(
    {
        "latency",
        "status",
        "drop_before",
        "drop_after_commit",
        "silent_loss",
        "no_toast",
        "approval",
        "expire_session",
        "kick_session",
        "popup",
        "sorry",
        "stale_list",
        "spinner_forever",
        "wrong_record",
        "relabel",
        "second_confirm",
    }
)
MATCH_KEYS = frozenset({"portal", "method", "path", "employee_id", "nth"})


class BadFault(ValueError):
    """A fault that nobody could mean."""


@dataclass(slots=True)
class Fault:
    """One planted fault; `times` is None for ever, `seen` counts the requests it matched."""

    effect: str
    match: Mapping[str, Any]
    details: Mapping[str, Any]
    times: int | None
    seen: int = 0
    hits: int = field(default=0)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Fault:
        """The fault that a test describes; BadFault for a word that is not known."""
        details = dict(told)
        effect, match = details.pop("effect", None), details.pop("match", {})
        if effect not in EFFECTS:
            raise BadFault(f"effect {effect!r} is not one of {', '.join(sorted(EFFECTS))}")
        if unknown := set(match) - MATCH_KEYS:
            raise BadFault(f"match {', '.join(sorted(unknown))} is not known")
        times = details.pop("times", 1 if "nth" in match else None)
        return cls(effect=effect, match=match, details=details, times=times)

    @property
    def kind(self) -> str:
        """Which pop-up."""
        return str(self.details.get("kind", "tour"))

    def told(self) -> dict[str, Any]:
        """The fault as a test reads it back."""
        return {
            **self.details,
            "effect": self.effect,
            "match": dict(self.match),
            "times": self.times,
            "seen": self.seen,
            "hits": self.hits,
        }

    def strikes(self, *, portal: str, method: str, path: str, employee_id: str | None) -> bool:
        """Whether this request is hit; it is counted either way."""
        wanted = {
            "portal": portal,
            "method": method,
            "employee_id": employee_id,
        }
        if any(self.match[key] != value for key, value in wanted.items() if key in self.match):
            return False
        if "path" in self.match and not _path_matches(str(self.match["path"]), path):
            return False
        self.seen += 1
        if self.seen < int(self.match.get("nth", 1)) or (self.times is not None and self.hits >= self.times):
            return False
        self.hits += 1
        return True


def _path_matches(pattern: str, path: str) -> bool:
    has_wildcard = any(sign in pattern for sign in "*?[")
    return fnmatchcase(path, pattern) if has_wildcard else path.startswith(pattern)


class Faults:
    """The faults that are planted now."""

    def __init__(self, told: Iterable[Mapping[str, Any]] = ()) -> None:
        self.replace(told)

    def replace(self, told: Iterable[Mapping[str, Any]]) -> None:
        """Plant these in place of all others."""
        self.planted = [Fault.of(one) for one in told]

    def take(
        self, effect: str, *, portal: str, method: str, path: str, employee_id: str | None = None
    ) -> Fault | None:
        """The first fault of this effect that hits the request, counted as a hit."""
        for fault in self.planted:
            if fault.effect == effect and fault.strikes(
                portal=portal, method=method, path=path, employee_id=employee_id
            ):
                return fault
        return None
