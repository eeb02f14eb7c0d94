"""A process that claims a day's job: told by its arguments what becomes of it."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

from rpa.domain.errors import Busy
from rpa.engine.claims import Claims
from rpa.engine.journal import Journal


def say(word: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(database: str, log: str, how: str) -> None:
    """Claim the job; write a line where it is done, die in the middle of it, or hold it until told."""
    journal = Journal.open(f"sqlite:///{database}", b"0" * 32)
    try:
        with Claims(journal).held(date(2026, 11, 23), "report tbt", f"process {os.getpid()}") as done:
            say("held" if done else "done before")
            if done is None:
                return
            if how == "die":
                os._exit(9)
            if how == "wait":
                sys.stdin.readline()
            with Path(log).open("a", encoding="utf-8") as file:
                file.write("sent\n")
            done()
    except Busy:
        say("busy")


if __name__ == "__main__":
    main(*sys.argv[1:])
