"""What findings mean."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from rpa.domain.examination import (
    Finding,
    Found,
    Level,
    Sighting,
    exit_code,
    flows_touched,
    judge_clock,
    judge_folder,
    judged,
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


def test_only_the_flows_that_miss_something_are_touched() -> None:
    """A panel that only writers open does not stop a reader; a list that all go through stops all."""
    assert "verify" not in flows_touched(["adp.custom_fields_panel.done"])
    assert flows_touched(["adp.custom_fields_panel.done"])["extend"] == ("adp.custom_fields_panel.done",)
    assert set(flows_touched(["adp.people_page.search"])) >= {"extend", "verify", "transfer"}
    assert "undo" not in flows_touched(["blackdash.classes_page.table"])


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
