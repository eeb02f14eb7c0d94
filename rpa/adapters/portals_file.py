"""The site's portals.toml: its tables, and the line on which each key stands."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rpa.domain.errors import UsageError
from rpa.private_files import replace_whole

CALIBRATED = "# calibrated "
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
        text = path.read_text(encoding="utf-8-sig")  # Notepad begins a file with a mark
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


def with_locator(text: str, portal: str, name: str, locator: str, comment: str) -> str:
    """The file's text with this locator in it, in the place of the one before, all other lines untouched."""
    lines = text.splitlines()
    known = lines_of(text)
    table, key = (portal, "locators"), (portal, "locators", name)
    entry = [f"{CALIBRATED}{comment}", f'"{name}" = {as_toml(locator)}']
    if key in known:
        at = known[key] - 1
        before = at - 1 if at and lines[at - 1].startswith(CALIBRATED) else at
        lines[before : at + 1] = entry
    elif table in known and lines[known[table] - 1].lstrip().startswith("["):
        lines[known[table] : known[table]] = entry
    else:
        lines += ["", f"[{portal}.locators]", *entry]
    changed = "\n".join(lines) + "\n"
    tomllib.loads(changed)  # an inline table that is added to beside itself would be no TOML any more
    return changed


def keep_locator(path: Path, name: str, locator: str, comment: str, backup: Path) -> None:
    """Write a locator into the file, whole or not at all; the version before stays as `backup`."""
    portal = name.partition(".")[0]
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    try:
        changed = with_locator(text, portal, name, locator, comment)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{path} cannot take {name}: its [{portal}.locators] is written in one line.",
            next_step=f'Make it a table of its own, and add: "{name}" = {as_toml(locator)}',
        ) from error
    if text and not backup.exists():
        _write(backup, text)
    _write(path, changed)


def _write(path: Path, text: str) -> None:
    """The text with this system's line ends; who could read the file still can: managers share it."""
    replace_whole(path, text.replace("\n", os.linesep).encode("utf-8"), shared=True)


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
