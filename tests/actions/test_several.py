"""Workbooks with a plan on each of several sheets: all are flagged, listed together, and cleaned."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.checking import check_file
from poa_xl.actions.load import find_plans
from poa_xl.actions.several import clean_all, update_all
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.errors import BookError, LayoutError
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.mark import MARK, RUN_MARK, mark_name
from tests.books.patch.torture import members
from tests.layouts import FORMS, MEASURE, NAME, NUMBER, TARGET, UNIT, Form, Item, draw, items, months, of, saved
from tests.plans import save, small

SHEETS = ("Norte", "Sur; y más", "Este")


def wrong_target(item: Item) -> Decimal:
    return item.target + (7 if item.number == 3 else 0)


WRONG = of(NUMBER, NAME, replace(TARGET, shows=wrong_target), months())


@pytest.fixture
def book(tmp_path: Path) -> Path:
    grids = [draw(WRONG, items(8 + 2 * number), name).grid for number, name in enumerate(SHEETS)]
    return saved(tmp_path / "plan.xlsx", *grids, Grid("Notas", {1: {1: "Nada"}}))


def flagged(path: Path) -> list[bool]:
    return [each.is_flagged for each in find_plans(FileBook(path).read())]


def listed(path: Path) -> list[tuple[object, ...]]:
    page = openpyxl.load_workbook(path)["Hallazgos"]
    return [row[1:5] for row in page.iter_rows(min_row=5, values_only=True)]


def test_all_plans_are_flagged_listed_and_cleaned(book: Path) -> None:
    before = members(book.read_bytes())
    done = update_all(book, Options())
    assert [each.sheet for each in done] == list(SHEETS)
    assert [len(each.findings) for each in done] == [1, 1, 1]
    assert flagged(book) == [True] * 3
    name = items()[2].name
    assert listed(book) == [(f"{sheet}!C6", None, name, "meta-meses") for sheet in SHEETS]
    assert len(check_file(book).findings) == 3
    once = book.read_bytes()
    assert [each.changes for each in update_all(book, Options())] == [()] * 3
    assert members(book.read_bytes()) == members(once)
    assert [each.sheet for each in clean_all(book, Options())] == list(SHEETS)
    after = members(book.read_bytes())
    assert flagged(book) == [False] * 3
    assert {part for part in {*before, *after} if before.get(part) != after.get(part)} <= {
        "xl/workbook.xml",
        "xl/styles.xml",
    }
    with pytest.raises(BookError, match="nada"):
        clean_all(book, Options())


def test_one_sheet_alone_is_flagged_where_it_is_said(book: Path) -> None:
    before = members(book.read_bytes())
    (done,) = update_all(book, Options(sheet=SHEETS[1]))
    assert (done.sheet, flagged(book)) == (SHEETS[1], [False, True, False])
    update_all(book, Options())
    clean_all(book, Options(sheet=SHEETS[0]))
    assert flagged(book) == [False, True, True]
    clean_all(book, Options())
    after = members(book.read_bytes())
    assert {part for part in {*before, *after} if before.get(part) != after.get(part)} <= {
        "xl/workbook.xml",
        "xl/styles.xml",
    }


def test_a_roll_up_wants_its_sheet(book: Path) -> None:
    with pytest.raises(BookError, match="--sheet"):
        update_all(book, Options(rollup=True))
    assert flagged(book) == [False] * 3


def test_a_workbook_with_one_plan_is_flagged_as_ever(tmp_path: Path) -> None:
    one = saved(tmp_path / "uno.xlsx", draw(FORMS["marks"], items()).grid, Grid("Notas", {1: {1: "Nada"}}))
    other = tmp_path / "otra" / one.name
    other.parent.mkdir()
    other.write_bytes(one.read_bytes())
    update_all(one, Options())
    update_book(other, Options())
    assert members(one.read_bytes()) == members(other.read_bytes())


def test_several_printed_plans_are_all_flagged_too(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book.worksheets[0]).title = "POA bis"
    book.save(path)
    before = members(path.read_bytes())
    with pytest.raises(LayoutError, match="--sheet"):
        update_book(path, Options())
    assert [each.sheet for each in update_all(path, Options())] == ["POA 2020", "POA bis"]
    assert flagged(path) == [True, True]
    once = members(path.read_bytes())
    assert [each.changes for each in update_all(path, Options())] == [()] * 2
    assert members(path.read_bytes()) == once
    assert [each.sheet for each in clean_all(path, Options())] == ["POA 2020", "POA bis"]
    assert flagged(path) == [False, False]
    after = members(path.read_bytes())
    assert {name for name in before if after[name] != before[name]} <= {"xl/styles.xml", "xl/workbook.xml"}


@pytest.mark.parametrize(
    ("marks", "name"),
    [
        ({}, MARK),
        ({RUN_MARK: "run=1"}, MARK),
        ({MARK: "columns=a"}, MARK),
        ({MARK: "plan=Otra"}, f"{MARK}_2"),
        ({MARK: "plan=Otra", f"{MARK}_2": "plan=Más"}, f"{MARK}_3"),
        ({MARK: "plan=Otra", f"{MARK}_2": "plan=Sur"}, f"{MARK}_2"),
        ({f"{MARK}_2": "plan=Otra"}, MARK),
    ],
)
def test_every_plan_has_a_mark_of_its_own(marks: dict[str, str], name: str) -> None:
    assert mark_name(marks, "Sur") == name


# Forms of one office below one another, each with its months in other columns.
NARROW = of(NUMBER, NAME, replace(TARGET, shows=wrong_target), months())
WIDE = of(NUMBER, NAME, UNIT, MEASURE, replace(TARGET, shows=wrong_target), months())


def stacked(path: Path, *forms: Form) -> Path:
    cells: dict[int, dict[int, Value]] = {}
    for form in forms:
        shift = max(cells, default=0) + 2
        cells |= {row + shift: dict(each) for row, each in draw(form, items(6)).grid.cells.items()}
    return saved(path, Grid("POA", cells))


def states(path: Path) -> dict[int, object]:
    page = openpyxl.load_workbook(path)["POA"]
    at = [(c.row, c.column) for row in page.iter_rows() for c in row if c.value == "Estado"]
    assert len({column for _, column in at}) == 1
    found = {row: page.cell(row, at[0][1]).value for row in range(1, page.max_row + 1)}
    return {row: value for row, value in found.items() if value not in (None, "Estado")}


@pytest.mark.parametrize("forms", [(NARROW, WIDE), (WIDE, NARROW, WIDE, NARROW), (NARROW, WIDE, WIDE)])
def test_forms_with_other_columns_in_a_sheet_are_all_flagged_and_cleaned(
    forms: tuple[Form, ...], tmp_path: Path
) -> None:
    path = stacked(tmp_path / "plan.xlsx", *forms)
    before = members(path.read_bytes())
    rows = {row.line for each in find_plans(FileBook(path).read()) for row in each.plan.rows}
    done = update_all(path, Options())
    assert [(each.sheet, each.aside, each.fixed) for each in done] == [("POA", (), ())] * 2
    assert states(path).keys() == rows
    assert len(rows) == 6 * len(forms)
    assert len(listed(path)) == len(forms)
    once = members(path.read_bytes())
    assert [each.changes for each in update_all(path, Options())] == [()] * 2
    assert members(path.read_bytes()) == once
    clean_all(path, Options())
    after = members(path.read_bytes())
    assert {part for part in {*before, *after} if before.get(part) != after.get(part)} <= {
        "xl/workbook.xml",
        "xl/styles.xml",
    }


def test_colours_of_each_form_lie_on_its_own_rows(tmp_path: Path) -> None:
    path = stacked(tmp_path / "plan.xlsx", NARROW, WIDE)
    update_all(path, Options())
    columns = {each.layout.bottom: each.layout.addresses for each in find_plans(FileBook(path).read())}
    painted = {str(each.sqref) for each in openpyxl.load_workbook(path)["POA"].conditional_formatting}
    (_, first), (_, second) = sorted(columns.items())
    assert f"{first['target']}6:{first['target']}11 {second['target']}17:{second['target']}22" in painted


def test_a_roll_up_wants_one_form(tmp_path: Path) -> None:
    path = stacked(tmp_path / "plan.xlsx", NARROW, WIDE)
    with pytest.raises(BookError, match="formularios"):
        update_all(path, Options(rollup=True))
