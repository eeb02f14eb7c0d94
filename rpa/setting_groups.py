"""The groups of settings, by what they are about; `.env.example` explains each one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from rpa.adapters.tracker_words import DONE_WORDS, NOT_NEEDED_WORDS, OPEN_WORDS
from rpa.domain.tracking import Task
from rpa.domain.trainings import SessionKind
from rpa.domain.working_days import DayCounting
from rpa.setting_values import (
    Address,
    DepartmentPattern,
    HalfDays,
    Hours,
    Origin,
    PortalAddress,
    ReadPostText,
    RegularExpression,
    ReportName,
    Seconds,
    TimeOfDay,
    TimeSpan,
    UrlPath,
    WebAddress,
    Weekday,
    Words,
    ZoneName,
    without_empty,
)


class Group(BaseModel):
    """Settings that belong together; a name that is not known is an error, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, given: object) -> object:
        return without_empty(cls, given)


class PortalSettings(Group):
    """One portal: where it is, who signs in, and what the site has differently."""

    url: PortalAddress = ""
    username: str = ""
    password: SecretStr = SecretStr("")
    sign_in_url: WebAddress = ""
    timeout: Seconds = 30.0
    settle: Seconds = 3.0
    date_format: str = "MM/DD/YYYY"
    paths: dict[str, UrlPath] = {}
    labels: dict[str, Words] = {}
    locators: dict[str, str] = {}
    read_posts: tuple[ReadPostText, ...] = ()


class AdpSettings(PortalSettings):
    """ADP Workforce Now; `read_posts` are the POSTs that only read, `people` is how records are found."""

    read_posts: tuple[ReadPostText, ...] = ("POST /signin/v1/*",)
    people: Literal["list", "bar"] = "list"


class BlackDashSettings(PortalSettings):
    """BlackDash, the internal dashboard."""

    read_posts: tuple[ReadPostText, ...] = ("POST /login",)


class GuardSettings(Group):
    """The wall around the browser: further origins that a portal needs, and known harmless noise."""

    origins: tuple[Origin, ...] = ()
    harmless: tuple[Words, ...] = ()
    writing_get: RegularExpression = ""


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

    `department_words` tell a department of production, `department_pattern` the very entry of an agent's
    site and campaign where words do not, `last_day_before` is the number of days before
    today that training ends on, `touch_graduation` whether Training Graduation Date is ended too.
    """

    department_words: str = Field(default="Contact Center", pattern=r"\w")
    department_pattern: DepartmentPattern = ""
    last_day_before: int = Field(default=0, ge=0, le=7)
    touch_graduation: bool = True


class RosterSettings(Group):
    """Patience with BlackDash, in seconds."""

    timeout: float = Field(default=600.0, ge=0)
    poll: Seconds = 15.0


class PlanSettings(Group):
    """How long a plan may be applied; it never outlives the day it was made for."""

    lifetime_hours: Hours = 12.0


class LimitSettings(Group):
    """When the engine tries again, and when it stops."""

    read_attempts: int = Field(default=3, ge=1)
    read_seconds: Seconds = 180.0
    failures_in_a_row: int = Field(default=3, ge=1)
    read_backs: int = Field(default=2, ge=1)
    read_back_pause: float = Field(default=2.0, ge=0)
    seconds_per_row: float = Field(default=0.0, ge=0)


class MailSettings(Group):
    """Who is written to; without an SMTP server, mails are files in the state folder's outbox.

    `agents` has agents told by mail when to log out and in, at the cXp address that the tracker gives.
    """

    smtp_url: SecretStr = SecretStr("")
    ca_file: Path | None = None
    timeout: Seconds = 30.0
    from_: Address = Field(default="esp-manager@example.invalid", alias="from")
    noc: Address = "noc@example.invalid"
    it: Address = "it@example.invalid"
    manager: Address = "esp-manager@example.invalid"
    agents: bool = False

    def placeholders(self, *names: str) -> list[str]:
        """The variables of these addresses that nobody has set, where mails would really leave for them."""
        if not self.smtp_url.get_secret_value():
            return []
        unset = [name for name in names if getattr(self, name).endswith("@example.invalid")]
        return [f"RPA_MAIL__{name.rstrip('_').upper()}" for name in unset]

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class TrainingSettings(Group):
    """The online trainings of a class: lengths, hours, links, who opens the rooms, the clocks of a site."""

    days: dict[SessionKind, HalfDays] = {
        SessionKind.ONBOARDING: 2.0,
        SessionKind.AHIP_AETNA: 3.5,
        SessionKind.TRAINING: 10.0,
        SessionKind.CALL_CERT: 2.0,
    }
    scheduled: dict[SessionKind, HalfDays] = {SessionKind.CALL_CERT: 3.0}
    hours: TimeSpan = "09:00-17:00"
    half_day: TimeSpan = "09:00-13:00"
    link_life: int = Field(default=7, ge=1)
    days_ahead: int = Field(default=3, ge=0)
    forward_days: int = Field(default=2, ge=0)
    join_within: int = Field(default=5, ge=0)
    organizer: Address = "esp-manager@example.invalid"
    co_organizer: Address = "esp-deputy@example.invalid"
    organizers: dict[SessionKind, tuple[Address, Address]] = {}
    time_zone: ZoneName = "America/Denver"
    time_zones: dict[str, ZoneName] = {
        "PRV": "America/Denver",
        "SLC": "America/Denver",
        "MEM": "America/Chicago",
        "SAT": "America/Chicago",
    }

    @field_validator("days")
    @classmethod
    def _every_session(cls, days: dict[SessionKind, float]) -> dict[SessionKind, float]:
        if missing := [kind.value for kind in SessionKind if kind not in days]:
            raise ValueError(f"no length for {', '.join(missing)}")
        return days


class MentorSettings(Group):
    """Mentors for call shadowing: their list, agents a mentor takes, the hours that a shift must cover.

    `freed_after`: days after a class's last session after which its agents need no mentor any more.
    """

    file: Path | None = None
    ratio: int = Field(default=2, ge=1)
    freed_after: int = Field(default=30, ge=0)
    hours: TimeSpan = "09:00-17:00"


class TeamSettings(Group):
    """The teams that keep the tracker: its columns for each, when they are due, who hears of a lack.

    `season` is the first day of the next one, before which the leaders meet.
    """

    columns: dict[str, tuple[str, ...]] = {
        "Onboarding": ("Producer World",),
        "Licensing": ("AHIP", "Aetna"),
        "Certification": ("TBT", "Call Cert"),
        "Mentors": ("Call Shadowing",),
    }
    due: TimeOfDay = "17:00"
    due_at: dict[str, TimeOfDay] = {}
    reported_to: dict[str, Address] = {}
    leaders: dict[str, Address] = {}
    meeting_days_ahead: int = Field(default=5, ge=0)
    meeting_hours: TimeSpan = "10:00-11:00"
    season: date | None = None


class TrackerSettings(Group):
    """The ESP tracker: the file, how it is laid out, what its words mean, and what is written into it.

    `not_tracked` are the tasks of a transfer that the site's tracker has no column for. `written` is what
    `Transfer to Production` gets; empty for the day of the transfer.
    """

    file: Path | None = None
    sheet: str = ""
    columns: dict[str, tuple[str, ...]] = {}
    done_words: tuple[str, ...] = DONE_WORDS
    open_words: tuple[str, ...] = OPEN_WORDS
    not_needed_words: tuple[str, ...] = NOT_NEEDED_WORDS
    teams: dict[str, str] = {}
    not_tracked: tuple[Task, ...] = ()
    written: str = ""
    backups: int = Field(default=30, ge=1)


class DaysSettings(Group):
    """The site's calendar: whose holidays, its own open and closed days, its clocks, how days are counted.

    `time_zone` is empty for the machine's own.
    """

    country: str = "US"
    state: str = ""
    calendar: Path | None = None
    weekend: tuple[Weekday, ...] = ("Sat", "Sun")
    time_zone: ZoneName | Literal[""] = ""
    counting: DayCounting = DayCounting.WORKING


class NightlySettings(Group):
    """When the nightly check calls somebody stuck; days, but `misspelt` are letters.

    `most_records` is how many records of ADP it opens in one night.
    """

    extend_by: int = Field(default=5, ge=1)
    recheck_days: int = Field(default=14, ge=0)
    uptraining_days: int = Field(default=10, ge=0)
    misspelt: int = Field(default=2, ge=0)
    most_records: int = Field(default=500, ge=1)


class ReportSettings(Group):
    """The daily reports by name: who gets each (the ESP manager by default), and from which day on."""

    recipients: dict[ReportName, tuple[Address, ...]] = {}
    after: dict[ReportName, Annotated[int, Field(ge=0)]] = {}


class ScheduleSettings(Group):
    """When this machine starts the nightly check and the daily reports by itself."""

    at: TimeOfDay = "06:30"


class SessionSettings(Group):
    """Sessions that a person has begun (`rpa login`) and that are kept, encrypted, for so many hours."""

    hours: Hours = 12.0
    key_file: Path | None = None
