"""On what kind of file system a folder is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path, PurePath


def filesystem_of(folder: Path) -> str:
    """The kind of file system, such as `ext4` or `nfs4`; empty where the machine does not tell."""
    folder = folder.resolve()
    if sys.platform == "win32":
        return "unc" if str(folder).startswith("\\\\") else ""
    table = Path("/proc/self/mounts")
    if table.is_file():
        return filesystem_in(table.read_text(encoding="utf-8", errors="replace"), folder)
    try:
        told = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=True, timeout=10).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    return filesystem_in(_as_mounts(told), folder)


def filesystem_in(mounts: str, folder: PurePath) -> str:
    """The kind in a table of lines `device folder kind …`: that of the deepest folder around this one."""
    found = ""
    deepest = -1
    for line in mounts.splitlines():
        device, place, kind, *_ = [*line.split(" "), "", "", ""]
        point = PurePath(place.replace(r"\040", " "))
        if device and folder.is_relative_to(point) and len(point.parts) >= deepest:
            found, deepest = kind, len(point.parts)
    return found


def _as_mounts(told: str) -> str:
    """What macOS tells, `//u@host/x on /Volumes/x (smbfs, nodev)`, in the form of /proc/self/mounts."""
    lines = []
    for line in told.splitlines():
        device, _, rest = line.partition(" on ")
        place, _, kinds = rest.rpartition(" (")
        lines.append(" ".join((device, place.replace(" ", r"\040"), kinds.split(",")[0])))
    return "\n".join(lines)
