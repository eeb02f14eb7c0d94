"""What an examination of a site found, and what each finding means for the work; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

LITTLE_DRIFT = 60.0
MUCH_DRIFT = 15 * 60.0
# Folders of programs that copy files elsewhere: by how their names begin, and by words anywhere in them.
SYNCED: tuple[str, ...] = (
    "onedrive",
    "dropbox",
    "icloud",
    "mobile documents",
    "google drive",
    "googledrive",
    "my drive",
)
SYNCED += ("box sync", "nextcloud", "owncloud", "sharepoint", "megasync", "syncthing", "pcloud")
SYNCED_EXACTLY = frozenset({"box", "mega", "cloudstorage"})
SYNCED_WORDS = (" - documents", " - dokumente", "sharepoint", "davwwwroot")
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "ncpfs"}
)
NETWORK |= {"9p", "glusterfs", "ceph", "unc", "afs", "lustre", "gpfs", "beegfs"}
NETWORK |= {"vboxsf", "vmhgfs", "prl_fs", "macfuse", "osxfuse"}
# Below `fuse.` stands nearly always a service elsewhere; these are disks of this machine.
LOCAL_FUSE = frozenset({"fuse.ntfs-3g", "fuse.ntfs", "fuse.exfat", "fuse.ext2", "fuse.overlayfs"})
LOCAL_FUSE |= {"fuse.fuse-overlayfs", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs", "fuse.mergerfs"}
UNDO_TRANSFER = "undo of a transfer"
HEADCOUNT = ("transfer", UNDO_TRANSFER)
WRITING = ("extend", "clear-uptraining", "transfer", "undo", UNDO_TRANSFER)
EVERY = (*WRITING, "verify")
# The first beginning that fits counts. The nightly check is never refused: what it cannot read is a gap.
FLOWS_OF: Mapping[str, tuple[str, ...]] = {
    "adp.custom_fields_panel.": WRITING,
    "adp.custom_fields_card.edit_button": WRITING,
    "adp.custom_fields_card.panel": WRITING,
    "adp.home_department_panel.": HEADCOUNT,
    "adp.position_card.edit_button": HEADCOUNT,
    "adp.position_card.panel": HEADCOUNT,
    "adp.position_card.": (*HEADCOUNT, "verify"),
    "adp.employee_page.position_region": (*HEADCOUNT, "verify"),
    "blackdash.": ("extend", "clear-uptraining", "transfer", "verify"),
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


MISSES = frozenset({Found.NONE, Found.SEVERAL, Found.HIDDEN, Found.WRONG})
VERDICTS = MISSES | {Found.ONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was examined; `lines` are ready for portals.toml, `snapshot` shows the region.

    `found` is what was seen of a declared locator, and None where the thing is no locator.
    """

    subject: str
    level: Level
    what: str
    next_step: str = ""
    lines: tuple[str, ...] = ()
    snapshot: str = ""
    found: Found | None = None


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
    level = {Found.ONE: Level.OK, Found.NOT_NOW: Level.OK, Found.NOT_REACHED: Level.WARNING}
    what = sighting.found.value + (f": {sighting.why}" if sighting.why else "")
    mend = f"Mend it with: rpa calibrate {sighting.name}"
    if sighting.lines:
        mend = f"Put the right one of these lines into portals.toml, or: rpa calibrate {sighting.name}"
    return Finding(
        subject=sighting.name,
        level=level.get(sighting.found, Level.BLOCKING),
        what=what,
        next_step=mend if sighting.found in MISSES else "",
        lines=sighting.lines,
        snapshot=sighting.snapshot,
        found=sighting.found,
    )


def exit_code(findings: Iterable[Finding]) -> int:
    """0 all good, 1 warnings, 2 something blocks."""
    weight = {Level.OK: 0, Level.WARNING: 1, Level.BLOCKING: 2}
    return max((weight[finding.level] for finding in findings), default=0)


def still_missing(before: Iterable[str], findings: Sequence[Finding]) -> list[str]:
    """The declared locators that are known to be missing, after an examination that may not have seen all.

    What was missing before and was not reached this time is missing still.
    """
    seen = {one.subject: one.found for one in findings if one.found}
    unseen = [name for name in before if seen.get(name, Found.NOT_REACHED) is Found.NOT_REACHED]
    return [*unseen, *(name for name, found in seen.items() if found in MISSES)]


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
    if synced := next(filter(_is_synced, folder.parts), ""):
        what = f"{folder} is synchronised ({synced}): the journal would be copied half written"
        return Finding(subject="state folder", level=Level.BLOCKING, what=what, next_step=wanted)
    if _is_network(filesystem) or str(folder).startswith(("\\\\", "//")):
        what = f"{folder} is on a network drive ({filesystem or 'UNC'}), where SQLite cannot lock its file"
        return Finding(subject="state folder", level=Level.BLOCKING, what=what, next_step=wanted)
    return Finding(subject="state folder", level=Level.OK, what=f"{folder} ({filesystem or 'local'})")


def _is_synced(part: str) -> bool:
    name = part.casefold()
    return name.startswith(SYNCED) or name in SYNCED_EXACTLY or any(word in name for word in SYNCED_WORDS)


def _is_network(filesystem: str) -> bool:
    is_fuse = filesystem.startswith("fuse.") and filesystem not in LOCAL_FUSE
    return filesystem in NETWORK or is_fuse


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
