"""What a plan sheet itself says was executed: in columns beside its months, or in rows below those that plan."""

from collections.abc import Mapping
from dataclasses import replace

from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import Kind, Origin, Plan
from poa_xl.core.reports import Report
from poa_xl.sheet.body import says_done
from poa_xl.sheet.formulas.tracking import executed_of
from poa_xl.sheet.grid import Grid, letters
from poa_xl.sheet.headers import Layout
from poa_xl.sheet.tracking_read import amount_in, key_of

# Row and column.
Spot = tuple[int, int]
# Index of a row of the plan to index of a month to the cell.
Spots = Mapping[int, Mapping[int, Spot]]
# The columns of a report in which a plan sheet can say something.
EXECUTED = frozenset(map(executed_of, MONTHS))


def done_rows(layout: Layout) -> frozenset[int]:
    """Return the rows that say what was executed of the row above them."""
    return layout.recognised.done if layout.recognised is not None else frozenset()


def rows_below(layout: Layout) -> frozenset[int]:
    """Return the rows that belong to the plan's row above: what was executed of it, what share that is, its cost."""
    found = layout.recognised
    return found.done | found.rates | found.money if found is not None else frozenset()


def last_of(layout: Layout, line: int) -> int:
    """Return the last row that belongs to a row of the plan, itself where none follows."""
    below = rows_below(layout)
    while line + 1 in below:
        line += 1
    return line


def label_in(grid: Grid, line: int) -> tuple[int, str] | None:
    """Return the column and the word by which a row says that it is what was executed; None where no cell does."""
    said = ((column, value) for column, value in sorted(grid.cells.get(line, {}).items()) if says_done(value))
    return next(((column, str(value)) for column, value in said), None)


def executed_spots(layout: Layout, plan: Plan) -> Spots:
    """Return where a sheet says what was executed of each operation; nothing where it does not."""
    return _spots(layout, plan, Kind.OPERATION)


def group_spots(layout: Layout, plan: Plan, grid: Grid) -> Spots:
    """Return where people type what was executed of groups; a formula there follows the operations by itself."""
    found = {
        index: {month: spot for month, spot in cells.items() if spot not in grid.formulas}
        for index, cells in _spots(layout, plan, Kind.GROUP).items()
    }
    return {index: cells for index, cells in found.items() if cells}


def _spots(layout: Layout, plan: Plan, kind: Kind) -> Spots:
    below = done_rows(layout)
    if not below and not layout.done:
        return {}
    columns = {MONTHS.index(month): column for month, column in layout.done.items()}
    months = {number: layout.columns[month] for number, month in enumerate(MONTHS) if month in layout.columns}
    found: dict[int, dict[int, Spot]] = {}
    for index, row in enumerate(plan.rows):
        if row.kind is kind and columns:
            found[index] = {month: (row.line, column) for month, column in columns.items()}
        elif row.kind is kind and row.line + 1 in below:
            found[index] = {month: (row.line + 1, column) for month, column in months.items()}
    return found


def with_executed(report: Report, grid: Grid, cells: Mapping[int, Spot]) -> Report:
    """Return a report with what the plan sheet says of some months."""
    executed = tuple(
        amount_in(grid.get(*cells[month])) if month in cells else told for month, told in enumerate(report.executed)
    )
    return replace(report, executed=executed)


def executed_fields(spots: Spots) -> frozenset[str]:
    """Return the columns of a report that a plan sheet has places for."""
    return frozenset(executed_of(MONTHS[month]) for cells in spots.values() for month in cells)


def with_executed_rows(
    plan: Plan, grid: Grid, spots: Spots, others: Mapping[str, Mapping[str, object]] | None = None
) -> Plan:
    """Return a plan whose rows hold what its own sheet says was executed.

    Args:
        plan: The plan.
        grid: Its sheet.
        spots: Where that says it.
        others: By `key_of`, what holds of rows and columns that have no place there.
    """
    rows = []
    for index, row in enumerate(plan.rows):
        told, cells = (others or {}).get(key_of(row), {}), spots.get(index, {})
        if not cells:
            rows.append(replace(row, reported=told) if told else row)
            continue
        places = {executed_of(MONTHS[month]): spot for month, spot in cells.items()}
        here = {name: amount_in(grid.get(*spot)) for name, spot in places.items()}
        reported = {name: value for name, value in {**told, **here}.items() if value not in (None, "")}
        addresses = {name: letters(column) for name, (_, column) in places.items()}
        line = next(iter(places.values()))[0]
        rows.append(
            replace(row, reported=reported, beside=Origin(row.origin.file, grid.name, addresses), beside_line=line)
        )
    return replace(plan, rows=tuple(rows))
