"""Plans of other offices are read as they are."""

from dataclasses import replace
from decimal import Decimal

import pytest

from poa_xl.core.checks import judged
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Severity
from poa_xl.core.plan import Kind
from poa_xl.sheet.headers import Layout, find_layout
from poa_xl.sheet.parse import Parsed, parse
from tests.layouts import (
    FORMS,
    Drawn,
    draw,
    items,
)

# What the months of a form are not read from, or say without a number.
BLANK = {"painted months", "marks", "marks under numbers", "weeks with marks", "weeks with marks, merged"}
OPEN = {"no target", "a service every month"}


def layout_in(drawn: Drawn) -> Layout:
    layout = find_layout(drawn.grid)
    assert layout is not None
    return layout


def read(drawn: Drawn) -> Parsed:
    return parse(drawn.grid, layout_in(drawn), "p.xlsx", 2026)


@pytest.mark.parametrize("name", FORMS)
def test_the_columns_of_a_form_are_recognised(name: str) -> None:
    drawn = draw(FORMS[name], items())
    layout = layout_in(drawn)
    found = {f"month {i}": letters for i, month in enumerate(MONTHS, 1) if (letters := layout.addresses.get(month))}
    found |= {each: letters for each, letters in layout.addresses.items() if each not in MONTHS}
    wanted = {each: letters for each, letters in drawn.columns.items() if not each.startswith(("done", "money"))}
    # Where the months are money, the target is the budget too.
    assert {each: letters for each, letters in found.items() if each != "budget" or each in wanted} == wanted


@pytest.mark.parametrize("name", FORMS)
def test_every_row_is_read_and_no_other(name: str) -> None:
    drawn = draw(FORMS[name], items())
    parsed = read(drawn)
    assert [row.line for row in parsed.plan.rows] == list(drawn.lines.values())
    assert {row.kind for row in parsed.plan.rows} == {Kind.OPERATION}
    layout = parsed.layout
    for row in parsed.plan.rows:
        shown = {month: drawn.grid.get(row.line, layout.columns[month]) for month in MONTHS if month in layout.columns}
        numbers = {month: value for month, value in shown.items() if isinstance(value, Decimal)}
        assert {month: row.get(month) for month in numbers} == numbers


@pytest.mark.parametrize("name", FORMS)
def test_a_right_plan_has_no_red_in_any_form(name: str) -> None:
    checked = judged(read(draw(FORMS[name], items())).plan)
    assert [each.rule for each in checked.findings if each.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", sorted(FORMS.keys() - BLANK - OPEN - {"targets with words"}))
def test_a_wrong_month_is_red_in_every_form(name: str) -> None:
    plan = list(items())
    form = FORMS[name]
    shows = {each.field: each for each in form.columns}
    drawn = draw(form, plan)
    layout = layout_in(drawn)
    target = shows.get("target")
    if target is None or form.total:
        return
    line = drawn.lines[3]
    cells = {row: dict(each) for row, each in drawn.grid.cells.items()}
    cells[line][layout.columns["target"]] = Decimal(99_999)
    parsed = parse(replace(drawn.grid, cells=cells), layout, "p.xlsx", 2026)
    reds = [each for each in judged(parsed.plan).findings if each.severity is Severity.ERROR]
    assert [(each.rule, parsed.plan.rows[each.index].line) for each in reds] == [("meta-meses", line)]
