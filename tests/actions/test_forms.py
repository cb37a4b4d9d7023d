"""Workbooks of other offices, flagged in place and cleaned; what formulas come to in Calc."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.load import load_one
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.core.plan import FIELDS
from poa_xl.sheet.grid import Value
from poa_xl.sheet.headers import SHOWN
from tests.books.patch.torture import members
from tests.engines import without_results
from tests.layouts import FORMS, NAME, NUMBER, TARGET, Item, column, draw, items, months, of, saved
from tests.office import Office


def wrong_target(item: Item) -> Decimal:
    return item.target + (7 if item.number == 3 else 0)


def rising(item: Item, i: int) -> Value:
    """An Avance from July on; one falls in the order in which the year goes."""
    at = (i - 6) % 12
    return Decimal(at // 3 * 25 + 25 - (50 if item.number == 3 and at == 11 else 0)) if at % 3 == 2 else None


# Upper heading rows that are not merged: what stands in them reaches to the right as far as the sheet does.
MORE = {
    "bands that are not merged": of(NUMBER, NAME, TARGET, months(above="PROGRAMACIÓN")),
    "an advance from July on": of(
        NUMBER,
        NAME,
        column("UNIDAD DE MEDIDA", lambda _: "% de avance", "measure"),
        column("META", lambda _: Decimal(100), "target"),
        months(start=6, shows=rising),
    ),
    "a wrong row": of(NUMBER, NAME, replace(TARGET, shows=wrong_target), months()),
    "a wrong row between quarter sums": of(
        NUMBER, NAME, replace(TARGET, shows=wrong_target), months(quarter="Trim. {}", above="CRONOGRAMA")
    ),
}
ALL = FORMS | MORE


def written(name: str, folder: Path) -> Path:
    number = sorted(ALL).index(name)
    return saved(folder / f"{number}.xlsx", draw(ALL[name], items()).grid)


def content(path: Path) -> list[tuple[object, ...]]:
    plan = load_one(FileBook(path)).plan
    return [(row.kind, row.line, *(row.get(name) for name in FIELDS)) for row in plan.rows]


@pytest.mark.parametrize("name", ALL)
def test_an_update_leaves_the_plan_and_clean_gives_the_workbook_back(name: str, tmp_path: Path) -> None:
    path = written(name, tmp_path)
    before, plan = path.read_bytes(), content(path)
    update_book(path, Options())
    assert content(path) == plan
    once = path.read_bytes()
    assert update_book(path, Options()).changes == ()
    assert members(path.read_bytes()) == members(once)
    clean_book(path, Options())
    old, new = members(before), members(path.read_bytes())
    # Formats that nobody uses stay; an empty list of names, which no schema allows, is gone.
    workbook = old["xl/workbook.xml"].replace(b"<definedNames />", b"").replace(b"<definedNames/>", b"")
    assert new["xl/workbook.xml"] == workbook
    assert {part for part in {*old, *new} if old.get(part) != new.get(part)} <= {"xl/workbook.xml", "xl/styles.xml"}


@pytest.mark.parametrize(
    ("name", "live"),
    [
        ("four quarters", True),
        ("two semesters", True),
        ("two series of quarters", True),
        ("codes in two columns", True),
        ("quarter sums between the months", True),
        ("marks", False),
        ("weeks with marks", False),
        ("painted months", False),
        ("money as text", False),
    ],
)
def test_values_take_the_place_of_formulas_only_where_formulas_cannot_read(
    name: str, live: bool, tmp_path: Path
) -> None:
    path = written(name, tmp_path)
    fixed = update_book(path, Options()).fixed
    assert len(fixed) == (0 if live else len(items()))
    column = load_one(FileBook(path)).layout.columns["state"]
    page = openpyxl.load_workbook(path).worksheets[0]
    states = [row[column - 1].value for row in page.iter_rows() if str(row[column - 1].value).startswith("=")]
    assert bool(states) is live


def test_calc_comes_to_what_the_core_says_in_every_form(tmp_path: Path, office: Office) -> None:
    bare, told = {}, {}
    for name in ALL:
        path = written(name, tmp_path)
        update_book(path, Options())
        columns = load_one(FileBook(path)).layout.columns
        page = openpyxl.load_workbook(path, data_only=True).worksheets[0]
        wanted = [column for field, column in columns.items() if field in SHOWN and field != "reason"]
        told[name] = {cell.coordinate: cell.value for row in page.iter_rows() for cell in row if cell.column in wanted}
        has_formulas = (
            b"<f" in members(path.read_bytes())["xl/worksheets/sheet1.xml"].split(b"<conditionalFormatting")[0]
        )
        bare[name] = without_results(path, wrong="?") if has_formulas else path
    office.convert_all(list(bare.values()), "xlsx")
    for name, path in bare.items():
        page = openpyxl.load_workbook(path.parent / "xlsx" / path.name, data_only=True).worksheets[0]
        for place, value in told[name].items():
            found = page[place].value
            assert found == (pytest.approx(value) if isinstance(value, int | float) else value), (name, place)
    state = told["a wrong row"]
    line = draw(ALL["a wrong row"], items()).lines[3]
    assert [value for place, value in state.items() if place.endswith(str(line)) and value == "ROJO"]
