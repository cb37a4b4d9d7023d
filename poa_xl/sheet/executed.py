"""What a plan sheet itself says was executed: in columns beside its months, or in rows below those that plan."""

from collections.abc import Mapping
from dataclasses import replace

from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.reports import Report
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.headers import Layout
from poa_xl.sheet.tracking_read import amount_in

# Row and column.
Spot = tuple[int, int]
# Index of an operation to index of a month to the cell.
Spots = Mapping[int, Mapping[int, Spot]]


def executed_spots(layout: Layout, plan: Plan) -> Spots:
    """Return where a sheet says what was executed; nothing where it does not."""
    below = layout.recognised.done if layout.recognised is not None else frozenset()
    columns = {MONTHS.index(month): column for month, column in layout.done.items()}
    months = {number: layout.columns[month] for number, month in enumerate(MONTHS) if month in layout.columns}
    found: dict[int, dict[int, Spot]] = {}
    for index, row in enumerate(plan.rows):
        if row.kind is Kind.OPERATION and columns:
            found[index] = {month: (row.line, column) for month, column in columns.items()}
        elif row.kind is Kind.OPERATION and row.line + 1 in below:
            found[index] = {month: (row.line + 1, column) for month, column in months.items()}
    return found


def with_executed(report: Report, grid: Grid, cells: Mapping[int, Spot]) -> Report:
    """Return a report with what the plan sheet says of some months."""
    executed = tuple(
        amount_in(grid.get(*cells[month])) if month in cells else told for month, told in enumerate(report.executed)
    )
    return replace(report, executed=executed)
