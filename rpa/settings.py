"""Every setting of the software, and the only place that reads the environment.

Precedence: a command's flag, the environment (RPA_…, `__` between levels), the file `.env`, the site's
portals.toml, a secret file, the keyring, the default. `.env.example` explains each setting.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from platformdirs import user_state_path
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    InitSettingsSource,
    NestedSecretsSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from rpa.adapters.portals_file import PortalsFile, read_portals_file
from rpa.adapters.secret_store import read_secret
from rpa.adapters.smtp import password_in
from rpa.domain.errors import UsageError
from rpa.pages.fitting import Misfit, misfits
from rpa.setting_groups import (
    AdpSettings,
    BlackDashSettings,
    BrowserSettings,
    DaysSettings,
    ExtensionSettings,
    GuardSettings,
    LimitSettings,
    MailSettings,
    MentorSettings,
    NightlySettings,
    PlanSettings,
    ReportSettings,
    RosterSettings,
    ScheduleSettings,
    SessionSettings,
    TeamSettings,
    TrackerSettings,
    TrainingSettings,
    TransferSettings,
)
from rpa.setting_values import Words

DEFAULT_PORTALS_FILE = Path("portals.toml")
# What is shorter in an address is a choice such as sslmode=require, and no token.
SHORTEST_TOKEN = 16


class Settings(BaseSettings):
    """All settings, checked; a wrong one is told by name before anything starts."""

    model_config = SettingsConfigDict(
        env_prefix="RPA_",
        env_nested_delimiter="__",
        env_file=".env",
        env_file_encoding="utf-8-sig",
        extra="ignore",
        frozen=True,
    )

    adp: AdpSettings = AdpSettings()
    blackdash: BlackDashSettings = BlackDashSettings()
    guard: GuardSettings = GuardSettings()
    browser: BrowserSettings = BrowserSettings()
    extension: ExtensionSettings = ExtensionSettings()
    transfer: TransferSettings = TransferSettings()
    roster: RosterSettings = RosterSettings()
    plan: PlanSettings = PlanSettings()
    limits: LimitSettings = LimitSettings()
    mail: MailSettings = MailSettings()
    tracker: TrackerSettings = TrackerSettings()
    trainings: TrainingSettings = TrainingSettings()
    mentors: MentorSettings = MentorSettings()
    teams: TeamSettings = TeamSettings()
    days: DaysSettings = DaysSettings()
    nightly: NightlySettings = NightlySettings()
    reports: ReportSettings = ReportSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    session: SessionSettings = SessionSettings()
    sites: Annotated[frozenset[Words], NoDecode] = frozenset({"PRV", "SLC", "MEM", "SAT"})
    campaigns: dict[Words, Words] = {
        "CareSource": "511",
        "Aetna": "510",
        "Anthem": "520",
        "Assurance": "544",
    }
    state_dir: Path = Field(default_factory=lambda: user_state_path("esp-rpa", appauthor=False))
    database_url: SecretStr = SecretStr("")
    portals_file: Path | None = None
    trace: bool = False
    secrets_dir: Path | None = None
    keyring: bool = False
    today: date | None = None

    @field_validator("sites", mode="before")
    @classmethod
    def _split_sites(cls, value: object) -> object:
        return [part.strip() for part in value.split(",")] if isinstance(value, str) else value

    @property
    def journal_url(self) -> str:
        """The address of the journal's database."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.state_dir / 'journal.sqlite'}"

    def secrets(self) -> list[str]:
        """Every secret value that is set, for the last filter of logs and errors."""
        return _with_parts(attrgetter(".".join(key))(self).get_secret_value() for key in SECRETS)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, the environment, `.env`, portals.toml, secret files, the keyring."""
        portals = InitSettingsSource(settings_cls, init_kwargs=dict(_portals_file().tables))
        files = NestedSecretsSettingsSource(
            file_secret_settings, secrets_dir=_secrets_folder(), secrets_nested_delimiter="__"
        )
        return init_settings, env_settings, dotenv_settings, portals, files, KeyringSource(settings_cls)


def _secret_keys(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """Where the model holds a secret: the names of the groups around it, and its own."""
    for name, info in model.model_fields.items():
        kind = info.annotation
        if kind is SecretStr:
            yield (name,)
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from ((name, *rest) for rest in _secret_keys(kind))


# One list for all that has to know what is secret: what it lacked would leak.
SECRETS = tuple(_secret_keys(Settings))
SECRET_VARIABLES = {"RPA_" + "__".join(key).upper(): key for key in SECRETS}
SECRET_KEYS = frozenset(key[-1] for key in SECRETS)


def _with_parts(secrets: Iterable[str]) -> list[str]:
    """These secrets without the empty ones, and what is secret inside those that are addresses."""
    found = list(filter(None, secrets))
    return [*found, *(part for one in found for part in (password_in(one), *_secrets_in(one)) if part)]


def _secrets_in(address: str) -> list[str]:
    """What is secret inside an address, as written and as meant: its password, and long tokens."""
    try:
        found = urlsplit(address)
        tokens = [value for _, value in parse_qsl(found.query) if len(value) >= SHORTEST_TOKEN]
    except ValueError:
        return []
    password = found.password or ""
    return [password, unquote(password), *tokens]


class KeyringSource(PydanticBaseSettingsSource):
    """The secrets that no other place has, from the keyring, where RPA_KEYRING asks for it."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Nothing: a keyring is asked for whole settings, not for fields."""
        del field
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """What the keyring holds, in the shape of the settings."""
        if str(self.current_state.get("keyring", "")).lower() not in {"1", "true", "yes", "on"}:
            return {}
        found: dict[str, Any] = {}
        for variable, key in SECRET_VARIABLES.items():
            if not _at(self.current_state, key) and (secret := read_secret(variable)):
                table = found
                for group in key[:-1]:
                    table = table.setdefault(group, {})
                table[key[-1]] = secret
        return found


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
        given = _at(_portals_file().tables, (portal, name))
        items = given.items() if isinstance(given, dict) else ()
        return {key: value for key, value in items if isinstance(value, str)}

    return [
        misfit
        for portal in ("adp", "blackdash")
        for misfit in misfits(
            portal,
            date_format=str(_at(_portals_file().tables, (portal, "date_format")) or "YYYY-MM-DD"),
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
    given = next((name for name, tables in _sources() if _at(tables, key) is not None), "")
    if given == PORTALS_TOML:
        return f"{_portals_file().where(key)}: {'.'.join(key)}"
    return variable


PORTALS_TOML = "portals.toml"


def _sources() -> list[tuple[str, Mapping[str, Any]]]:
    """What each place gives, the nearest to the command first; the keyring is not asked."""
    return [
        ("environment", EnvSettingsSource(Settings)()),
        (".env", DotEnvSettingsSource(Settings)()),
        (PORTALS_TOML, _portals_file().tables),
        ("secret file", _secret_files()),
    ]


def setting_sources(settings: Settings) -> dict[str, str]:
    """Where each setting of `setting_values` comes from; a table may come from several places."""
    given = _sources()
    sources = {}
    for variable in setting_values(settings):
        key = tuple(variable.removeprefix("RPA_").lower().split("__"))
        places = [name for name, tables in given if _at(tables, key) is not None]
        if places and isinstance(_at(dict(given)[places[0]], key), dict):
            sources[variable] = ", ".join(places)
        elif places:
            sources[variable] = places[0]
        else:
            kept = variable in SECRET_VARIABLES and settings.keyring and setting_values(settings)[variable]
            sources[variable] = "keyring" if kept else "default"
    return sources


def _at(tables: Mapping[str, Any], key: tuple[str, ...]) -> Any:  # noqa: ANN401 - any value of a setting
    """The value at a path of nested tables, None where there is none."""
    found: Any = tables
    for part in key:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def state_folder_given() -> Path:
    """The state folder where the settings as a whole cannot be used."""
    named = _named_in("RPA_STATE_DIR")
    return Path(named) if named else user_state_path("esp-rpa", appauthor=False)


def secrets_given() -> list[str]:
    """The secrets that are named anywhere, where the settings as a whole cannot be used."""
    found: list[str] = []
    for source in (EnvSettingsSource(Settings), DotEnvSettingsSource(Settings), _secret_files):
        with suppress(SettingsError, UsageError, ValueError, OSError):
            tables = source()
            found += [str(value) for key in SECRETS if (value := _at(tables, key))]
    return _with_parts(found)


def _secret_files() -> Mapping[str, Any]:
    files = NestedSecretsSettingsSource(
        EnvSettingsSource(Settings), secrets_dir=_secrets_folder(), secrets_nested_delimiter="__"
    )
    return files()


def _named_in(variable: str) -> str:
    """The value of a setting that says where other settings are."""
    field = variable.removeprefix("RPA_").lower()
    return os.environ.get(variable) or str(DotEnvSettingsSource(Settings)().get(field) or "")


def _secrets_folder() -> Path | None:
    named = _named_in("RPA_SECRETS_DIR")
    if named and not Path(named).is_dir():
        raise UsageError(
            f"RPA_SECRETS_DIR names {named}, which is no folder.", next_step="Nothing was started."
        )
    return Path(named) if named else None


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


def _portals_file() -> PortalsFile:
    """What the site's portals.toml says; empty where there is none and none was named."""
    named = _named_in("RPA_PORTALS_FILE")
    path = Path(named) if named else DEFAULT_PORTALS_FILE
    if path.is_file():
        return _checked(read_portals_file(path))
    if named:
        raise UsageError(f"RPA_PORTALS_FILE names {path}, which is not there.")
    return PortalsFile()


def _checked(found: PortalsFile) -> PortalsFile:
    """A file that is passed around must hold no secret, and no table that nobody reads."""
    for name, table in found.tables.items():
        if name not in Settings.model_fields:
            near = get_close_matches(name, Settings.model_fields, n=1)
            raise UsageError(
                f"{found.where((name,))}: [{name}] is not known.",
                next_step=f"Did you mean [{near[0]}]?" if near else "",
            )
        secret = SECRET_KEYS & table.keys() if isinstance(table, dict) else {name} & SECRET_KEYS
        if secret:
            raise UsageError(
                f"{found.where((name, *secret))}: [{name}] holds a secret ({', '.join(sorted(secret))}).",
                next_step="Take it out; `.env.example` names the places for passwords.",
            )
    return found


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
