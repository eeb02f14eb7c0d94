"""How a planted secret is looked for: in all its spellings, in everything that commands leave behind."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus


def spellings(secret: str) -> set[str]:
    """The secret as it is, as an address or a form spells it, and as JSON does."""
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}


def everything_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below the folder, and every part of those that are zips."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    for name in archive.namelist():
                        yield f"{path}:{name}", archive.read(name)
