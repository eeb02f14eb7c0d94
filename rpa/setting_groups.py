"""The groups of settings, by what they are about; `.env.example` explains each one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator

from rpa.adapters.tracker_words import DONE_WORDS, NOT_NEEDED_WORDS, OPEN_WORDS
from rpa.domain.departments import pattern_for
from rpa.domain.hours import parse_hours, parse_time
from rpa.domain.reports import REPORT_OF
from rpa.domain.tracking import Task
from rpa.domain.trainings import SessionKind
from rpa.domain.working_days import DayCounting


def _time_of_day(text: str) -> str:
    parse_time(text)
    return text


def _time_span(text: str) -> str:
    parse_hours(text)
    return text


def _zone_name(text: str) -> str:
    """An IANA time zone; a misspelt one would put every session at the wrong hour."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{text!r} is no time zone, such as America/Denver") from None
    return text


def _report_name(text: str) -> str:
    if text not in REPORT_OF:
        raise ValueError(f"{text!r} is no report; they are {', '.join(REPORT_OF)}")
    return text


def _department_pattern(text: str) -> str:
    """A pattern that does not name the site and the campaign would take anybody's department."""
    try:
        pattern_for(text, site="SITE", code="CODE", campaign="CAMPAIGN")
    except re.error as error:
        raise ValueError(f"{text!r} is no pattern: {error}") from None
    if text and not ("{site}" in text and ("{code}" in text or "{campaign}" in text)):
        raise ValueError("a pattern of departments holds {site}, and {code} or {campaign}")
    return text


Address = Annotated[str, Field(pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$")]
Seconds = Annotated[float, Field(gt=0)]
HalfDays = Annotated[float, Field(gt=0, le=60, multiple_of=0.5)]
TimeOfDay = Annotated[str, AfterValidator(_time_of_day)]
TimeSpan = Annotated[str, AfterValidator(_time_span)]
ZoneName = Annotated[str, AfterValidator(_zone_name)]
ReportName = Annotated[str, AfterValidator(_report_name)]
DepartmentPattern = Annotated[str, AfterValidator(_department_pattern)]
Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


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
    """ADP Workforce Now; `read_posts` are the POSTs that only read, `people` is how records are found."""

    read_posts: tuple[str, ...] = ("POST /signin/v1/*",)
    people: Literal["list", "bar"] = "list"


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

    lifetime_hours: float = Field(default=12.0, gt=0)


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
    """Mentors for call shadowing: their list, agents a mentor takes, the hours that a shift must cover."""

    file: Path | None = None
    ratio: int = Field(default=2, ge=1)
    hours: TimeSpan = "09:00-17:00"


class TeamSettings(Group):
    """The teams that keep the tracker: its columns for each, when they are due, who hears of a lack."""

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
    """When the nightly check calls somebody stuck; days, but `misspelt` are letters."""

    extend_by: int = Field(default=5, ge=1)
    recheck_days: int = Field(default=14, ge=0)
    uptraining_days: int = Field(default=10, ge=0)
    misspelt: int = Field(default=2, ge=0)


class ReportSettings(Group):
    """The daily reports by name: who gets each (the ESP manager by default), and from which day on."""

    recipients: dict[ReportName, tuple[Address, ...]] = {}
    after: dict[ReportName, Annotated[int, Field(ge=0)]] = {}


class ScheduleSettings(Group):
    """When this machine starts the nightly check and the daily reports by itself."""

    at: TimeOfDay = "06:30"


class SessionSettings(Group):
    """Sessions that a person has begun (`rpa login`) and that are kept, encrypted, for so many hours."""

    hours: float = Field(default=12.0, gt=0)
    key_file: Path | None = None
