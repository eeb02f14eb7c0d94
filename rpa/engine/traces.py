"""Traces on demand: what the browser did for one agent after the other, for an engineer to look into.

A trace holds what was typed and every header that was sent. So no sign-in is ever recorded, and what is kept
is a copy with the sessions and all known secrets taken out.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import structlog
from playwright.sync_api import Error as BrowserError

from rpa.engine.log import REMOVED, Redaction

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

log = structlog.get_logger(__name__)

SECRET_HEADERS = frozenset({"cookie", "set-cookie", "authorization", "proxy-authorization"})
LINES = (".trace", ".network")
# A cookie as short as this is a choice such as "en", and no session.
SHORTEST_SESSION = 8
# What the browser wrote, sessions and all; its name tells the process that is about to scrub it.
RAW = ".raw"


class Traces:
    """Traces of one command, a file for each part of an agent between two sign-ins."""

    def __init__(self, folder: Path, redaction: Redaction) -> None:
        self._folder = folder
        self._redaction = redaction
        self._watched: list[BrowserContext] = []
        self._recorded: list[BrowserContext] = []
        self._agent = 0
        self._part = 0

    def watch(self, context: BrowserContext) -> None:
        """Record this context as well, from the next agent or the end of the next sign-in on."""
        self._watched.append(context)

    def next_agent(self) -> None:
        """Keep what was recorded of the agent before, and begin the next."""
        self._keep()
        self._agent, self._part = self._agent + 1, 0
        self._begin()

    @contextmanager
    def unrecorded(self) -> Iterator[None]:
        """Record nothing inside the block, in which secrets are typed."""
        self._keep()
        try:
            yield
        finally:
            if self._agent:
                self._begin()

    def close(self) -> None:
        """Keep what was recorded last."""
        self._keep()

    def _begin(self) -> None:
        for context in self._watched:
            with suppress(BrowserError):
                # Pictures would show what nothing can take out of them again.
                context.tracing.start(snapshots=True, screenshots=False, sources=False)
                self._recorded.append(context)

    def _keep(self) -> None:
        recorded, self._recorded = self._recorded, []
        for context in recorded:
            self._part += 1
            self._keep_one(context)

    def _keep_one(self, context: BrowserContext) -> None:
        """Write the scrubbed trace; one that the browser took with it is not worth a row."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = self._folder / f"agent-{self._agent:03d}-{self._part}.zip"
        raw = kept.with_suffix(f".{os.getpid()}{RAW}")
        try:
            cookies = [str(cookie.get("value", "")) for cookie in context.cookies()]
            context.tracing.stop(path=raw)
            scrub(raw, kept, self._redaction.also(one for one in cookies if len(one) >= SHORTEST_SESSION))
        except (BrowserError, OSError, ValueError, zipfile.BadZipFile) as error:
            log.warning("trace_not_kept", trace=kept.name, why=type(error).__name__)
        finally:
            raw.unlink(missing_ok=True)


def remove_raw(folder: Path) -> None:
    """Remove the unscrubbed traces that a process left when it was killed over them."""
    for raw in folder.glob(f"*/*{RAW}"):
        owner = raw.stem.rpartition(".")[2]
        if not (owner.isdigit() and psutil.pid_exists(int(owner))):
            raw.unlink(missing_ok=True)


def scrub(trace: Path, clean: Path, redaction: Redaction) -> None:
    """Write a copy of a trace without sessions and known secrets, readable for this user alone."""
    descriptor = os.open(clean, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        os.fdopen(descriptor, "wb") as file,
        zipfile.ZipFile(trace) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            text = before.read(name).decode("utf-8", errors="surrogateescape")
            if name.endswith(LINES):
                text = "\n".join(_without_sessions(line) for line in text.split("\n"))
            after.writestr(name, redaction(text).encode("utf-8", errors="surrogateescape"))


def _without_sessions(line: str) -> str:
    return json.dumps(_cleaned(json.loads(line)), ensure_ascii=False) if line.strip() else line


def _cleaned(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The value without cookies, and without the values of headers that carry a session."""
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if not isinstance(value, dict):
        return value
    if str(value.get("name", "")).lower() in SECRET_HEADERS and "value" in value:
        return {**value, "value": REMOVED}
    return {
        key: REMOVED
        if key.lower() in SECRET_HEADERS and isinstance(inner, str)
        else []
        if key == "cookies"
        else _cleaned(inner)
        for key, inner in value.items()
    }
