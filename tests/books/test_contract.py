"""What every kind of workbook must do; the suite runs over each adapter."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from poa_xl.books.book import Book, FileBook, MemoryBook
from poa_xl.errors import BookError
from poa_xl.sheet.grid import Merge, Value
from poa_xl.sheet.image import Cell, Choice, Content, Rule, SheetImage, Style

Open = Callable[[], Book]


@pytest.fixture(params=["file", "memory", "calc"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Give a function that opens a new, empty workbook."""
    if request.param == "calc":
        from poa_xl.calc.book import CalcBook  # noqa: PLC0415 - it needs UNO

        app = request.getfixturevalue("running").app
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
    book.write([SheetImage("Hoja", {(3, 2): Cell(content, style), (4, 30): Cell("fin")})])
    (grid,) = book.read()
    assert grid.get(3, 2) == expected
    assert grid.get(4, 30) == "fin"


def test_sheets_keep_their_order_and_names(opened: Open) -> None:
    book = opened()
    book.write([SheetImage(name, {(1, 1): Cell(name)}) for name in ("POA 2020", "Ñandú 'x' y", "Hallazgos")])
    assert [grid.name for grid in book.read()] == ["POA 2020", "Ñandú 'x' y", "Hallazgos"]


def test_a_formula_comes_back_as_its_value(opened: Open) -> None:
    book = opened()
    book.write([SheetImage("Hoja", {(1, 1): Cell(Decimal(7), formula="=3+4"), (2, 1): Cell("a", formula='="a"')})])
    (grid,) = book.read()
    assert (grid.get(1, 1), grid.get(2, 1)) == (Decimal(7), "a")


def test_merges_come_back(opened: Open) -> None:
    book = opened()
    book.write([SheetImage("Hoja", {(2, 1): Cell("ancho")}, merges=["A2:C3"])])
    (grid,) = book.read()
    assert grid.merges == (Merge(2, 1, 3, 3),)
    assert grid.get(2, 1) == "ancho"


def test_looks_rules_and_choices_change_no_value(opened: Open) -> None:
    book = opened()
    image = SheetImage(
        "Hoja",
        {
            (1, 1): Cell(
                "a",
                Style(bold=True, italic=True, color="#112233", fill="#445566", align="center", border=True),
            )
        },
        rules=[Rule("A1:A5", '=$A1="a"', Style(fill="#00FF00"))],
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
    book.write([SheetImage("Hoja", {(1, 1): Cell("H12", link="'Hoja'!H12")})])
    assert book.read()[0].get(1, 1) == "H12"


def test_writing_again_replaces_everything(opened: Open) -> None:
    book = opened()
    book.write([SheetImage("Uno", {(1, 1): Cell("a")}), SheetImage("Dos", {(1, 1): Cell("b")})])
    book.write([SheetImage("Tres", {(2, 2): Cell("c")})])
    (grid,) = book.read()
    assert (grid.name, grid.cells) == ("Tres", {2: {2: "c"}})


def test_a_workbook_that_is_not_there_is_refused_by_name(opened: Open) -> None:
    with pytest.raises(BookError, match=r"libro\.xlsx"):
        opened().read()


def test_an_error_written_as_text_is_text(opened: Open) -> None:
    book = opened()
    book.write([SheetImage("Hoja", {(1, 1): Cell("#REF!")})])
    assert book.read()[0].get(1, 1) == "#REF!"
