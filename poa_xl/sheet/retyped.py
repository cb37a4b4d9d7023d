"""The text of a plan in any office's form as a sheet: the same cells, numbers as numbers and codes as texts."""

import re
from datetime import date
from decimal import Decimal

from poa_xl.core.amounts import Style as NumberStyle
from poa_xl.core.amounts import parse_amount
from poa_xl.core.plan import Row
from poa_xl.core.text import squeeze
from poa_xl.sheet import looks
from poa_xl.sheet.fields import AMOUNTS, DATES
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.parse import Parsed
from poa_xl.sheet.spec import Cell, SheetSpec, Style

_NUMBER = re.compile(r"-?[\d.,]*\d[\d.,]*")
# What begins with a nought and goes on is a code, whatever stands above it.
_PADDED = re.compile(r"0\d+")
_NARROWEST, _WIDEST = 6, 44


def grid_of(text: str, name: str) -> Grid:
    """Return lines of tab-separated cells as a sheet of texts."""
    lines = ([squeeze(cell) for cell in line.split("\t")] for line in text.splitlines())
    cells = {row: {k: cell for k, cell in enumerate(line, 1) if cell} for row, line in enumerate(lines, 1)}
    return Grid(name, {row: line for row, line in cells.items() if line})


def sheet_of(grid: Grid, parsed: Parsed) -> SheetSpec:
    """Draw a sheet of texts with its heading, and with values where the plan reads values."""
    layout = parsed.layout
    rows = {row.line: row for row in parsed.plan.rows}
    names = {column: name for name, column in layout.columns.items()}
    texts = {*layout.code, *(layout.columns[name] for name in ("code", "partida") if name in layout.columns)}
    image = SheetSpec(grid.name)
    for line, cells in grid.cells.items():
        for column, text in cells.items():
            if line < layout.top:
                image.cells[line, column] = Cell(str(text), looks.SUBTITLE)
            elif line <= layout.bottom or line in layout.again:
                image.cells[line, column] = Cell(str(text), looks.HEADER)
            elif column in texts:
                image.cells[line, column] = Cell(str(text), Style(number_format=looks.TEXT, border=True))
            else:
                image.cells[line, column] = _cell(str(text), rows.get(line), names.get(column, ""), layout.style)
    image.widths = _widths(grid, layout.top)
    image.freeze = (layout.bottom + 1, 1)
    return image


def _cell(text: str, row: Row | None, name: str, style: NumberStyle | None) -> Cell:
    """Return a cell of a row: what the plan reads there, or a number where nothing but one can be meant."""
    value = row.get(name) if row is not None and name in (*AMOUNTS, *DATES) else None
    if isinstance(value, date):
        return Cell(value, Style(number_format=looks.DATE, border=True))
    if not _NUMBER.fullmatch(text) or _PADDED.fullmatch(text):
        return Cell(text, Style(border=True, wrap=True))
    found = value if isinstance(value, Decimal) else parse_amount(text, style)
    if not isinstance(found, Decimal):
        return Cell(text, Style(border=True))
    return Cell(found, Style(number_format=looks.amount_format(found), border=True))


def _widths(grid: Grid, top: int) -> dict[int, float]:
    longest: dict[int, int] = {}
    for line, cells in grid.cells.items():
        for column, text in cells.items() if line >= top else ():
            longest[column] = max(longest.get(column, 0), len(str(text)))
    return {column: min(max(length + 1, _NARROWEST), _WIDEST) for column, length in longest.items()}
