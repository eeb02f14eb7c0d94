"""Progress on a terminal: a bar and the agent in hand; silence where nobody looks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rpa.cli.output import console

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from rpa.domain.outcomes import Outcome


class TerminalWatcher:
    """A progress bar on stderr, only where stderr is a terminal."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._waiting = False

    def begin(self, what: str, total: int) -> None:
        if not sys.stderr.isatty():
            return
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[step]}", markup=False),
            console=console(talk=True),
            transient=True,
        )
        self._progress.start()
        self._task = self._progress.add_task(what, total=total, step="")

    def step(self, text: str) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, step=text)

    def row(self, employee_id: str, outcome: Outcome, reason: str) -> None:
        del employee_id, outcome, reason
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)

    def end(self) -> None:
        if self._progress is not None:
            self._progress.stop()
        self._progress = self._task = None
