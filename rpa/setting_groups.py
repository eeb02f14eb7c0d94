"""The groups of settings, by what they are about; `.env.example` explains each one."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator

from rpa.adapters.tracker_words import DONE_WORDS, NOT_NEEDED_WORDS, OPEN_WORDS
from rpa.domain.addresses import address_parts
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


def _address(text: str) -> str:
    if address_parts(text) is None:
        raise ValueError(f"{text!r} is no e-mail address")
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


def _web_address(text: str) -> str:
    """Where a portal is; whatever is no plain address of the web would end as an error of the browser."""
    if not text:
        return text
    try:
        parts = urlsplit(text)
        is_plain = parts.port is None or parts.port > 0
    except ValueError as error:
        raise ValueError(f"{text!r} is no address: {error}") from None
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host) or not is_plain:
        raise ValueError(f"{text!r} is no address such as https://portal.example.com")
    if parts.username is not None or parts.password is not None or _BLANK.search(text):
        raise ValueError("an address holds no user, no password and no blank")
    return text


def _portal_address(text: str) -> str:
    """An address to which the paths are added."""
    if set("?#") & set(_web_address(text)):
        raise ValueError(f"{text!r} ends in ? or #; what follows the host is a path, under paths")
    return text


def _origin(text: str) -> str:
    """Scheme and host, and nothing that could be taken for a wider net."""
    if not text or urlsplit(_web_address(text)).path not in {"", "/"} or set("?#") & set(text):
        raise ValueError(f"{text!r} is no host such as https://cdn.example.com, with its scheme and no path")
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no pattern: {error}") from None
    return text


def _read_post(text: str) -> str:
    if not re.fullmatch(r"[A-Z]+ /\S*", text):
        raise ValueError(f"{text!r} is not METHOD /PATH, such as POST /search")
    return text


def _url_path(text: str) -> str:
    """Added to the portal's address: without a slash it would become another host's."""
    if not text.startswith("/") or text.startswith("//") or _BLANK.search(text):
        raise ValueError(f"{text!r} is no path such as /people: it begins with one / and has no blank")
    return text


_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_BLANK = re.compile(r"\s")
LONGEST_HOURS = 24.0 * 366

WebAddress = Annotated[str, AfterValidator(_web_address)]
PortalAddress = Annotated[str, AfterValidator(_portal_address)]
Origin = Annotated[str, AfterValidator(_origin)]
RegularExpression = Annotated[str, AfterValidator(_pattern)]
ReadPostText = Annotated[str, AfterValidator(_read_post)]
UrlPath = Annotated[str, AfterValidator(_url_path)]
Words = Annotated[str, Field(pattern=r"\S")]
Hours = Annotated[float, Field(gt=0, le=LONGEST_HOURS)]
Address = Annotated[str, AfterValidator(_address)]
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

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


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
