"""Headings without a code: known by the sums that they state or by what is set in below them, and counted for nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from poa_xl.books.book import FileBook
from poa_xl.core.checks import judged
from poa_xl.core.plan import Kind
from poa_xl.core.totals import leaves
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.grid import Grid, Value, letters
from poa_xl.sheet.headers import find_layout
from poa_xl.sheet.parse import Parsed, parse
from poa_xl.sheet.rows import Outside
from tests.layouts import MEASURE, NAME, PARTIDA, SPANISH, TARGET, Item, column, cost, draw, items, months, of, saved
from tests.offices import OFFICES


def read(grid: Grid) -> Parsed:
    layout = find_layout(grid)
    assert layout is not None
    return parse(grid, layout)


def money(parsed: Parsed) -> Decimal:
    return sum((amount for _, amount in leaves(parsed.plan) if isinstance(amount, Decimal)), Decimal(0))


def changed(grid: Grid, cells: Mapping[tuple[int, int], Value]) -> Grid:
    rows = {line: dict(each) for line, each in grid.cells.items()}
    for (line, number), value in cells.items():
        rows[line][number] = value
    return replace(grid, cells=rows)


WHOLE = sum((item.target * 10 for item in items()), Decimal(0))


def test_what_a_heading_sums_up_is_counted_once() -> None:
    parsed = read(OFFICES["summed_above"](0).grid)
    assert money(parsed) == WHOLE
    assert [(each.line, each.kind) for each in parsed.passed] == [(line, Outside.TOTAL) for line in (4, 10, 16)]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({(4, 16): Decimal(1)}, id="another amount"),
        pytest.param({(4, 4): Decimal(77)}, id="another month"),
        pytest.param({(4, 4): Decimal(77), (4, 16): Decimal(1)}, id="neither, with rows set in"),
    ],
)
def test_a_heading_that_does_not_sum_is_named_and_counts_for_nothing(cells: Mapping[tuple[int, int], Value]) -> None:
    parsed = read(changed(OFFICES["summed_above"](0).grid, cells))
    assert money(parsed) == WHOLE
    assert [row.line for row in parsed.plan.strays] == [4]
    assert {(each.line, each.kind) for each in parsed.passed} == {
        (4, Outside.AMOUNT),
        (10, Outside.TOTAL),
        (16, Outside.TOTAL),
    }
    assert [each.rule for each in judged(parsed.plan).findings] == ["fila-sin-explicar"]


def test_a_heading_above_a_month_that_cannot_be_read_is_known_by_its_amount() -> None:
    grid = changed(OFFICES["summed_above"](0).grid, {(5, 4): Invalid("#REF!", Flaw.ERROR)})
    parsed = read(grid)
    assert 4 not in {row.line for row in parsed.plan.rows}
    unread = changed(grid, {(4, 4): Invalid("#REF!", Flaw.ERROR)})
    assert money(read(unread)) == WHOLE


def test_rows_below_an_outline_are_set_in() -> None:
    grid = OFFICES["summed_above"](0).grid
    flat = changed(grid, {(line, 1): str(cells[1]).strip() for line, cells in grid.cells.items() if line > 4})
    wrong = changed(flat, {(4, 4): Decimal(77), (4, 16): Decimal(1)})
    assert money(read(wrong)) == WHOLE + 1
    levels = {line: 1 for line in range(5, 20) if line not in (10, 16)}
    assert money(read(replace(wrong, levels=levels))) == WHOLE
    assert money(read(replace(wrong, indents={(line, 1): 2 for line in levels}))) == WHOLE


def test_what_is_spent_on_one_partida_is_no_heading_whatever_the_outline_says() -> None:
    captions = ["ACTIVIDAD", "PARTIDA", "META", *SPANISH, "PRESUPUESTO"]
    rows: list[list[Value]] = [
        [f"Actividad {line}", "25220", Decimal(12), *[Decimal(1)] * 12, Decimal(100)] for line in range(2, 6)
    ]
    rows.insert(0, [*captions])
    cells = {line: dict(enumerate(row, 1)) for line, row in enumerate(rows, 1)}
    grid = Grid("POA", cells, levels=dict.fromkeys(range(3, 6), 1))
    parsed = read(grid)
    assert (money(parsed), [row.line for row in parsed.plan.rows]) == (Decimal(400), [2, 3, 4, 5])


def activities(*budgets: int, blanks: int = 0) -> Grid:
    """Activities with all that activities have, and a remark beside the second; names set in from there."""
    captions = ["ACTIVIDAD", "UNIDAD DE MEDIDA", "META", *SPANISH, "PRESUPUESTO", "OBSERVACIONES"]
    rows: list[list[Value]] = [[*captions]]
    for number, budget in enumerate(budgets):
        name, said = f"{' ' * blanks if number else ''}Actividad {number}", "urgente" if number == 1 else None
        programmed = [Decimal(1) if k == number else None for k in range(12)]
        rows.append([name, "Taller", Decimal(1), *programmed, Decimal(budget), said])
    cells = {line: {k: v for k, v in enumerate(row, 1) if v is not None} for line, row in enumerate(rows, 1)}
    return Grid("POA", cells)


def test_an_activity_with_its_own_measure_is_none_the_less_one_for_a_remark_beside_the_next() -> None:
    assert [row.line for row in read(activities(30, 10, 20)).plan.rows] == [2, 3, 4]


@pytest.mark.parametrize(
    "grid",
    [
        pytest.param(activities(5, 10, 20, 30, blanks=2), id="names pasted with blanks before them"),
        pytest.param(replace(activities(5, 10, 20, 30), levels={3: 1, 4: 1, 5: 1}), id="rows outlined to be folded"),
    ],
)
def test_an_activity_that_lacks_nothing_is_no_heading_of_what_is_set_in(grid: Grid) -> None:
    parsed = read(grid)
    assert (money(parsed), [row.line for row in parsed.plan.rows]) == (Decimal(65), [2, 3, 4, 5])


@pytest.mark.parametrize("caption", ["CÓDIGO", "PARTIDA"])
@pytest.mark.parametrize("groups", [("5", "53", "84"), ("50000", "53000", "84000")])
def test_groups_of_a_classifier_are_known_by_their_digits_and_their_sums(
    caption: str, groups: tuple[str, str, str]
) -> None:
    plan = items(5)
    top: list[list[Value]] = []
    rows: list[tuple[str, str, Sequence[Item]]] = [
        (groups[0], "Gastos corrientes", plan[:3]),
        (groups[1], "Bienes", plan[:3]),
    ]
    rows += [(code, each.name, [each]) for code, each in zip(("53101", "53104", "53204"), plan, strict=False)]
    rows += [(groups[2], "Bienes de capital", plan[3:])]
    rows += [(code, each.name, [each]) for code, each in zip(("84104", "84107"), plan[3:], strict=True)]
    for code, name, parts in rows:
        shown = [sum((Decimal(str(each.months[k] or 0)) for each in parts), Decimal(0)) for k in range(12)]
        top.append([code, name, sum(shown, Decimal(0)), *shown])
    cells: dict[int, dict[int, Value]] = {1: dict(enumerate([caption, "DENOMINACIÓN", "ASIGNACIÓN", *SPANISH], 1))}
    cells |= {line: dict(enumerate(row, 1)) for line, row in enumerate(top, 2)}
    parsed = read(Grid("POA", cells))
    assert [row.line for row in parsed.plan.rows] == [4, 5, 6, 8, 9]
    assert money(parsed) == sum((each.target for each in plan), Decimal(0))


def test_numbers_that_follow_each_other_are_no_groups_whatever_their_sums() -> None:
    rows: list[list[Value]] = [
        [str(n), f"Actividad {n}", Decimal(n), *[Decimal(0)] * 11, Decimal(n)] for n in range(1, 10)
    ]
    rows += [
        [str(n), f"Actividad {n}", Decimal(m), *[Decimal(0)] * 11, Decimal(m)] for n, m in ((10, 3), (11, 1), (12, 2))
    ]
    cells: dict[int, dict[int, Value]] = {1: dict(enumerate(["CÓDIGO", "ACTIVIDAD", "META", *SPANISH], 1))}
    cells |= {line: dict(enumerate(row, 1)) for line, row in enumerate(rows, 2)}
    assert len(read(Grid("POA", cells)).plan.rows) == 12


def test_a_group_with_a_code_whose_formulas_add_up_its_rows_is_not_judged_again() -> None:
    rows: list[list[Value]] = [["1", "Programa", Decimal(9), *[Decimal(0)] * 11, Decimal(7)]]
    rows += [[f"1.{n}", f"Actividad {n}", Decimal(n), *[Decimal(0)] * 11, Decimal(n)] for n in (1, 2)]
    rows += [["1.3", "Actividad 3", Decimal(6), *[Decimal(0)] * 11, Decimal(4)]]
    cells: dict[int, dict[int, Value]] = {1: dict(enumerate(["CÓDIGO", "ACTIVIDAD", "META", *SPANISH], 1))}
    cells |= {line: dict(enumerate(row, 1)) for line, row in enumerate(rows, 2)}
    formulas = {(2, column): f"SUM({letters(column)}3:{letters(column)}5)" for column in range(3, 16)}
    parsed = read(Grid("POA", cells, formulas=formulas))
    assert [row.kind for row in parsed.plan.rows] == [Kind.GROUP, *[Kind.OPERATION] * 3]
    assert [(each.rule, each.index) for each in judged(parsed.plan).findings] == [("meta-meses", 3)]


def test_headings_of_headings_add_up_those() -> None:
    captions = ["ACTIVIDAD", "UNIDAD DE MEDIDA", "META", *SPANISH, "PRESUPUESTO"]
    cells: dict[int, dict[int, Value]] = {1: dict(enumerate(captions, 1))}
    plan = items(12)
    for top in (plan[:6], plan[6:]):
        for part in (top, top[:3], None, top[3:], None):
            if part is not None:
                cells[len(cells) + 1] = {1: f"Parte {len(cells)}", 16: sum((cost(each) for each in part), Decimal(0))}
            if part is None:
                for each in top[:3] if len(cells) % 9 < 5 else top[3:]:
                    programmed = {4 + k: value for k, value in enumerate(each.months) if value is not None}
                    cells[len(cells) + 1] = {
                        1: each.name,
                        2: each.measure,
                        3: each.target,
                        **programmed,
                        16: cost(each),
                    }
    parsed = read(Grid("P", cells))
    assert [row.name for row in parsed.plan.rows] == [each.name for each in plan]
    assert money(parsed) == sum((cost(each) for each in plan), Decimal(0))


def test_an_activity_that_costs_what_the_two_below_it_cost_is_none_the_less_one() -> None:
    budget = column("PRESUPUESTO", lambda item: Decimal(20 if item.number % 3 == 1 else 10), "budget")
    drawn = draw(of(NAME, MEASURE, TARGET, months(), budget), items(12))
    assert [row.line for row in read(drawn.grid).plan.rows] == list(drawn.lines.values())


def test_lines_of_an_operation_are_no_terms() -> None:
    code = column("CÓDIGO", lambda item: f"A.{item.number}", "code")
    budget = column("PRESUPUESTO", lambda _: Decimal(10), "budget")
    drawn = draw(of(code, NAME, MEASURE, TARGET, months(), PARTIDA, budget), items(6))
    rows: dict[int, dict[int, Value]] = {}
    for line, cells in drawn.grid.cells.items():
        rows[2 * line] = dict(cells)
        if line in drawn.lines.values():
            rows[2 * line + 1] = {17: "31110", 18: Decimal(4)}
    first = 2 * min(drawn.lines.values())
    rows[first - 1] = {2: "Objetivo", 18: Decimal(60)}
    parsed = read(Grid("P", dict(sorted(rows.items()))))
    assert (first - 1, Outside.TOTAL) in [(each.line, each.kind) for each in parsed.passed]


def test_the_levels_of_an_outline_are_read_whoever_wrote_them(tmp_path: Path) -> None:
    path = saved(tmp_path / "p.xlsx", OFFICES["summed_above"](0).grid)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].row_dimensions[5].outlineLevel = 2
    book.save(path)
    assert FileBook(path).read()[0].levels == {5: 2}


@pytest.mark.parametrize("changes", [{}, {(2, 6): Decimal(77)}, {(2, 2): None}])
def test_a_programme_is_counted_once_where_its_own_row_says_what_its_activities_cost(
    changes: Mapping[tuple[int, int], Value],
) -> None:
    captions = ["PROG", "ACT", "DESCRIPCIÓN", "OBJ. GASTO", "PRESUPUESTO", *SPANISH]
    cells: dict[int, dict[int, Value]] = {1: dict(enumerate(captions, 1))}
    for part in (items(12)[:6], items(12)[6:]):
        head = len(cells) + 1
        amounts = [sum((Decimal(str(each.months[i] or 0)) for each in part), Decimal(0)) for i in range(12)]
        cells[head] = {1: Decimal(10 + head), 2: Decimal(0), 3: "Programa", 5: sum(amounts, Decimal(0))}
        cells[head] |= dict(enumerate(amounts, 6))
        for number, each in enumerate(part, 1):
            months = {6 + i: amount for i, amount in enumerate(each.months) if amount is not None}
            cells[len(cells) + 1] = {
                1: Decimal(10 + head),
                2: Decimal(number),
                3: each.name,
                4: "31110",
                5: each.target,
                **months,
            }
    parsed = read(changed(Grid("P", cells), changes))
    # One whose code those below it continue is added up by codes; one with a wrong month is named.
    assert [each.line for each in parsed.passed] == ([9] if (2, 2) in changes else [2, 9])
    assert [row.line for row in parsed.plan.strays] == ([2] if (2, 6) in changes else [])
    assert money(parsed) == sum((each.target for each in items(12)), Decimal(0))
