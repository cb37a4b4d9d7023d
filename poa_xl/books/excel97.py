"""Workbooks of Excel 97 to 2003, `.xls`: read as values, with their errors, merges and hidden rows; never written."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from poa_xl.books.daynumbers import from_day_number
from poa_xl.core.amounts import parse_number
from poa_xl.core.values import Flaw, Invalid
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import Grid, Merge, Value, Workbook
from poa_xl.sheet.number_format import FACTORS, WRITTEN, fixed, kind_of, scaled_by


def read_xls(path: Path) -> Workbook:
    """Read a workbook of Excel 97 to 2003.

    Raises:
        BookError: It cannot be read, or what reads it is not installed.
    """
    try:
        import xlrd  # noqa: PLC0415 - an extra, and only these files need it
    except ImportError as error:
        raise BookError(
            say(
                "{file}: es un libro .xls antiguo; abrirlo y guardarlo como .xlsx, o instalar poa-xl[xls]",
                file=path.name,
            )
        ) from error
    try:
        book = xlrd.open_workbook(str(path), formatting_info=True)
    except OSError:
        raise
    except Exception as error:  # the library has no error of its own for a damaged file
        raise BookError(say("{file}: no se puede leer ({detail})", file=path.name, detail=error)) from error
    return Workbook(path.name, tuple(_grid(book, sheet) for sheet in book.sheets()))


def _grid(book: Any, sheet: Any) -> Grid:  # noqa: ANN401 - the library has no types
    cells: dict[int, dict[int, Value]] = {}
    scaled: dict[tuple[int, int], int] = {}
    shown: dict[tuple[int, int], str] = {}
    painted: dict[tuple[int, int], str] = {}
    indents: dict[tuple[int, int], int] = {}
    for row in range(sheet.nrows):
        found: dict[int, Value] = {}
        for column in range(sheet.row_len(row)):
            cell = sheet.cell(row, column)
            form = _form(book, cell)
            value = _value(book, cell, form)
            if value is None:
                if colour := _colour(book, cell):
                    painted[row + 1, column + 1] = colour
                continue
            found[column + 1] = value
            if isinstance(value, str) and (indent := _indent(book, cell)):
                indents[row + 1, column + 1] = indent
            if form in FACTORS:
                scaled[row + 1, column + 1] = FACTORS[form]
            elif form == "date" and isinstance(value, Decimal):
                shown[row + 1, column + 1] = form
            elif form.startswith(WRITTEN) and cell.ctype == _NUMBER:
                shown[row + 1, column + 1] = fixed(parse_number(repr(cell.value)), form)
        if found:
            cells[row + 1] = found
    merges = tuple(Merge(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells)
    hidden = frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden)
    return Grid(
        sheet.name,
        cells,
        merges,
        hidden,
        bool(book.datemode),
        sheet.visibility == 0,
        scaled=scaled,
        shown=shown,
        painted=painted,
        indents=indents,
    )


_SOLID = 1
_WHITE = (255, 255, 255)
_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = range(1, 6)


def _form(book: Any, cell: Any) -> str:  # noqa: ANN401
    if cell.ctype not in (_NUMBER, _DATE) or cell.xf_index is None:
        return ""
    return kind_of(book.format_map[book.xf_list[cell.xf_index].format_key].format_str)


def _colour(book: Any, cell: Any) -> str:  # noqa: ANN401
    """Return the colour that a blank cell is filled with; empty for none, and for white."""
    if cell.xf_index is None:
        return ""
    background = book.xf_list[cell.xf_index].background
    colour = book.colour_map.get(background.pattern_colour_index) if background.fill_pattern == _SOLID else None
    return "#{:02x}{:02x}{:02x}".format(*colour) if colour and colour != _WHITE else ""


def _indent(book: Any, cell: Any) -> int:  # noqa: ANN401
    """Return how far the format of a cell sets its text in."""
    return 0 if cell.xf_index is None else int(book.xf_list[cell.xf_index].alignment.indent_level)


def _value(book: Any, cell: Any, form: str) -> Value:  # noqa: ANN401
    import xlrd  # noqa: PLC0415

    if cell.ctype == _TEXT:
        return str(cell.value) or None
    if cell.ctype in (_NUMBER, _DATE):
        number = parse_number(repr(cell.value))
        if form in FACTORS:
            return scaled_by(number, form)
        day = from_day_number(cell.value, date1904=bool(book.datemode)) if cell.ctype == _DATE else None
        return day or number
    if cell.ctype == _BOOLEAN:
        return bool(cell.value)
    return Invalid(xlrd.error_text_from_code[cell.value], Flaw.ERROR) if cell.ctype == _ERROR else None
