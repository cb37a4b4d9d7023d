"""A blank form in the layout of an office: nothing of the example is left in it, and it takes a plan as the example did."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.blanking import write_like
from poa_xl.actions.load import load_one
from poa_xl.actions.mapping import pinned
from poa_xl.actions.splitting import split_book
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.core.plan import FIELDS, Kind
from poa_xl.core.values import Invalid
from poa_xl.errors import BookError
from tests.judges.excel_rules import broken
from tests.layouts import FORMS, MEASURE, NAME, NUMBER, TARGET, UNIT, draw, items, months, of, saved
from tests.plans import save, small

TOTALLED = of(NUMBER, NAME, UNIT, MEASURE, TARGET, months(), total="TOTAL", footer=("Elaborado por:",))


def example(name: str, folder: Path) -> Path:
    return saved(folder / "lleno.xlsx", draw(FORMS[name], items()).grid)


def is_typed(value: object) -> bool:
    """Whether somebody typed it: formulas are the form's."""
    return value is not None and not str(value).startswith("=")


@pytest.mark.parametrize("name", FORMS)
def test_a_blank_form_filled_in_again_is_the_example(name: str, tmp_path: Path) -> None:
    path, blank = example(name, tmp_path), tmp_path / "plantilla.xlsx"
    before = path.read_bytes()
    source = load_one(FileBook(path))
    assert write_like(path, blank) == (None, len(source.plan.rows))
    assert path.read_bytes() == before
    assert broken(blank.read_bytes()) == []
    old, new = openpyxl.load_workbook(path).worksheets[0], openpyxl.load_workbook(blank).worksheets[0]
    top = source.layout.bottom
    heads = [[cell.value for cell in row] for row in old.iter_rows(max_row=top)]
    assert [[cell.value for cell in row[: len(heads[0])]] for row in new.iter_rows(max_row=top)] == heads
    with zipfile.ZipFile(blank) as package:
        told = b"".join(map(package.read, package.namelist())).decode("utf-8", "ignore")
    assert [row.name for row in source.plan.rows if row.name and row.name in told] == []
    # What the example held, typed into the form: heading rows and units above them are not the form's.
    book = openpyxl.load_workbook(blank)
    page = book.worksheets[0]
    lines = [line for line in range(top + 1, page.max_row + 1) if not any(is_typed(cell.value) for cell in page[line])]
    for line, row in zip(lines, source.plan.rows, strict=False):
        for column, value in source.grid.cells[row.line].items():
            if not isinstance(value, Invalid):
                page.cell(line, column).value = value
        for place, colour in source.grid.painted.items():
            if place[0] == row.line:
                page.cell(line, place[1]).fill = openpyxl.styles.PatternFill("solid", fgColor=colour[-8:])
    book.save(blank)
    filled = load_one(FileBook(blank), profile=pinned(source))
    wanted = [each for each in FIELDS if each != "unit" or source.layout.unit_from == "column"]
    assert [[row.get(each) for each in wanted] for row in filled.plan.rows] == [
        [row.get(each) for each in wanted] for row in source.plan.rows
    ]


def test_formulas_and_looks_stay_and_totals_that_were_typed_go(tmp_path: Path) -> None:
    path, blank = saved(tmp_path / "lleno.xlsx", draw(TOTALLED, items()).grid), tmp_path / "plantilla.xlsx"
    book = openpyxl.load_workbook(path)
    page = book["Plan"]
    page["E4"] = "=SUM(F4:Q4)"
    page["F18"] = "=SUM(F4:F17)"
    page["B4"].font = openpyxl.styles.Font(bold=True)
    page.column_dimensions["B"].width = 41
    book.create_sheet("Otra")["A1"] = "secreto"
    book.save(path)
    update_book(path, Options())
    assert write_like(path, blank) == (None, 14)
    book = openpyxl.load_workbook(blank)
    assert book.sheetnames == ["Plan"]
    page = book["Plan"]
    assert (page["E4"].value, page["F18"].value) == ("=SUM(F4:Q4)", "=SUM(F4:F17)")
    assert (page["A18"].value, page["G18"].value, page["B20"].value) == ("TOTAL", None, "Elaborado por:")
    assert (page["B4"].value, page["B4"].font.bold, page.column_dimensions["B"].width) == (None, True, 41)
    assert page.max_column == 17
    results = openpyxl.load_workbook(blank, data_only=True)["Plan"]
    assert (results["E4"].value, results["F18"].value) == (None, None)


def test_the_printed_plans_form_has_no_groups_left(tmp_path: Path) -> None:
    path, blank = save(small(), tmp_path / "lleno.xlsx"), tmp_path / "plantilla.xlsx"
    rows = load_one(FileBook(path)).plan.rows
    assert write_like(path, blank) == (None, sum(row.kind is not Kind.GROUP for row in rows))


def test_what_cannot_be_an_example_is_refused(tmp_path: Path) -> None:
    path = example("meta and unit of measure", tmp_path)
    with pytest.raises(BookError, match="xlsx"):
        write_like(path, tmp_path / "plantilla.xlsm")
    (part, *_) = split_book(path)
    with pytest.raises(BookError, match="Dirección de Salud"):
        write_like(part.path, tmp_path / "plantilla.xlsx")
    with pytest.raises(BookError):
        write_like(path, path)
