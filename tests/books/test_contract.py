"""What every kind of workbook must do; the suite runs over each adapter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from poa_xl.books.book import Book, FileBook, MemoryBook
from poa_xl.errors import BookError
from poa_xl.sheet.grid import Merge, Value, Workbook
from poa_xl.sheet.mark import MARK
from poa_xl.sheet.spec import Cell, Choice, ConditionalFormat, Content, SheetSpec, Style
from tests.excel import Apple, Com, excel_book
from tests.office_js import web_book

Open = Callable[[], Book]


@pytest.fixture(params=["file", "memory", "calc"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Return a function that opens a new, empty workbook."""
    if request.param == "calc":
        app = request.getfixturevalue("running").app
        from poa_xl.calc.calcbook import CalcBook  # noqa: PLC0415 - it needs UNO, which the running Calc brings

        return lambda: CalcBook(app, tmp_path / "libro.xlsx")
    kinds: dict[str, Open] = {
        "file": lambda: FileBook(tmp_path / "libro.xlsx"),
        "memory": lambda: MemoryBook("libro.xlsx"),
    }
    return kinds[request.param]


VALUES: list[tuple[Content, Style, Value]] = [
    ("texto", Style(), "texto"),
    ("  con blancos ", Style(), "  con blancos "),
    ("=1+1", Style(), "=1+1"),
    ("https://aduana.gob.bo", Style(), "https://aduana.gob.bo"),
    ("línea\nsegunda ñ €", Style(wrap=True), "línea\nsegunda ñ €"),
    ("_x000D_", Style(), "_x000D_"),
    ("1.10", Style(number_format="@"), "1.10"),
    (Decimal(36), Style(), Decimal(36)),
    (Decimal("5.76"), Style(number_format="#,##0.00"), Decimal("5.76")),
    (Decimal("39745387.05"), Style(), Decimal("39745387.05")),
    (Decimal(-1), Style(), Decimal(-1)),
    (date(2020, 1, 2), Style(number_format="dd/mm/yy"), date(2020, 1, 2)),
    (datetime(2020, 1, 2, 13, 30), Style(number_format="dd/mm/yy hh:mm"), datetime(2020, 1, 2, 13, 30)),  # noqa: DTZ001 - cells know no zone
    (True, Style(), True),
    (None, Style(fill="#FF0000"), None),
]


@pytest.mark.parametrize(("content", "style", "expected"), VALUES, ids=repr)
def test_a_value_comes_back_as_it_was_written(opened: Open, content: Content, style: Style, expected: Value) -> None:
    book = opened()
    book.write([SheetSpec("Hoja", {(3, 2): Cell(content, style), (4, 30): Cell("fin")})])
    (grid,) = book.read()
    assert grid.get(3, 2) == expected
    assert grid.get(4, 30) == "fin"


def test_sheets_keep_their_order_and_names(opened: Open) -> None:
    book = opened()
    book.write([SheetSpec(name, {(1, 1): Cell(name)}) for name in ("POA 2020", "Ñandú 'x' y", "Hallazgos")])
    assert [grid.name for grid in book.read()] == ["POA 2020", "Ñandú 'x' y", "Hallazgos"]


def test_a_formula_comes_back_as_its_value(opened: Open) -> None:
    book = opened()
    book.write([SheetSpec("Hoja", {(1, 1): Cell(Decimal(7), formula="=3+4"), (2, 1): Cell("a", formula='="a"')})])
    (grid,) = book.read()
    assert (grid.get(1, 1), grid.get(2, 1)) == (Decimal(7), "a")


def test_merges_come_back(opened: Open) -> None:
    book = opened()
    book.write([SheetSpec("Hoja", {(2, 1): Cell("ancho")}, merges=["A2:C3"])])
    (grid,) = book.read()
    assert grid.merges == (Merge(2, 1, 3, 3),)
    assert grid.get(2, 1) == "ancho"


def test_looks_rules_and_choices_change_no_value(opened: Open) -> None:
    book = opened()
    image = SheetSpec(
        "Hoja",
        {
            (1, 1): Cell(
                "a",
                Style(bold=True, italic=True, color="#112233", fill="#445566", align="center", border=True),
            )
        },
        rules=[ConditionalFormat("A1:A5", '=$A1="a"', Style(fill="#00FF00"))],
        choices=[Choice("B1:B5", ("uno", "dos"), "T", "M")],
        widths={1: 20},
        heights={1: 30},
        levels={1: 2},
        column_levels={3: 1},
        freeze=(2, 1),
        repeat=(1, 1),
        print_columns=(1, 2),
        filter="A1:B1",
        tab="#FF0000",
        one_page=True,
    )
    book.write([image])
    assert book.read()[0].cells == {1: {1: "a"}}


def test_a_link_shows_its_text(opened: Open) -> None:
    book = opened()
    book.write([SheetSpec("Hoja", {(1, 1): Cell("H12", link="'Hoja'!H12")})])
    assert book.read()[0].get(1, 1) == "H12"


def test_writing_again_replaces_everything(opened: Open) -> None:
    book = opened()
    book.write([SheetSpec("Uno", {(1, 1): Cell("a")}), SheetSpec("Dos", {(1, 1): Cell("b")})])
    book.write([SheetSpec("Tres", {(2, 2): Cell("c")})])
    (grid,) = book.read()
    assert (grid.name, grid.cells) == ("Tres", {2: {2: "c"}})


def test_a_workbook_that_is_not_there_is_refused_by_name(opened: Open) -> None:
    with pytest.raises(BookError, match=r"libro\.xlsx"):
        opened().read()


def test_an_error_written_as_text_is_text(opened: Open) -> None:
    book = opened()
    book.write([SheetSpec("Hoja", {(1, 1): Cell("#REF!")})])
    assert book.read()[0].get(1, 1) == "#REF!"


# What is read of an open workbook is what is read of a file.

Way = Callable[[Path], Workbook]


@pytest.fixture(params=["memory", "excel on windows", "excel on macos", "office.js", "calc"])
def way(request: pytest.FixtureRequest) -> Way:
    """Return a function that opens a file in some program and reads it there."""
    if request.param == "calc":
        app = request.getfixturevalue("running").app
        from poa_xl.calc.calcbook import CalcBook  # noqa: PLC0415 - it needs UNO, which the running Calc brings

        return lambda path: CalcBook(app, path).read()
    ways: dict[str, Way] = {
        "memory": lambda path: MemoryBook(path.name, path.read_bytes()).read(),
        "excel on windows": lambda path: excel_book(path, Com)[0].read(),
        "excel on macos": lambda path: excel_book(path, Apple)[0].read(),
        "office.js": lambda path: web_book(path).read(),
    }
    return ways[request.param]


Draw = Callable[[xlsxwriter.Workbook, Any], None]


def _percents(book: xlsxwriter.Workbook, page: Any) -> None:  # noqa: ANN401 - a worksheet of XlsxWriter
    share, plain = book.add_format({"num_format": "0.00%"}), book.add_format({"num_format": "#,##0.00"})
    for row, (value, form) in enumerate([(0.36, share), (0.5, share), (12.5, plain), (0.07, share), (3, None)]):
        page.write_number(row, 1, value, form)
    page.write_string(5, 1, "0,36", share)
    page.write_formula(6, 1, "=B1*2", share, 0.72)
    page.write_number(7, 1, 0.25, book.add_format({"num_format": '0.0" % "'}))
    page.write_blank(8, 1, None, share)


def _formulas(_: xlsxwriter.Workbook, page: Any) -> None:  # noqa: ANN401
    page.write_number(0, 0, 3)
    page.write_formula(1, 0, "=A1+4", None, 7)
    page.write_formula(2, 0, '="a"&"b"', None, "ab")
    page.write_string(3, 0, "=A1+4")
    page.write_formula(4, 0, "=1/0", None, "#DIV/0!")
    page.write_formula(5, 2, "=NA()", None, "#N/A")
    page.write_string(6, 2, "#N/A")
    page.write_string(7, 2, "#DIV/0!")


def _days(book: xlsxwriter.Workbook, page: Any) -> None:  # noqa: ANN401
    day, moment = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "dd/mm/yy hh:mm"})
    page.write_datetime(0, 0, datetime(2020, 1, 2), day)  # noqa: DTZ001 - cells know no zone
    page.write_datetime(1, 0, datetime(2020, 12, 31, 13, 30), moment)  # noqa: DTZ001
    page.write_string(2, 0, "02/01/2020")
    page.write_number(3, 0, 43832)
    page.write_boolean(4, 0, True)  # noqa: FBT003 - XlsxWriter takes no names


def _times(book: xlsxwriter.Workbook, page: Any) -> None:  # noqa: ANN401
    for row, (form, value) in enumerate([("[h]:mm", 1.5), ("[hh]:mm:ss", 40 / 24), ("[mm]:ss", 0.0625), ("[h]:mm", 5)]):
        page.write_number(row, 0, value, book.add_format({"num_format": form}))
    page.write_string(9, 0, "40:00", book.add_format({"num_format": "[h]:mm"}))


def _digits(book: xlsxwriter.Workbook, page: Any) -> None:  # noqa: ANN401
    forms = [("0.00", 1.1), ("0.00", 1.12), ("000", 7), ("0", 3), ("#,##0.00", 1.1)]
    forms += [("#,##0,", 12000), ('0.0,,"M"', 1500000), ('0"%"', 60), ('#,##0.0"%"', 60), ('0" dias"', 4)]
    for row, (form, value) in enumerate(forms):
        page.write_number(row, 0, value, book.add_format({"num_format": form}))


def _tables(_: xlsxwriter.Workbook, page: Any) -> None:  # noqa: ANN401
    for row in range(1, 4):
        page.write_row(row, 1, ["a", row])
    page.add_table("B1:C5", {"total_row": True, "columns": [{"header": "x", "total_string": "Total"}, {"header": "y"}]})
    page.write_number(4, 2, 6)
    page.add_table("F1:G3", {"columns": [{"header": "p"}, {"header": "q"}]})


def _merges(_: xlsxwriter.Workbook, page: Any) -> None:  # noqa: ANN401
    page.merge_range("A1:E1", "título")
    page.merge_range("B3:B7", "Legal")
    page.merge_range("C3:C4", 5)
    page.merge_range("D5:E6", "bloque")
    page.write_string(7, 6, "fin")


def _hidden(_: xlsxwriter.Workbook, page: Any) -> None:  # noqa: ANN401
    for row in range(12):
        page.write_number(row, 0, row)
    for row in (2, 3, 4, 8):
        page.set_row(row, None, None, {"hidden": True})


def _sheets(book: xlsxwriter.Workbook, page: Any) -> None:  # noqa: ANN401
    page.write_string(0, 0, "primera")
    other = book.add_worksheet("Oculta")
    other.write_string(3, 3, "aquí")
    other.hide()
    book.set_custom_property("poa-xl unidad", "Unidad Legal")
    book.set_custom_property("poa-xl gestion", "2020")
    book.define_name(MARK, '="columns=stated,kind;sheet=Hallazgos"')


READ = [_percents, _formulas, _days, _times, _digits, _tables, _merges, _hidden, _sheets]


@pytest.mark.parametrize("date_1904", [False, True], ids=["from 1900", "from 1904"])
@pytest.mark.parametrize("draw", READ, ids=[each.__name__.strip("_") for each in READ])
def test_an_open_workbook_is_read_like_the_file(draw: Draw, date_1904: bool, way: Way, tmp_path: Path) -> None:
    path = tmp_path / "libro.xlsx"
    book = xlsxwriter.Workbook(path, {"date_1904": date_1904})
    draw(book, book.add_worksheet("POA"))
    book.close()
    closed, other = FileBook(path).read(), way(path)
    assert [grid.cells for grid in other] == [grid.cells for grid in closed]
    assert [sorted(map(repr, grid.merges)) for grid in other] == [sorted(map(repr, grid.merges)) for grid in closed]
    assert [grid.shown for grid in other] == [grid.shown for grid in closed]
    plain = [replace(grid, cells={}, merges=()) for grid in closed]
    assert [replace(grid, cells={}, merges=()) for grid in other] == plain
    assert (other.marks, other.properties) == (closed.marks, closed.properties)
