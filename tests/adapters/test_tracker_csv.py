"""CSV trackers: the fields that were asked for change, and no other byte does."""

from __future__ import annotations

import codecs
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rpa.adapters.tracker import Tracker
from rpa.adapters.tracker_columns import Layout
from rpa.domain.agents import EmployeeId
from rpa.domain.tracker_cells import TRANSFER, CellChange, CellOutcome

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def change(employee_id: str, value: str | date, field: str = TRANSFER, seen: str | None = None) -> CellChange:
    return CellChange(employee_id=EmployeeId(employee_id), field=field, value=value, seen=seen)


def after(folder: Path, content: bytes, *changes: CellChange) -> bytes:
    path = folder / "tracker.csv"
    path.write_bytes(content)
    results = Tracker(path=path, layout=Layout()).write(changes)
    assert {result.outcome for result in results} == {CellOutcome.WRITTEN}
    return path.read_bytes()


@pytest.mark.parametrize(
    ("before", "old", "new"),
    [
        (b'HEAD\r\n1001,"Smith, Ann",|\r\n1002,"B ""C""",x', b"", b"2026-11-23"),
        (b'HEAD\n1001,"two\nlines",|\n', b"", b"2026-11-23"),
        (b"HEAD\n1001|\n1002,,,\n", b"", b",,2026-11-23"),
        (b"HEAD\r1001,,|\r", b'"x"', b'"2026-11-23"'),
        (b"ESP tracker,,\n\nHEAD\n1001,,|\n1002,B,11/02/2026\n", b"", b"11/23/2026"),
        ("HEAD\n1001,José,|".encode("cp1252"), b"", b"2026-11-23"),
    ],
)
@pytest.mark.parametrize("delimiter", [b",", b";", b"\t"])
def test_one_field_changes(before: bytes, old: bytes, new: bytes, delimiter: bytes, tmp_path: Path) -> None:
    """Quotes, delimiters, line ends, short rows and the Windows code page stay as they were."""
    whole = before.replace(b"HEAD", b"Employee ID,Name,Transfer to Production")
    content, expected = (
        (b"sep=;\r\n" if delimiter == b";" else b"") + whole.replace(b"|", field).replace(b",", delimiter)
        for field in (old, new)
    )
    assert after(tmp_path, content, change("1001", date(2026, 11, 23))) == expected


@pytest.mark.parametrize(
    ("mark", "codec"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_encodings_and_their_marks_stay(mark: bytes, codec: str, tmp_path: Path) -> None:
    """A CSV with a byte order mark is written in the same encoding, with the mark."""
    text = "Employee ID,Name,Transfer to Production\r\n1001,Zoë,\r\n"
    expected = text.replace("Zoë,", 'Zoë,"a, ""b"""')
    found = after(tmp_path, mark + text.encode(codec), change("1001", 'a, "b"'))
    assert found == mark + expected.encode(codec)


def test_an_empty_value_clears_the_field(tmp_path: Path) -> None:
    """A transfer that was taken back leaves an empty field."""
    content = b'Employee ID,Transfer to Production\n1001,"x"\n'
    assert after(tmp_path, content, change("1001", "")) == content.replace(b'"x"', b'""')


def test_a_day_that_stands_there_already_is_unchanged(tmp_path: Path) -> None:
    """The same day in another way of writing is the same day."""
    path = tmp_path / "tracker.csv"
    path.write_bytes(b"Employee ID,Transfer to Production\n1001,11/23/2026\n")
    results = Tracker(path=path, layout=Layout()).write([change("1001", date(2026, 11, 23), seen="")])
    assert results[0].outcome is CellOutcome.UNCHANGED


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "日本"])
def test_what_a_csv_cannot_hold_safely_is_refused(text: str, tmp_path: Path) -> None:
    """In a CSV a text cannot be told from a formula; and a letter that its encoding lacks would be lost."""
    path = tmp_path / "tracker.csv"
    content = "Employee ID,Transfer to Production\n1001,é\n".encode("cp1252")
    path.write_bytes(content)
    (result,) = Tracker(path=path, layout=Layout()).write([change("1001", text)])
    assert result.outcome is CellOutcome.REFUSED
    assert path.read_bytes() == content


cells = st.text(st.sampled_from('ab",; \n\r\té'), max_size=6)


@FUZZ
@given(
    rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=5),
    end=st.sampled_from(["\n", "\r\n"]),
    value=st.text(st.sampled_from('xy",;\n é'), min_size=1).filter(lambda text: not text.isspace()),
)
def test_any_csv_keeps_its_other_fields(
    rows: list[tuple[str, str]], end: str, value: str, tmp_path: Path
) -> None:
    """Whatever stands around it, only the one field changes, and it reads back as it was meant."""

    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    def line(nth: int, row: tuple[str, str], field: str) -> str:
        return ",".join([quoted(row[0]), str(1000 + nth), field, quoted(row[1])])

    head = "Name,Employee ID,Notes,Site" + end
    lines = [line(nth, row, "") for nth, row in enumerate(rows)]
    content = after(tmp_path, (head + end.join(lines)).encode(), change(str(999 + len(rows)), value, "Notes"))
    plain = value if not set(value) & set('",\n') else quoted(value)
    lines[-1] = line(len(rows) - 1, rows[-1], plain)
    assert content == (head + end.join(lines)).encode()
