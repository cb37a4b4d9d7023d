"""What poa-xl put into an open workbook, taken out again; what people typed beside the plan stays if they want."""

from collections.abc import Callable

from poa_xl.actions import filtering
from poa_xl.actions.beside import typed_in
from poa_xl.actions.load import Opened
from poa_xl.actions.pressing import need_cells, need_sheets, open_plan
from poa_xl.actions.recorder import Recorder, is_painted, recorded
from poa_xl.actions.tracking import tracked_in
from poa_xl.actions.verifying import our_names, side_by_side
from poa_xl.books.live import LiveBook
from poa_xl.books.patch.ranges import area_of
from poa_xl.core.values import Invalid
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.areas import Area, Content
from poa_xl.sheet.control_columns import BY_NAME
from poa_xl.sheet.grid import Grid, Value, letters, runs
from poa_xl.sheet.headers import SHOWN
from poa_xl.sheet.tracking_columns import PLACES, TRACK_COLUMNS, Part
from poa_xl.store import journal

# Width of columns that were hidden, in characters.
_SHOWN_AGAIN = 9
# Columns of `Seguimiento` that tell nobody anything once nothing is computed any more.
_HELPERS = {PLACES[each.name] for each in TRACK_COLUMNS if each.part is Part.HELPER}


def typed_rows(opened: Opened) -> int:
    """Return how many rows of `Seguimiento` and `Modificaciones` hold something that people typed."""
    listed = opened.modifications
    tracked = sum(bool(entry.typed) for entry in tracked_in(opened).entries)
    return tracked + (typed_in([listed]) if listed is not None else 0)


def remove(book: LiveBook, button: str, *, drop: Callable[[int], bool]) -> int:
    """Take out control columns, red and green, and the sheets beside the plan.

    Args:
        book: The workbook.
        button: What it says on the button.
        drop: Asked whether so many rows that people typed go too; they stay, without formulas, where not.

    Returns:
        How many columns and sheets were removed.

    Raises:
        BookError: There is nothing of ours, or the workbook is protected.
    """
    opened = open_plan(book)
    tracked = tracked_in(opened).grid
    beside = [each for each in (opened.listed, tracked, opened.versions, opened.modifications) if each is not None]
    if not opened.added and not beside:
        raise BookError(say("{file}: no tiene nada que poa-xl haya agregado", file=book.name))
    need_cells(book, opened)
    if beside:
        need_sheets(book)
    rows = typed_rows(opened)
    is_kept = bool(rows) and not drop(rows)
    kept = [each for each in (tracked, opened.modifications) if is_kept and each is not None]
    with recorded(book, opened, button) as done:
        if is_painted(book, opened):
            done.paint(on=False)
        done.give_names(dict.fromkeys(our_names(book, opened).keys() & book.names.keys(), ""))
        _without_columns(done)
        _without_arrows(done)
        book.help(opened.sheet, ())
        for grid in beside:
            if not any(grid is each for each in kept):
                done.drop(grid.name)
        for grid in kept:
            _as_values(done, grid, _HELPERS if grid is tracked else set())
    return sum(name in SHOWN for name in opened.added) + len(beside) - len(kept)


def _without_columns(done: Recorder) -> None:
    opened = done.opened
    height = opened.last - opened.layout.bottom + 1
    for block in side_by_side({name: opened.layout.columns[name] for name in opened.added}):
        column = opened.layout.columns[block[0]]
        done.put(Area(opened.sheet, opened.layout.bottom, column, [[None] * len(block)] * height))
        if BY_NAME[block[0]].is_helper:
            done.book.widen(opened.sheet, column, _SHOWN_AGAIN, len(block))


def _without_arrows(done: Recorder) -> None:
    """Put filter arrows over our columns back as they were; where nobody knows how, over the planner's alone."""
    opened, ours = done.opened, {done.opened.layout.columns[name] for name in done.opened.added}
    here = area_of(done.book.arrows(opened.sheet))
    if here is None or here.right not in ours:
        return
    former = opened.mark.get(filtering.MARK) or journal.kept_arrows(done.book.address)
    if former is None:
        former = f"{letters(here.left)}{here.top}:{letters(min(ours) - 1)}{here.bottom}"
    done.filter("" if former == filtering.NONE else former)


def _as_values(done: Recorder, grid: Grid, helpers: set[int]) -> None:
    """Leave of formulas what they came to; of helpers nothing."""
    for top, left, bottom, right in runs(list(grid.formulas)):
        rows: list[list[Content]] = [
            [None if column in helpers else _content(grid.get(row, column)) for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]
        done.put(Area(grid.name, top, left, rows))


def _content(value: Value) -> Content:
    if isinstance(value, Invalid):
        return value.text
    return value if value is None or isinstance(value, str | bool) else float(value)  # type: ignore[arg-type]
