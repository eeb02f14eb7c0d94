"""Files of tables: which kind a file is by what it holds, and refused whole where it is none."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from rpa.adapters.cells import LIMITS, MEGABYTE, Limits, Table, refused
from rpa.adapters.delimited_text import read_text
from rpa.adapters.workbook import read_workbook
from rpa.domain.errors import UsageError

TEXT_ENDINGS = frozenset({".csv", ".tsv", ".txt", ""})
WORKBOOK_ENDINGS = frozenset({".xlsx", ".xlsm"})
LOCK_PREFIX = "~$"

_SAVE_AS = "Save it as XLSX or as CSV UTF-8."
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FOREIGN = {
    b"%PDF": "is a PDF",
    b"\x89PNG": "is a picture",
    b"\xff\xd8\xff": "is a picture",
    b"GIF8": "is a picture",
    b"\x1f\x8b": "is a packed file (gzip)",
    b"{\\rtf": "is a text document (RTF)",
}


def read_tables(path: Path, limits: Limits = LIMITS) -> tuple[Table, ...]:
    """The table of a CSV, or each visible sheet of a workbook that has content; UsageError where none."""
    return tables_in(path, read_content(path, limits), limits)


def tables_in(path: Path, content: bytes, limits: Limits = LIMITS) -> tuple[Table, ...]:
    """The same of a file whose bytes were read before."""
    for start, what in _FOREIGN.items():
        if content.startswith(start):
            raise refused(path, what, "Give the list of agents as XLSX or CSV.")
    if content.startswith(_OLD_OFFICE):
        raise _old_office(path, content)
    if content.startswith(b"PK"):
        return read_workbook(path, content, limits)
    suffix = path.suffix.lower()
    if suffix in WORKBOOK_ENDINGS:
        raise refused(path, "is named as a workbook, but is none or is damaged", f"{_SAVE_AS}")
    if suffix not in TEXT_ENDINGS:
        raise refused(path, f"is neither CSV nor XLSX but {suffix}", _SAVE_AS)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise refused(path, "is a web page or XML, not a CSV", f"Open it in Excel. {_SAVE_AS}")
    return (read_text(path, content, limits),)


def read_content(path: Path, limits: Limits = LIMITS) -> bytes:
    """The bytes of the file; UsageError where they cannot be read, are too many or none."""
    if path.name.startswith(LOCK_PREFIX):
        raise refused(path, "is Excel's own lock file", f"Name {path.name.removeprefix(LOCK_PREFIX)}.")
    try:
        if path.is_dir():
            raise refused(path, "is a folder", "Name a file in it.")
        if path.exists() and not path.is_file():
            raise refused(path, "is no ordinary file", "Name an XLSX or CSV file.")
        with path.open("rb") as file:
            content = file.read(limits.file_bytes + 1)
    except FileNotFoundError:
        raise _not_there(path) from None
    except PermissionError:
        mend = "Close it in Excel, or ask for the right to read it."
        raise refused(path, "may not be read: permission denied", mend) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise refused(path, f"cannot be read: {why}", "Check the name and the drive.") from None
    if len(content) > limits.file_bytes:
        most = f"{limits.file_bytes / MEGABYTE:.3g} MB"
        raise refused(path, f"is larger than {most}", "Keep only the list of agents in it.")
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise refused(path, "is empty", "Give a row of column names and a row for each agent.")
    return content


def _not_there(path: Path) -> UsageError:
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return refused(path, "was not found, nor its folder", "Check the folder's name.")
    near = get_close_matches(path.name, names, n=1)
    return refused(
        path, "was not found", f"Did you mean {near[0]}?" if near else "Check the name and the folder."
    )


def _old_office(path: Path, content: bytes) -> UsageError:
    if _ENCRYPTED in content:
        return refused(path, "is protected with a password", "Save it without a password.")
    return refused(path, "is an old Excel workbook (.xls) or another old Office file", "Save it as XLSX.")
