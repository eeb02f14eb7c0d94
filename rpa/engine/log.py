"""The log: one JSON line an event in the state folder, with every known secret taken out at the very end."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

REMOVED = "[removed]"


class Redaction:
    """Takes known secret values out of text, however they were written: plain, in an address, in JSON."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = frozenset(filter(None, secrets))
        spellings = {
            spelling
            for secret in self._secrets
            for spelling in (secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1])
        }
        # The longest first: one secret may be a part of another.
        self._spellings = sorted(spellings, key=len, reverse=True)

    def also(self, secrets: Iterable[str]) -> Redaction:
        """The same, and these secrets as well."""
        return Redaction({*self._secrets, *secrets})

    def __call__(self, text: str) -> str:
        """The text without the secrets."""
        for spelling in self._spellings:
            text = text.replace(spelling, REMOVED)
        return text


@contextmanager
def kept_log(folder: Path, redaction: Callable[[str], str]) -> Iterator[Path]:
    """Write what is logged inside the block into the folder, and nowhere else; the file's path."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "rpa.jsonl"
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
