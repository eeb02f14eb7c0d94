"""Whether a mail server answers; nothing is sent and nobody signs in."""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit

from rpa.domain.errors import PortalFailed

SECONDS = 10.0


def greet(smtp_url: str) -> str:
    """What the server at smtp:// or smtps:// calls itself; PortalFailed where it does not answer."""
    parts = urlsplit(smtp_url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(parts.hostname or "", parts.port or 0, timeout=SECONDS) as server:
            server.ehlo_or_helo_if_needed()
            code, said = server.noop()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise PortalFailed(f"The mail server {parts.hostname} does not answer: {why}.") from error
    return f"{parts.hostname} answers {code} {said.decode('ascii', 'replace')}"
