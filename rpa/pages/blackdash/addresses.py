"""Where in BlackDash an address leads."""

from __future__ import annotations

from urllib.parse import urlsplit

from rpa.pages.site import Site, origin


def is_sign_in(url: str, site: Site) -> bool:
    """True on the sign-in page."""
    return origin(url) == site.sign_in_origin and urlsplit(url).path == site.paths["sign_in"]


def is_inside(url: str, site: Site) -> bool:
    """True on the portal's own pages, which are seen only when signed in."""
    return origin(url) == site.origin and not is_sign_in(url, site)
