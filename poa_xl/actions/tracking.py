"""The sheet `Seguimiento` in the planner's own workbook: made, refreshed in place, taken out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from poa_xl.actions.load import Opened
from poa_xl.books.patch.editor import Editor
from poa_xl.core.dates import MONTHS
from poa_xl.core.flags import Flag
from poa_xl.core.plan import Plan, Row
from poa_xl.core.tracking import Scale
from poa_xl.sheet.cells import shown
from poa_xl.sheet.grid import Grid, free_name
from poa_xl.sheet.image import Cell, SheetImage
from poa_xl.sheet.listing import TOP
from poa_xl.sheet.tracking import Source, is_our_rule, tracking_sheet
from poa_xl.sheet.tracking_columns import PLACES, SENSES
from poa_xl.sheet.tracking_read import TRACKING, Tracked, find_tracking, read_tracking

# What we write down of the sheet's name.
NAME = "tracking"


def tracked_in(opened: Opened) -> Tracked:
    """Read the sheet of a workbook; nothing where it has none."""
    return read_tracking(find_tracking(opened.others, opened.mark.get(NAME, TRACKING)))


def last_reported(tracked: Tracked) -> int | None:
    """Return the index of the last month of which anything is reported."""
    months = range(len(MONTHS) - 1, -1, -1)
    return next((m for m in months if any(each.report.executed[m] is not None for each in tracked.entries)), None)


def place_tracking(editor: Editor, opened: Opened, source: Source, cutoff: int | None) -> str:
    """Put the sheet into a workbook under edit, or refresh it where it stands.

    Args:
        editor: The workbook.
        opened: Its plan.
        source: The plan, checked.
        cutoff: Index of the cut-off month; None for what the sheet says, else for the last month reported, else for
            January.

    Returns:
        The name of the sheet.
    """
    former = tracked_in(opened)
    until = next((each for each in (cutoff, former.cutoff, last_reported(former)) if each is not None), 0)
    image = tracking_sheet(source, former, until)
    if former.grid is None:
        image.name = free_name(TRACKING, [sheet.name for sheet in editor.package.sheets])
        editor.add_sheet(image)
        return image.name
    refresh(editor, image, former)
    return former.grid.name


def refresh(editor: Editor, image: SheetImage, former: Tracked) -> None:
    """Bring a sheet to what was drawn anew, and leave everything else of it as people made it."""
    grid = former.grid
    if grid is None:
        raise TypeError
    edits = editor.sheet(grid.name)
    dressed = {1, 2, 3, TOP, *(entry.line for entry in former.entries)}
    for place, cell in image.cells.items():
        if _differs(grid, place, cell) or place[0] not in dressed:
            edits.cells[place] = cell
            if place[0] in dressed:
                edits.keep_format.add(place)
    ours = {*PLACES.values()}
    for row, cells in grid.cells.items():
        for column in cells:
            if row > TOP and column in ours and (row, column) not in image.cells:
                edits.cells[row, column] = None
    edits.rules, edits.drop_rule = image.rules, is_our_rule
    lists = {'"' + ",".join(values) + '"' for values in (MONTHS, SENSES)}
    edits.choices, edits.drop_choice = image.choices, lists.__contains__


def _differs(grid: Grid, place: tuple[int, int], cell: Cell) -> bool:
    """Whether a cell shows something else, or by another formula."""
    formula, value = grid.formulas.get(place, ""), grid.get(*place)
    if cell.formula.removeprefix("=") != formula:
        return True
    # Nobody writes down what helpers come to.
    return not (formula and cell.value is None) and shown(cell.value) != shown(value)
