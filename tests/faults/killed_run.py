"""`rpa` that kills itself with SIGKILL at one edge of the journal.

Use: python -m tests.faults.killed_run 7 after apply PLAN --yes

Every event counts, also those that are told together with a mail or a cell of the tracker: `before` dies
before the event stands, `after` once it is committed and before anything else.
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


def killed_before(append_in: Any) -> Any:
    """`Journal.append_in`, which does not begin the chosen event."""

    def wrapped(self: Journal, *about: Any, **more: Any) -> Event:
        _Edge.told += 1
        if (_Edge.told, MOMENT) == (EDGE, "before"):
            os.kill(os.getpid(), signal.SIGKILL)
        told: Event = append_in(self, *about, **more)
        return told

    return wrapped


def killed_after(note_head: Any) -> Any:
    """`Journal.note_head`, the first thing after an event's commit, which the chosen event does not reach."""

    def wrapped(self: Journal) -> None:
        if (_Edge.told, MOMENT) == (EDGE, "after"):
            os.kill(os.getpid(), signal.SIGKILL)
        note_head(self)

    return wrapped


Journal.append_in = killed_before(Journal.append_in)  # type: ignore[method-assign]
Journal.note_head = killed_after(Journal.note_head)  # type: ignore[method-assign]
sys.argv = ["rpa", *sys.argv[3:]]
main()
