"""What stands below a heading: the rows of a plan as evidence of what its columns hold."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from functools import cached_property, lru_cache

from poa_xl.core.amounts import Style, parse_amount, sign_of, without_sign
from poa_xl.core.text import fold, squeeze
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.cells import DASHES
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.heading import Heading, is_blank
from poa_xl.sheet.months import words_of
from poa_xl.sheet.references import sums_row

# Rows looked at in a long plan; more say no more.
SAMPLE = 250
# What is written for "in this month", and what is read as that.
MARK = "X"
_MARKS = ("x", "✓", "✔", "●", "•")
_FAR = 4
_FOOT = 8
_HEADING_ROWS = 2
_PAIRS = 3
_SHORT = 60
_PAINTED = 2
# What says "in this month" in a house of its own: `P`, `Prog`, `SI`.
_SHORT_MARK = 10
_FEW_ROWS = 3
# Blank rows that part a table from the one above it, and columns of figures that show one without them.
_GAP = 2
_COLUMNS = 2
_FOOTER = re.compile(
    r"(prepared|evaluated|elaborado|noted|recommend\w+|approved|aprobado|revisado|preparado|vo\.? ?bo)\b.{0,30}:"
    r"|(note|nota)s?\s*:|(f\.|firma:?)?\s*_{5,}|(elaborado|aprobado|revisado|preparado|prepared|approved) (por|by)\b"
)
# What stands alone above an explanation of marks and letters.
_LEGEND = re.compile(r"(leyenda|legenda?|simbologia|abreviaturas|siglas|glosario|nomenclatura)\W*|referencias\s*:")
# Words in the names of units, folded.
UNIT_WORDS = re.compile(
    r"\b(unidad|direccion|gerencia|departamento|jefatura|administracion|oficina|secretaria|area|division|unit|office)\b"
)
# What a row says of itself, where what was planned, what was done and what it costs stand below each other.
_ROW_PLANNED = re.compile(r"p|prog\w*|plan\w*|previst\w*|meta|cantidad|quantity")
_ROW_PHYSICAL = re.compile(r"\b((avance|meta|ejecucion) )?(fis|fisic[oa]s?|physical)\b")
_ROW_MONEY = re.compile(r".*\b(fin|financ\w*|presup\w*|monetari\w*|budget|costo?s?|montos?|importe|bs|soles)\b.*")
_ROW_RATE = re.compile(r"(% ?|porcentaje |percent(age)? )(de |of )?\w*|%")
_ROW_DONE = re.compile(r"e|r|ej|real|ejec\w*|realiz\w*|logr\w*|cumpl\w*|avance\w*|actual|accomplish\w*")
# Words that leave no doubt, however few rows there are.
_SURE = re.compile(r"prog(ramad[oa]s?|ramacion)?|ejec(utad[oa]s?|ucion)?|realizad[oa]s?|real")
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

    Attributes:
        aside: Rows between the foot of one form and the heading of the next.
        done: Rows that say what was done of the activity in the row above.
        rates: Rows that say what share of the plan that is.
        money: Rows that say what the activity in the row above costs, month by month.
        said: The one short text that stands in months instead of numbers, where it is no X; empty without one.

    Args:
        grid: The sheet.
        heading: Its heading.
        more: An office's own marks.
    """

    def __init__(self, grid: Grid, heading: Heading, more: Collection[str] = ()) -> None:
        self.grid = grid
        self.heading = heading
        own = [row for row in sorted(grid.cells) if row > heading.bottom and not heading.is_foreign(row)]
        below = {row: _filled(grid.cells[row]) for row in own}
        months = frozenset(column for cells in heading.run.cells for column in cells)
        rows, foot = _above_feet(below, heading.again, months)
        self.filled = {row: below[row] for row in rows}
        self.aside = frozenset(row for row in foot if row < max(heading.again, default=0))
        self.totals = self._totals(rows)
        self.done, self.rates, self.money = self._beside()
        beside = {*self.totals, *self.done, *self.rates, *self.money}
        self.rows = [row for row in rows if row not in beside]
        # Prepared rows that nobody has filled in, a number and the zeros of its formulas, say nothing.
        said = [row for row in self.rows if any(isinstance(value, str) for value in below[row].values())] or self.rows
        self.sample = said[:: len(said) // SAMPLE + 1]
        self.said = self._said() if not more else ""
        self.more = (*more, self.said) if self.said else more

    @cached_property
    def style(self) -> Style | None:
        """How numbers that are texts are written, where all that tell say the same."""
        told: set[Style] = {
            style
            for row in self.sample
            for value in self.filled[row].values()
            if isinstance(value, str) and (style := _style_of(without_sign(value, self.sign)))
        }
        return told.pop() if len(told) == 1 else None if told else self.likely_style

    @cached_property
    def sign(self) -> str:
        """The sign of the plan's own currency: the one that its amounts carry, where that is not bolivianos."""
        signs = (sign_of(v) for row in self.sample for v in self.filled[row].values() if isinstance(v, str))
        found = Counter(filter(None, signs)).most_common(1)
        return found[0][0] if found and found[0][1] >= _FAR else ""

    @cached_property
    def likely_style(self) -> Style | None:
        """How numbers that are texts are written where none tells it: three places after every mark are thousands."""
        marks = [
            mark[1]
            for row in self.sample
            for value in self.filled[row].values()
            if isinstance(value, str) and (mark := _THOUSANDS.fullmatch(squeeze(without_sign(value, self.sign))))
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
            if any(amounts) and all(a is not None or self._is_nothing(v) for a, v in zip(amounts, values, strict=True)):
                found[row] = sum((amount for amount in amounts if amount), Decimal(0))
        return found

    @cached_property
    def marks(self) -> int:
        """How many months hold an X instead of a number."""
        months = [column for cells in self.heading.run.cells for column in cells]
        return sum(is_mark(self.filled[row].get(column), self.more) for row in self.sample for column in months)

    def _said(self) -> str:
        """The text that nearly all months hold that hold anything, in several rows and not in whole columns."""
        columns = [column for cells in self.heading.run.cells for column in cells]
        held = [(row, value) for row in self.sample for c in columns if (value := self.filled[row].get(c)) is not None]
        found = Counter(squeeze(value) for _, value in held if isinstance(value, str)).most_common(1)
        if not found or len(held) < _FAR:
            return ""
        text, count = found[0]
        rows = {row for row, value in held if isinstance(value, str) and squeeze(value) == text}
        is_word = len(text) <= _SHORT_MARK and text.isalpha() and not is_mark(text)
        return text if is_word and 10 * count > 9 * len(held) and len(rows) >= _FEW_ROWS else ""

    @cached_property
    def paint(self) -> frozenset[str]:
        """The colours that say "in this month" where months hold no numbers: each in some months of several rows.

        A colour that rows or columns are shaded with, whole, says nothing.
        """
        if self.sums:
            return frozenset()
        months = [column for cells in self.heading.run.cells for column in cells]
        rows: dict[str, list[frozenset[int]]] = {}
        for row in self.sample:
            held: dict[str, set[int]] = {}
            for column in months:
                if colour := self.grid.painted.get((row, column)):
                    held.setdefault(colour, set()).add(column)
            for colour, columns in held.items():
                rows.setdefault(colour, []).append(frozenset(columns))
        return frozenset(
            colour
            for colour, sets in rows.items()
            if len(set(sets)) >= _PAINTED and any(len(each) < len(months) for each in sets)
        )

    @cached_property
    def has_heading_rows(self) -> bool:
        """Whether rows with the name of a unit and nothing else stand between the others."""
        lone = [fold(str(*self.filled[row].values())) for row in self.rows if len(self.filled[row]) == 1]
        named = sum(bool(UNIT_WORDS.search(text)) for text in lone)
        return named >= _HEADING_ROWS and 2 * named > len(lone) and named > len(self.rows) / 50

    def number(self, value: Value) -> Decimal | None:
        """Return the number in a cell; None for a blank, a dash, and anything else."""
        if isinstance(value, str):
            return number_in(without_sign(value, self.sign), self.style)
        return value if isinstance(value, Decimal) else None

    def agreement(self, column: int) -> tuple[int, int]:
        """Count the rows whose months sum to what a column says, and those where it says a number."""
        pairs = [(self._stated(row, column, total), total) for row, total in self.sums.items()]
        said = [(own, total) for own, total in pairs if own is not None]
        return sum(abs(own - total) <= Decimal("0.06") for own, total in said), len(said)

    def _stated(self, row: int, column: int, total: Decimal) -> Decimal | None:
        """Return what a column says of a row; of a formula over its months that nobody has calculated, their sum."""
        value = self.filled[row].get(column)
        if not isinstance(value, Invalid) or value.flaw is not Flaw.UNCALCULATED:
            return self.number(value)
        months = {each for cells in self.heading.run.cells for each in cells}
        added = sums_row(self.grid.formulas.get((row, column), ""), row)
        held = {each for each, shown in self.filled[row].items() if self.number(shown)}
        return total if added and added & held == months & held else None

    def kept(self, column: int) -> int:
        """Count the rows whose months do not sum to what a column says while the last one is that: kept, or reached."""
        found = 0
        for row, total in self.sums.items():
            own = self.number(self.filled[row].get(column))
            months = [self.number(self.filled[row].get(c)) for cells in self.heading.run.cells for c in cells]
            found += own is not None and own != total and own == [each for each in months if each][-1]
        return found

    def is_computed(self, column: int) -> bool:
        """Whether formulas stand in most rows of a column that have months."""
        held = sum((row, column) in self.grid.formulas for row in self.sums)
        return 2 * held > len(self.sums)

    def last(self, name: int | None) -> int:
        """Find the last row that has what rows of this plan have: a month, or the usual columns and a name."""
        usual = {column for column, each in self.columns.items() if 2 * each.filled >= len(self.sample)}
        usual |= {name} if name else set()
        rows = (row for row in reversed(self.rows) if self._is_row(row, usual, name))
        return next(rows, self.heading.bottom)

    def _is_row(self, row: int, usual: Iterable[int], name: int | None) -> bool:
        cells = self.filled[row]
        months = (column for each in self.heading.run.cells for column in each)
        if any(is_mark(cells.get(c), self.more) or self.number(cells.get(c)) for c in months):
            return True
        held = len(cells.keys() & set(usual))
        count = len(set(usual))
        if held < max(2, 0.4 * count):
            return False
        return name is None or isinstance(cells.get(name), str) or held >= 0.6 * count

    def _is_nothing(self, value: Value) -> bool:
        return value is None or (isinstance(value, str) and squeeze(without_sign(value, self.sign)) in (*DASHES, ""))

    def _beside(self) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
        """Rows that belong to the one above: what was done, what share of the plan that is, what it costs.

        A column says of every row in which it speaks which it is.
        """
        months = self.heading.series
        said: dict[int, dict[int, str]] = {}
        for row, cells in self.filled.items():
            for column, value in cells.items():
                if column not in months and isinstance(value, str) and len(value) < _SHORT:
                    said.setdefault(column, {})[row] = words_of(value)
        for column, words in sorted(said.items()):
            sides = {row: _side_of(word) for row, word in words.items()}
            held = Counter(sides.values())
            done, money = ({row for row, side in sides.items() if side is each} for each in (_Side.DONE, _Side.MONEY))
            is_pair = held[_Side.DONE] >= _PAIRS or (held[_Side.MONEY] >= _PAIRS and self._continue(money, column))
            if self._is_sure(words, done) or (held[_Side.PLANNED] >= _PAIRS and is_pair and None not in sides.values()):
                rates = {row for row, side in sides.items() if side is _Side.RATE}
                return frozenset(done), frozenset(rates), frozenset(money)
        return frozenset(), frozenset(), frozenset()

    @staticmethod
    def _is_sure(words: Mapping[int, str], done: Collection[int]) -> bool:
        """Whether a column says plainly, turn and turn about, that a row plans and the one below it was done."""
        planned = [row for row in words if row not in done]
        return bool(done) and {row + 1 for row in planned} == {*done} and all(map(_SURE.fullmatch, words.values()))

    def _continue(self, rows: Collection[int], column: int) -> bool:
        """Whether rows say what the row above says, but for a word of a column and one unit of measure for all."""
        texts = {
            row: {squeeze(v) for c, v in cells.items() if isinstance(v, str) and c != column}
            for row, cells in self.filled.items()
        }
        return len({text for row in rows for text in texts[row] - texts.get(row - 1, set())}) <= 1

    def _totals(self, rows: Iterable[int]) -> list[int]:
        """Rows that say left of the months that they are totals; a column that says it of most says a type: `Suma`."""
        left = self.heading.span.start
        found: dict[int, list[int]] = {}
        held: Counter[int] = Counter()
        for row in rows:
            for column, value in self.filled[row].items():
                if isinstance(value, str) and column < left:
                    held[column] += 1
                    if len(value) < _SHORT and _TOTAL.fullmatch(fold(value)):
                        found.setdefault(column, []).append(row)
        usual = {column for column, lines in found.items() if len(lines) > _FEW_ROWS and 2 * len(lines) > held[column]}
        return sorted({row for column, lines in found.items() if column not in usual for row in lines})

    def _column(self, values: list[Value]) -> Column:
        numbers = sum(self.number(value) is not None for value in values)
        texts = tuple(squeeze(v) for v in values if isinstance(v, str) and self.number(v) is None)
        return Column(tuple(values), numbers, texts)


def says_done(value: Value) -> bool:
    """Whether a cell says of its row that it is what was done of the one above: `EJEC.`, `Realizado`."""
    return isinstance(value, str) and _side_of(words_of(value)) is _Side.DONE


class _Side(Enum):
    """What a row says of an activity."""

    PLANNED = auto()
    DONE = auto()
    RATE = auto()
    MONEY = auto()


def _side_of(words: str) -> _Side | None:
    """Return what a row says that a word labels; None where it is no such label."""
    if _ROW_RATE.fullmatch(words):
        return _Side.RATE
    if _ROW_MONEY.fullmatch(words):
        return _Side.MONEY
    rest = squeeze(_ROW_PHYSICAL.sub("", words))
    if _ROW_DONE.fullmatch(rest):
        return _Side.DONE
    return _Side.PLANNED if _ROW_PLANNED.fullmatch(rest) or (words and not rest) else None


def is_mark(value: Value, more: Collection[str] = ()) -> bool:
    """Whether a cell holds an X or the like, or one of an office's own marks."""
    return isinstance(value, str) and (fold(value) in _MARKS or squeeze(value) in more)


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


def _filled(cells: Mapping[int, Value]) -> dict[int, Value]:
    return {column: value for column, value in cells.items() if not is_blank(value)}


def _above_feet(
    below: Mapping[int, Mapping[int, Value]], again: frozenset[int], months: frozenset[int]
) -> tuple[list[int], list[int]]:
    """Hold rows of the forms and of their feet apart; a form begins where the heading stands again.

    Another table below it has captions of its own. It goes on below a note where a row has months and what most rows
    above it have.
    """
    rows: list[int] = []
    feet: list[int] = []
    held: Counter[int] = Counter()
    numbers: Counter[int] = Counter()
    is_foot = False
    for row, cells in below.items():
        if is_foot and not months.isdisjoint(cells):
            usual = {column for column, count in held.items() if 2 * count > len(rows)} - months
            is_foot = not usual or not usual <= cells.keys()
        elif not is_foot:
            is_titled = len(below.get(row - 1, ())) <= 1
            is_far = is_titled and not any(map(below.get, range(row - 1 - _GAP, row - 1)))
            is_apart = is_far or (is_titled and months.isdisjoint(cells))
            numeric = {column for column, count in numbers.items() if 2 * count > len(rows)}
            is_foot = (len(cells) <= _FOOT and _is_footer(cells)) or (
                is_apart and _captions_others(cells, numeric, fewest=1 if is_far else _COLUMNS)
            )
        is_foot = is_foot and row not in again
        if not is_foot and row not in again:
            held.update(cells.keys())
            numbers.update(column for column, value in cells.items() if isinstance(value, Decimal))
        if row not in again and cells:
            (feet if is_foot else rows).append(row)
    return rows, feet


def _captions_others(cells: Mapping[int, Value], numeric: Collection[int], fewest: int) -> bool:
    """Whether a row captions another table: texts alone, several of them over columns that hold numbers above."""
    is_text = all(isinstance(value, str) for value in cells.values())
    return is_text and len(cells) > fewest and len(cells.keys() & set(numeric)) >= fewest


def _is_footer(cells: Mapping[int, Value]) -> bool:
    texts = [fold(value) for value in cells.values() if isinstance(value, str)]
    is_alone = len(cells) == 1
    return any(_FOOTER.match(text) or (is_alone and _LEGEND.fullmatch(text)) for text in texts)
