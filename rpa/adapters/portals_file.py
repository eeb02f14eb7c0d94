"""The site's portals.toml: its tables, and the line on which each key stands."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rpa.domain.errors import UsageError

Key = tuple[str, ...]
_HEADER = re.compile(r"\s*\[\s*(?P<key>[^\[\]]+?)\s*\]\s*(#.*)?")
_ASSIGNMENT = re.compile(
    r"""\s*(?P<key>(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalsFile:
    """What a portals.toml says; empty, and without a path, where there is none."""

    path: Path | None = None
    tables: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Key, int] = field(default_factory=dict)

    def where(self, key: Key) -> str:
        """The file and the line of a key, or of the nearest table around it."""
        while key and key not in self.lines:
            key = key[:-1]
        return f"{self.path}, line {self.lines[key]}" if key else str(self.path)


def read_portals_file(path: Path) -> PortalsFile:
    """The file; UsageError, with the line, where it is no TOML."""
    try:
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"{path} cannot be read: {error}.",
            next_step="Nothing was started; docs/portals-toml.md has examples.",
        ) from error
    return PortalsFile(path=path, tables=tables, lines=lines_of(text))


def lines_of(text: str) -> dict[Key, int]:
    """The line, counted from 1, of each table and each key of a text that is TOML."""
    lines: dict[Key, int] = {}
    table: Key = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.fullmatch(line):
            table = _parts(header["key"])
            lines.setdefault(table, number)
        elif assignment := _ASSIGNMENT.match(line):
            key = (*table, *_parts(assignment["key"]))
            for depth in range(len(table) + 1, len(key) + 1):
                lines.setdefault(key[:depth], number)
    return lines


def as_toml(text: str) -> str:
    """The text as a TOML string: as it is where that can be, else escaped."""
    plain = "'" not in text and text.isprintable()
    return f"'{text}'" if plain else json.dumps(text, ensure_ascii=False)


def _parts(dotted: str) -> Key:
    """The parts of a dotted key, quotes read as TOML reads them; none where a line only looks like one."""
    try:
        found: Any = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    parts: list[str] = []
    while isinstance(found, dict):
        ((part, found),) = found.items()
        parts.append(part)
    return tuple(parts)
