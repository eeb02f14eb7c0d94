"""Where in ADP an address leads: the sign-in pages, the portal itself, or the page that says sorry."""

from __future__ import annotations

from urllib.parse import urlsplit

from rpa.pages.site import Site, origin


def is_sign_in(url: str, site: Site) -> bool:
    """True on a sign-in page; what the address carries as its return address does not count."""
    return origin(url) == site.sign_in_origin and urlsplit(url).path.startswith(site.paths["sign_in"])


def is_inside(url: str, site: Site) -> bool:
    """True on the portal's own pages, which are seen only when signed in."""
    return origin(url) == site.origin and not is_sign_in(url, site) and not is_sorry(url, site)


def is_sorry(url: str, site: Site) -> bool:
    """True on the page for maintenance and too many visitors, which no reload escapes."""
    return urlsplit(url).path == site.paths["sorry"]
