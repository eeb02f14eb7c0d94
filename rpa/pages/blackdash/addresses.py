"""Where in BlackDash an address leads."""

from __future__ import annotations

from urllib.parse import urlsplit

from rpa.pages.site import Site, origin


def is_sign_in(url: str, site: Site) -> bool:
    """True on the sign-in page."""
    return origin(url) == site.sign_in_origin and urlsplit(url).path == site.paths["sign_in"]
