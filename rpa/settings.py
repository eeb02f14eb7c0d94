"""Every setting of the software, and the only place that reads the environment.

Precedence: a command's flag, the environment (RPA_…, `__` between levels), the file `.env`, the site's
portals.toml, the default. `.env.example` explains each setting.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_state_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from rpa.adapters.tracker_words import DONE_WORDS, NOT_NEEDED_WORDS, OPEN_WORDS
from rpa.domain.errors import UsageError

Address = Annotated[str, Field(pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$")]
Seconds = Annotated[float, Field(gt=0)]
DEFAULT_PORTALS_FILE = Path("portals.toml")
SECRET_KEYS = frozenset({"password"})


class Group(BaseModel):
    """Settings that belong together; a name that is not known is an error, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PortalSettings(Group):
    """One portal: where it is, who signs in, and what the site has differently."""

    url: str = ""
    username: str = ""
    password: SecretStr = SecretStr("")
    sign_in_url: str = ""
    timeout: Seconds = 30.0
    settle: Seconds = 3.0
    date_format: str = "MM/DD/YYYY"
    paths: dict[str, str] = {}
    labels: dict[str, str] = {}
    locators: dict[str, str] = {}
    read_posts: tuple[str, ...] = ()


class AdpSettings(PortalSettings):
    """ADP Workforce Now; `read_posts` are the POSTs that only read, as METHOD PATH."""

    read_posts: tuple[str, ...] = ("POST /signin/v1/*",)


class BlackDashSettings(PortalSettings):
    """BlackDash, the internal dashboard."""

    read_posts: tuple[str, ...] = ("POST /login",)


class GuardSettings(Group):
    """The wall around the browser: further origins that a portal needs, and known harmless noise."""

    origins: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    writing_get: str = ""


class BrowserSettings(Group):
    """Which browser is used; the first that is set wins, else one is looked for."""

    channel: str = ""
    path: Path | None = None
    ws_endpoint: SecretStr = SecretStr("")
    headless: bool = True


class ExtensionSettings(Group):
    """The site's figures of flow 1."""

    noc_minimum: int = Field(default=5, ge=1)
    uptraining_class: str = "Aetna"
    furthest_days: int = Field(default=90, ge=1)
    esp_manager: str = ""


class TransferSettings(Group):
    """What is assumed of flow 2, and may be otherwise at a site.

    `department_words` tell a department of production, `last_day_before` is the number of days before
    today that training ends on, `touch_graduation` whether Training Graduation Date is ended too.
    """

    department_words: str = Field(default="Contact Center", pattern=r"\w")
    last_day_before: int = Field(default=0, ge=0, le=7)
    touch_graduation: bool = True


class RosterSettings(Group):
    """Patience with BlackDash, in seconds."""

    timeout: float = Field(default=600.0, ge=0)
    poll: Seconds = 15.0


class PlanSettings(Group):
    """How long a plan may be applied; it never outlives the day it was made for."""

    lifetime_hours: float = Field(default=12.0, gt=0)


class LimitSettings(Group):
    """When the engine tries again, and when it stops."""

    read_attempts: int = Field(default=3, ge=1)
    read_seconds: Seconds = 180.0
    failures_in_a_row: int = Field(default=3, ge=1)
    read_backs: int = Field(default=2, ge=1)
    read_back_pause: float = Field(default=2.0, ge=0)


class MailSettings(Group):
    """Who is written to; without an SMTP server, mails are files in the state folder's outbox."""

    smtp_url: SecretStr = SecretStr("")
    from_: Address = Field(default="esp-manager@example.invalid", alias="from")
    noc: Address = "noc@example.invalid"
    it: Address = "it@example.invalid"
    manager: Address = "esp-manager@example.invalid"

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class TrackerSettings(Group):
    """The ESP tracker: the file, how it is laid out, what its words mean, and what is written into it.

    `written` is what `Transfer to Production` gets; empty for the day of the transfer.
    """

    file: Path | None = None
    sheet: str = ""
    columns: dict[str, tuple[str, ...]] = {}
    done_words: tuple[str, ...] = DONE_WORDS
    open_words: tuple[str, ...] = OPEN_WORDS
    not_needed_words: tuple[str, ...] = NOT_NEEDED_WORDS
    teams: dict[str, str] = {}
    written: str = ""
    backups: int = Field(default=30, ge=1)


class Settings(BaseSettings):
    """All settings, checked; a wrong one is told by name before anything starts."""

    model_config = SettingsConfigDict(
        env_prefix="RPA_",
        env_nested_delimiter="__",
        env_file=".env",
        env_file_encoding="utf-8",
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
    sites: Annotated[frozenset[str], NoDecode] = frozenset({"PRV", "SLC", "MEM", "SAT"})
    campaigns: dict[str, str] = {
        "CareSource": "511",
        "Aetna": "510",
        "Anthem": "520",
        "Assurance": "544",
    }
    state_dir: Path = Field(default_factory=lambda: user_state_path("esp-rpa", appauthor=False))
    database_url: SecretStr = SecretStr("")
    portals_file: Path | None = None
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
        values = (
            self.adp.password,
            self.blackdash.password,
            self.mail.smtp_url,
            self.database_url,
            self.browser.ws_endpoint,
        )
        return [value.get_secret_value() for value in values if value.get_secret_value()]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags before the environment before `.env` before portals.toml."""
        del file_secret_settings
        portals = InitSettingsSource(settings_cls, init_kwargs=_portals_file(settings_cls))
        return init_settings, env_settings, dotenv_settings, portals


def load_settings(**flags: object) -> Settings:
    """The settings of this command; UsageError with every wrong one by its name."""
    try:
        return Settings(**flags)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "; ".join(
            f"{_variable(problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise UsageError(
            f"Settings cannot be used: {wrong}.",
            next_step="Nothing was started. `.env.example` explains each setting.",
        ) from None
    except SettingsError as error:
        raise UsageError(
            f"Settings cannot be used: {error}.", next_step="Nothing was started. Tables are JSON."
        ) from None


def _variable(location: tuple[int | str, ...]) -> str:
    return "RPA_" + "__".join(str(part).upper() for part in location)


def unknown_variables() -> list[str]:
    """A sentence for each RPA_ variable that no setting reads: a misspelt one leaves a default in force."""
    known = {f"RPA_{name.upper()}" for name in Settings.model_fields}
    sentences = []
    for variable in sorted(os.environ):
        group = variable.split("__")[0].upper()
        if group.startswith("RPA_") and group not in known:
            near = get_close_matches(group, known, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            sentences.append(f"{variable} is not a setting{meant}")
    return sentences


def _portals_file(settings_cls: type[BaseSettings]) -> dict[str, Any]:
    """What the site's portals.toml says; empty where there is none and none was named."""
    dotenv = DotEnvSettingsSource(settings_cls)()
    named = os.environ.get("RPA_PORTALS_FILE") or dotenv.get("portals_file")
    path = Path(str(named)) if named else DEFAULT_PORTALS_FILE
    if not path.is_file():
        if named:
            raise UsageError(f"RPA_PORTALS_FILE names {path}, which is not there.")
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from error
    return _checked(found, path)


def _checked(found: dict[str, Any], path: Path) -> dict[str, Any]:
    """A file that is passed around must hold no secret, and no table that nobody reads."""
    for name, table in found.items():
        if name not in Settings.model_fields:
            near = get_close_matches(name, Settings.model_fields, n=1)
            raise UsageError(
                f"{path}: [{name}] is not known.", next_step=f"Did you mean [{near[0]}]?" if near else ""
            )
        if isinstance(table, dict) and SECRET_KEYS & table.keys():
            raise UsageError(
                f"{path}: [{name}] holds a password.",
                next_step="Take it out; passwords belong into the environment or `.env`.",
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
