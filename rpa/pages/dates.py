"""Dates as a portal writes them: strict both ways, never the machine's locale."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from rpa.domain.errors import UsageError

_TOKENS = {
    "YYYY": ("year", r"[0-9]{4}"),
    "MM": ("month", r"[0-9]{2}"),
    "DD": ("day", r"[0-9]{2}"),
    "M": ("month", r"[1-9][0-9]?"),
    "D": ("day", r"[1-9][0-9]?"),
}
_TOKEN = re.compile(r"YYYY|MM|DD|M|D")
_BETWEEN = re.compile(r"[ ./,-]*")


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A pattern such as `MM/DD/YYYY` or `DD.MM.YYYY`; single `M` and `D` stand for unpadded numbers."""

    pattern: str
    _shape: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = [_TOKENS[token][0] for token in _TOKEN.findall(self.pattern)]
        if sorted(parts) != ["day", "month", "year"] or not _BETWEEN.fullmatch(_TOKEN.sub("", self.pattern)):
            raise UsageError(
                f"The date format {self.pattern!r} cannot be used.",
                next_step="Use YYYY, MM (or M) and DD (or D) once each, such as MM/DD/YYYY.",
            )
        object.__setattr__(self, "_shape", _compiled(self.pattern))

    def parse(self, text: str) -> date:
        """The date that `text` is in exactly this format; ValueError for anything else."""
        found = self._shape.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a date as {self.pattern}")
        return date(**{part: int(digits) for part, digits in found.groupdict().items()})

    def format(self, day: date) -> str:
        """The day as the portal writes it."""
        return _TOKEN.sub(lambda token: _digits(day, token.group()), self.pattern)


def _compiled(pattern: str) -> re.Pattern[str]:
    def group(token: re.Match[str]) -> str:
        part, digits = _TOKENS[token.group()]
        return f"(?P<{part}>{digits})"

    return re.compile(_TOKEN.sub(group, pattern.replace(".", r"\.")))


def _digits(day: date, token: str) -> str:
    part, _ = _TOKENS[token]
    return f"{getattr(day, part):0{len(token)}d}"
