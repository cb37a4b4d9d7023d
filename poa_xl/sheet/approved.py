"""The columns of what was approved: Meta and Presupuesto as the version says, and by formulas how much they changed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from poa_xl.core.codes import Code
from poa_xl.core.keys import comparable_plans
from poa_xl.core.plan import Amount, Plan, Row
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet import looks
from poa_xl.sheet.cells import shown
from poa_xl.sheet.control_columns import APPROVED_COLUMNS, BY_NAME
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.headers import Layout
from poa_xl.sheet.spec import Cell

APPROVED = tuple(column.name for column in APPROVED_COLUMNS)
# What is compared: the column of the plan, that of what was approved, that of the difference.
_PAIRS = (("target", "approved_target", "target_change"), ("budget", "approved_budget", "budget_change"))


def approved_cells(
    plan: Plan,
    columns: Mapping[str, str],
    letters_of: Mapping[str, str],
    approved: Plan,
    is_live: Callable[[Row], bool],
) -> dict[tuple[int, str], Cell]:
    """Return the cells by row and column; row 0 is that of the captions.

    Args:
        plan: The plan.
        columns: Letters of the columns of the plan.
        letters_of: Letters of these columns.
        approved: The version. Of a row that it does not have nothing was approved, and all that it holds is a change.
        is_live: Whether formulas read the numbers of a row as we do.
    """
    cells = {(0, name): Cell(BY_NAME[name].caption, looks.CONTROL_HEADER) for name in APPROVED}
    former, present = comparable_plans(approved, plan)
    known = {str(row.code): (row.target, row.budget) for row in former.rows if isinstance(row.code, Code)}
    for row, named in zip(plan.rows, present.rows, strict=True):
        if not isinstance(named.code, Code):
            continue
        for value, (field, was, change) in zip(known.get(str(named.code), (None, None)), _PAIRS, strict=True):
            if field not in columns:
                continue
            here, there = f"${columns[field]}{row.line}", f"${letters_of[was]}{row.line}"
            both = f"{here},{there}"
            formula = f'=IF(AND(COUNT({both})>0,COUNT({both})=COUNTA({both})),N({here})-N({there}),"")'
            before = value if isinstance(value, Decimal) else shown(value) or None
            cells[row.line, was] = Cell(before, BY_NAME[was].look)
            cells[row.line, change] = Cell(
                _change(before, row.get(field)), BY_NAME[change].look, formula if is_live(row) else ""
            )
    return cells


def _change(before: object, now: object) -> Decimal | str:
    """Return by how much an amount changed, as the formula does; empty where one of both is no number."""
    known = [each for each in (before, now) if each is not None]
    numbers = [each for each in known if isinstance(each, Decimal)]
    if not numbers or len(numbers) < len(known):
        return ""
    return (now if isinstance(now, Decimal) else Decimal()) - (before if isinstance(before, Decimal) else 0)


def approved_here(layout: Layout, grid: Grid, plan: Plan) -> Plan | None:
    """Return the plan with the Meta and the Presupuesto that these columns of a sheet say; None where it has none."""
    target, budget = (layout.columns.get(was, 0) for _, was, _ in _PAIRS)
    if not (target or budget):
        return None
    rows = (
        replace(row, target=_amount(grid, row.line, target), budget=_amount(grid, row.line, budget))
        for row in plan.rows
    )
    return replace(plan, rows=tuple(rows))


def _amount(grid: Grid, line: int, column: int) -> Amount:
    value = grid.get(line, column)
    if value is None or isinstance(value, Decimal):
        return value
    return Invalid(shown(value), Flaw.MALFORMED)
