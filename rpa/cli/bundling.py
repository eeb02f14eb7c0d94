"""Packs what somebody else needs to help, and nothing that is secret or about a person."""

from __future__ import annotations

import getpass
import io
import json
import platform
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from rpa.cli import output
from rpa.cli.examining import machine_findings
from rpa.cli.fitness import FILE
from rpa.cli.office import Office
from rpa.domain.errors import RpaError, UsageError
from rpa.domain.impersonal import Impersonal
from rpa.engine.journal import Journal
from rpa.engine.log import LOG, Redaction, old_logs
from rpa.engine.tables import events, plans
from rpa.private_files import replace_whole
from rpa.setting_model import DEFAULT_PORTALS_FILE, SECRET_KEYS
from rpa.settings import (
    load_settings,
    secrets_given,
    setting_sources,
    setting_values,
    state_folder_given,
)

MOST_LOG = 2_000_000
# Who is meant by these stands in no report of an error.
ABOUT_PEOPLE = (
    *("USERNAME", "ESP_MANAGER", "__FROM", "__NOC", "__IT", "__MANAGER"),
    *("ORGANIZER", "ORGANIZERS", "LEADERS", "REPORTED_TO", "RECIPIENTS"),
)
_SECRET_LINE = re.compile(
    rf"^(\s*[\w.\"]*(?:{'|'.join(sorted(SECRET_KEYS))})[\w\"]*\s*=).*$", re.MULTILINE | re.IGNORECASE
)
Parts = Iterator[tuple[str, str]]


def bundle(file: Path | None, *, as_json: bool) -> None:
    """Write the zip; UsageError, and no zip, where a secret would be in it all the same."""
    clean: Callable[[str], str]
    path = file or Path(f"rpa-support-{datetime.now().astimezone():%Y%m%d-%H%M%S}.zip")
    try:
        office = Office(load_settings())
    except RpaError as broken:
        # Broken settings are what most often needs help.
        found, clean, impersonal = _parts_without_settings(broken), Redaction(secrets_given()), Impersonal()
    else:
        found, clean, impersonal = _parts(office), output.clean, _known_people(office)
    parts = {name: _cleaned(text, clean, impersonal) for name, text in found}
    for name, text in parts.items():
        if clean(text) != text:
            raise UsageError(f"{name} still holds a secret.", next_step="No bundle was written.")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    try:
        replace_whole(path, packed.getvalue())
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.", next_step="Name another file."
        ) from error
    if as_json:
        output.emit({"bundle": str(path), "parts": sorted(parts)})
    else:
        output.show(str(path))
        output.talk(f"It holds {', '.join(sorted(parts))}. Look into it before you send it.")


def _cleaned(text: str, clean: Callable[[str], str], impersonal: Impersonal) -> str:
    return impersonal(clean(text).replace(str(Path.home()), "~"))


def _parts(office: Office) -> Parts:
    settings = office.settings
    machine = [
        {"subject": one.subject, "level": one.level, "what": one.what} for one in machine_findings(office)
    ]
    yield "machine.json", json.dumps(machine, indent=2)
    values, sources = setting_values(settings), setting_sources(settings)
    told = [f"{name}={_impersonal(name, value)}  # {sources[name]}" for name, value in values.items()]
    yield "settings.txt", "\n".join(told)
    yield from _files(office.state_file(FILE).parent, settings.portals_file or DEFAULT_PORTALS_FILE)


def _parts_without_settings(broken: RpaError) -> Parts:
    """What can be told of a machine whose settings say nothing that can be used."""
    yield "machine.json", json.dumps([{"python": platform.python_version(), "platform": sys.platform}])
    yield "settings.txt", f"{broken}\n"
    yield from _files(state_folder_given(), DEFAULT_PORTALS_FILE)


def _files(state: Path, portals: Path) -> Parts:
    if (state / FILE).is_file():
        yield "doctor.json", _text(state / FILE)
    if portals.is_file():
        yield "portals.toml", _SECRET_LINE.sub(r"\1 (taken out)", _text(portals))
    logs = [*old_logs(state / "logs", LOG), state / "logs" / LOG]
    if log := "".join(_text(one) for one in logs if one.is_file()):
        yield "log.jsonl", log[-MOST_LOG:]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _known_people(office: Office) -> Impersonal:
    """Everybody whom the settings, the plans and the journal know."""
    settings = office.settings
    names = {settings.adp.username, settings.blackdash.username, settings.extension.esp_manager}
    names.add(getpass.getuser())
    try:
        ids, more = _people_in(office.journal)
    except RpaError:  # a journal that cannot be read is what the bundle may be about
        ids, more = set(), set()
    return Impersonal.of(ids, names | more)


def _people_in(journal: Journal) -> tuple[set[str], set[str]]:
    with journal.engine.connect() as connection:
        ids = set(connection.execute(select(events.c.employee_id).distinct()).scalars())
        documents = [json.loads(one) for one in connection.execute(select(plans.c.document)).scalars()]
    rows = [row for document in documents for row in document["rows"]]
    managers = {row.get("about", {}).get("esp_manager", "") for row in rows}
    return ids | {row["employee_id"] for row in rows}, managers | {row.get("name", "") for row in rows}


def _impersonal(name: str, value: str) -> str:
    return "(set)" if value and name.endswith(ABOUT_PEOPLE) else value
