"""Types secrets at the configured address, and nowhere else."""

from __future__ import annotations

from playwright.sync_api import Locator

from rpa.domain.errors import SignInNeeded
from rpa.pages.site import Site, origin


def type_at_sign_in(field: Locator, text: str, site: Site) -> None:
    """Type into a field of the sign-in page; SignInNeeded, and not one key stroke, at any other address.

    The field is held first and its address read then: should the page lead elsewhere in between, the field
    that is held is gone, and nothing is typed into the one that has taken its place.
    """
    held = field.element_handle(timeout=site.timeouts.arrive_ms)
    frame = held.owner_frame()
    here = origin(frame.url) if frame else "nowhere"
    if here != site.sign_in_origin:
        raise SignInNeeded(
            f"The sign-in page is at {here}, not at {site.sign_in_origin}; nothing was typed.",
            next_step="Check the address, and set it in portals.toml if it is right.",
        )
    held.fill(text)


def check_password(password: str, portal: str, command: str) -> None:
    """SignInNeeded where nobody has given a password: then a person has to sign in."""
    if not password:
        raise SignInNeeded(
            f"{portal} wants a sign-in, and there is neither a password nor a kept session.",
            next_step=f"Sign in with `{command}`.",
        )
