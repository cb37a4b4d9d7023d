"""What cells of an open workbook hold, asked for in bulk: values as files have them, or contents as they are typed."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import xlwings as xw

from poa_xl.books.host import Cells, Program
from poa_xl.books.live import Box
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.areas import Area, Content, Matrix, value_of
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.number_format import FACTORS, fixed, scaled_by

# Excel gives the newer errors, for which xlwings has no names, as whole numbers.
_ERRORS = range(-2_146_826_300, -2_146_826_200)
_FIRST_DAY = datetime(1900, 1, 1)  # noqa: DTZ001 - cells know no zone
_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001
# From this month on all count alike.
_COUNTED = (1900, 3)
_ZERO_1904 = datetime(1904, 1, 1)  # noqa: DTZ001


def grid_of(program: Program, sheet: xw.Sheet, *, date1904: bool) -> Grid:
    """Read a sheet as files are read.

    Args:
        program: The program that has it open.
        sheet: The sheet.
        date1904: Whether day numbers of its workbook count from 1904.
    """
    cells = read_cells(sheet)
    seen = program.details(sheet, cells)
    scaled: dict[tuple[int, int], int] = {}
    shown: dict[tuple[int, int], str] = {}
    for place, kind in seen.kinds.items():
        number = _number(cells.get(place[0], {}).get(place[1]), date1904=date1904)
        if number is not None and kind in FACTORS:
            cells[place[0]][place[1]] = scaled_by(number, kind)
            scaled[place] = FACTORS[kind]
        elif number is not None and kind == "date":
            shown[place] = kind
        elif number is not None and fixed(number, kind) != f"{number:f}":
            shown[place] = fixed(number, kind)
    if not date1904:
        _tell_no_days(cells, shown)
    if program.counts_true_days and not date1904:
        _count_as_files_do(cells, seen.kinds)
    return Grid(
        sheet.name,
        cells,
        seen.merges,
        seen.hidden,
        date1904,
        bool(sheet.visible),
        seen.formulas,
        scaled,
        shown,
        seen.totals,
        seen.painted,
    )


def read_cells(sheet: xw.Sheet) -> Cells:
    """Read the values of a sheet; errors are told apart from texts that read the same."""
    used = sheet.used_range
    named = used.options(ndim=2, err_to_str=True).value
    is_doubtful = any(isinstance(each, str) and each.startswith("#") for row in named for each in row)
    # Asked without names, an error is nothing.
    plain = used.options(ndim=2).value if is_doubtful else named
    cells: Cells = {}
    for line, pair in enumerate(zip(named, plain, strict=True), used.row):
        found = {
            column: _value(content, is_error=bare is None and content is not None)
            for column, (content, bare) in enumerate(zip(*pair, strict=True), used.column)
            if content not in (None, "")
        }
        if found:
            cells[line] = found
    return cells


def _value(content: Any, *, is_error: bool) -> Value:  # noqa: ANN401 - whatever a cell gives
    if is_error or (type(content) is int and content in _ERRORS):
        return Invalid(content if isinstance(content, str) else "#¡ERROR!", Flaw.ERROR)
    if isinstance(content, datetime) and content < _FIRST_DAY:
        # A time of day without a day.
        return value_of((content - _ZERO).total_seconds() / 86400)
    return value_of(content)


def _count_as_files_do(cells: Cells, others: Collection[tuple[int, int]]) -> None:
    """Move dates before March 1900 to the day that their number is in a file; `others` show no dates."""
    for row, line in cells.items():
        for column, value in line.items():
            if isinstance(value, date) and (value.year, value.month) < _COUNTED and (row, column) not in others:
                line[column] = value + timedelta(days=1)


def _tell_no_days(cells: Cells, shown: dict[tuple[int, int], str]) -> None:
    """Turn moments before the first day that a file can show into the numbers that they are: hours of a day, a 0."""
    for row, line in cells.items():
        for column, value in line.items():
            number = _number(value, date1904=False) if isinstance(value, date) else None
            if number is not None and number < 1:
                line[column] = number
                shown[row, column] = "date"


def _number(value: Value, *, date1904: bool) -> Decimal | None:
    """Return a value as the number that the cell holds; programs give hours as a moment. None for what is no number."""
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        days = (moment.replace(tzinfo=None) - (_ZERO_1904 if date1904 else _ZERO)).total_seconds() / 86400
        return Decimal(repr(days))
    return value if isinstance(value, Decimal) else None


def contents(sheet: xw.Sheet, box: Box | None = None) -> Area:
    """Read what cells of a sheet hold, by default all used ones."""
    used = sheet.used_range if box is None else sheet.range((box.top, box.left), (box.bottom, box.right))
    values = used.options(ndim=2, err_to_str=True).value
    formulas = two_dimensional(used.formula)
    matrix: Matrix = [
        [_content(formula, value) for formula, value in zip(*pair, strict=True)]
        for pair in zip(formulas, values, strict=True)
    ]
    return Area(sheet.name, used.row, used.column, matrix)


def _content(formula: object, value: Any) -> Content:  # noqa: ANN401 - whatever a cell gives
    if isinstance(formula, str) and formula.startswith("="):
        return formula if formula != value else f"'{formula}"
    return value.isoformat() if isinstance(value, date) else value


def two_dimensional(cells: Any) -> list[list[Any]]:  # noqa: ANN401 - a text, a row or rows of texts
    """Return the formulas of a range row by row."""
    if not isinstance(cells, list | tuple):
        return [[cells]]
    return [list(row) if isinstance(row, list | tuple) else [row] for row in cells]


def is_formula(formula: object, value: object) -> bool:
    """Whether a cell holds a formula, and no text that looks like one."""
    return isinstance(formula, str) and formula.startswith("=") and formula != value


def used_box(sheet: xw.Sheet) -> Box:
    """Return the cells of a sheet that are used."""
    return box_of(sheet.used_range)


def box_of(cells: xw.Range) -> Box:
    """Return where a range stands."""
    rows, columns = cells.shape
    return Box(cells.row, cells.column, cells.row + rows - 1, cells.column + columns - 1)
