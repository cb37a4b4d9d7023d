"""A plan as text taken off its printed pages: lines, tab separated, each page damaged in its own way.

Reading only; what the damage was and how it is put right is the business of `poa_xl.sheet.repair`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from poa_xl.core.amounts import Style, parse_amount
from poa_xl.core.dates import MONTHS
from poa_xl.core.text import squeeze
from poa_xl.sheet.headers import field_of

# No page damages the place of these.
HEAD = ("id", "code", "name", "unit", "owner", "start", "end", "target", "measure")
# The columns of the page, whatever else a plan may have today.
COLUMNS = (*HEAD, *MONTHS, "evidence", "partida", "budget")


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One printed row.

    Attributes:
        line: Number of its line in the text, from 1.
        cells: Its cells, trailing blank ones dropped beyond the 24 columns.
    """

    line: int
    cells: tuple[str, ...]

    def get(self, field: str) -> str:
        """Return the cell that is printed in the column of a field."""
        index = COLUMNS.index(field)
        return self.cells[index] if index < len(self.cells) else ""

    @property
    def beyond(self) -> tuple[str, ...]:
        """Cells printed to the right of the last column."""
        return self.cells[len(COLUMNS) :]

    @property
    def tail(self) -> tuple[str, ...]:
        """Cells after the unit of measure: months, source, partida and budget, wherever they slid to."""
        return self.cells[len(HEAD) :]


@dataclass(frozen=True)
class Printed:
    """A printed plan: lines = rows + headers + blank + others.

    Attributes:
        rows: The rows of the plan.
        headers: How many header lines, one per page.
        blank: How many blank lines.
        others: Lines that are none of these, with their numbers.
        style: How the document writes numbers, by majority of those that only one style can read.
    """

    rows: tuple[PrintedRow, ...]
    headers: int
    blank: int
    others: tuple[tuple[int, str], ...]
    style: Style


def read_printed(text: str) -> Printed:
    """Read the text of a printed plan.

    Args:
        text: Lines of tab-separated cells. A line is a row when it has a code column's worth of cells and is
            no header; page numbers and the like come back in `others`.
    """
    rows: list[PrintedRow] = []
    others: list[tuple[int, str]] = []
    headers = blank = 0
    for number, line in enumerate(text.splitlines(), 1):
        cells = [squeeze(cell) for cell in line.split("\t")]
        while len(cells) > len(COLUMNS) and not cells[-1]:
            cells.pop()
        if not any(cells):
            blank += 1
        elif len(cells) < len(HEAD):
            others.append((number, squeeze(line)))
        elif sum(field_of(cell) is not None for cell in cells) > len(COLUMNS) / 2:
            headers += 1
        else:
            rows.append(PrintedRow(number, tuple(cells)))
    return Printed(tuple(rows), headers, blank, tuple(others), _style(cell for row in rows for cell in row.tail))


def _style(cells: Iterable[str]) -> Style:
    votes: Counter[Style] = Counter()
    for cell in cells:
        if isinstance(parse_amount(cell), Decimal) and not cell.isdigit():
            votes.update(style for style in Style if isinstance(parse_amount(cell, style), Decimal))
    return max(Style, key=lambda style: votes[style])
