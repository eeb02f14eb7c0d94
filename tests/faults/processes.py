"""The processes below one: the driver, the browser and its renderers, found in /proc."""

from __future__ import annotations

import os
import signal
from collections import defaultdict
from contextlib import suppress
from pathlib import Path


def below(pid: int) -> list[int]:
    """Every process that was started by this one, or by one of those."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number, _, rest = stat.read_text().partition(" (")
            children[int(rest.rpartition(") ")[2].split()[1])].append(int(number))
    found = list(children[pid])
    for child in found:  # grows while it is walked
        found += children[child]
    return found


def words_of(pid: int) -> str:
    """The command line of a process; empty where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def browser_of(pid: int) -> list[int]:
    """The main process of the browser that this process drives."""
    return [
        one
        for one in below(pid)
        if "--remote-debugging-pipe" in (words := words_of(one)) and "--type=" not in words
    ]


def renderers_of(pid: int) -> list[int]:
    """The processes that hold the browser's pages."""
    return [one for one in below(pid) if "--type=renderer" in words_of(one)]


def driver_of(pid: int) -> list[int]:
    """Playwright's driver."""
    return [one for one in below(pid) if "run-driver" in words_of(one)]


def kill(*pids: int) -> None:
    """End them at once, as a machine that loses power does."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
