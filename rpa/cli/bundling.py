"""Packs what somebody else needs to help, and nothing that is secret or about a person."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rpa.cli import output
from rpa.cli.examining import machine_findings
from rpa.cli.fitness import FILE
from rpa.cli.office import Office
from rpa.domain.errors import UsageError
from rpa.settings import DEFAULT_PORTALS_FILE, load_settings, setting_sources, setting_values

MOST_LOG = 2_000_000
NUMBERED = re.compile(r"(?<![\w-])\d{4,7}(?![\w-])")
ABOUT_PEOPLE = ("USERNAME", "ESP_MANAGER", "__FROM", "__NOC", "__IT", "__MANAGER")


def bundle(file: Path | None, *, as_json: bool) -> None:
    """Write the zip; UsageError, and no zip, where a secret would be in it all the same."""
    office = Office(load_settings())
    path = file or Path(f"rpa-support-{datetime.now().astimezone():%Y%m%d-%H%M%S}.zip")
    parts = {name: office.redacted(text) for name, text in _parts(office)}
    for name, text in parts.items():
        if office.redacted(text) != text:
            raise UsageError(f"{name} still holds a secret.", next_step="No bundle was written.")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    if as_json:
        output.emit({"bundle": str(path), "parts": sorted(parts)})
    else:
        output.show(str(path))
        output.talk(f"It holds {', '.join(sorted(parts))}. Look into it before you send it.")


def _parts(office: Office) -> Iterator[tuple[str, str]]:
    settings = office.settings
    machine = [
        {"subject": one.subject, "level": one.level, "what": one.what} for one in machine_findings(office)
    ]
    yield "machine.json", json.dumps(machine, indent=2)
    values, sources = setting_values(settings), setting_sources(settings)
    told = [f"{name}={_impersonal(name, value)}  # {sources[name]}" for name, value in values.items()]
    yield "settings.txt", "\n".join(told)
    for name, path in (
        ("doctor.json", office.state_file(FILE)),
        ("portals.toml", settings.portals_file or DEFAULT_PORTALS_FILE),
        ("log.jsonl", office.state_file("logs") / "rpa.jsonl"),
    ):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")[-MOST_LOG:]
            yield name, text if name == "portals.toml" else NUMBERED.sub("####", text)


def _impersonal(name: str, value: str) -> str:
    return "(set)" if value and name.endswith(ABOUT_PEOPLE) else value
