"""What the commands say: data on stdout, talk on stderr, one JSON object where it is asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TextIO, cast

import typer

from rpa.domain.errors import RpaError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

SCHEMA_VERSION = 1


class _Cleaner:
    """The last thing that every sentence and document passes; nothing is known to hide at first."""

    def __init__(self) -> None:
        self.steps: list[Callable[[str], str]] = []

    def clean(self, text: str) -> str:
        for step in self.steps:
            text = step(text)
        return text


_cleaner = _Cleaner()


class _CleanStream:
    """Standard output or error behind the cleaner: the last step of everything that is said."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(_cleaner.clean(text))

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a stream has
        return getattr(self._stream, name)


def clean_streams() -> None:
    """Have nothing leave by standard output or error but through the cleaner, whoever says it."""
    sys.stdout = cast("TextIO", _CleanStream(sys.stdout))
    sys.stderr = cast("TextIO", _CleanStream(sys.stderr))


def hide(step: Callable[[str], str]) -> None:
    """Have everything that is said from now on pass this function, which takes secrets out."""
    _cleaner.steps.append(step)


def clean(text: str) -> str:
    """The text without every secret that was made known up to now."""
    return _cleaner.clean(text)


def console(*, talk: bool = False) -> Console:
    """A terminal for data, or for talk; plain where there is none, and where NO_COLOR is set."""
    from rich.console import Console

    return Console(stderr=talk, highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())


def show(renderable: RenderableType) -> None:
    """Data for a person, on stdout."""
    console().print(renderable)


def talk(text: str) -> None:
    """A sentence for a person, on stderr."""
    # Where a stream is no UTF-8, and on a Windows console, Typer writes past the stream's own `write`.
    typer.echo(clean(text), err=True)


def emit(document: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    told = json.dumps({"schema_version": SCHEMA_VERSION, **document}, ensure_ascii=False, indent=2)
    typer.echo(clean(told))


def wants_json() -> bool:
    """Whether this command was started with --json; known even when it fails early."""
    return "--json" in sys.argv


def report_error(error: RpaError) -> int:
    """Tell the error in the form that was asked for; its exit code."""
    if wants_json():
        emit({"error": {"what": error.what, "next_step": error.next_step}, "exit_code": error.exit_code})
    talk(f"rpa: {error.what}")
    if error.next_step:
        talk(error.next_step)
    return error.exit_code
