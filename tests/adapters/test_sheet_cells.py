"""A sheet's cells by patterns: the same that a parser of XML tells, and nothing beside them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from html import unescape
from io import BytesIO
from itertools import product
from typing import NamedTuple
from xml.parsers import expat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rpa.adapters.cells import LIMITS, Limits, index
from rpa.adapters.shared_texts import shared_lengths
from rpa.adapters.sheet_cells import CellTag, SheetXml
from rpa.adapters.sheet_places import SheetPlaces
from rpa.adapters.sheet_scan import SheetScan
from rpa.adapters.sound_xml import tags_named
from rpa.adapters.workbook_xml import Malformed
from tests.adapters.rich_workbooks import RICH, Rich

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"


class Told(NamedTuple):
    """A cell as the parser tells it."""

    row: int
    column: int
    style: str
    type: str
    value: str | None
    has_formula: bool
    begin: int
    end: int


class Oracle:
    """The cells of a sheet as expat calls them out, by no means quickly."""

    def __init__(self, xml: bytes) -> None:
        self.cells: list[Told] = []
        self._xml = xml
        self._row, self._column = 0, -1
        self._has: dict[str, str] = {}
        self._begin = 0
        self._value: str | None = None
        self._in_value = self._has_formula = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.Parse(xml, True)  # noqa: FBT003 - expat takes no name

    def _start(self, tag: str, has: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self._row, self._column = int(has.get("r", self._row + 1)), -1
        elif name == "c":
            self._has, self._begin = has, self._parser.CurrentByteIndex
            self._value, self._has_formula = None, False
        elif name == "f":
            self._has_formula = True
        elif name == "is":
            self._value = self._value or ""
        elif name in {"v", "t"}:
            self._in_value, self._value = True, self._value or ""

    def _text(self, text: str) -> None:
        if self._in_value:
            self._value = (self._value or "") + text

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in {"v", "t"}:
            self._in_value = False
        if name != "c":
            return
        at = self._parser.CurrentByteIndex
        # Of an empty element expat tells where it is over, of another where its end tag begins.
        end = self._xml.index(b">", at) + 1 if self._xml.startswith(f"</{tag}".encode(), at) else at
        reference = self._has.get("r")
        if reference:
            letters = reference.rstrip("0123456789")
            self._column = index(letters)
            row = int(reference.removeprefix(letters))
        else:
            self._column += 1
            row = self._row
        has, place = self._has, (row, self._column)
        self.cells.append(
            Told(
                *place, has.get("s", "0"), has.get("t", "n"), self._value, self._has_formula, self._begin, end
            )
        )


def meant(cell: CellTag) -> Told:
    value = None if cell.value is None else unescape(cell.value.decode())
    style, kind = cell.style.decode(), cell.type.decode()
    return Told(cell.row, cell.column, style, kind, value, cell.formula is not None, cell.begin, cell.end)


def found(xml: bytes) -> list[Told]:
    sheet = SheetXml(xml)
    return [meant(cell) for row in sheet.rows() for cell in sheet.cells(row)]


def sheet(data: str, *, prefix: str = "", before: str = "", after: str = "") -> bytes:
    """A sheet with these rows, and what stands before and after them."""
    colon = f"{prefix}:" if prefix else ""
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{colon}worksheet {declared}="{SPACE}" xmlns:xdr="{DRAWING}">{before}'
        f"<{colon}sheetData>{data}</{colon}sheetData>{after}</{colon}worksheet>"
    ).encode()


# What may stand wherever no value stands, and is easily taken for a cell.
NOISE = st.sampled_from(
    ["", "", "", " ", "\n\t", "<!-- <c r='A1'><v>9</v></c> -->", "<?c <row r='7'>?>", "<!---->", "<?x?>"]
)
TEXTS = st.one_of(
    st.sampled_from(
        ["1", "", "a &lt;c r=&quot;A1&quot;&gt;", "&#65;", "é", "a > b", "'\"", "row ", " count='x'"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&]\ufffe\uffff"), max_size=6),
).map(lambda text: text.replace("<", "&lt;"))


def quoted(value: str, quote: str) -> str:
    return f"{quote}{value}{quote}"


@st.composite
def attributes(draw: st.DrawFn, name: str | None) -> str:
    """Attributes of a cell in any order and writing, some of which say nothing to anybody."""
    has = {"r": name} if name else {}
    if draw(st.booleans()):
        has["s"] = draw(st.sampled_from(["0", "1", "27"]))
    if draw(st.booleans()):
        has["t"] = draw(st.sampled_from(["s", "str", "inlineStr", "b", "e", "n"]))
    for odd in draw(st.lists(st.sampled_from(["cm", "xdr:r", "ph", "x"]), unique=True, max_size=2)):
        has[odd] = draw(st.sampled_from(["1", "a > b", "/", "r='B2' t='e'", "<c/>".replace("<", "&lt;")]))
    names = draw(st.permutations(list(has))) if draw(st.booleans()) else list(has)
    space = draw(st.sampled_from([" ", " ", " ", "\n", "  "]))
    equals = draw(st.sampled_from(["=", "=", "=", " = "]))
    quote = draw(st.sampled_from('""\''))
    written = [f"{space}{one}{equals}" + quoted(has[one].replace(quote, ""), quote) for one in names]
    return "".join(written) + draw(st.sampled_from(["", "", "", " "]))


@st.composite
def contents(draw: st.DrawFn, prefix: str) -> str:
    """What a cell holds: formulas, values, texts with formats, marked sections, in any mixture."""
    text = draw(TEXTS)
    marked = draw(st.sampled_from(["7", "<v>8</v>", "a ]] b", "&amp;"]))
    value = draw(
        st.sampled_from(
            [
                "", "<{p}v/>", "<{p}v></{p}v>",
                "<{p}is/>", "<{p}is><{p}phoneticPr/></{p}is>", "<{p}v>{text}</{p}v>", "<{p}v>{text}</{p}v>",
                "<{p}v xml:space='preserve'>{text}</{p}v>", "<{p}v>1<!-- 2 -->3</{p}v>",
                "<{p}v><![CDATA[{marked}]]></{p}v>", "<{p}is><{p}t>{text}</{p}t></{p}is>",
                "<{p}is><{p}r><{p}rPr/><{p}t>{text}</{p}t></{p}r><{p}r><{p}t>b</{p}t></{p}r></{p}is>",
            ]
        )
    )  # fmt: skip
    formula = draw(
        st.sampled_from(["", "", "", "<{p}f>A1</{p}f>", "<{p}f/>", "<{p}f t='array' ref='B2'>1</{p}f>"])
    )
    noise = draw(st.sampled_from(["", "", "", " ", "<!-- </c> -->"]))
    return (noise + formula + noise + value + noise).format(p=prefix, text=text, marked=marked)


@st.composite
def any_cells(draw: st.DrawFn, prefix: str, number: int) -> str:
    """A cell with or without a name, written as XML allows it."""
    column = draw(st.sampled_from(["A", "B", "c", "AA", "XFD"]))
    tag = draw(attributes(f"{column}{number}" if draw(st.integers(0, 4)) else None))
    inside = draw(contents(prefix))
    if not inside and draw(st.booleans()):
        return f"<{prefix}c{tag}/>"
    return f"<{prefix}c{tag}>{inside}</{prefix}c>"


@st.composite
def plain_cells(draw: st.DrawFn, prefix: str, number: int) -> str:
    """A cell as most programs write it, or all but."""
    column = draw(st.sampled_from(["A", "B", "XFD"]))
    style = draw(st.sampled_from(["", "", ' s="1"', ' s="27"']))
    kind = draw(st.sampled_from(["", ' t="s"', ' t="s"', ' t="str"', ' t="b"', ' t="e"']))
    more = draw(st.sampled_from([""] * 5 + [' s="2"', ' t="e"', ' x="1"', """ x=' r="A1"'"""]))
    if more.strip()[:2] in f"{style}{kind}":
        more = ""
    value = draw(
        st.sampled_from(["", "<{p}v>1</{p}v>", "<{p}v>0</{p}v>", "<{p}v>2.5</{p}v>", "<{p}v></{p}v>"])
    )
    ending = f">{value.format(p=prefix)}</{prefix}c>" if value else draw(st.sampled_from(["/>", " />"]))
    return f'<{prefix}c r="{column}{number}"{style}{kind}{more}{ending}'


@st.composite
def sheets(draw: st.DrawFn) -> bytes:
    """Any sheet that is sound: rows and cells with and without names, with what hides between them."""
    name = draw(st.sampled_from(["", "", "x", "xé"]))
    prefix = f"{name}:" if name else ""
    rows, number = [], 0
    for _ in range(draw(st.integers(0, 3))):
        step = draw(st.integers(1, 3))
        number += step
        is_plain = draw(st.booleans())
        cells = []
        for _ in range(draw(st.integers(0, 4))):
            if is_plain and draw(st.integers(0, 9)):
                cells.append(draw(plain_cells(prefix, number)))
            else:
                cells += [draw(any_cells(prefix, number)), draw(NOISE)]
        named = [f' r="{number}"', f" spans='1:3' r='{number}'", f'\nr="{number}" x=">"']
        has = draw(st.sampled_from(named if step > 1 else ["", *named]))
        rows.append(f"<{prefix}row{has}>{''.join(cells)}</{prefix}row>" if cells else f"<{prefix}row{has}/>")
        rows.append(draw(NOISE))
    return sheet(
        draw(NOISE) + "".join(rows),
        prefix=name,
        before=draw(st.sampled_from(["", f"<{prefix}dimension ref='A1'/>", "<!-- <sheetData> -->"])),
        after=draw(st.sampled_from(["", "<xdr:from><xdr:row>1</xdr:row><xdr:col>2</xdr:col></xdr:from>"])),
    )


@settings(max_examples=400, deadline=None)
@given(xml=sheets())
def test_any_sheet_is_read_as_a_parser_reads_it(xml: bytes) -> None:
    """However a cell is written, its place, style, type, value and bytes are those that a parser tells."""
    spaces = re.compile(r"\s+")

    def compared(cells: list[Told]) -> list[Told]:
        """Blanks stand for the marks of a section and for a comment, and its signs for others."""
        return [
            cell._replace(value=cell.value and spaces.sub("", re.sub("[<>&_]", "_", cell.value)))
            for cell in cells
        ]

    assert compared(found(xml)) == compared(Oracle(xml).cells)


def sheets_of(content: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        yield from (archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name)


@pytest.mark.parametrize("rich", RICH, ids=lambda rich: rich.name)
def test_every_rich_workbook_is_read_as_a_parser_reads_it(rich: Rich) -> None:
    """What three programs write, cell by cell."""
    cells = [Oracle(xml).cells for xml in sheets_of(rich.build())]
    assert [found(xml) for xml in sheets_of(rich.build())] == cells
    assert sum(map(len, cells)) > 10


@settings(max_examples=200, deadline=None)
@given(xml=sheets())
def test_a_row_at_once_says_what_its_cells_say(xml: bytes) -> None:
    """Where a row is read at once, it has the columns, styles, types and values of its cells."""
    one = SheetXml(xml)
    for row in one.rows():
        if plain := one.plain_row(row):
            cells = list(one.cells(row))
            assert [index(letters.decode()) for letters in plain.letters] == [cell.column for cell in cells]
            assert [style or b"0" for style in plain.styles] == [cell.style for cell in cells]
            assert [kind or b"n" for kind in plain.types] == [cell.type for cell in cells]
            assert [value or None for value in plain.values] == [cell.value for cell in cells]
            assert {cell.row for cell in cells} == {row.number}
            assert not any(cell.formula for cell in cells)


@settings(max_examples=200, deadline=None)
@given(xml=sheets(), limits=st.sampled_from([LIMITS, Limits(text=20), Limits(cells=8)]))
def test_a_scan_tells_the_same_of_rows_at_once_and_of_single_cells(xml: bytes, limits: Limits) -> None:
    """Reading a row at once is only a short cut: extent, errors, zeros and limits do not change by it."""
    quick = SheetScan(xml, [3, 4], limits, {27: 5})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SheetXml, "plain_row", lambda _self, _row: None)
        slow = SheetScan(xml, [3, 4], limits, {27: 5})
    assert told(quick) == told(slow)


def told(scan: SheetScan) -> Mapping[str, object]:
    names = ("last_row", "last_column", "hidden_rows", "bad", "padded", "too_big")
    # Where a limit is met, how far the scan had come by then is nobody's concern.
    return {name: getattr(scan, name) for name in (names[-1:] if scan.too_big else names)}


@settings(max_examples=200, deadline=None)
@given(xml=sheets(), row=st.integers(1, 6), name=st.sampled_from(["A", "B", "C", "AA", "XFD"]))
def test_a_wanted_cell_is_found_where_it_stands(xml: bytes, row: int, name: str) -> None:
    """A single cell is found by its name, however it is written; where there is none, none is found."""
    wanted = (row, index(name))
    cells = [(cell.begin, cell.end) for cell in SheetPlaces(xml, [wanted]).cells.values()]
    here = [(cell.begin, cell.end) for cell in Oracle(xml).cells if (cell.row, cell.column) == wanted]
    assert len(cells) == bool(here)
    assert set(cells) <= set(here)


ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
FAR = '<c r="XFD1"><v>1</v></c>'


@pytest.mark.parametrize(
    "data",
    [
        f'<row r="1"><c r="A1">{FAR}<v>1</v></c></row>',
        f'<row r="1"><c r="A1"><x>{FAR}</x></c></row>',
        f'<row r="1"><c r="A1"><row>{FAR}</row></c></row>',
        f'<row r="1"><row r="2">{FAR}</row></row>',
        f'<row r="1"><x><row r="2"/></x>{FAR}</row>',
        f"{FAR}{ROW}",
        f"{ROW}{FAR}",
        f'<row r="1"/>{FAR}{ROW}',
        f'<row r="1"/>{FAR}',
        f"<x>{ROW}</x>{FAR}",
        f"{ROW}<sheetData>{FAR}</sheetData>",
        f"{ROW}</sheetData><sheetData>{ROW}{FAR}",
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><:c r="XFD1"><v>1</v></:c></row>',
        '<:row r="1"><c r="XFD1"><v>1</v></c></:row>',
        '<row r="1"><c r="A1"><:f>1+1</:f></c></row>',
        f"{ROW}</sheetData><:sheetData>{ROW}</:sheetData><sheetData>",
        '<row r="1"><c r="A1B2"><v>1</v></c></row>',
        '<row r="1"><c r="ABCD1"><v>1</v></c></row>',
        '<row r="1"><c r="A12345678"><v>1</v></c></row>',
        '<row r="12345678"><c><v>1</v></c></row>',
        '<row r="-1"/>',
        '<row r="x"/>',
    ],
)
def test_a_cell_in_no_place_for_one_is_never_passed_over(data: str) -> None:
    """Cells within cells, rows within rows, cells beside their rows: refused, as a reader might take them."""
    with pytest.raises(Malformed):
        SheetScan(sheet(data), [], LIMITS, {})


def test_another_attribute_is_no_name() -> None:
    """What looks like the name of a cell in another attribute names none."""
    xml = sheet("""<row r="1"><c x=' r="A1"' r="B1"/><c r="C1"/></row>""")
    assert not SheetPlaces(xml, [(1, 0)]).cells
    nameless = sheet("""<row r="2"><c r="B2"/><c x=' r="A2"'><v>9</v></c></row>""")
    assert not SheetPlaces(nameless, [(2, 0)]).cells
    assert len(SheetPlaces(xml, [(1, 1)]).cells) == 1


@pytest.mark.parametrize(
    ("cells", "extent", "bad", "padded"),
    [
        ('<c r="B2" t="s"><v>1</v></c><c r="C2"/><c r="D2" s="1"/>', (2, 2), 0, 0),
        ('<c r="A2"/><c r="B2" t="e"><v>#N/A</v></c>', (2, 2), 1, 0),
        ('<c r="A2"><f>1+1</f></c>', (2, 1), 1, 0),
        ('<c r="A2"><f>1+1</f><v>2</v></c>', (2, 1), 0, 0),
        ('<c r="A2"><f>1+1</f><v /></c>', (2, 1), 1, 0),
        ('<c r="A2"><f>1+1</f><v></v></c>', (2, 1), 1, 0),
        ('<c r="A2" t="str"><f>""</f><v></v></c>', (2, 1), 0, 0),
        ('<c r="A2"><v>1</v></c><c r="ZZ2" t="inlineStr"><is/></c>', (2, 702), 0, 0),
        ('<c r="A2" s="27"><v>7</v></c><c r="B2" s="27" t="s"><v>1</v></c><c r="C2" s="27"/>', (2, 2), 0, 1),
        (
            '<c r="A2" t="s"><v>99</v></c><c r="B2" t="s"><v>x</v></c><c r="C2" t="s"><v>-1</v></c>',
            (2, 3),
            0,
            0,
        ),
        ('<c r="A2" x="1" t="e"><v>#N/A</v></c>', (2, 1), 1, 0),
        ('<c r="A2" t="n" s="27"><v>7</v></c>', (2, 1), 0, 1),
        ('<c r="D2"><v>1</v></c><c r="B2"><v>1</v></c>', (2, 4), 0, 0),
    ],
)
def test_what_a_scan_tells_of_a_row(cells: str, extent: tuple[int, int], bad: int, padded: int) -> None:
    """Only what holds something counts for the extent; errors, lost results and leading zeros are told."""
    scan = SheetScan(sheet(f'<row r="2">{cells}</row>'), [3, 4], LIMITS, {27: 5})
    assert (scan.last_row, scan.last_column) == extent
    assert (len(scan.bad), len(scan.padded)) == (bad, padded)


def test_a_row_without_a_number_has_that_of_its_first_cell() -> None:
    """Some programs name the cells alone, and leave out empty rows."""
    cells = found(sheet('<row><c r="B1"/></row><row><c r="A4"/><c/></row><row><c/></row>'))
    assert [(cell.row, cell.column) for cell in cells] == [(1, 1), (4, 0), (4, 1), (5, 0)]


@pytest.mark.parametrize("index_", ["x", "-1", "1e0", "99", "0x1", "1_0", "9" * 5000])
def test_a_shared_text_that_is_none_counts_as_the_longest(index_: str) -> None:
    """A parser takes what is no number of a text for one of them, so that many such cells can be a bomb."""
    row = f'<row r="1"><c r="A1" t="s"><v>{index_}</v></c><c r="B1" t="s"><v>1</v></c></row>'
    assert SheetScan(sheet(row), [9_000, 1], Limits(text=9_000), {}).too_big == "too much text"


LONG = 200_000


@pytest.mark.parametrize(
    "xml",
    [
        sheet(f'<row r="1"><c r="A1" t="str"><v>{"row " * LONG}</v></c></row>'),
        sheet(f'<row r="1"><c r="A1" t="str"><v>{":row " * (10 * LONG)}</v></c></row>'),
        sheet(f'<row r="1"><c r="A1" t="str"><v>{"count= f col sheetData " * LONG}</v></c></row>'),
        sheet(ROW, before=f'<y a="{"count= row " * LONG}"/>'),
        sheet(f'<row a="1"{" " * LONG}><row/></row>'),
        sheet(f'<row r="1"><c r="A1"{" " * LONG}>{" " * LONG}</c></row>'),
    ],
    ids=["row", "prefixes", "count", "attribute", "blanks", "blanks in a cell"],
)
@pytest.mark.timeout(60)  # a pattern that goes back for each hit takes hours
def test_no_sheet_takes_long(xml: bytes) -> None:
    """Words and blanks by the thousand are passed over once each."""
    with suppress(Malformed):  # a row within another is none, and that is told as soon
        SheetPlaces(xml, [(1, 0)])
    assert not any(tags_named(b"f", xml))


@pytest.mark.parametrize("element", ["sheetProtection sheet='1'", "mergeCell ref='A1:B1'"])
def test_what_forbids_a_write_does_so_by_any_prefix(element: str) -> None:
    """A sheet may have several prefixes for its namespace, and none of them hides a protection."""
    places = SheetPlaces(sheet(ROW, after=f"<q:{element} xmlns:q='{SPACE}'/>"), [(1, 0)])
    assert places.is_protected or places.merged


@pytest.mark.parametrize(
    "cell", ['<c r="A1" t="s"><v>1</v></c>', f'<c r="A1" t="str"><v>{"x" * 32_768}</v></c>']
)
def test_a_text_longer_than_excel_can_hold_is_too_big(cell: str) -> None:
    """Whether the cell has the text itself or shares it."""
    assert "longer" in SheetScan(sheet(f'<row r="1">{cell}</row>'), [1, 32_768], LIMITS, {}).too_big


@pytest.mark.parametrize(
    ("has", "cell"),
    list(
        product(
            ["r='XFD9'", 'x="a>b" r="XFD9"', "r = 'XFD9'", 'r="&#88;FD9"', "\nr='XFD9'\n"],
            ["<c {}><v>1</v></c>", "<c {} t='str'><f/><v>1</v></c>", "<x:c {} xmlns:x='y'><v>1</v></x:c>"],
        )
    ),
)
def test_a_far_cell_counts_however_it_is_written(has: str, cell: str) -> None:
    """A parser of workbooks makes room up to the last cell: its name is read in every writing."""
    scan = SheetScan(sheet(f'<row r="9">{cell.format(has)}</row>'), [], LIMITS, {})
    assert (scan.last_row, scan.last_column) == (9, 16_384)
    assert SheetScan(sheet(f'<row r="9">{cell.format(has)}</row>'), [], Limits(cells=9), {}).too_big


@pytest.mark.parametrize(
    "element",
    ["<cols count='9999999'/>", '<x uniqueCount = "1e9"/>', "<x a='>' count=\"-1\"/>", "<x:y count='x'/>"],
)
def test_what_announces_too_much_is_refused(element: str) -> None:
    """A count beyond all limits is refused in any element, and is only a text in a text."""
    with pytest.raises(Malformed, match="announces"):
        SheetXml(sheet("", before=element.replace("x:y", "xdr:y")))
    SheetXml(sheet('<row r="1"><c r="A1" t="str"><v> a count="9999999" b</v></c></row>'))


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (sheet(ROW).decode().replace("UTF-8", "UTF-16").encode("utf-16"), "UTF-16"),
        (sheet(ROW).replace(b"UTF-8", b"cp500"), "cannot be read"),
        (sheet(ROW).replace(b"UTF-8", b"cp864"), "unknown encoding"),
        (sheet(ROW)[:-3], "cannot be read"),
        (sheet(ROW).replace(b"<worksheet", b"<!DOCTYPE x><worksheet"), "document type"),
    ],
)
def test_xml_that_others_would_read_otherwise_is_refused(xml: bytes, why: str) -> None:
    """No cell is looked for in letters that are not those of ASCII, nor in XML that is not sound."""
    with pytest.raises(Malformed, match=why):
        SheetXml(xml)


def strings(inside: str) -> bytes:
    return f'<sst xmlns="{SPACE}">{inside}</sst>'.encode()


def test_shared_texts_have_the_length_of_what_is_meant() -> None:
    """Formats, phonetic signs, entities, comments and empty texts do not change which text is which."""
    xml = strings(
        "<si><t>abc</t></si><si/><si><t/></si><si><t xml:space='preserve'> a </t></si>"
        "<si><r><rPr/><t>ab</t></r><r><t>c</t></r></si><si><t>&amp;é</t></si><!-- <si/> --><si><t>z</t></si>"
    )
    assert shared_lengths(xml) == [3, 0, 0, 3, 3, 2, 1]
    with pytest.raises(Malformed, match="within another"):
        shared_lengths(strings("<si><si/><t>a</t></si>"))
