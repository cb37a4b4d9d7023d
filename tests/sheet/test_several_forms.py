"""Forms with their months in different columns, below one another in one sheet: each is read by its own heading."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from poa_xl.core.checks import judged
from poa_xl.core.findings import Severity
from poa_xl.sheet.grid import Grid, Merge
from poa_xl.sheet.headers import Layout, find_layout, others_in
from poa_xl.sheet.parse import Parsed, parse
from tests.layouts import (
    ENGLISH,
    MEASURE,
    NAME,
    NUMBER,
    PRICE,
    TARGET,
    TOTAL,
    UNIT,
    Column,
    Drawn,
    Form,
    Item,
    column,
    draw,
    items,
    months,
    of,
)
from tests.sheet.test_parse import COLUMNS, HEADER, OPERATION

PLAIN = of(NUMBER, NAME, MEASURE, TARGET, months())
# Other forms of the same office: a column more, one less, another order, bands above, columns left blank.
OTHERS = {
    "a column more": of(NUMBER, NAME, column("RESPONSABLE", lambda item: item.unit), MEASURE, TARGET, months()),
    "two columns more": of(NUMBER, NAME, UNIT, PRICE, MEASURE, TARGET, months()),
    "a column less": of(NUMBER, NAME, TARGET, months()),
    "the target behind": of(NUMBER, NAME, MEASURE, months(), TOTAL),
    "months below a band": of(NUMBER, NAME, UNIT, MEASURE, TARGET, months(above="CRONOGRAMA"), merged=True),
    "quarter sums between": of(NUMBER, NAME, UNIT, MEASURE, TARGET, months(quarter="Trim. {}")),
    "a margin": replace(PLAIN, left=2),
    "english months": of(NUMBER, NAME, UNIT, MEASURE, TARGET, months(ENGLISH)),
}


def below(first: Drawn, second: Drawn, gap: int) -> Grid:
    """Draw one sheet below another."""
    shift = max(first.grid.cells) + gap
    cells = {**first.grid.cells, **{row + shift: each for row, each in second.grid.cells.items()}}
    merges = [Merge(m.top + shift, m.left, m.bottom + shift, m.right) for m in second.grid.merges]
    return Grid("Plan", cells, (*first.grid.merges, *merges))


def layouts(grid: Grid) -> list[Layout]:
    first = find_layout(grid)
    assert first is not None
    parts, tables = others_in(grid, first)
    assert tables == []
    return sorted((first, *parts), key=lambda each: each.top)


def reds(parsed: Parsed) -> list[int]:
    rows = parsed.plan.rows
    return [rows[each.index].line for each in judged(parsed.plan).findings if each.severity is Severity.ERROR]


def drawn(form: Form, numbers: Sequence[int]) -> Drawn:
    plan = [each for each in items() if each.number in numbers]
    wrong = [
        replace(each, months=(Decimal(40), *each.months[1:])) if each.number == numbers[2] else each for each in plan
    ]
    return draw(replace(form, columns=tuple(_kept(each, plan) for each in form.columns)), wrong)


def _kept(each: Column, plan: Sequence[Item]) -> Column:
    """A target is that of the plan, whatever a month was changed to."""
    targets = {item.number: item.target for item in plan}
    return replace(each, shows=lambda item: targets[item.number]) if each.field == "target" else each


@pytest.mark.parametrize("title", [("Formulario",), ()])
@pytest.mark.parametrize("gap", [0, 1, 3])
@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("name", OTHERS)
def test_every_form_of_a_sheet_is_read_by_its_own_columns(
    name: str, is_turned: bool, gap: int, title: tuple[str, ...]
) -> None:
    forms = [replace(form, title=title) for form in (PLAIN, OTHERS[name])][:: -1 if is_turned else 1]
    one, two = drawn(forms[0], range(1, 8)), drawn(forms[1], range(8, 15))
    grid = below(one, two, gap)
    shift = max(one.grid.cells) + gap
    first, second = layouts(grid)
    for layout, its, lines in (
        (first, one, list(one.lines.values())),
        (second, two, [line + shift for line in two.lines.values()]),
    ):
        assert {n: at for n, at in layout.addresses.items() if n in ("name", "target", "ENE", "DIC")} == {
            "name": its.columns["name"],
            "target": its.columns["target"],
            "ENE": its.columns["month 1"],
            "DIC": its.columns["month 12"],
        }
        parsed = parse(grid, layout, "p.xlsx", 2026)
        assert [row.line for row in parsed.plan.rows] == lines
        assert reds(parsed) == [lines[2]]


def test_a_table_of_another_kind_is_no_part_of_the_plan() -> None:
    plan = draw(PLAIN, items())
    summary = draw(
        of(column("GERENCIA", lambda item: item.unit), column("SITUACIÓN", lambda item: item.name), UNIT, months()),
        items()[:4],
    )
    grid = below(plan, summary, 3)
    layout = find_layout(grid)
    assert layout is not None
    parts, tables = others_in(grid, layout)
    assert (parts, [each.bottom for each in tables]) == ([], [max(plan.grid.cells) + 6])
    assert [row.line for row in parse(grid, layout).plan.rows] == list(plan.lines.values())


@pytest.mark.parametrize("shift", [1, 2, -1])
def test_the_printed_plan_again_with_its_columns_moved_is_a_form_of_its_own(shift: int) -> None:
    left = 1 if shift < 0 else 0
    heading = {column + left: text for column, text in HEADER.items()}
    row = {COLUMNS[name] + left: value for name, value in OPERATION.items()}
    moved = {column + shift: text for column, text in heading.items()}
    below = {column + shift: value for column, value in row.items()}
    grid = Grid("POA", {1: heading, 2: row, 5: moved, 6: below})
    first, second = layouts(grid)
    assert [row.line for row in parse(grid, first).plan.rows] == [2]
    assert [row.line for row in parse(grid, second).plan.rows] == [6]
    assert second.columns["ENE"] == first.columns["ENE"] + shift
