"""Workbooks that are open in a program, through xlwings: Excel, or Calc with the engine of `poa_xl.calc`.

Reads and writes go in bulk. What the person at the screen looks at stays as it was: selection, scroll position,
calculation mode.
"""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import xlwings as xw

from poa_xl.sheet.areas import Area, Content, Matrix, value_of
from poa_xl.sheet.grid import Grid, Merge, Value, letters, runs
from poa_xl.sheet.image import Cell, Rule, SheetImage, Style

Item = TypeVar("Item")
# Changes in one step of Calc's undo list, well below the hundred that it keeps.
_SHORT = 40


def reopen(app: xw.App, path: Path) -> None:
    """Open a workbook again. Calc opens it beside another one of its name too, which xlwings takes for a mistake."""
    if app.engine.name == "libreoffice":
        app.impl.books.open(str(path))
    else:
        app.books.open(str(path))


def read_grid(sheet: xw.Sheet) -> Grid:
    """Read the cells of a sheet; errors come as texts by their names, which nothing downstream takes for values."""
    used = sheet.used_range
    first, left = used.row, used.column
    rows = used.options(ndim=2, err_to_str=True).value
    cells: dict[int, dict[int, Value]] = {}
    for line, row in enumerate(rows, first):
        found = {column: value_of(content) for column, content in enumerate(row, left) if content not in (None, "")}
        if found:
            cells[line] = found
    return Grid(sheet.name, cells)


def read_merges(sheet: xw.Sheet, columns: Sequence[int], top: int, bottom: int) -> tuple[Merge, ...]:
    """Find cells merged downwards; a column without any costs one call, another one a call for each row."""
    return tuple(each for column in columns for each in _merges(sheet, column, top, bottom))


def _merges(sheet: xw.Sheet, column: int, top: int, bottom: int) -> Iterator[Merge]:
    row = top
    if bottom <= top or sheet.range((top, column), (bottom, column)).merge_cells is False:
        return
    while row <= bottom:
        area = sheet.range((row, column)).merge_area
        rows, columns = area.shape
        if rows > 1:
            yield Merge(area.row, area.column, area.row + rows - 1, area.column + columns - 1)
        row = max(row + 1, area.row + rows)


def is_protected(sheet: xw.Sheet) -> bool:
    """Tell whether locked cells of a sheet refuse to be changed."""
    if sheet.book.app.engine.name == "libreoffice":
        return bool(sheet.api.isProtected())
    return bool(sheet.api.ProtectContents)


def refuses_sheets(book: xw.Book) -> bool:
    """Tell whether a workbook is protected against sheets that come or go."""
    return bool(book.api.isProtected() if book.app.engine.name == "libreoffice" else book.api.ProtectStructure)


def contents(sheet: xw.Sheet, row: int, column: int, shape: tuple[int, int]) -> Area:
    """Read what cells hold: formulas where there are some, else values; texts like `=x` get an apostrophe in front."""
    cells = sheet.range((row, column), (row + shape[0] - 1, column + shape[1] - 1))
    values = cells.options(ndim=2, err_to_str=True).value
    formulas = _two_dimensional(cells.formula)
    matrix: Matrix = [
        [_content(formula, value) for formula, value in zip(*pair, strict=True)]
        for pair in zip(formulas, values, strict=True)
    ]
    return Area(sheet.name, row, column, matrix)


def _content(formula: object, value: Any) -> Content:  # noqa: ANN401 - whatever a cell gives
    if isinstance(formula, str) and formula.startswith("="):
        return formula if formula != value else f"'{formula}"
    return value.isoformat() if isinstance(value, date) else value


def _two_dimensional(cells: Any) -> list[list[Any]]:  # noqa: ANN401 - a text, a row or rows of texts
    if not isinstance(cells, list | tuple):
        return [[cells]]
    return [list(row) if isinstance(row, list | tuple) else [row] for row in cells]


def put(book: xw.Book, area: Area, sheet: xw.Sheet | None = None) -> None:
    """Write contents as `contents` gives them: texts stay texts, formulas are English with commas."""
    sheet = sheet or book.sheets[area.sheet]
    is_excel = book.app.engine.name == "excel"
    width = max(map(len, area.contents))
    with step(book):
        for column in range(width):
            at = area.column + column
            values = [row[column] for row in area.contents]
            sheet.range((area.row, at), (area.row + len(values) - 1, at)).value = [
                [_typed(each, is_excel)] for each in values
            ]


def _typed(content: Content, is_excel: bool) -> Content:  # noqa: FBT001 - one of two programs
    """Keep Excel from reading a text as it reads what people type: `1-2` is no date."""
    is_text = isinstance(content, str) and not content.startswith(("=", "'="))
    return f"'{content}" if is_text and is_excel else content


def matrix_of(cells: dict[tuple[int, int], Cell], name: str) -> Area:
    """Turn the cells of an image into one area; links become formulas that jump."""
    rows, columns = ([place[i] for place in cells] for i in (0, 1))
    top, left = min(rows), min(columns)
    matrix: Matrix = [
        [content_of(cells.get((row, column))) for column in range(left, max(columns) + 1)]
        for row in range(top, max(rows) + 1)
    ]
    return Area(name, top, left, matrix)


def content_of(cell: Cell | None) -> Content:
    """Give what a drawn cell holds once it stands in a sheet."""
    if cell is None:
        return None
    if cell.link:
        target, shown = (str(text).replace('"', '""') for text in (cell.link, cell.value))
        return f'=HYPERLINK("#{target}","{shown}")'
    if isinstance(cell.value, str) and not cell.formula and cell.value.startswith("="):
        return f"'{cell.value}"
    value = cell.formula or cell.value
    return float(value) if isinstance(value, Decimal) else str(value) if isinstance(value, date) else value


def draw(book: xw.Book, image: SheetImage, after: xw.Sheet) -> xw.Sheet:
    """Make a sheet: contents, looks, sizes, merges, outline levels, drop-down lists and conditional formats."""
    with step(book):
        sheet = book.sheets.add(image.name, after=after)
        put(book, matrix_of(image.cells, image.name))
        _fill_in_dates(sheet, image)
        _lay_out(sheet, image)
        lines: dict[Style, list[tuple[int, int]]] = {}
        for place, cell in sorted(image.cells.items()):
            lines.setdefault(cell.style, []).append(place)
        for style, places in lines.items():
            for top, left, bottom, right in _in_steps(book, list(runs(places))):
                dress(sheet.range((top, left), (bottom, right)), style)
        paint(sheet, image.rules)
    return sheet


def _fill_in_dates(sheet: xw.Sheet, image: SheetImage) -> None:
    days = [place for place, cell in image.cells.items() if isinstance(cell.value, date) and not cell.formula]
    for place in _in_steps(sheet.book, days):
        sheet.range(place).value = image.cells[place].value


def _lay_out(sheet: xw.Sheet, image: SheetImage) -> None:
    book = sheet.book
    for column, width in _in_steps(book, list(image.widths.items())):
        sheet.range((1, column)).column_width = width
    for row, height in _in_steps(book, list(image.heights.items())):
        sheet.range((row, 1)).row_height = height
    for area in _in_steps(book, image.merges):
        sheet.range(area).merge()
    for row, level in _in_steps(book, list(image.levels.items())):
        for _ in range(level):
            sheet.range(f"{row}:{row}").group()
    for choice in _in_steps(book, image.choices):
        sheet.range(choice.area).data_validation.set_list(choice.values)


def _in_steps(book: xw.Book, items: Sequence[Item]) -> Iterator[Item]:
    """Go through items with what is done about them in steps that are short enough."""
    for start in range(0, len(items), _SHORT):
        with step(book):
            yield from items[start : start + _SHORT]


def dress(cells: xw.Range, style: Style) -> None:
    """Give cells the part of a look that all programs share."""
    with step(cells.sheet.book):
        if style.fill:
            cells.color = style.fill
        if style.color:
            cells.font.color = style.color
        if style.bold:
            cells.font.bold = True
        cells.font.size = style.size
        cells.vertical_alignment = "center"
        if style.align:
            cells.horizontal_alignment = style.align  # type: ignore[assignment] # ours are three of theirs
        if style.wrap:
            cells.wrap_text = True
        if style.number_format not in ("General", "@"):
            cells.number_format = style.number_format


def paint(sheet: xw.Sheet, rules: Sequence[Rule]) -> None:
    """Add conditional formats. Excel reads their formulas from the active cell, so that must be their first one."""
    sheet.activate()
    for rule in rules:
        cells = sheet.range(rule.area)
        sheet.range((cells.row, cells.column)).select()
        cells.conditional_formats.add_custom(
            rule.formula, fill_color=rule.style.fill, font_color=rule.style.color or None
        )


@contextlib.contextmanager
def step(book: xw.Book, name: str = "POA") -> Iterator[None]:
    """Make all changes inside one step of Calc's own undo list, which holds a hundred; Excel forgets its list.

    Steps stand within steps: of one with more than a hundred parts Calc would forget the first ones.
    """
    if book.app.engine.name != "libreoffice":
        yield
        return
    steps = book.api.UndoManager
    steps.enterUndoContext(name)
    try:
        yield
    except Exception as error:
        # Python's context managers write into an exception that passes, and those of UNO let nobody.
        if hasattr(error, "Message"):
            raise RuntimeError(f"{type(error).__name__}: {error.Message}") from error
        raise
    finally:
        steps.leaveUndoContext()


@contextlib.contextmanager
def undisturbed(book: xw.Book, name: str) -> Iterator[None]:
    """Work without flicker, in one step of that name; put what the person looks at back as it was.

    That is screen, calculation, status bar, sheet, selection and scroll position.
    """
    app = book.app
    sheet, selected = book.sheets.active, book.selection
    place = _scrolled(book)
    updating, calculation = app.screen_updating, app.calculation
    app.screen_updating, app.calculation = False, "manual"
    try:
        with step(book, name):
            yield
    finally:
        app.calculation = calculation
        with contextlib.suppress(Exception):  # the sheet may be gone, and that is no reason to stop here
            sheet.activate()
            if selected is not None:
                selected.select()
            _scroll(book, place)
        app.screen_updating = updating
        app.status_bar = False


def _scrolled(book: xw.Book) -> tuple[int, int] | None:
    """Tell first row and column that show; None where the program does not say."""
    with contextlib.suppress(Exception):  # every program has its own way, some have none
        if book.app.engine.name == "libreoffice":
            controller = book.api.getCurrentController()
            return controller.getFirstVisibleRow(), controller.getFirstVisibleColumn()
        window = book.app.api.ActiveWindow
        return window.ScrollRow, window.ScrollColumn
    return None


def _scroll(book: xw.Book, place: tuple[int, int] | None) -> None:
    if place is None:
        return
    row, column = place
    if book.app.engine.name == "libreoffice":
        controller = book.api.getCurrentController()
        controller.setFirstVisibleRow(row)
        controller.setFirstVisibleColumn(column)
    else:
        window = book.app.api.ActiveWindow
        window.ScrollRow, window.ScrollColumn = row, column


def address(row: int, column: int) -> str:
    """Give the address of a cell: `H12`."""
    return f"{letters(column)}{row}"
