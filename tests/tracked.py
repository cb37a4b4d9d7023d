"""Plans under tracking, for tests: a plan sheet and its `Seguimiento`, with whatever people typed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl

from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.flags import flag
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.tracking import USUAL, Scale
from poa_xl.sheet.grid import Grid, Value, letters
from poa_xl.sheet.render import COLUMNS, Flagged, place, plan_sheet
from poa_xl.sheet.spec import SheetSpec
from poa_xl.sheet.tracking import Source, tracking_sheet
from poa_xl.sheet.tracking_columns import PLACES
from poa_xl.sheet.tracking_read import TRACKING, Tracked, read_tracking

# Row in the sheet and column to what is typed there.
Typed = Mapping[tuple[int, str], Value]


def source_of(plan: Plan, scale: Scale = USUAL) -> Source:
    """Return a plan placed in a sheet of its own, flagged."""
    placed = place(plan, "p.xlsx", "POA", ())
    addresses = {name: letters(column) for name, column in COLUMNS.items()}
    return Source(placed, flag(placed, check(placed)), "POA", addresses, lambda _: True, scale)


def typed_into(source: Source, typed: Typed, cutoff: int | None) -> Tracked:
    """Return the sheet of a plan as it reads once something was typed into it."""
    return read_tracking(grid_of(tracking_sheet(source, Tracked(), cutoff), typed))


def grid_of(image: SheetSpec, typed: Typed | None = None) -> Grid:
    """Return an image as it reads, with more typed into it."""
    cells: dict[int, dict[int, Value]] = {}
    for (row, column), cell in image.cells.items():
        if cell.value not in (None, ""):
            cells.setdefault(row, {})[column] = cell.value
    for (row, name), value in (typed or {}).items():
        cells.setdefault(row, {})[PLACES[name]] = value
    formulas = {place: cell.formula[1:] for place, cell in image.cells.items() if cell.formula}
    return Grid(TRACKING, cells, formulas=formulas)


def images_of(source: Source, typed: Typed, cutoff: int | None) -> tuple[SheetSpec, SheetSpec]:
    """Draw a plan and its tracking."""
    plan = plan_sheet(source.plan, "POA", (), Flagged(source.flags, check(source.plan)))
    return plan, tracking_sheet(source, typed_into(source, typed, cutoff), cutoff)


def type_into(path: Path, rows: Mapping[str, Mapping[str, object]], sheet: str = TRACKING) -> Path:
    """Type into the sheet of a workbook as a person would: code to column to value."""
    tracked = {each.key[1:]: each.line for each in read_tracking(_grid(path, sheet)).entries}
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    for code, values in rows.items():
        for name, value in values.items():
            page.cell(tracked[code], PLACES[name]).value = float(value) if isinstance(value, Decimal) else value  # type: ignore[assignment]
    book.save(path)
    return path


def _grid(path: Path, sheet: str) -> Grid:
    return next(grid for grid in FileBook(path).read() if grid.name == sheet)


def operations(plan: Plan) -> Sequence[int]:
    """Return the indices of the operations."""
    return [index for index, row in enumerate(plan.rows) if row.kind is Kind.OPERATION]
