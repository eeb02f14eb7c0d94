"""What a single setting may hold: addresses, patterns, hours, zones, each refused with what it should be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, Field

from rpa.domain.addresses import address_parts
from rpa.domain.departments import pattern_for
from rpa.domain.hours import parse_hours, parse_time
from rpa.domain.reports import REPORT_OF


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

# An empty path would be the folder itself, an empty day none at all: nobody means that.
_PATHS = (Path, Path | None)
_EMPTY_IS_UNSET = (*_PATHS, date | None)


def without_empty(model: type[BaseModel], given: object) -> object:
    """What was given for the model: empty paths and days have their defaults, ~ is the home folder."""
    if not isinstance(given, Mapping):
        return given
    kinds = {name: field.annotation for name, field in model.model_fields.items()}
    return {
        name: at_home(value) if isinstance(value, str) and kinds.get(name) in _PATHS else value
        for name, value in given.items()
        if value != "" or kinds.get(name) not in _EMPTY_IS_UNSET
    }


def at_home(path: str) -> str:
    """The path with ~ as the home folder; a shell does that for what is typed, and nobody for `.env`."""
    with suppress(RuntimeError):  # ~somebody whom the machine does not know
        return str(Path(path).expanduser())
    return path
