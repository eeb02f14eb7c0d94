"""Faults that a test plants: which requests they match, and how often they still hit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

PORTALS = frozenset({"adp", "blackdash"})
POPUPS = frozenset({"tour", "survey", "remind", "timeout"})
MATCH_KEYS = frozenset({"portal", "method", "path", "employee_id", "nth"})

EFFECTS = (
    *("latency", "status", "drop_before", "drop_after_commit", "spinner_forever", "sorry"),
    *("expire_session", "kick_session", "step_up", "silent_loss", "no_toast", "approval", "second_confirm"),
    *("popup", "stale_list", "wrong_record", "relabel"),
)


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
        """The fault that a test describes; BadFault for what nobody could mean."""
        if not isinstance(told, Mapping) or not isinstance(told.get("match", {}), Mapping):
            raise BadFault(f"{told!r} is not a fault")
        details = dict(told)
        effect, match = details.pop("effect", None), _match(details.pop("match", {}))
        if effect not in EFFECTS:
            raise BadFault(f"effect {effect!r} is not one of {', '.join(EFFECTS)}")
        if effect == "relabel" and not {"from", "to"} <= details.keys():
            raise BadFault("effect relabel needs from and to")
        if details.get("kind", "tour") not in POPUPS:
            raise BadFault(f"kind {details['kind']!r} is not one of {', '.join(sorted(POPUPS))}")
        times = details.pop("times", 1 if "nth" in match else None)
        return cls(effect=effect, match=match, details=details, times=None if times is None else int(times))

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

    def matches(self, *, portal: str, method: str, path: str, employee_id: str | None) -> bool:
        """Whether this request is meant, however many were before it."""
        asked = {"portal": portal, "method": method, "employee_id": employee_id}
        if any(self.match[key] != value for key, value in asked.items() if key in self.match):
            return False
        return "path" not in self.match or _path_matches(self.match["path"], path)

    @property
    def is_due(self) -> bool:
        """Whether the request that was counted last is one to hit."""
        return self.seen >= self.match.get("nth", 1) and (self.times is None or self.hits < self.times)


def _match(told: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(told) - MATCH_KEYS:
        raise BadFault(f"match {', '.join(sorted(unknown))} is not known")
    if told.get("portal", "adp") not in PORTALS:
        raise BadFault(f"portal {told['portal']!r} is not one of {', '.join(sorted(PORTALS))}")
    match: dict[str, Any] = {key: int(value) if key == "nth" else str(value) for key, value in told.items()}
    return {**match, "method": match["method"].upper()} if "method" in match else match


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
        due = self._due(effect, portal=portal, method=method, path=path, employee_id=employee_id)
        for fault in due[:1]:
            fault.hits += 1
        return due[0] if due else None

    def take_all(
        self, effect: str, *, portal: str, method: str, path: str, employee_id: str | None = None
    ) -> list[Fault]:
        """Every fault of this effect that hits the request, each counted as a hit."""
        due = self._due(effect, portal=portal, method=method, path=path, employee_id=employee_id)
        for fault in due:
            fault.hits += 1
        return due

    def naming(self, script: str) -> list[Fault]:
        """The faults that change this script, which must be named by its own ending."""
        return [
            fault
            for fault in self.planted
            if fault.effect == "relabel"
            and fault.match.get("path", "").endswith(".js")
            and _path_matches(fault.match["path"], script)
        ]

    def _due(
        self, effect: str, *, portal: str, method: str, path: str, employee_id: str | None
    ) -> list[Fault]:
        # All that match count the request, or the nth of a later fault would shift with an earlier one.
        asked = [
            fault
            for fault in self.planted
            if fault.effect == effect
            and fault.matches(portal=portal, method=method, path=path, employee_id=employee_id)
        ]
        for fault in asked:
            fault.seen += 1
        return [fault for fault in asked if fault.is_due]
