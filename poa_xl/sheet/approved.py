"""The columns of what was approved: Meta and Presupuesto as the version says, and by formulas how much they changed."""

from collections.abc import Mapping
from decimal import Decimal

from poa_xl.core.codes import Code
from poa_xl.core.keys import comparable_plans
from poa_xl.core.plan import Plan
from poa_xl.sheet import looks
from poa_xl.sheet.control_columns import APPROVED_COLUMNS, BY_NAME
from poa_xl.sheet.spec import Cell

APPROVED = tuple(column.name for column in APPROVED_COLUMNS)
# What is compared: the column of the plan, that of what was approved, that of the difference.
_PAIRS = (("target", "approved_target", "target_change"), ("budget", "approved_budget", "budget_change"))


def approved_cells(
    plan: Plan,
    columns: Mapping[str, str],
    letters_of: Mapping[str, str],
    approved: Plan,
) -> dict[tuple[int, str], Cell]:
    """Return the cells by row and column; row 0 is that of the captions.

    Args:
        plan: The plan.
        columns: Letters of the columns of the plan.
        letters_of: Letters of these columns.
        approved: The version; an operation that it does not have gets blanks.
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
            now = row.get(field)
            both = isinstance(value, Decimal) and isinstance(now, Decimal)
            difference = now - value if both else ""  # type: ignore[operator] # both are amounts
            here, there = f"${columns[field]}{row.line}", f"${letters_of[was]}{row.line}"
            formula = f'=IF(AND(ISNUMBER({here}),ISNUMBER({there})),{here}-{there},"")'
            cells[row.line, was] = Cell(value if isinstance(value, Decimal) else None, BY_NAME[was].look)
            cells[row.line, change] = Cell(difference, BY_NAME[change].look, formula)
    return cells
