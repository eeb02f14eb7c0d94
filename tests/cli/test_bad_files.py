"""Bad input files at the command: a sentence, exit 2, and nothing was started."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.adapters import bad_batches
from tests.adapters.bad_batches import BadFile, BadRows
from tests.command import UNTIL

NO_BROWSER = "/nonexistent/browser"
ONE_IN = 8


def some(files: Sequence[BadFile | BadRows]) -> list[Any]:
    """Each of the files, most of them for `make soak` alone: the tests of batch files read every one."""
    return [
        pytest.param(file, id=file.name, marks=pytest.mark.soak if at % ONE_IN else ())
        for at, file in enumerate(files)
    ]


def extend(path: Path) -> subprocess.CompletedProcess[str]:
    """`rpa extend` with portals that nobody serves and a browser that is not there: neither may be tried."""
    settings = {
        "RPA_STATE_DIR": str(path.parent / "state"),
        "RPA_TODAY": "2026-11-23",
        "RPA_ADP__URL": "http://127.0.0.1:9",
        "RPA_ADP__USERNAME": "nobody",
        "RPA_BLACKDASH__URL": "http://127.0.0.1:9",
        "RPA_BLACKDASH__USERNAME": "nobody",
        "RPA_BROWSER__PATH": NO_BROWSER,
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith("RPA_")}
    return subprocess.run(
        [sys.executable, "-m", "rpa", "extend", str(path), "--until", UNTIL],
        env={**plain, **settings},
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("bad", some(bad_batches.FILES))
def test_bad_file(bad: BadFile, tmp_path: Path) -> None:
    """A file that cannot be used ends the command with its sentence before any browser is looked for."""
    path = tmp_path / bad.name
    path.write_bytes(bad.build())
    done = extend(path)
    assert done.returncode == 2
    assert bad.name in done.stderr
    assert "Nothing was started" in done.stderr
    assert NO_BROWSER not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("bad", some(bad_batches.ROWS))
def test_bad_rows(bad: BadRows, tmp_path: Path) -> None:
    """A file with nothing but bad rows ends the same way, and one with good rows goes on to the browser."""
    path = tmp_path / bad.name
    path.write_bytes(bad.build())
    done = extend(path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    if bad.kept:
        assert NO_BROWSER in done.stderr
    else:
        assert all(f"row {told.row}, column {told.column}" in done.stderr for told in bad.told)
