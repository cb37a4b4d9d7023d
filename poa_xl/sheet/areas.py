"""Areas of cells as a running program hands them over: rows of numbers, texts, dates, blanks and error names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from poa_xl.core.amounts import parse_number
from poa_xl.sheet.grid import Grid, Value

# What a cell holds: its formula, or its value; JSON can keep it.
Content: TypeAlias = str | float | bool | None
Matrix: TypeAlias = list[list[Content]]


class Placed(list[list[object]]):
    """Rows of cells that a function is given, and where they stand.

    Attributes:
        address: Where their workbook is: a path, an address in a cloud, or the title of one that was never saved.
        sheet: Name of their sheet.
        row: Number of their first row.
        column: Number of their first column.
    """

    def __init__(self, rows: Iterable[list[object]], address: str, sheet: str, row: int, column: int) -> None:
        super().__init__(rows)
        self.address = address
        self.sheet = sheet
        self.row = row
        self.column = column


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells by its first cell and its contents, row by row."""

    sheet: str
    row: int
    column: int
    contents: Matrix

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.contents), len(self.contents[0])


def value_of(content: object) -> Value:
    """Take what a program gives for a cell as a value: `""` is blank, numbers become decimal, midnight is a day.

    Raises:
        TypeError: It is nothing that a cell holds.
    """
    if type(content) is float:
        return _number(content)
    if content is None or content == "":
        return None
    if isinstance(content, datetime) and content.time() == time():
        return content.date()
    if isinstance(content, str | bool | date | Decimal):
        return content
    if isinstance(content, int | float):
        return parse_number(repr(content))
    raise TypeError(type(content).__name__)


# Whole numbers below are what the program shows, digit by digit.
_EXACT = 1e15


# The numbers of a plan repeat, and a whole column of them comes at once.
@lru_cache(maxsize=65_536)
def _number(content: float) -> Decimal:
    is_whole = content.is_integer() and abs(content) < _EXACT
    return Decimal(int(content)) if is_whole else parse_number(repr(content))


def as_area(content: object) -> list[list[Value]]:
    """Take a cell, a row or an area for an area, in values."""
    if not isinstance(content, list | tuple):
        return [[value_of(content)]]
    if not isinstance(next(iter(content), None), list | tuple):
        return [[value_of(each) for each in content]]
    return [[value_of(each) for each in row] for row in content]


def as_list(content: object) -> list[Value]:
    """Take a cell, a row, a column or an area for its values, row by row."""
    return [each for row in as_area(content) for each in row]


def flat(content: object) -> tuple[object, ...]:
    """Take a cell, a row, a column or an area for what it holds, as it came."""
    if not isinstance(content, list | tuple):
        return (content,)
    return tuple(each for row in content for each in (row if isinstance(row, list | tuple) else (row,)))


def as_grid(content: object) -> Grid:
    """Take an area for a sheet of its own, whose first cell is A1."""
    cells = {
        i: {j: each for j, each in enumerate(row, 1) if each is not None} for i, row in enumerate(as_area(content), 1)
    }
    name = content.sheet if isinstance(content, Placed) else ""
    return Grid(name, {i: row for i, row in cells.items() if row})
