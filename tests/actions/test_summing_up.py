"""Budgets of groups as formulas: what a program computes is what was written, however the codes are typed."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.load import load_one
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.totals import leaves
from poa_xl.sheet.grid import Grid, Value
from tests.engines import iron, without_results
from tests.layouts import MEASURE, NAME, SPANISH, TARGET, UNIT, Item, column, cost, draw, items, months, of, saved

Typed = Callable[[int, int], list[Value]]


def grouped(typed: Typed, budget: Callable[[Item], Value] = lambda item: item.target) -> Grid:
    """Two groups of twelve activities each, below one of both; codes and budgets as they are typed."""
    codes = len(typed(0, 0))
    cells: dict[int, dict[int, Value]] = {}

    def put(*values: Value) -> None:
        cells[len(cells) + 1] = {k: value for k, value in enumerate(values, 1) if value is not None}

    captions = ["CÓDIGO"] if codes == 1 else ["COD. PROG.", "COD. ACT."]
    put(*captions, "ACTIVIDAD", "META", *SPANISH, "PRESUPUESTO")
    for group in (1, 2):
        own = [item for item in items(24) if (item.number - 1) // 12 == group - 1]
        put(*typed(group, 0), f"Grupo {group}", *[None] * 13, sum((item.target for item in own), Decimal(0)))
        for k, item in enumerate(own, 1):
            put(*typed(group, k), item.name, item.target, *item.months, budget(item))
    return Grid("POA", cells)


NUMBERS: Typed = lambda group, k: [Decimal(f"{group}.{k}").normalize() if k else Decimal(group)]  # noqa: E731
TYPED: dict[str, Typed] = {
    "texts": lambda group, k: [f"{group}.{k}" if k else f"{group}"],
    "numbers": NUMBERS,
    "two columns": lambda group, k: [Decimal(group), Decimal(k) if k else None],
    "a dot behind": lambda group, k: [f"A{group}.{k}." if k else f"A{group}"],
    "dashes": lambda group, k: [f"R{group}-{k:02}" if k else f"R{group}"],
}


@pytest.mark.parametrize("name", TYPED)
def test_a_program_computes_the_budgets_of_groups_that_were_written(name: str, tmp_path: Path) -> None:
    path = saved(tmp_path / "p.xlsx", grouped(TYPED[name]))
    wanted = {row.line: row.budget for row in load_one(FileBook(path)).plan.rows}
    update_book(path, Options(rollup=True))
    layout = load_one(FileBook(path)).layout
    column = layout.columns["budget"]
    page = openpyxl.load_workbook(path).worksheets[0]
    lines = (layout.bottom + 1, layout.bottom + 14)
    assert all(str(page.cell(line, column).value).startswith("=SUM") for line in lines)
    shown = iron(without_results(path))
    assert [shown[line, column] for line in lines] == [wanted[line] for line in lines]


def test_budgets_that_are_texts_are_counted(tmp_path: Path) -> None:
    def text(item: Item) -> Value:
        return f"{item.target:,.2f} " if item.number % 3 else item.target

    path = saved(tmp_path / "p.xlsx", grouped(TYPED["texts"], text))
    wanted = {row.line: row.budget for row in load_one(FileBook(path)).plan.rows}
    update_book(path, Options(rollup=True))
    layout = load_one(FileBook(path)).layout
    shown = iron(without_results(path))
    lines = (layout.bottom + 1, layout.bottom + 14)
    assert [shown[line, layout.columns["budget"]] for line in lines] == [wanted[line] for line in lines]


def test_codes_that_are_numbers_and_collide_are_named_and_counted_once(tmp_path: Path) -> None:
    path = saved(tmp_path / "p.xlsx", grouped(NUMBERS))
    plan = load_one(FileBook(path)).plan
    findings = [each for each in check(plan) if each.rule == "codigo-duplicado"]
    assert [plan.where(each).cell for each in findings] == ["A12", "A25"]
    assert "1.10" in findings[0].suggestion


def test_a_unit_gets_the_sums_of_its_own_rows_and_an_untouched_answer_changes_nothing(tmp_path: Path) -> None:
    budget = column("PRESUPUESTO", cost, "budget")
    drawn = draw(of(NAME, MEASURE, UNIT, TARGET, months(), budget), items())
    rows: dict[int, dict[int, Value]] = {}
    for line, cells in drawn.grid.cells.items():
        if line == min(drawn.lines.values()):
            whole = sum((cost(item) for item in items()), Decimal(0))
            rows[line] = {1: "OBJETIVO ÚNICO", 17: whole}
        rows[line + (line in drawn.lines.values())] = dict(cells)
    path = saved(tmp_path / "p.xlsx", replace(drawn.grid, cells=rows))
    before = {c.coordinate: c.value for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for c in row}
    parts = split_book(path)
    assert [part.problem for part in parts] == [""] * 3
    for part in parts:
        plan = load_one(FileBook(part.path)).plan
        counted = [amount for _, amount in leaves(plan) if isinstance(amount, Decimal)]
        assert sum(counted) == sum(row.budget or 0 for row in plan.rows)  # type: ignore[misc]
    sync([part.path for part in parts], path, SyncOptions())
    after = {c.coordinate: c.value for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for c in row}
    assert {place: value for place, value in before.items() if after.get(place) != value} == {}
