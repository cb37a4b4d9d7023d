"""A sheet as read: sparse cells, each with a value or a flaw, never a blank that was an error."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain, count, groupby
from typing import TypeAlias

from poa_xl.core import limits
from poa_xl.core.quick import quick
from poa_xl.core.values import Invalid

# What fits on a sheet, which ends with XFD.
LAST_ROW, LAST_COLUMN = limits.ROWS, limits.COLUMNS

Value: TypeAlias = str | Decimal | bool | date | Invalid | None


@quick(frozen=True, slots=True)
class Merge:
    """A merged range, all four numbers from 1, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet.

    Attributes:
        name: Name of the sheet.
        cells: Row number to column number to value, both from 1; blank cells are left out.
        merges: Merged ranges.
        hidden: Numbers of the rows that are hidden or filtered out; they are read like any other.
        date1904: Whether day numbers count from 1904.
        visible: Whether the sheet itself shows.
        formulas: Row and column of the cells that hold a formula, with its text, without equals sign; empty where
            nobody knows it.
        scaled: Row and column of the cells that show another number than they hold, to how many times it: 100 for a
            percentage, 24 for hours.
        shown: Row and column of the numbers that show otherwise than they are written, to what they show: `1.10`,
            `€ 5`; `date` where a format for dates shows one that is none.
        totals: Row and column of the cells in the totals rows of tables.
        painted: Row and column of the blank cells with a colour of their own, with that colour; Excel does not
            tell it of an open workbook.
        levels: Row number to its outline level, of the rows that have one; known of Excel's files only.
        indents: Row and column of the texts whose format sets them in, to how far, in units of the file; known of
            files only.
    """

    name: str
    cells: Mapping[int, Mapping[int, Value]] = field(default_factory=dict)
    merges: tuple[Merge, ...] = ()
    hidden: frozenset[int] = frozenset()
    date1904: bool = False
    visible: bool = True
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    scaled: Mapping[tuple[int, int], int] = field(default_factory=dict)
    shown: Mapping[tuple[int, int], str] = field(default_factory=dict, compare=False)
    totals: frozenset[tuple[int, int]] = frozenset()
    painted: Mapping[tuple[int, int], str] = field(default_factory=dict, compare=False)
    levels: Mapping[int, int] = field(default_factory=dict, compare=False)
    indents: Mapping[tuple[int, int], int] = field(default_factory=dict, compare=False)

    def factor(self, place: tuple[int, int], field: str) -> int:
        """How many times the number that a cell holds is what it says; money is what it holds, whatever it shows."""
        return 1 if field == "budget" else self.scaled.get(place, 1)

    def get(self, row: int, column: int) -> Value:
        """Return the value of a cell; None when it is blank."""
        return self.cells.get(row, {}).get(column)


@dataclass(frozen=True)
class Workbook:
    """A workbook as read: the sequence of its sheets, and what belongs to all of them.

    Attributes:
        name: Name of the file, for addresses and messages.
        grids: The worksheets, in tab order, hidden ones included.
        properties: Custom properties.
        marks: Hidden names in which we wrote down what we added, by name.
    """

    name: str
    grids: tuple[Grid, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Grid]:
        return iter(self.grids)

    def __len__(self) -> int:
        return len(self.grids)

    def __getitem__(self, number: int) -> Grid:
        return self.grids[number]


def is_same_sheet(one: str, other: str) -> bool:
    """Whether two names mean one sheet: programs compare them without case."""
    return one.casefold() == other.casefold()


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a sheet name that is not taken: the wanted one, else with `POA` behind it, else with a number too."""
    used = {name.casefold() for name in taken}
    names = chain((wanted, f"{wanted} POA"), (f"{wanted} POA {number}" for number in count(2)))
    return next(name for name in names if name.casefold() not in used)


@cache
def letters(column: int) -> str:
    """Return the letters of a column number: 1 is A, 28 is AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(text: str) -> int:
    """Return the number of column letters: A is 1, AB is 28."""
    number = 0
    for char in text:
        number = number * 26 + ord(char) - 64
    return number


def quoted(sheet: str) -> str:
    """Write a sheet name as formulas and links want it."""
    return "'" + sheet.replace("'", "''") + "'"


def runs(places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Join cells into upright runs: top, left, bottom, right."""
    by_column = sorted((column, row) for row, column in places)
    for column, group in groupby(by_column, key=lambda place: place[0]):
        rows = [row for _, row in group]
        for _, run in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
            lines = [row for _, row in run]
            yield lines[0], column, lines[-1], column
