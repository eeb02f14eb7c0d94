"""A process that sends what waits in an outbox: `python -m tests.engine.sending_process FOLDER PORT`."""

from __future__ import annotations

import sys
from pathlib import Path

from rpa.adapters.smtp import SmtpServer
from rpa.engine.journal import Journal
from rpa.engine.outbox import Outbox
from rpa.flows.post import MAKERS, Way, send_letters

KEY = b"a key of the tests"


def journal_in(folder: Path) -> Journal:
    """The journal that both processes use."""
    return Journal.open(f"sqlite:///{folder / 'journal.sqlite'}", KEY, folder / "journal.head")


if __name__ == "__main__":
    place = Path(sys.argv[1])
    server = SmtpServer.of(f"smtp://127.0.0.1:{sys.argv[2]}", timeout=60)
    way = Way(sender="me@example.invalid", folder=place / "outbox", makers=MAKERS, server=server)
    send_letters(Outbox(journal_in(place)), way, "a process")
