"""Remembers what the last examination missed, so that a plan is refused before a browser starts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from rpa.cli.office import Office
from rpa.domain.errors import UsageError
from rpa.domain.examination import VERDICTS, Finding, flows_touched, still_missing
from rpa.private_files import replace_whole
from rpa.setting_model import Settings

FILE = "doctor.json"
# The addresses of a flow's mails.
MAILED = {"extend": ("from_", "noc"), "transfer": ("from_", "it")}
FITTED = ("url", "sign_in_url", "paths", "labels", "locators", "date_format")


def remember(office: Office, findings: Sequence[Finding]) -> None:
    """Keep which declared locators are missing, for these settings of the site.

    An examination that saw none of them has learned nothing, and leaves what is known as it was.
    """
    known = _kept(office)
    if any(one.found in VERDICTS for one in findings):
        known = {
            "fitted": _fitted(office.settings),
            "missing": still_missing(_missing(office), findings),
        }
    told = {
        **known,
        "findings": [{"subject": one.subject, "level": one.level, "what": one.what} for one in findings],
    }
    replace_whole(office.state_file(FILE), json.dumps(told, indent=2).encode("utf-8"))


def refuse_unfit(office: Office, flow: str) -> None:
    """UsageError where a mail would go to a placeholder, or the flow is known to miss a locator."""
    _refuse_placeholders(office, flow)
    missing = flows_touched(_missing(office)).get(flow, ())
    if missing:
        raise UsageError(
            f"The last `rpa doctor` did not find what {flow} needs: {', '.join(missing)}.",
            next_step="Nothing was started. Mend it with `rpa calibrate`, then run `rpa doctor` again.",
        )


def _refuse_placeholders(office: Office, flow: str) -> None:
    """A mail to a placeholder would count as sent, and nobody would have got it."""
    if unset := office.settings.mail.placeholders(*MAILED.get(flow, ())):
        raise UsageError(
            f"{flow} writes mails, and {' and '.join(unset)} still {_hold(unset)} a placeholder.",
            next_step="Nothing was started. Set the address; without RPA_MAIL__SMTP_URL mails are files.",
        )


def _hold(names: Sequence[str]) -> str:
    return "holds" if len(names) == 1 else "hold"


def _missing(office: Office) -> list[str]:
    """What is known to be missing; nothing once the site's settings are others."""
    told = _kept(office)
    return list(told["missing"]) if told.get("fitted") == _fitted(office.settings) else []


def _kept(office: Office) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(office.state_file(FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told


def _fitted(settings: Settings) -> str:
    """A fingerprint of all that a site fits."""
    portals = [{key: getattr(portal, key) for key in FITTED} for portal in (settings.adp, settings.blackdash)]
    return hashlib.sha256(json.dumps([portals, settings.adp.people]).encode()).hexdigest()
