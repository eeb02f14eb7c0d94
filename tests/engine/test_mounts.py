"""On what kind of file system a folder is."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from rpa.engine.mounts import filesystem_in, filesystem_of

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
//host/x /mnt/my\\040share cifs rw 0 0
/dev/sdb1 /home/me xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib", "ext4"),
        ("/home/you/x", "nfs4"),
        ("/home/me/x", "xfs"),
        ("/home/mea", "nfs4"),
        ("/mnt/my share/x", "cifs"),
    ],
)
def test_the_deepest_mount_counts(folder: str, kind: str) -> None:
    """A folder is on what is mounted nearest above it."""
    assert filesystem_in(MOUNTS, PurePosixPath(folder)) == kind


def test_this_machine_tells(tmp_path: Path) -> None:
    """The kind of a real folder is known, so that a network drive would be."""
    assert filesystem_of(tmp_path) not in {"nfs4", "cifs"}
