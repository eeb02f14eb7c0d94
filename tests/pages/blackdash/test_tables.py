from __future__ import annotations

import pytest

from rpa.domain.errors import PortalFailed
from rpa.pages.blackdash.tables import read_table

HEADINGS = ["Class", " Agents ", ""]


def test_columns_are_found_by_their_headings() -> None:
    """Whatever the order of the columns, a value is read under its heading; a dash is nothing."""
    cells = ["Aetna", "3", "x", "\u2013", " 0 ", "x"]
    rows = read_table("Classes", HEADINGS, cells, {"agents": "Agents", "name": "Class"})
    assert rows == [{"agents": "3", "name": "Aetna"}, {"agents": "0", "name": ""}]


def test_a_missing_column_is_told() -> None:
    """A heading that the table does not have, or has twice, is named."""
    for headings in (["Class"], ["Agents", "Agents"]):
        with pytest.raises(PortalFailed, match="'Agents'"):
            read_table("Classes", headings, [], {"agents": "Agents"})


def test_a_row_with_cells_missing_is_not_read() -> None:
    """Cells that do not fill whole rows cannot be told apart, so none is read."""
    with pytest.raises(PortalFailed, match="cells missing"):
        read_table("Classes", HEADINGS, ["Aetna", "3"], {"name": "Class"})
