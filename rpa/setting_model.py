"""Every setting of the software, which of them are secret, and the places that they are read from.

With settings.py the only reader of the environment. `.env.example` explains each setting.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from platformdirs import user_state_path
from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator
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
)

from rpa.adapters.portals_file import PortalsFile, read_portals_file
from rpa.adapters.secret_store import read_secret
from rpa.adapters.smtp import password_in
from rpa.domain.errors import UsageError
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
from rpa.setting_values import Words, without_empty

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

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, given: object) -> object:
        return without_empty(cls, given)

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
        return with_parts(attrgetter(".".join(key))(self).get_secret_value() for key in SECRETS)

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
        portals = InitSettingsSource(settings_cls, init_kwargs=dict(site_file().tables))
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


def with_parts(secrets: Iterable[str]) -> list[str]:
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
            if not value_at(self.current_state, key) and (secret := read_secret(variable)):
                table = found
                for group in key[:-1]:
                    table = table.setdefault(group, {})
                table[key[-1]] = secret
        return found


def secret_files() -> Mapping[str, Any]:
    """What the files of RPA_SECRETS_DIR hold, in the shape of the settings."""
    files = NestedSecretsSettingsSource(
        EnvSettingsSource(Settings), secrets_dir=_secrets_folder(), secrets_nested_delimiter="__"
    )
    return files()


def named_in(variable: str) -> str:
    """The value of a setting that says where other settings are."""
    if given := os.environ.get(variable):
        return given
    field = variable.removeprefix("RPA_").lower()
    try:
        return str(DotEnvSettingsSource(Settings)().get(field) or "")
    except UnicodeDecodeError:
        raise no_text() from None


def no_text() -> UsageError:
    """What is said of a `.env` that an editor has saved in another way."""
    return UsageError(
        "The file .env cannot be read: it is not UTF-8.",
        next_step="Nothing was started. Save it as UTF-8 (in Notepad: Save as, Encoding), and try again.",
    )


def _secrets_folder() -> Path | None:
    named = named_in("RPA_SECRETS_DIR")
    if named and not Path(named).is_dir():
        raise UsageError(
            f"RPA_SECRETS_DIR names {named}, which is no folder.", next_step="Nothing was started."
        )
    return Path(named) if named else None


def site_file() -> PortalsFile:
    """What the site's portals.toml says; empty where there is none and none was named."""
    named = named_in("RPA_PORTALS_FILE")
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


def value_at(tables: Mapping[str, Any], key: tuple[str, ...]) -> Any:  # noqa: ANN401 - any value of a setting
    """The value at a path of nested tables, None where there is none."""
    found: Any = tables
    for part in key:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
