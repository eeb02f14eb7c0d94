"""The two portals as the settings describe them: where, by whose account, what may leave the browser."""

from __future__ import annotations

import re

from rpa.domain.errors import UsageError
from rpa.engine.guard_rules import WRITING_GET, Policy, ReadPost
from rpa.flows.portal_door import ADP, BLACKDASH
from rpa.pages.dates import DateFormat
from rpa.pages.declared import check_locators
from rpa.pages.site import ADP_PATHS, BLACKDASH_PATHS, LABELS, Site, Timeouts, merged, origin
from rpa.setting_groups import AdpSettings, PortalSettings
from rpa.setting_model import Settings


def accounts(settings: Settings) -> dict[str, str]:
    """Whose session is kept, by portal."""
    portals = {ADP: settings.adp, BLACKDASH: settings.blackdash}
    return {name: f"{origin(portal.url)}|{portal.username}" for name, portal in portals.items()}


def site_of(name: str, portal: PortalSettings) -> Site:
    """One portal as its pages need it; UsageError for what is missing or misspelt."""
    for key in ("url", "username"):
        if not getattr(portal, key):
            raise UsageError(
                f"RPA_{name.upper()}__{key.upper()} is not set.",
                next_step="Nothing was started. Put it into `.env`; `.env.example` explains each setting.",
            )
    defaults = ADP_PATHS if name == "adp" else BLACKDASH_PATHS
    check_locators(portal.locators)
    return Site(
        url=portal.url,
        paths=merged(f"{name}.paths", defaults, portal.paths),
        sign_in_url=portal.sign_in_url,
        labels=merged(f"{name}.labels", LABELS, portal.labels),
        date_format=DateFormat(portal.date_format),
        locators=portal.locators,
        timeouts=Timeouts(arrive=portal.timeout, settle=portal.settle),
        people=portal.people if isinstance(portal, AdpSettings) else "list",
    )


def policy_of(settings: Settings, adp: Site, blackdash: Site) -> Policy:
    """What may leave the browser: reads of the portals, and the POSTs that are known to read."""
    posts = [
        _read_post(post, where)
        for portal, site in ((settings.adp, adp), (settings.blackdash, blackdash))
        for post in portal.read_posts
        for where in {site.origin, site.sign_in_origin}
    ]
    origins = {adp.origin, adp.sign_in_origin, blackdash.origin, blackdash.sign_in_origin}
    pattern = settings.guard.writing_get
    return Policy(
        origins=frozenset(origins | set(settings.guard.origins)),
        read_posts=tuple(posts),
        writing_get=re.compile(pattern) if pattern else WRITING_GET,
        harmless=settings.guard.harmless,
    )


def _read_post(post: str, where: str) -> ReadPost:
    method, _, path = post.partition(" ")
    if not path.startswith("/"):
        raise UsageError(f"read_posts: {post!r} is not METHOD /PATH, such as `POST /search`.")
    return ReadPost(method=method, origin=where, path=path)
