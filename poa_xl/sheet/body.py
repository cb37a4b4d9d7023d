"""What stands below a heading: the rows of a plan as evidence of what its columns hold."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from poa_xl.core.amounts import Style, parse_amount
from poa_xl.core.text import fold, squeeze
from poa_xl.core.values import Invalid
from poa_xl.sheet.cells import DASHES
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.heading import Heading, is_blank

# Rows looked at in a long plan; more say no more.
SAMPLE = 250
_MARKS = ("x", "✓", "✔", "●", "•")
_FAR = 4
_FOOT = 8
_HEADING_ROWS = 2
_SHORT = 60
_FOOTER = re.compile(
    r"(prepared|evaluated|elaborado|noted|recommend\w+|approved|aprobado|revisado|preparado|vo\.? ?bo)\b.{0,30}:"
    r"|(note|nota)s?\s*:|(elaborado|aprobado|revisado|preparado|prepared|approved) (por|by)\b"
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")
_TOTAL = re.compile(r"\W*(sub\s*-?\s*total|total|grand total|suma|gran total)\b.*")


@dataclass(frozen=True)
class Column:
    """What a column holds below the heading.

    Attributes:
        values: Its values, blanks left out.
        numbers: How many of them are numbers, typed or as text.
        texts: The others that are texts.
    """

    values: tuple[Value, ...]
    numbers: int
    texts: tuple[str, ...]

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return len(self.values)

    @cached_property
    def distinct(self) -> int:
        """How many different things they hold."""
        return len(set(map(str, self.values)))

    @cached_property
    def length(self) -> float:
        """Mean length of the texts."""
        return sum(map(len, self.texts)) / len(self.texts) if self.texts else 0

    @property
    def is_numeric(self) -> bool:
        """Whether most of it is numbers."""
        return self.numbers > len(self.texts)

    @property
    def repeats(self) -> bool:
        """Whether the same few things stand in many rows."""
        return self.filled >= _FAR and self.distinct <= max(3, self.filled / 2)


class Body:
    """The rows below a heading.

    Args:
        grid: The sheet.
        heading: Its heading.
    """

    def __init__(self, grid: Grid, heading: Heading) -> None:
        self.grid = grid
        self.heading = heading
        below = [row for row in sorted(grid.cells) if row > heading.bottom and row not in heading.again]
        filled = {row: cells for row in below if (cells := _filled(grid.cells[row]))}
        foot = next((row for row, cells in filled.items() if len(cells) <= _FOOT and _is_footer(cells)), None)
        rows = [row for row in filled if foot is None or row < foot]
        self.filled = {row: filled[row] for row in rows}
        self.totals = [row for row in rows if self._is_total(row)]
        self.rows = [row for row in rows if row not in set(self.totals)]
        # Prepared rows that nobody has filled in, a number and the zeros of its formulas, say nothing.
        said = [row for row in self.rows if any(isinstance(value, str) for value in filled[row].values())] or self.rows
        self.sample = said[:: len(said) // SAMPLE + 1]

    @cached_property
    def style(self) -> Style | None:
        """How numbers that are texts are written, where all that tell say the same."""
        told: set[Style] = {
            style
            for row in self.sample
            for value in self.filled[row].values()
            if isinstance(value, str) and (style := _style_of(value))
        }
        return told.pop() if len(told) == 1 else None if told else self.likely_style

    @cached_property
    def likely_style(self) -> Style | None:
        """How numbers that are texts are written where none tells it: three places after every mark are thousands."""
        marks = [
            mark[1]
            for row in self.sample
            for value in self.filled[row].values()
            if isinstance(value, str) and (mark := _THOUSANDS.fullmatch(squeeze(value)))
        ]
        likely = [style for style in Style if set(marks) == {style.value[0]}]
        return likely[0] if len(marks) >= _FAR and likely else None

    @cached_property
    def columns(self) -> dict[int, Column]:
        """Every column that has a caption or holds something, months left out."""
        found: dict[int, list[Value]] = {column: [] for column in self.heading.captions}
        for row in self.sample:
            for column, value in self.filled[row].items():
                found.setdefault(column, []).append(value)
        return {column: self._column(values) for column, values in found.items() if column not in self.heading.series}

    @cached_property
    def sums(self) -> dict[int, Decimal]:
        """Row to the sum of its months, where some are programmed and all are numbers."""
        found = {}
        for row in self.sample:
            values = [self.filled[row].get(c) for cells in self.heading.run.cells for c in cells]
            amounts = [self.number(value) for value in values]
            if any(amounts) and all(a is not None or _is_nothing(v) for a, v in zip(amounts, values, strict=True)):
                found[row] = sum((amount for amount in amounts if amount), Decimal(0))
        return found

    @cached_property
    def marks(self) -> int:
        """How many months hold an X instead of a number."""
        months = [column for cells in self.heading.run.cells for column in cells]
        return sum(is_mark(self.filled[row].get(column)) for row in self.sample for column in months)

    @cached_property
    def has_heading_rows(self) -> bool:
        """Whether rows with one text and nothing else stand between the others."""
        lone = sum(len(self.filled[row]) == 1 for row in self.rows)
        return lone >= _HEADING_ROWS and lone > len(self.rows) / 50

    def number(self, value: Value) -> Decimal | None:
        """Return the number in a cell; None for a blank, a dash, and anything else."""
        if isinstance(value, str):
            return number_in(value, self.style)
        return value if isinstance(value, Decimal) else None

    def agreement(self, column: int) -> tuple[int, int]:
        """Count the rows whose months sum to what a column says, and those where it says a number."""
        pairs = [(self.number(self.filled[row].get(column)), total) for row, total in self.sums.items()]
        said = [(own, total) for own, total in pairs if own is not None]
        return sum(abs(own - total) <= Decimal("0.06") for own, total in said), len(said)

    def last(self, name: int | None) -> int:
        """Find the last row that has what rows of this plan have: a month, or the usual columns and a name."""
        usual = {column for column, each in self.columns.items() if 2 * each.filled >= len(self.sample)}
        usual |= {name} if name else set()
        rows = (row for row in reversed(self.rows) if self._is_row(row, usual, name))
        return next(rows, self.heading.bottom)

    def _is_row(self, row: int, usual: Iterable[int], name: int | None) -> bool:
        cells = self.filled[row]
        months = (column for each in self.heading.run.cells for column in each)
        if any(is_mark(cells.get(c)) or self.number(cells.get(c)) for c in months):
            return True
        held = len(cells.keys() & set(usual))
        count = len(set(usual))
        if held < max(2, 0.4 * count):
            return False
        return name is None or isinstance(cells.get(name), str) or held >= 0.6 * count

    def _is_total(self, row: int) -> bool:
        left = self.heading.span.start
        return any(
            isinstance(value, str) and column < left and len(value) < _SHORT and _TOTAL.fullmatch(fold(value))
            for column, value in self.filled[row].items()
        )

    def _column(self, values: list[Value]) -> Column:
        numbers = sum(self.number(value) is not None for value in values)
        texts = tuple(squeeze(v) for v in values if isinstance(v, str) and self.number(v) is None)
        return Column(tuple(values), numbers, texts)


def is_mark(value: Value) -> bool:
    """Whether a cell holds an X or the like."""
    return isinstance(value, str) and fold(value) in _MARKS


@lru_cache(maxsize=16_384)
def number_in(text: str, style: Style | None = None) -> Decimal | None:
    """Return the number that a text shows; None where it shows none."""
    found = parse_amount(text)
    if isinstance(found, Invalid) and style is not None:
        found = parse_amount(text, style)
    return found if isinstance(found, Decimal) else None


@lru_cache(maxsize=16_384)
def _style_of(text: str) -> Style | None:
    read = [style for style in Style if isinstance(parse_amount(text, style), Decimal)]
    return read[0] if len(read) == 1 else None


def _is_nothing(value: Value) -> bool:
    return value is None or (isinstance(value, str) and squeeze(value) in DASHES)


def _filled(cells: Mapping[int, Value]) -> dict[int, Value]:
    return {column: value for column, value in cells.items() if not is_blank(value)}


def _is_footer(cells: Mapping[int, Value]) -> bool:
    return any(isinstance(value, str) and _FOOTER.match(fold(value)) for value in cells.values())
