"""What the buttons of `Seguimiento` do in a workbook that is open: where to type, and what the reports come to."""

from collections.abc import Sequence
from dataclasses import dataclass

from poa_xl.actions import pressing, verifying
from poa_xl.actions.evaluating import evaluation_of
from poa_xl.actions.following import tracking_findings
from poa_xl.actions.load import Opened
from poa_xl.actions.tracking import cutoff_of, tracked_in
from poa_xl.books.live import LiveBook
from poa_xl.core.dates import MONTHS
from poa_xl.core.evaluation import Evaluation
from poa_xl.core.findings import Located
from poa_xl.core.tracking import USUAL
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.formulas.tracking import executed_of
from poa_xl.sheet.listing import TOP
from poa_xl.sheet.tracking import lines_of
from poa_xl.sheet.tracking_columns import PLACES
from poa_xl.sheet.tracking_read import match


@dataclass(frozen=True)
class Spot:
    """Where what was executed is typed: the sheet, the cell at the cut-off month, whether every operation has its row.

    Attributes:
        sheet: Name of the sheet.
        cell: Row and column.
        is_current: Whether the rows are those of the plan, in its order.
    """

    sheet: str
    cell: tuple[int, int]
    is_current: bool


def spot_of(book: LiveBook, opened: Opened) -> Spot | None:
    """Find where to type: in the row of the operation that is selected in the plan, else in the first one.

    None where there is no such sheet.
    """
    tracked = tracked_in(opened)
    if tracked.grid is None:
        return None
    found, gone = match(opened.plan, tracked.entries)
    lines = {index: entry.line for index, entry in found.items()}
    selected = book.selected if book.active == opened.sheet else None
    line = selected.top if selected is not None else 0
    chosen = (lines[index] for index in lines if opened.plan.rows[index].line == line)
    column = PLACES[executed_of(MONTHS[cutoff_of(tracked)])]
    is_current = not gone and lines == lines_of(opened.plan)
    return Spot(tracked.grid.name, (next(chosen, min(lines.values(), default=TOP + 1)), column), is_current)


def cutoff(opened: Opened) -> int:
    """Return the index of the cut-off month.

    Raises:
        BookError: There is no `Seguimiento`.
    """
    tracked = tracked_in(opened)
    if tracked.grid is None:
        raise BookError(say("{file}: no tiene la hoja Seguimiento; el botón Registrar la pone", file=opened.book.name))
    return cutoff_of(tracked)


def evaluate(book: LiveBook, button: str) -> tuple[Evaluation, Sequence[Located]]:
    """Check plan and reports, list what is wrong with both, and say how the plan stands.

    Raises:
        BookError: There is no `Seguimiento`.
        LayoutError: There is no plan.
    """
    opened = pressing.open_plan(book)
    cutoff(opened)
    found, _ = evaluation_of(opened)
    reported = tracking_findings([opened], opened.layout.profile.scale or USUAL)
    verifying.list_findings(book, opened, button, reported)
    return found, reported
