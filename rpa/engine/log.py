"""The log: one JSON line an event in the state folder, with every known secret taken out at the very end."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import quote, quote_plus

import structlog
from markupsafe import escape as markup_escape
from structlog.types import EventDict, Processor, WrappedLogger

REMOVED = "[removed]"
LOG, SCHEDULED = "rpa.jsonl", "schedule.log"


# A secret as short as this is a part of ids, dates and words; it is taken out where it stands by itself.
SHORTEST_ANYWHERE = 6
# What a browser's encodeURI and encodeURIComponent leave as it is.
ADDRESS_SAFE = ";,/?:@&=+$#!'()*~"
PART_SAFE = "!'()*~"


class Redaction:
    """Takes known secret values out of text, however they were written: plain, in addresses, JSON or HTML."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = frozenset(filter(None, secrets))
        found = {
            spelling: _pattern(spelling, secret) for secret in self._secrets for spelling in spellings(secret)
        }
        # The longest first: one secret may be a part of another.
        patterns = [found[spelling] for spelling in sorted(found, key=len, reverse=True)]
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    def also(self, secrets: Iterable[str]) -> Redaction:
        """The same, and these secrets as well."""
        return Redaction({*self._secrets, *secrets})

    def __call__(self, text: str) -> str:
        """The text without the secrets."""
        return self._pattern.sub(REMOVED, text) if self._pattern else text


def spellings(secret: str) -> set[str]:
    """Every way in which a secret may stand in a text."""
    encoded = secret.encode("utf-8", errors="surrogatepass")
    in_addresses = {quote(encoded, safe=safe) for safe in ("/", "", ADDRESS_SAFE, PART_SAFE)}
    in_addresses.add(quote_plus(encoded))
    in_json = {json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}
    in_json |= {json.dumps(one)[1:-1] for one in in_json}
    in_html = {escape(secret, quote=quoted) for quoted in (True, False)} | {str(markup_escape(secret))}
    return {secret, repr(secret)[1:-1], *in_addresses, *in_json, *in_html}


def _pattern(spelling: str, secret: str) -> str:
    """The spelling as a pattern, its hexadecimal digits in either case."""
    pattern = re.sub(r"%([0-9A-F]{2})", r"%(?i:\1)", re.escape(spelling))
    return rf"(?<![^\W_]){pattern}(?![^\W_])" if len(secret) < SHORTEST_ANYWHERE else pattern


@contextmanager
def kept_log(folder: Path, redaction: Callable[[str], str]) -> Iterator[Path]:
    """Write what is logged inside the block into the folder, and nowhere else; the file's path."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / LOG
    _turn_over(folder)
    # What libraries say by themselves, as asyncio does of a driver that died, would pass beside us.
    logging.getLogger().addHandler(logging.NullHandler())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        structlog.configure(
            processors=_processors(redaction),
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
            logger_factory=structlog.WriteLoggerFactory(file=file),
            cache_logger_on_first_use=False,
        )
        try:
            yield path
        finally:
            structlog.reset_defaults()


def _turn_over(folder: Path) -> None:
    """Give the logs of an earlier day a name of their own, so that a purge can tell the old from the new."""
    today = datetime.now(UTC).date()
    for name in (LOG, SCHEDULED):
        path = folder / name
        # One that another process writes to goes on under its new name, where the system lets us rename it.
        with suppress(OSError):
            day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
            if day < today:
                path.rename(folder / f"{path.stem}-{day}{path.suffix}")


def old_logs(folder: Path, name: str) -> list[Path]:
    """The logs of earlier days, the oldest first."""
    stem, _, suffix = name.rpartition(".")
    return sorted(folder.glob(f"{stem}-*.{suffix}"))


def _processors(redaction: Callable[[str], str]) -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Local variables of a traceback are where passwords are found.
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        ),
        structlog.processors.JSONRenderer(ensure_ascii=False),
        _redacted_by(redaction),
    ]


def _redacted_by(redaction: Callable[[str], str]) -> Processor:
    def redact(_logger: WrappedLogger, _method: str, line: EventDict | str) -> str:
        return redaction(str(line))

    return redact
