"""The heading of a plan: where the months stand, over how many rows, and what each column is called."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from poa_xl.core.text import squeeze
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.months import YEAR, Run, month_of, named_runs, numbered_runs, words_of
from poa_xl.sheet.periods import below_band, periods_in

PLANNED = re.compile(
    r"\b(pl|plan|planned|planific\w*|fis|fisic\w*|physical|prog|programad\w*|programac\w*|previst\w*|meta|targets?)\b"
)
DONE = re.compile(r"\b(ej|ejec\w*|realiz\w*|real|advanced|avance|actual|logr\w*|cumpl\w*)\b")
# What single letters beside or below the names of months stand for.
_LETTERS = {"p": "programado", "e": "ejecutado", "r": "realizado"}
# What was planned anew: nobody can tell whether it holds instead of what was planned first.
_ANEW = re.compile(r"\b(re ?prog\w*|re ?formul\w*|re ?ajust\w*|ajustad\w*|modificad\w*|vigente|actualizad\w*)\b")
_MARK = re.compile(r"x|n ?a|si|no|✓|✔|●")
_YEAR = re.compile(r"\b20\d\d\b")
_WORDS = re.compile(r"\D*[a-z%#]\D*")
_HIGHEST = 5
_LOWEST = 2
_LONGEST = 150
_FEWEST_SUBTITLES = 10
_NUMBERING = 6
_LOOKED_AT = 40
_FEWEST = 3
_FEW = 2
_WIDEST = 300
_NEAR = 3
_WEEKS = (4, 5)
# The number of a column, and what it is computed of: `7 = (3+4+5+6)`, `(Col 3 x 5%)`.
_COLUMN_NUMBER = re.compile(r"(?:col\w* ?)?(\d+)(?: (?:\d+%?|x|col\w*))*")


# Headings by what tells them apart: the rows of each, with their months.
_Found = dict[tuple[int, ...], list[tuple[int, list[Run]]]]


@dataclass(frozen=True)
class Heading:
    """A heading that holds months.

    Attributes:
        top: Its first row.
        at: The row of the months.
        bottom: Its last row.
        run: The programmed months.
        done: The executed months, where they stand too.
        captions: Column to what stands above it, folded, lowest last.
        shown: Column to the same as it is written, in one line.
        again: Rows further down that repeat it.
        others: Further series of months.
        is_unclear: Whether nothing tells which of several series is the programme.
        labels: First column of each series to the words of its captions, and above and below them.
        foreign: Rows that stand below another heading, whose months stand in other columns.
    """

    top: int
    at: int
    bottom: int
    run: Run
    done: Run | None
    captions: Mapping[int, tuple[str, ...]]
    shown: Mapping[int, str]
    again: frozenset[int] = frozenset()
    others: tuple[Run, ...] = ()
    is_unclear: bool = False
    labels: Mapping[int, str] = field(default_factory=dict)
    foreign: tuple[range, ...] = ()

    @property
    def runs(self) -> tuple[Run, ...]:
        """All series of months."""
        return (self.run, *([self.done] if self.done else []), *self.others)

    @cached_property
    def span(self) -> range:
        """Columns from the first programmed month to the last."""
        return range(self.run.columns[0], self.run.cells[-1].stop)

    @cached_property
    def series(self) -> frozenset[int]:
        """Columns that hold months of any series."""
        return frozenset(column for run in self.runs for cells in run.cells for column in cells)

    @property
    def starts(self) -> frozenset[int]:
        """The first row of the heading, and of each of its repetitions."""
        return frozenset({self.top, *(row for row in self.again if row - 1 not in self.again)})

    def is_foreign(self, row: int) -> bool:
        """Whether a row stands below another heading."""
        return any(row in rows for rows in self.foreign)

    def caption(self, column: int) -> str:
        """All that stands above a column, folded."""
        return " / ".join(self.captions.get(column, ()))

    def lowest(self, column: int) -> str:
        """What stands right above a column, folded."""
        return (self.captions.get(column) or ("",))[-1]


def headings(grid: Grid, span: int = 0) -> list[Heading]:
    """Find every heading with months in a sheet; one that is repeated further down counts once.

    Args:
        grid: The sheet.
        span: Months that each part of the year has; 0 for the finest that stands there.
    """
    sheet = _Sheet(grid)
    readers: tuple[Callable[[int], list[Run]], ...] = (
        lambda row: named_runs(grid.cells[row]),
        lambda row: [run for run in sheet.numbered(row) if not sheet.captions_each(row - 1, run)],
        lambda row: periods_in(sheet.below_band(row)),
    )
    for read in readers:
        found: _Found = {}
        for row in sorted(grid.cells):
            if (runs := read(row)) and span in (0, runs[0].span):
                found.setdefault(_key(sheet, row, runs[0], found), []).append((row, runs))
        if found:
            above = [0, *sorted(row for same in found.values() for row, _ in same)]
            own = (_heading(sheet, same, max(row for row in above if row < same[0][0])) for same in found.values())
            return _apart(list(own), max(grid.cells))
    return []


def _apart(found: list[Heading], last: int) -> list[Heading]:
    """Tell each of several headings which rows below it are those of another one."""
    if len(found) == 1:
        return found
    starts = sorted((row, number) for number, each in enumerate(found) for row in each.starts)
    ends = [row for row, _ in starts[1:]] + [last + 1]
    forms = [(number, range(row, end)) for (row, number), end in zip(starts, ends, strict=True)]
    return [
        replace(each, foreign=tuple(rows for owner, rows in forms if owner != number))
        for number, each in enumerate(found)
    ]


def heading_at(grid: Grid, row: int, run: Run) -> Heading:
    """Take a row for the heading's row of months, whatever its captions say."""
    return _heading(_Sheet(grid), [(row, [run])])


class _Sheet:
    """The cells of a sheet; where a merge covers them, what the merge shows."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._covers: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
        for merge in grid.merges:
            for row in range(merge.top, min(merge.bottom, merge.top + _HIGHEST) + 1):
                for column in range(merge.left, min(merge.right, merge.left + _WIDEST) + 1):
                    self._covers[row][column] = (merge.top, merge.left)
        self._wide = {(merge.top, merge.left) for merge in grid.merges if merge.right > merge.left}

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """The cell that holds what shows in a cell."""
        return self._covers.get(row, {}).get(column, (row, column))

    def get(self, row: int, column: int) -> Value:
        return self.grid.get(*self.anchor(row, column))

    def row(self, row: int) -> dict[int, Value]:
        """Cells of a row that show something, those of merges included."""
        columns = sorted({*self.grid.cells.get(row, {}), *self._covers.get(row, {})})
        return {column: value for column in columns if not is_blank(value := self.get(row, column))}

    def texts(self, row: int) -> set[tuple[int, int]]:
        """Cells whose texts show in a row."""
        return {self.anchor(row, column) for column, value in self.row(row).items() if isinstance(value, str)}

    def numbered(self, row: int) -> list[Run]:
        """The months of a row that only numbers them."""
        cells = self.grid.cells[row]
        return numbered_runs(cells, len(self.texts(row - 1))) if len(cells) >= YEAR else []

    def captions_each(self, row: int, run: Run) -> bool:
        """Whether a row calls most columns of a run each by another name: what numbers them is no month then."""
        return 2 * len({words_of(self.get(row, column)) for column in run.columns} - {""}) > len(run.columns)

    def below_band(self, row: int) -> Mapping[int, Value]:
        """Cells of a row; where the word for the parts of a year stands in the row above, with that word."""
        cells = self.grid.cells[row]
        months = range(min(cells), max(cells) + 1)
        return below_band(cells, lambda column: self.carried(row - 1, column, months))

    def carried(self, row: int, column: int, months: range) -> Value:
        """What stands in a row over a column: its own, else what is carried right from where no merge ends it."""
        own = self.get(row, column)
        if not is_blank(own):
            return own
        left = max((each for each in self.grid.cells.get(row, {}) if each < column), default=0)
        if not left or (row, left) in self._wide or (left in months) != (column in months):
            return None
        return self.get(row, left)


def _key(sheet: _Sheet, row: int, run: Run, found: _Found) -> tuple[int, ...]:
    """Tell a heading by the columns of its months; one whose other captions are other words also by its row."""
    known = [(key, rows[0][0]) for key, rows in found.items() if rows[0][1][0].columns == run.columns]
    return next(
        (key for key, at in known if _are_alike(sheet, at, row, run)), (*run.columns, row) if known else run.columns
    )


def _are_alike(sheet: _Sheet, at: int, row: int, run: Run) -> bool:
    """Whether two rows of months caption half of the other columns alike; where one captions hardly any they do."""
    months = set(run.columns)
    first, second = (
        {
            column: words
            for column, value in sheet.row(each).items()
            if column not in months and (words := words_of(value))
        }
        for each in (at, row)
    )
    same = sum(second.get(column) == words for column, words in first.items())
    return 2 * same >= min(len(first), len(second)) or min(len(first), len(second)) < _FEWEST


def is_blank(value: Value) -> bool:
    """Whether a cell shows nothing."""
    return value is None or (isinstance(value, str) and not squeeze(value))


def _heading(sheet: _Sheet, same: list[tuple[int, list[Run]]], above: int = 0) -> Heading:
    at, runs = same[0]
    top = _top(sheet, at, above)
    bottom = _bottom(sheet, at, runs[0])
    span = range(min(runs[0].columns), max(runs[-1].columns) + 1)
    columns = sorted({column for row in range(top, bottom + 1) for column in sheet.row(row)})
    lines = {column: list(_lines(sheet, top, bottom, column, span)) for column in columns}
    captions = {column: _folded(parts) for column, parts in lines.items()}
    series = _series(sheet, top, at, bottom, runs)
    repeated = [row for row, others in same[1:] if _repeats(sheet, at, row, others[0])]
    again = {row + shift for row in repeated for shift in range(top - at, bottom - at + 1)}
    again |= {row for each in repeated for row in _bands_above(sheet, top, each + top - at)}
    shown = {column: squeeze(" ".join(dict.fromkeys(parts))) for column, parts in lines.items()}
    return Heading(
        top,
        at,
        bottom,
        series.run,
        series.done,
        captions,
        shown,
        frozenset(again),
        series.others,
        series.is_unclear,
        series.labels,
    )


def _folded(parts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words_of(part) for part in parts))


def _repeats(sheet: _Sheet, at: int, row: int, run: Run) -> bool:
    """Whether the months in a row are the heading's again; numbers 1 to 12 below months would be a chance."""
    pairs = [(sheet.get(at, column), sheet.get(row, column)) for column in run.columns]
    return all(words_of(own) == words_of(other) or _same_month(own, other) for own, other in pairs)


def _same_month(one: Value, other: Value) -> bool:
    return (month := month_of(one)) is not None and month == month_of(other)


def _bands_above(sheet: _Sheet, top: int, there: int) -> Iterator[int]:
    """Rows above a repeated heading that stand above the heading too: a band over the months, a title."""
    shift = 1
    while (cells := sheet.grid.cells.get(top - shift)) and cells == sheet.grid.cells.get(there - shift):
        yield there - shift
        shift += 1


def _lines(sheet: _Sheet, top: int, bottom: int, column: int, span: range) -> Iterator[str]:
    is_numbered = bottom > top and _is_numbering(sheet.row(bottom))
    named = any(not is_blank(sheet.get(row, column)) for row in range(top, bottom + 1))
    for row in range(top, bottom + 1):
        value = sheet.carried(row, column, span) if row < bottom and named else sheet.get(row, column)
        if not is_blank(value) and not (is_numbered and row == bottom and _column_number(value)):
            yield squeeze(str(value))


def _top(sheet: _Sheet, at: int, above: int) -> int:
    """The first heading row: upwards while a row holds texts above all, and several; not into a form further up."""
    top = at
    while top > 1 and at - top < _HIGHEST:
        texts = sheet.texts(top - 1)
        cells = {sheet.anchor(top - 1, column) for column in sheet.row(top - 1)}
        shown = [str(sheet.grid.get(*place)).rstrip() for place in texts]
        is_prose = any(len(text) > _LONGEST or text.endswith(":") for text in shown)
        is_row = bool(above) and any(map(_is_figure, sheet.row(top - 1).values()))
        if len(texts) <= 1 or 2 * len(texts) < len(cells) or is_prose or is_row:
            break
        top -= 1
    return top


def _is_figure(value: Value) -> bool:
    """Whether a cell holds a number that is no year."""
    return isinstance(value, Decimal) and not _YEAR.fullmatch(str(value))


def _bottom(sheet: _Sheet, at: int, run: Run) -> int:
    """The last heading row: words again under the months, words over numbers, or the columns numbered."""
    bottom = at
    months = set(run.columns)
    for row in range(at + 1, at + 1 + _LOWEST):
        cells = sheet.row(row)
        is_more = (
            _weeks(sheet, row, run) > 1
            or _is_numbering(cells)
            or _is_subtitle(sheet, row, months)
            or _is_tall(sheet, at, row, cells)
        )
        if not is_more and not _is_over_numbers(sheet, row, cells, months):
            break
        bottom = row
    return bottom


def _is_subtitle(sheet: _Sheet, row: int, months: set[int]) -> bool:
    """Whether words stand under most months, each its own, and no marks, amounts or counted things."""
    cells = {sheet.anchor(row, column): value for column, value in sheet.row(row).items() if column in months}
    words = [_YEAR.sub("", words_of(value)) for value in cells.values()]
    is_text = all(_WORDS.fullmatch(word) and not _MARK.fullmatch(word) for word in words)
    return len(words) >= min(_FEWEST_SUBTITLES, len(months)) and is_text and not _is_marked(sheet, row, months)


def _is_marked(sheet: _Sheet, row: int, months: set[int]) -> bool:
    """Whether a row has months that are marked: it is numbered, or says the same under them as one right below."""
    cells = sheet.grid.cells.get(row, {})
    if any(_is_figure(value) for column, value in cells.items() if column not in months):
        return True
    words = {words_of(value) for column, value in cells.items() if column in months}
    below = (sheet.grid.cells.get(row + shift, {}) for shift in range(1, _NEAR + 1))
    # A row that says nothing else is a heading that stands again; ours has columns more.
    rows = [under for under in below if not under.items() <= cells.items()]
    again = {words_of(value) for under in rows for column, value in under.items() if column in months}
    return len(words) == 1 and words <= again


def _is_over_numbers(sheet: _Sheet, row: int, cells: Mapping[int, Value], months: set[int]) -> bool:
    """Whether a row holds a few words, none of them under a month, and half of them over columns of numbers."""
    if len(cells) < _FEW or months & cells.keys() or not all(isinstance(value, str) for value in cells.values()):
        return False
    below = range(row + 1, row + _LOOKED_AT)
    odd = sum(_holds_numbers(sheet, below, column) for column in cells)
    return 2 * odd >= len(cells)


def _is_tall(sheet: _Sheet, at: int, row: int, cells: Mapping[int, Value]) -> bool:
    """Whether captions of the months' row reach down into this one, and nothing else stands below any of them.

    Captions of ours stand in the lowest row alone.
    """
    own, above = sheet.grid.cells.get(row, {}), sheet.row(at)
    is_free = all(isinstance(cells[column], str) and column not in above for column in own if column in cells)
    return is_free and any(column not in own and above.get(column) == value for column, value in cells.items())


def _weeks(sheet: _Sheet, row: int, run: Run) -> int:
    """How many columns each month is cut into, where the row below numbers them 1 to 4 or 5; else 1."""
    width = min(after - before for before, after in pairwise(run.columns))
    if width not in _WEEKS or run.span > 1:
        return 1
    wanted = [str(number) for number in range(1, width + 1)]
    found = ([words_of(sheet.get(row, c + shift))[-1:] for shift in range(width)] for c in run.columns)
    return width if all(each == wanted for each in found) else 1


def _is_numbering(cells: Mapping[int, Value]) -> bool:
    """Whether a row numbers the columns: 1, 2, 3 and so on, or (1), (2), (3). Captions of ours may stand behind."""
    found = [_column_number(value) for _, value in sorted(cells.items())]
    numbers = [number for number in found if number is not None]
    is_whole = not any(number is not None for number in found[len(numbers) :])
    return len(numbers) >= _NUMBERING and is_whole and numbers == [*range(numbers[0], numbers[0] + len(numbers))]


def _column_number(value: Value) -> int | None:
    match = _COLUMN_NUMBER.fullmatch(words_of(value))
    return int(match[1]) if match else None


def _holds_numbers(sheet: _Sheet, rows: Iterable[int], column: int) -> bool:
    values = [value for row in rows if not is_blank(value := sheet.grid.get(row, column))]
    texts = sum(isinstance(value, str) for value in values)
    return len(values) >= _FEWEST and 5 * texts <= len(values)


class _Series(NamedTuple):
    run: Run
    done: Run | None
    others: tuple[Run, ...]
    is_unclear: bool
    labels: Mapping[int, str]


def _series(sheet: _Sheet, top: int, at: int, bottom: int, runs: list[Run]) -> _Series:
    """Hold programmed and executed months apart: by the captions themselves, above, or below them."""
    found: list[tuple[Run, str]] = []
    for run in runs:
        if bottom == at:
            found.append((run, _said(sheet, top, at, run)))
        else:
            found += _below(sheet, at, bottom, run) or [(run, _said(sheet, top, at, run))]
    planned = [pair for pair in found if not DONE.search(pair[1])] or found
    planned.sort(key=lambda pair: (not PLANNED.search(pair[1]), pair[0].columns))
    chosen, words = planned[0]
    done = next((run for run, other in found if DONE.search(other) and run is not chosen), None)
    others = tuple(run for run, _ in found if run is not chosen and run is not done)
    labels = {run.columns[0]: said for run, said in found}
    is_unclear = not PLANNED.search(words) or any(_ANEW.search(said) for _, said in planned)
    return _Series(chosen, done, others, len(planned) > 1 and is_unclear, labels)


def _said(sheet: _Sheet, top: int, at: int, run: Run) -> str:
    """Return what is said of months: beside their names, and above."""
    return f"{_LETTERS.get(run.label.strip(), run.label)} {_above(sheet, top, at, run)}"


def _above(sheet: _Sheet, top: int, at: int, run: Run) -> str:
    months = range(run.columns[0], run.columns[-1] + 1)
    return " ".join(words_of(sheet.carried(row, run.columns[0], months)) for row in range(top, at))


def _below(sheet: _Sheet, at: int, bottom: int, run: Run) -> list[tuple[Run, str]]:
    """Split months of several columns each by the words below: Programado, Realizado."""
    columns = run.columns
    width = min(after - before for before, after in pairwise(columns))
    names = {
        column: _LETTERS.get(words.strip(), words)
        for column in range(columns[0], columns[-1] + width)
        for words in (" ".join(words_of(sheet.get(row, column)) for row in range(at + 1, bottom + 1)),)
    }
    if (weeks := _weeks(sheet, bottom, run)) > 1:
        return [(replace(run, weeks=weeks), run.label)]
    if width == 1:
        words = {names[column] for column in columns}
        return [(run, f"{run.label} {words.pop()}")] if len(words) == 1 else []
    return [
        (replace(run, columns=tuple(column + shift for column in columns), label=""), name)
        for shift in range(width)
        if (name := names[columns[0] + shift]) and all(names.get(column + shift) == name for column in columns)
        if PLANNED.search(name) or DONE.search(name)
    ]
