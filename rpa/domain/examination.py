"""What an examination of a site found, and what each finding means for the work; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

LITTLE_DRIFT = 60.0
MUCH_DRIFT = 15 * 60.0
SYNCED = (
    "onedrive",
    "dropbox",
    "icloud",
    "mobile documents",
    "google drive",
    "googledrive",
    "my drive",
    "box sync",
)
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "ncpfs"}
)
NETWORK |= {"9p", "glusterfs", "ceph", "unc", "fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.glusterfs"}
WRITING = ("extend", "clear-uptraining", "transfer", "undo")
EVERY = (*WRITING, "verify", "nightly")
FLOWS_OF: Mapping[str, tuple[str, ...]] = {
    "adp.custom_fields_panel": WRITING,
    "adp.home_department_panel": ("transfer",),
    "blackdash.": ("extend", "clear-uptraining", "transfer", "verify", "nightly"),
    "adp.": EVERY,
}


class Level(StrEnum):
    """What a finding means: nothing to do, something to know, something to mend first."""

    OK = "ok"
    WARNING = "warning"
    BLOCKING = "blocking"


class Found(StrEnum):
    """What was seen in the place of a declared locator."""

    ONE = "one match"
    NONE = "no match"
    SEVERAL = "several matches"
    HIDDEN = "hidden"
    WRONG = "another one"
    NOT_REACHED = "not reached"
    NOT_NOW = "not now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was examined; `lines` are ready for portals.toml, `snapshot` shows the region."""

    subject: str
    level: Level
    what: str
    next_step: str = ""
    lines: tuple[str, ...] = ()
    snapshot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What was seen of one declared locator; `why` explains what is not simply there or not there."""

    name: str
    found: Found
    why: str = ""
    lines: tuple[str, ...] = ()
    snapshot: str = ""


def judged(sighting: Sighting) -> Finding:
    """The finding that a sighting comes to."""
    misses = {Found.NONE, Found.SEVERAL, Found.HIDDEN, Found.WRONG}
    level = {Found.ONE: Level.OK, Found.NOT_NOW: Level.OK, Found.NOT_REACHED: Level.WARNING}
    what = sighting.found.value + (f": {sighting.why}" if sighting.why else "")
    mend = f"Mend it with: rpa calibrate {sighting.name}"
    if sighting.lines:
        mend = f"Put the right one of these lines into portals.toml, or: rpa calibrate {sighting.name}"
    return Finding(
        subject=sighting.name,
        level=level.get(sighting.found, Level.BLOCKING),
        what=what,
        next_step=mend if sighting.found in misses else "",
        lines=sighting.lines,
        snapshot=sighting.snapshot,
    )


def exit_code(findings: Iterable[Finding]) -> int:
    """0 all good, 1 warnings, 2 something blocks."""
    weight = {Level.OK: 0, Level.WARNING: 1, Level.BLOCKING: 2}
    return max((weight[finding.level] for finding in findings), default=0)


def flows_touched(missing: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The flows that cannot work while these declared names find nothing, each with what it misses."""
    touched: dict[str, list[str]] = {}
    for name in missing:
        flows = next((flows for prefix, flows in FLOWS_OF.items() if name.startswith(prefix)), ())
        for flow in flows:
            touched.setdefault(flow, []).append(name)
    return {flow: tuple(names) for flow, names in touched.items()}


def judge_folder(folder: PurePath, filesystem: str) -> Finding:
    """Whether the state folder is on a disk of this machine and is not copied elsewhere behind its back."""
    wanted = "Set RPA_STATE_DIR to a folder on a disk of this machine that no program synchronises."
    synced = next((part for part in folder.parts if part.casefold().startswith(SYNCED)), "")
    if synced or "CloudStorage" in folder.parts:
        what = (
            f"{folder} is synchronised ({synced or 'CloudStorage'}): the journal would be copied half written"
        )
        return Finding(subject="state folder", level=Level.BLOCKING, what=what, next_step=wanted)
    if filesystem in NETWORK or str(folder).startswith(("\\\\", "//")):
        what = f"{folder} is on a network drive ({filesystem or 'UNC'}), where SQLite cannot lock its file"
        return Finding(subject="state folder", level=Level.BLOCKING, what=what, next_step=wanted)
    return Finding(subject="state folder", level=Level.OK, what=f"{folder} ({filesystem or 'local'})")


def judge_clock(drift: float) -> Finding:
    """Whether this machine's clock agrees with the portal's (seconds, positive where this one is ahead)."""
    side = "ahead of" if drift > 0 else "behind"
    told = f"this machine's clock is {abs(drift):.0f} seconds {side} the portal's"
    mend = "Set the machine's clock by the network; end dates are counted from its day."
    if abs(drift) >= MUCH_DRIFT:
        return Finding(subject="clock", level=Level.BLOCKING, what=told, next_step=mend)
    if abs(drift) >= LITTLE_DRIFT:
        return Finding(subject="clock", level=Level.WARNING, what=told, next_step=mend)
    return Finding(subject="clock", level=Level.OK, what="agrees with the portal's")
