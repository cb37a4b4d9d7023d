"""Numbers that buttons write into the plan of an open workbook: sums of groups, months of a Meta."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from poa_xl.actions.load import Opened
from poa_xl.actions.pressing import need_cells, open_plan
from poa_xl.actions.recorder import recorded
from poa_xl.books.live import Box, LiveBook
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import Kind, Row, TargetKind
from poa_xl.core.rollup import roll_up
from poa_xl.core.spreading import kind_to_spread, months_of, spread
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.areas import Area, Content
from poa_xl.sheet.formulas import budgets
from poa_xl.sheet.formulas.place import Place, role_of, sheet_of
from poa_xl.sheet.grid import runs


def total(book: LiveBook, button: str) -> tuple[int, list[tuple[Row, Decimal]]]:
    """Write the budget of every group as a formula over its rows.

    Returns:
        How many budgets became formulas, and the rows whose budget changed with what it is now.
    """
    opened = open_plan(book)
    totals = roll_up(opened.plan)
    sheet = sheet_of(opened.plan, opened.columns(), opened.first)
    column = opened.layout.columns.get("budget", 0)
    if not column:
        return 0, []
    changed: list[tuple[Row, Decimal]] = []
    fixed = opened.untold("budget")
    with recorded(book, opened, button) as done:
        now = book.contents(opened.sheet, Box(opened.first, column, opened.last, column)).contents
        written: dict[int, Content] = {}
        for index, row in enumerate(opened.plan.rows):
            amount = totals[index]
            if row.kind is not Kind.GROUP or index not in opened.plan.children or not isinstance(amount, Decimal):
                continue
            is_formula = str(now[row.line - opened.first][0]).startswith("=")
            if row.budget != amount:
                changed.append((row, amount))
            if row.budget != amount or not is_formula:
                role = role_of(opened.plan, index, fixed)
                written[row.line] = f"={budgets.roll_up(Place(sheet, row.line, role))}"
        if written:
            need_cells(book, opened)
        for top, left, bottom, _ in runs([(line, column) for line in written]):
            done.put(Area(opened.sheet, top, left, [[written[line]] for line in range(top, bottom + 1)]))
    return len(written), changed


def spread_targets(book: LiveBook, button: str) -> list[tuple[Row, TargetKind, int]]:
    """Write the months of the selected operations so that they make up their Meta, under its type.

    Selected months are those to work in, where months are selected and nothing else.

    Returns:
        The rows as they were, each with the type used and the number of months.

    Raises:
        BookError: No operation with a Meta is selected, or its months cannot be written.
    """
    opened = open_plan(book)
    selected = book.selected if book.active == opened.sheet else None
    columns = {
        opened.layout.columns[month]: number for number, month in enumerate(MONTHS) if month in opened.layout.columns
    }
    rows = [row for row in opened.plan.rows if selected is not None and selected.top <= row.line <= selected.bottom]
    rows = [row for row in rows if row.kind is Kind.OPERATION and isinstance(row.target, Decimal) and row.target > 0]
    if selected is None or not rows:
        raise BookError(
            say(
                "elegir primero una celda en la fila de una operación que tenga Meta, o los meses en que se trabaja, "
                "y repetir"
            )
        )
    chosen = tuple(number for column, number in columns.items() if selected.left <= column <= selected.right)
    if not {*range(selected.left, selected.right + 1)} <= {*columns}:
        chosen = ()
    done = []
    with recorded(book, opened, button) as recorder:
        for row in rows:
            _need_numbers(opened, row)
            kind, months = kind_to_spread(row), chosen or _parts(months_of(row, opened.plan.planned_year), columns)
            amounts = spread(row.target, kind, months)  # type: ignore[arg-type] # only rows with an amount are here
            for top, left, bottom, right in _neighbours(row.line, [*columns]):
                need_cells(book, opened, Box(top, left, bottom, right))
                values: list[Content] = [float(amounts[columns[column]]) for column in range(left, right + 1)]
                recorder.put(Area(opened.sheet, top, left, [values]))
            done.append((row, kind, len([amount for amount in amounts if amount])))
    return done


def _parts(months: Sequence[int], columns: Mapping[int, int]) -> list[int]:
    """Return the parts of the year in which some months lie, each by the month that its column ends with."""
    ends = sorted(columns.values())
    return sorted({next((end for end in ends if end >= month), ends[-1]) for month in months})


def _neighbours(row: int, columns: Sequence[int]) -> Iterator[tuple[int, int, int, int]]:
    """Join columns of a row into runs of neighbours."""
    for left, top, right, bottom in runs([(column, row) for column in columns]):
        yield top, left, bottom, right


def _need_numbers(opened: Opened, row: Row) -> None:
    """Say of percentages that they are not written here: blank months do not say whether they show one.

    Raises:
        BookError: The row shows percentages.
    """
    if any(line == row.line for line, _ in opened.grid.scaled):
        raise BookError(
            say(
                "{sheet}!{cell}: la Meta o sus meses están en porcentaje; repartirla a mano",
                sheet=opened.sheet,
                cell=row.where("target").cell,
            )
        )
