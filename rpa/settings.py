"""The settings of a command: read, checked, told by their places and sources.

Precedence: a command's flag, the environment (RPA_…, `__` between levels), the file `.env`, the site's
portals.toml, a secret file, the keyring, the default. `.env.example` explains each setting.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from platformdirs import user_state_path
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource, SettingsError

from rpa.domain.errors import UsageError
from rpa.pages.fitting import Misfit, misfits
from rpa.setting_model import (
    SECRET_VARIABLES,
    SECRETS,
    Settings,
    named_in,
    no_text,
    secret_files,
    site_file,
    value_at,
    with_parts,
)
from rpa.setting_values import at_home


def load_settings(**flags: object) -> Settings:
    """The settings of this command; UsageError with every wrong one by its name."""
    try:
        settings = Settings(**flags)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = [
            f"{_place(problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False, include_url=False)
        ]
        misfit, further = _told(_misfits_of_file())
        raise UsageError(
            f"Settings cannot be used: {'; '.join(wrong)}." + (f"\n{misfit}" if misfit else ""),
            next_step=f"Nothing was started. `.env.example` explains each setting. {further}".strip(),
        ) from None
    except UnicodeDecodeError:
        raise no_text() from None
    except SettingsError as error:
        raise UsageError(
            f"Settings cannot be used: {error}.", next_step="Nothing was started. Tables are JSON."
        ) from None
    _refuse_misfits(settings)
    return settings


def _refuse_misfits(settings: Settings) -> None:
    """Tell every label, path, locator and date format that cannot be used, each by its line."""
    found = [
        misfit
        for portal, group in (("adp", settings.adp), ("blackdash", settings.blackdash))
        for misfit in misfits(
            portal,
            date_format=group.date_format,
            paths=group.paths,
            labels=group.labels,
            locators=group.locators,
        )
    ]
    if found:
        told, next_step = _told(found)
        raise UsageError(told, next_step=next_step)


def _misfits_of_file() -> list[Misfit]:
    """The same of portals.toml alone, for when other mistakes keep settings from coming about."""

    def table(portal: str, name: str) -> dict[str, str]:
        given = value_at(site_file().tables, (portal, name))
        items = given.items() if isinstance(given, dict) else ()
        return {key: value for key, value in items if isinstance(value, str)}

    return [
        misfit
        for portal in ("adp", "blackdash")
        for misfit in misfits(
            portal,
            date_format=str(value_at(site_file().tables, (portal, "date_format")) or "YYYY-MM-DD"),
            paths=table(portal, "paths"),
            labels=table(portal, "labels"),
            locators=table(portal, "locators"),
        )
    ]


def _told(found: Sequence[Misfit]) -> tuple[str, str]:
    """Each misfit by its place, and what is to be done about all of them."""
    told = [
        f"{_place(key).partition(': ')[0]}: {misfit.what.removeprefix('portals.toml: ')}"
        for key, misfit in found
    ]
    return "\n".join(told), " ".join(dict.fromkeys(misfit.next_step for _, misfit in found))


def _place(location: tuple[int | str, ...]) -> str:
    """Where a setting stands: the line of portals.toml and the key, or the name of its variable."""
    # Of a list only the whole has a place; which of its entries is meant, its value tells.
    key = tuple(part for part in location if isinstance(part, str) and part != "[key]")
    variable = "RPA_" + "__".join(part.upper() for part in key)
    given = next((name for name, tables in _sources() if value_at(tables, key) is not None), "")
    if given == PORTALS_TOML:
        return f"{site_file().where(key)}: {'.'.join(key)}"
    return variable


PORTALS_TOML = "portals.toml"


def _sources() -> list[tuple[str, Mapping[str, Any]]]:
    """What each place gives, the nearest to the command first; the keyring is not asked."""
    return [
        ("environment", EnvSettingsSource(Settings)()),
        (".env", DotEnvSettingsSource(Settings)()),
        (PORTALS_TOML, site_file().tables),
        ("secret file", secret_files()),
    ]


def setting_sources(settings: Settings) -> dict[str, str]:
    """Where each setting of `setting_values` comes from; a table may come from several places."""
    given = _sources()
    sources = {}
    for variable in setting_values(settings):
        key = tuple(variable.removeprefix("RPA_").lower().split("__"))
        places = [name for name, tables in given if value_at(tables, key) is not None]
        if places and isinstance(value_at(dict(given)[places[0]], key), dict):
            sources[variable] = ", ".join(places)
        elif places:
            sources[variable] = places[0]
        else:
            kept = variable in SECRET_VARIABLES and settings.keyring and setting_values(settings)[variable]
            sources[variable] = "keyring" if kept else "default"
    return sources


def state_folder_given() -> Path:
    """The state folder where the settings as a whole cannot be used."""
    try:
        named = named_in("RPA_STATE_DIR")
    except UsageError:
        named = ""
    return Path(at_home(named)) if named else user_state_path("esp-rpa", appauthor=False)


def secrets_given() -> list[str]:
    """The secrets that are named anywhere, where the settings as a whole cannot be used."""
    found: list[str] = []
    for source in (EnvSettingsSource, DotEnvSettingsSource, None):
        with suppress(SettingsError, UsageError, ValueError, OSError):
            tables = source(Settings)() if source else secret_files()
            found += [str(value) for key in SECRETS if (value := value_at(tables, key))]
    return with_parts(found)


def unknown_variables() -> list[str]:
    """A sentence for each RPA_ variable that no setting reads: a misspelt one leaves a default in force."""
    known = {f"RPA_{name.upper()}" for name in Settings.model_fields}
    given = {name.upper() for name in DotEnvSettingsSource(Settings).env_vars}
    sentences = []
    for variable in sorted({*os.environ, *given}):
        group = variable.split("__")[0].upper()
        if group.startswith("RPA_") and group not in known:
            near = get_close_matches(group, known, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            sentences.append(f"{variable} is not a setting{meant}")
    return sentences


def setting_values(settings: Settings) -> dict[str, str]:
    """Every setting by the name of its variable; a secret is only said to be set."""
    return dict(_flat("RPA", settings))


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        for field, info in type(value).model_fields.items():
            yield from _flat(_joined(name, info.alias or field), getattr(value, field))
    elif isinstance(value, SecretStr):
        yield name, "(set)" if value.get_secret_value() else ""
    elif isinstance(value, dict):
        yield name, json.dumps(value, ensure_ascii=False) if value else ""
    elif isinstance(value, (tuple, frozenset)):
        yield name, ", ".join(sorted(map(str, value)))
    else:
        yield name, "" if value is None else str(value)


def _joined(name: str, field: str) -> str:
    return f"{name}{'_' if name == 'RPA' else '__'}{field.upper()}"
