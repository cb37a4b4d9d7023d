"""Names for the columns of a plan, so that formulas of the planner's own stay right whatever rows come and go."""

from collections.abc import Mapping

from poa_xl.core.dates import MONTHS
from poa_xl.sheet.formulas.place import Sheet
from poa_xl.sheet.grid import quoted

# What formulas call the columns: `=POA_PRESUPUESTO(B7; POA_codigos; POA_presupuestos)`.
NAMES: Mapping[str, str] = {
    "POA_codigos": "code",
    "POA_acciones": "name",
    "POA_unidades": "unit",
    "POA_metas": "target",
    "POA_medidas": "measure",
    "POA_meses": f"{MONTHS[0]}:{MONTHS[-1]}",
    "POA_partidas": "partida",
    "POA_presupuestos": "budget",
    "POA_tipos": "stated",
}
# The plan with the row of its headings.
PLAN = "POA_plan"


def named_ranges(name: str, columns: Mapping[str, str], header: int, last: int) -> dict[str, str]:
    """Return what the names stand for, those of columns that the sheet has.

    Args:
        name: Name of the sheet.
        columns: Column letters by field.
        header: The last row of the headings.
        last: The last row of the plan.
    """
    months = Sheet(columns, header + 1, last, 0).has_months_side_by_side
    found = {}
    for called, fields in NAMES.items():
        left, _, right = fields.partition(":")
        if {left, right or left} <= columns.keys() and (months or not right):
            right = columns[right or left]
            found[called] = f"{quoted(name)}!${columns[left]}${header + 1}:${right}${last}"
    ends = [columns[field] for field in ("code", "budget") if field in columns]
    if len(ends) > 1:
        found[PLAN] = f"{quoted(name)}!${ends[0]}${header}:${ends[1]}${last}"
    return found
