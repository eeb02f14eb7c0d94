"""What findings mean."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from rpa.domain.examination import (
    EVERY,
    HEADCOUNT,
    WRITING,
    Finding,
    Found,
    Level,
    Sighting,
    exit_code,
    flows_touched,
    judge_clock,
    judge_folder,
    judged,
    still_missing,
)


@pytest.mark.parametrize(
    ("found", "level"),
    [
        (Found.ONE, Level.OK),
        (Found.NOT_NOW, Level.OK),
        (Found.NOT_REACHED, Level.WARNING),
        (Found.NONE, Level.BLOCKING),
        (Found.SEVERAL, Level.BLOCKING),
        (Found.HIDDEN, Level.BLOCKING),
        (Found.WRONG, Level.BLOCKING),
    ],
)
def test_what_is_seen_has_its_weight(found: Found, level: Level) -> None:
    """Only one match is good; what was not seen is a warning; all else blocks, and says what to do."""
    finding = judged(Sighting(name="adp.menu.people_button", found=found))
    assert finding.level is level
    assert bool(finding.next_step) is (level is Level.BLOCKING)


def test_exit_code_is_the_worst_finding() -> None:
    """One thing that blocks is exit 2, however much is good."""
    levels = [Finding(subject="x", level=level, what="") for level in Level]
    assert [exit_code(levels[:count]) for count in range(4)] == [0, 0, 1, 2]


@pytest.mark.parametrize(
    ("missing", "refused"),
    [
        ("adp.custom_fields_panel.done", WRITING),
        ("adp.custom_fields_card.edit_button", WRITING),
        ("adp.custom_fields_card.panel", WRITING),
        ("adp.custom_fields_card.esp_end_date", EVERY),
        ("adp.people_page.search", EVERY),
        ("adp.home_department_panel.options", HEADCOUNT),
        ("adp.position_card.edit_button", HEADCOUNT),
        ("adp.position_card.panel", HEADCOUNT),
        ("adp.position_card.home_department", (*HEADCOUNT, "verify")),
        ("adp.employee_page.position_region", (*HEADCOUNT, "verify")),
        ("blackdash.classes_page.table", ("extend", "clear-uptraining", "transfer", "verify")),
    ],
)
def test_only_the_flows_that_miss_something_are_touched(missing: str, refused: tuple[str, ...]) -> None:
    """A panel that only writers open does not stop a reader; a list that all go through stops all."""
    assert flows_touched([missing]) == dict.fromkeys(refused, (missing,))


def seen(**found: Found) -> list[Finding]:
    """What an examination found of these locators."""
    return [judged(Sighting(name=name, found=one)) for name, one in found.items()]


def test_what_was_missing_and_is_not_reached_is_missing_still() -> None:
    """An examination that ends early forgets nothing; one that sees a locator again lets its flows go."""
    portal = Finding(subject="ADP", level=Level.BLOCKING, what="did not answer")
    assert still_missing(["a", "b", "c"], [portal]) == ["a", "b", "c"]
    findings = seen(a=Found.ONE, b=Found.NOT_REACHED, c=Found.NOT_NOW, d=Found.HIDDEN, e=Found.NOT_REACHED)
    assert still_missing(["a", "b", "c"], findings) == ["b", "d"]


@pytest.mark.parametrize(
    ("folder", "filesystem", "level"),
    [
        (PurePosixPath("/home/m/.local/state/esp-rpa"), "ext4", Level.OK),
        (PureWindowsPath(r"C:\Users\m\OneDrive - Example\rpa"), "", Level.BLOCKING),
        (PureWindowsPath(r"C:\Users\m\Dropbox\rpa"), "", Level.BLOCKING),
        (PurePosixPath("/Users/m/Library/Mobile Documents/rpa"), "apfs", Level.BLOCKING),
        (PurePosixPath("/Users/m/Library/CloudStorage/GoogleDrive-m/rpa"), "apfs", Level.BLOCKING),
        (PureWindowsPath(r"G:\My Drive\rpa"), "", Level.BLOCKING),
        (PureWindowsPath(r"\\server\share\rpa"), "", Level.BLOCKING),
        (PurePosixPath("/mnt/share/rpa"), "nfs4", Level.BLOCKING),
        (PurePosixPath("/mnt/share/rpa"), "cifs", Level.BLOCKING),
        (PurePosixPath("/home/m/dropped/rpa"), "xfs", Level.OK),
        (PurePosixPath("/home/m/Nextcloud/rpa"), "ext4", Level.BLOCKING),
        (PurePosixPath("/Users/m/Box/rpa"), "apfs", Level.BLOCKING),
        (PurePosixPath("/home/m/boxes/rpa"), "ext4", Level.OK),
        (PureWindowsPath(r"C:\Users\m\Example\Team - Documents\rpa"), "", Level.BLOCKING),
        (PurePosixPath("/run/user/1000/gvfs/share/rpa"), "fuse.gvfsd-fuse", Level.BLOCKING),
        (PurePosixPath("/mnt/bucket/rpa"), "fuse.s3fs", Level.BLOCKING),
        (PurePosixPath("/mnt/disk/rpa"), "fuse.ntfs-3g", Level.OK),
        (PurePosixPath("/mnt/disk/rpa"), "fuseblk", Level.OK),
        (PurePosixPath("/scratch/rpa"), "lustre", Level.BLOCKING),
        (PurePosixPath("/media/sf_x/rpa"), "vboxsf", Level.BLOCKING),
    ],
)
def test_state_folder_is_local_and_not_synchronised(
    folder: PurePosixPath, filesystem: str, level: Level
) -> None:
    """A journal that is copied by another program, or locked over a network, is not one."""
    assert judge_folder(folder, filesystem).level is level


@pytest.mark.parametrize(
    ("drift", "level"), [(0, Level.OK), (-59, Level.OK), (61, Level.WARNING), (-901, Level.BLOCKING)]
)
def test_clock_is_compared_with_the_portals(drift: float, level: Level) -> None:
    """A minute is worth a word; a quarter of an hour may be another day."""
    assert judge_clock(drift).level is level
