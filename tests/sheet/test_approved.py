"""The columns of what was approved, cell by cell."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from poa_xl.core.plan import Amount, Plan, Row
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.approved import approved_cells, approved_here
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.headers import Layout
from poa_xl.sheet.spec import Cell
from tests.plans import change, small

LETTERS = {"approved_target": "Z", "target_change": "AA", "approved_budget": "AB", "budget_change": "AC"}
FORMULA = '=IF(AND(COUNT($H8,$Z8)>0,COUNT($H8,$Z8)=COUNTA($H8,$Z8)),N($H8)-N($Z8),"")'


def placed(**values: object) -> Plan:
    """A plan whose third row, GRO1.1.1, stands in row 8 and holds some values; the fourth has no code."""
    rows = [replace(row, line=line) for line, row in enumerate(small().rows, 6)]
    rows[2] = replace(rows[2], **values)  # type: ignore[arg-type]
    rows[3] = replace(rows[3], code=None)
    return replace(small(), rows=tuple(rows))


def cells(
    plan: Plan, target: Amount, budget: Amount, columns: Mapping[str, str], *, live: bool = True
) -> dict[tuple[int, str], Cell]:
    def is_live(_: Row) -> bool:
        return live

    return approved_cells(plan, columns, LETTERS, change(small(), "GRO1.1.1", target=target, budget=budget), is_live)


@pytest.mark.parametrize(
    ("before", "now", "difference"),
    [
        (Decimal(10), Decimal(12), Decimal(2)),
        (None, Decimal(12), Decimal(12)),
        (Decimal(10), None, Decimal(-10)),
        (None, None, ""),
        (Decimal(10), Invalid("doce", Flaw.MALFORMED), ""),
        (Invalid("doce", Flaw.MALFORMED), Decimal(12), ""),
    ],
)
def test_what_changed_is_all_that_was_not_approved(before: Amount, now: Amount, difference: object) -> None:
    found = cells(placed(target=now), before, None, {"target": "H", "budget": "X"})
    changed = found[8, "target_change"]
    assert (changed.value, changed.formula) == (difference, FORMULA)
    assert found[8, "approved_target"].value == (before if not isinstance(before, Invalid) else "doce")
    assert (9, "approved_target") not in found


def test_a_plan_without_budget_gets_the_approved_meta_alone() -> None:
    found = cells(placed(), Decimal(10), Decimal(5), {"target": "H"})
    assert found[8, "approved_target"].value == 10
    assert (8, "approved_budget") not in found


def test_what_formulas_read_otherwise_gets_a_value() -> None:
    found = cells(placed(target=Decimal(12)), Decimal(10), None, {"target": "H"}, live=False)
    assert (found[8, "target_change"].value, found[8, "target_change"].formula) == (2, "")


def test_what_stands_there_is_read_back_row_by_row() -> None:
    grid = Grid("P", {8: {26: Decimal(10), 28: "doce"}})
    plain = Layout(1, 5, {"target": 8}, {})
    assert approved_here(plain, grid, placed()) is None
    found = approved_here(Layout(1, 5, {"approved_target": 26, "approved_budget": 28}, {}), grid, placed())
    assert found is not None
    assert (found.rows[2].target, found.rows[2].budget) == (Decimal(10), Invalid("doce", Flaw.MALFORMED))
    assert {(row.target, row.budget) for row in found.rows if row.line != 8} == {(None, None)}
