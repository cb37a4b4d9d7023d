"""A sheet read again after an edit by the rows that differ: it holds what it holds when it is read whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import poa_xl.books.samerows as again
from poa_xl.books.book import MemoryBook
from poa_xl.books.package import Package
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.moved import NewRow
from poa_xl.books.samerows import read_again
from poa_xl.books.sharedparts import shared_of
from poa_xl.books.sheetxml import read_sheet, read_workbook
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.spec import Cell, SheetSpec
from tests.plans import save, small

PAGE = "POA 2020"
Edits = dict[tuple[int, int], Cell | None]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return save(small(), tmp_path_factory.mktemp("samerows") / "maestro.xlsx").read_bytes()


def stage(data: bytes, edits: Edits) -> tuple[Grid, Grid]:
    """Return the sheet as the editor reads it after a stage, and as it reads whole."""
    editor = Editor(data, "m.xlsx")
    before = read_workbook(editor.package)
    editor.sheet(PAGE).cells |= edits
    editor.sheet(PAGE).keep_format |= edits.keys()
    found = editor.workbook(before)[0]
    return found, read_workbook(Package(editor.save(), "m.xlsx"))[0]


@given(
    st.dictionaries(
        st.tuples(st.integers(1, 16), st.integers(1, 26)),
        st.sampled_from([None, Cell(None), Cell("otro"), Cell("x", formula="=A1&B2")]),
        max_size=5,
    )
)
def test_after_an_edit_it_reads_as_it_does_whole(book: bytes, edits: Edits) -> None:
    found, whole = stage(book, edits)
    assert found == whole
    assert [*found.cells] == [*whole.cells]
    assert (dict(found.shown), dict(found.painted)) == (dict(whole.shown), dict(whole.painted))


def test_only_the_rows_that_differ_are_read(book: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []

    def seen(*args: object) -> Grid:
        read.append(args[3])  # type: ignore[arg-type]
        return read_sheet(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(again, "read_sheet", seen)
    stage(book, {(7, 5): Cell("otro"), (9, 5): Cell("otro")})
    assert [data.count(b"<row ") for data in read] == [2]


@given(
    st.lists(st.integers(7, 17), min_size=1, max_size=4),
    st.dictionaries(st.integers(6, 16), st.just(Cell(Decimal(1), formula="=SUM(K6:K9)")), max_size=2),
)
def test_after_rows_came_it_reads_as_it_does_whole(book: bytes, befores: list[int], formulas: dict[int, Cell]) -> None:
    start = Editor(book, "m.xlsx")
    start.sheet(PAGE).cells |= {(row, 30): cell for row, cell in formulas.items()}
    data = start.save()
    editor = Editor(data, "m.xlsx")
    editor.insert(PAGE, [NewRow(row, row - 1, grows=True) for row in befores])
    found = editor.workbook(read_workbook(editor.package))[0]
    whole = read_workbook(Package(editor.save(), "m.xlsx"))[0]
    assert found == whole
    assert [*found.cells] == [*whole.cells]
    assert (dict(found.shown), dict(found.painted)) == (dict(whole.shown), dict(whole.painted))


def test_of_rows_that_moved_only_the_new_ones_are_read(book: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []

    def seen(*args: object) -> Grid:
        read.append(args[3])  # type: ignore[arg-type]
        return read_sheet(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(again, "read_sheet", seen)
    editor = Editor(book, "m.xlsx")
    editor.insert(PAGE, [NewRow(8, 7)])
    editor.workbook(read_workbook(editor.package))
    assert [data.count(b"<row ") for data in read] == [1]


def test_rows_put_in_twice_are_read_whole(book: bytes) -> None:
    editor = Editor(book, "m.xlsx")
    editor.insert(PAGE, [NewRow(8, 7)])
    editor.insert(PAGE, [NewRow(7, 6)])
    found = editor.workbook(read_workbook(editor.package))[0]
    assert found == read_workbook(Package(editor.save(), "m.xlsx"))[0]


SAME = '<c r="A1"><v>1</v></c>'
OLD = f'<row r="1">{SAME}</row><row r="2"><c r="A2"><v>2</v></c></row><row r="3"><c r="A3"><v>3</v></c></row>'


def part(rows: str, tail: str = "") -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{tail}</worksheet>'.encode()


@pytest.mark.parametrize(
    "now",
    [
        part(OLD.replace("<v>2</v>", "<v>5</v>"), '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'),
        part(OLD.replace('<row r="3"><c r="A3"><v>3</v></c></row>', "")),
        part(OLD.replace('r="2"', 'r="4"')),
        part(OLD.replace("<v>2</v>", '<f t="shared" si="0">A1</f><v>5</v>')),
        part(OLD.replace("<v>2</v>", "<!-- 2 --><v>5</v>")),
        part(OLD.replace("<v>1</v>", "<v>7</v>").replace("<v>2</v>", "<v>5</v>").replace("<v>3</v>", "<v>8</v>")),
        part(OLD).replace(b"<sheetData>", b"<sheetData >"),
    ],
)
def test_what_is_no_matter_of_single_rows_is_read_whole(now: bytes) -> None:
    drawn = MemoryBook("m.xlsx")
    drawn.write([SheetSpec(PAGE, {(1, 1): Cell("x")})])
    package = Package(drawn.data or b"", "m.xlsx")
    sheet, shared = package.sheets[0], shared_of(package)
    before = read_sheet(package, sheet, shared, part(OLD))
    assert read_again(package, sheet, shared, part(OLD), now, before) is None
    close = part(OLD.replace("<v>2</v>", "<v>5</v>"))
    assert read_again(package, sheet, shared, part(OLD), close, before) == read_sheet(package, sheet, shared, close)
