"""What one portal has differently from the next: addresses, words, dates, locators, patience."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

from rpa.domain.errors import PortalFailed, UsageError
from rpa.pages.dates import DateFormat

ADP_PATHS: Mapping[str, str] = MappingProxyType(
    {"sign_in": "/signin/v1/", "home": "/theme/admin.html#/home", "sorry": "/sorry.html"}
)
BLACKDASH_PATHS: Mapping[str, str] = MappingProxyType({"sign_in": "/login", "home": "/"})
ADP_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "esp_start_date": "ESP Start Date",
        "esp_end_date": "ESP End Date",
        "training_graduation_date": "Training Graduation Date",
        "uptraining_class": "Uptraining Class",
        "home_department": "Home Department",
        "active_filter": "Status is Active",
        "home_department_effective": "Home Department Effective",
        "effective_date": "Effective Date",
    }
)
BLACKDASH_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "class_name": "Class",
        "class_campaign": "Campaign",
        "class_manager": "ESP Manager",
        "class_start": "Start",
        "class_end": "End",
        "class_agents": "Agents",
        "class_status": "Status",
        "spun_up": "Spun up",
        "roster_employee_id": "Employee ID",
    }
)
LABELS: Mapping[str, str] = MappingProxyType({**ADP_LABELS, **BLACKDASH_LABELS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Patience in seconds: until a screen has arrived, and until silence counts as an answer."""

    arrive: float = 30.0
    settle: float = 3.0

    @property
    def arrive_ms(self) -> float:
        """`arrive` in Playwright's unit."""
        return self.arrive * 1000

    @property
    def settle_ms(self) -> float:
        """`settle` in Playwright's unit."""
        return self.settle * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One portal of one customer.

    `labels` maps a field or column to its visible label, `locators` a dotted name to the text that
    replaces the declared locator; `sign_in_url` is given where the sign-in page is on another host;
    `people` says whether a record is found in the list of employees or in the bar of the classic portal.
    """

    url: str
    paths: Mapping[str, str]
    labels: Mapping[str, str]
    sign_in_url: str = ""
    date_format: DateFormat = field(default_factory=lambda: DateFormat("MM/DD/YYYY"))
    locators: Mapping[str, str] = field(default_factory=dict)
    timeouts: Timeouts = field(default_factory=Timeouts)
    people: Literal["list", "bar"] = "list"

    def address(self, path: str) -> str:
        """The full address of one of the named paths."""
        return self.url.rstrip("/") + self.paths[path]

    def shown_date(self, text: str, label: str) -> date | None:
        """The date that a screen shows, None where it is empty; PortalFailed for what is no date."""
        try:
            return self.date_format.parse(text) if text else None
        except ValueError:
            raise PortalFailed(
                f"The portal shows {text!r} as {self.labels[label]}, which is no date "
                f"as {self.date_format.pattern}.",
                next_step="Set the site's date_format in portals.toml.",
            ) from None

    @property
    def sign_in_origin(self) -> str:
        """The only origin at which a password may be typed."""
        return origin(self.sign_in_url or self.url)

    @property
    def origin(self) -> str:
        """Scheme, host and port of the portal itself."""
        return origin(self.url)


def origin(url: str) -> str:
    """Scheme, host and port of an address, default ports left out."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in {None, default} else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


def merged(kind: str, defaults: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The defaults with what a site gives instead; a name that no default has is refused."""
    for name in given:
        if name not in defaults:
            raise unknown_name(kind, name, defaults)
    return {**defaults, **given}


def unknown_name(kind: str, name: str, known: Mapping[str, object]) -> UsageError:
    """The refusal of a name that nothing declares, with the names that it may have been meant for."""
    near = get_close_matches(name, known, n=3, cutoff=0.6)
    meant = f"Did you mean {' or '.join(near)}?" if near else f"Known are: {', '.join(sorted(known))}."
    return UsageError(f"portals.toml: {kind}.{name} is not known.", next_step=meant)
