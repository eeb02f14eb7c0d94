"""The machine that a browser is looked for and installed on, as a port: tests bring one of their own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Protocol

COMMAND_SECONDS = 600
STALLED_DOWNLOAD_MILLISECONDS = "15000"
ITSELF = re.compile(r"E: |Error: |.*error while loading shared libraries")


class Machine(Protocol):
    """What is asked of the machine."""

    platform: str
    user: int | None

    def exists(self, path: str) -> bool: ...
    def which(self, name: str) -> str | None: ...
    def variable(self, name: str) -> str: ...
    def run(self, *command: str) -> str:
        """Do the command; why it failed, or nothing."""
        ...


class ThisMachine:
    """The machine that this runs on."""

    platform = sys.platform
    user = os.geteuid() if hasattr(os, "geteuid") else None

    def exists(self, path: str) -> bool:
        return Path(path).is_file()

    def which(self, name: str) -> str | None:
        return shutil.which(name)

    def variable(self, name: str) -> str:
        return os.environ.get(name, "")

    def run(self, *command: str) -> str:
        """Progress is for a terminal, on stderr; of what goes wrong only the core is kept."""
        environment = {
            "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": STALLED_DOWNLOAD_MILLISECONDS,
            **os.environ,
            "DEBIAN_FRONTEND": "noninteractive",
        }
        # A file, for a pipe would be held open by the children of a command that was cut short.
        with tempfile.TemporaryFile("w+", errors="replace") as complaints:
            try:
                subprocess.run(  # noqa: S603  fixed commands of the engine
                    command,
                    check=True,
                    stdin=subprocess.DEVNULL,
                    stdout=sys.stderr if sys.stderr.isatty() else subprocess.DEVNULL,
                    stderr=complaints,
                    timeout=COMMAND_SECONDS,
                    env=environment,
                )
            except (OSError, subprocess.SubprocessError) as error:
                complaints.seek(0)
                return _core(complaints.read()) or str(error)
        return ""


def _core(complaints: str) -> str:
    """The first line that looks like the error itself, else the last one."""
    lines = [line.strip() for line in complaints.splitlines() if line.strip()]
    return next((line for line in lines if ITSELF.match(line)), lines[-1] if lines else "")
