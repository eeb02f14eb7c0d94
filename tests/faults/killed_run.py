"""`rpa` that kills itself with SIGKILL at one edge of the journal.

Use: python -m tests.faults.killed_run 7 after apply PLAN --yes
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from rpa.cli import main
from rpa.domain.runs import Event
from rpa.engine.journal import Journal

EDGE, MOMENT = int(sys.argv[1]), sys.argv[2]


class _Edge:
    told = 0


def killed_at_the_edge(append: Any) -> Any:
    """`Journal.append`, which does not return from the chosen event, or does not begin it."""

    def wrapped(self: Journal, *about: Any, **more: Any) -> Event:
        _Edge.told += 1
        if _Edge.told == EDGE and MOMENT == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        told: Event = append(self, *about, **more)
        if _Edge.told == EDGE and MOMENT == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return told

    return wrapped


Journal.append = killed_at_the_edge(Journal.append)  # type: ignore[method-assign]
sys.argv = ["rpa", *sys.argv[3:]]
main()
