"""Figures of the whole office that a unit's workbook would still show: totals that were typed, and those of groups.

What a figure adds up is seen in the master, by its rows: the column's, or some of one kind, back to the row that parts
blocks. In the unit's workbook it is a formula over those that are left. One that nothing explains is left out and said.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby, pairwise

from poa_xl.actions.computed import Place
from poa_xl.actions.load import Opened
from poa_xl.core.codes import Code
from poa_xl.core.plan import Kind
from poa_xl.core.totals import counted
from poa_xl.i18n import say
from poa_xl.sheet.cells import amount_of, text_of
from poa_xl.sheet.fields import AMOUNTS
from poa_xl.sheet.grid import Grid, letters
from poa_xl.sheet.rows import Outside, is_total
from poa_xl.sheet.spec import Cell

# Of what no figure is a sum, whatever it is.
_NAMES = ("id", "code", "partida", "start", "end")
_YEARS = range(1990, 2100)
_HALF = Decimal("0.5")
# More runs of rows than any formula should name.
_RUNS = 60
# A mean is of two at least.
_TWO = 2


@dataclass(frozen=True)
class Sum:
    """What a figure adds up: the cells of some rows in a column, or their mean."""

    column: int
    lines: tuple[int, ...]
    is_mean: bool = False


@dataclass
class Figures:
    """The figures outside the rows of operations, and what each adds up; the same for every unit.

    Attributes:
        source: The master.
    """

    source: Opened
    _columns: dict[int, dict[int, Decimal]] = field(default_factory=dict)

    @cached_property
    def explained(self) -> dict[int, dict[int, Sum | None]]:
        """Line to column to what the figure there adds up; None where nothing explains it."""
        found = {}
        for line, kind in self._outside.items():
            cells = self._figures(line)
            sums = self._sums(line, cells) if cells else {}
            known = {column: sums.get(column) for column, value in cells.items() if value or column in sums}
            # What is not called a total is one where it adds up several rows, and holds nothing else.
            is_sum = all(each is not None and len(each.lines) >= _TWO for each in known.values())
            if kind is Outside.TOTAL or (kind is Outside.AMOUNT and is_sum):
                found[line] = known
        return found | self._groups

    @property
    def typed(self) -> dict[int, list[int]]:
        """Totals outside the plan, each with its columns whose number is typed and adds up rows of its column."""
        return {
            line: [
                column
                for column, each in self.explained.get(line, {}).items()
                if each is not None
                and (each.column, each.is_mean) == (column, False)
                and (line, column) not in self.source.grid.formulas
            ]
            for line, kind in sorted(self._outside.items())
            if kind is Outside.TOTAL
        }

    def outdated(self, before: "Figures") -> Iterator[str]:
        """Say of each total that was typed that it added up rows of the plan and does so no more."""
        typed = before.typed
        if len(typed) != len(self.typed):
            return
        for (line, columns), (_, former) in zip(self.typed.items(), typed.items(), strict=True):
            cells = [f"{letters(column)}{line}" for column in former if column not in columns]
            if cells:
                yield say(
                    "fila {line} («{text}»): {cells} es un número escrito que sumaba filas del plan y ya no da "
                    "lo mismo; corregirlo, o escribirlo como fórmula",
                    line=line,
                    text=self._text(line),
                    cells=", ".join(cells),
                )

    def stays(self, line: int, lines: Collection[int]) -> bool | None:
        """Whether a row outside the plan goes to a unit: with the rows that it adds up; None where nobody can say."""
        sums = [each for each in self.explained.get(line, {}).values() if each is not None]
        return any(not set(each.lines).isdisjoint(lines) for each in sums) if sums else None

    def cells(
        self, after: Grid, gone: Sequence[int], lines: Collection[int]
    ) -> tuple[dict[Place, Cell], tuple[str, ...]]:
        """Return what is to stand in a unit's workbook for figures of the whole office, and what is to be said.

        Args:
            after: The sheet, cut down.
            gone: The rows that went, in order.
            lines: The unit's rows in the master.
        """
        made: dict[Place, Cell] = {}
        said = []
        left = set(gone)
        for line, sums in self.explained.items():
            new = line - bisect_left(gone, line)
            typed = {column: each for column, each in sums.items() if (new, column) not in after.formulas}
            if line in left or not typed:
                continue
            blank = []
            for column, each in typed.items():
                if each is None:
                    blank += [] if self._is_own(line, lines) else [column]
                elif not set(each.lines) <= {*lines}:
                    made[new, column] = self._cell(each, after, gone, lines)
            if blank:
                made |= {(new, column): Cell(None) for column in blank}
                said.append(
                    say(
                        "fila {line} («{text}»): {cells} en blanco, porque lo que dice el maestro es de todas las "
                        "unidades y no es la suma de filas que se vean",
                        line=new,
                        text=self._text(line),
                        cells=", ".join(f"{letters(column)}{new}" for column in blank),
                    )
                )
        return made, tuple(said)

    def _cell(self, each: Sum, after: Grid, gone: Sequence[int], lines: Collection[int]) -> Cell:
        values = self._column(each.column)
        kept = [line for line in each.lines if line in lines]
        total = sum((values[line] for line in kept if line in values), Decimal(0))
        count = sum(line in values for line in kept)
        value = total / count if each.is_mean and count else total
        is_text = any(isinstance(self.source.grid.get(line, each.column), str) for line in kept if line in values)
        runs = [*_runs([line - bisect_left(gone, line) for line in kept], after, each.column)]
        if is_text or not runs or len(runs) > _RUNS:
            return Cell(value)
        name = letters(each.column)
        areas = ",".join(f"{name}{top}:{name}{end}" if top != end else f"{name}{top}" for top, end in runs)
        return Cell(value, formula=f"={'AVERAGE' if each.is_mean else 'SUM'}({areas})")

    def _is_own(self, line: int, lines: Collection[int]) -> bool:
        """Whether a figure that nothing explains is of the unit alone: all rows are, or all of its block."""
        if line < self.source.layout.top:
            return True
        if line in self._rank:
            return self._descendants(line) <= {*lines}
        before = max((each for each in self._outside if each < line), default=0)
        is_last = line == max(each for each, kind in self._outside.items() if kind is Outside.TOTAL)
        wanted = [each for each in self._rank if not is_last and before < each < line] or [*self._rank]
        return set(wanted) <= {*lines}

    @cached_property
    def _rank(self) -> dict[int, int]:
        """Line of each row of the plan to its index."""
        return {row.line: index for index, row in enumerate(self.source.plan.rows)}

    @cached_property
    def _outside(self) -> dict[int, Outside]:
        """Rows that are none of the plan; of those above its heading the ones that say that they are a total."""
        above = {
            line: Outside.TOTAL
            for line, cells in self.source.grid.cells.items()
            if line < self.source.layout.top
            and any(isinstance(each, str) and is_total(each) for each in cells.values())
        }
        return above | {each.line: each.kind for each in self.source.parsed.passed}

    def _figures(self, line: int) -> dict[int, Decimal]:
        columns = self.source.layout.columns
        names = {columns.get(name) for name in _NAMES} | {*self.source.layout.code}
        found = {}
        for column in self.source.grid.cells.get(line, {}):
            value = self._number(line, column)
            if value is None or column in names or (value in _YEARS and not self._column(column)):
                continue
            found[column] = value
        return found

    def _number(self, line: int, column: int) -> Decimal | None:
        grid, layout = self.source.grid, self.source.layout
        value = grid.get(line, column)
        if isinstance(value, Decimal):
            return value / grid.scaled.get((line, column), 1)
        read = amount_of(value, layout.style, sign=layout.sign) if isinstance(value, str) else None
        return read if isinstance(read, Decimal) and text_of(value)[:1].isdigit() else None

    def _column(self, column: int) -> dict[int, Decimal]:
        """Return the numbers of a column in the rows of the plan."""
        if column not in self._columns:
            read = ((line, self._number(line, column)) for line in self._rank)
            self._columns[column] = {line: value for line, value in read if value is not None}
        return self._columns[column]

    @cached_property
    def _kinds(self) -> tuple[frozenset[int], ...]:
        """Which rows a total may add up: all, operations, those above none, groups above all, partida lines, money."""
        plan = self.source.plan
        rows = list(enumerate(plan.rows))
        tops = {i for i, row in rows if isinstance(row.code, Code) and plan.parent_of(row.code) is None}
        chosen = (
            {i for i, _ in rows},
            {i for i, row in rows if row.kind is Kind.OPERATION},
            {i for i, row in rows if row.kind is not Kind.LINE and i not in plan.children},
            tops,
            {i for i, row in rows if row.kind is Kind.LINE},
            {i for i, _ in counted(plan)},
        )
        return tuple(frozenset(plan.rows[i].line for i in each) for each in chosen)

    def _sums(self, line: int, cells: Mapping[int, Decimal]) -> dict[int, Sum]:
        """Find the rows that most figures of a line add up, the nearest first; of the others what explains them."""
        best: tuple[int, Sequence[int], set[int]] = (0, (), set())
        for chosen in self._kinds:
            for count, part, right in self._spans(line, cells, chosen):
                if count > best[0]:
                    best = (count, part, right)
        _, lines, right = best
        found = {column: Sum(column, tuple(lines)) for column in right}
        for column, value in cells.items():
            if column not in right:
                each = self._otherwise(column, value, lines)
                found |= {} if each is None else {column: each}
        return found

    def _spans(
        self, line: int, cells: Mapping[int, Decimal], chosen: Collection[int]
    ) -> Iterator[tuple[int, list[int], set[int]]]:
        """Yield spans of rows from a line to each that parts blocks, upwards then downwards, and what they explain."""
        groups = {row.line for row in self.source.plan.rows if row.kind is Kind.GROUP}
        parting = groups | self._outside.keys()
        every = sorted(self._rank.keys() | self._outside.keys())
        at = bisect_left(every, line)
        for way in ([*reversed(every[:at])], every[at + 1 :]):
            sums = dict.fromkeys(cells, Decimal(0))
            part: list[int] = []
            for number, each in enumerate(way):
                if each in chosen:
                    part.append(each)
                    for column in cells:
                        sums[column] += self._column(column).get(each, 0)
                following = way[number + 1] if number + 1 < len(way) else None
                if part and (each in parting or following is None or following in parting):
                    right = {column for column, value in cells.items() if _is(sums[column], value)}
                    yield sum(1 for column in right if cells[column]), sorted(part), right

    def _otherwise(self, column: int, value: Decimal, lines: Sequence[int]) -> Sum | None:
        """Return a mean over the rows that the others of the line add up, or a sum over all rows of another column."""
        own = self._column(column)
        terms = [each for each in lines or self._kinds[1] if each in own]
        if len(terms) >= _TWO and _is(sum((own[each] for each in terms), Decimal(0)) / len(terms), value):
            return Sum(column, tuple(sorted(terms)), is_mean=True)
        columns = [self.source.layout.columns[name] for name in AMOUNTS if name in self.source.layout.columns]
        for other in columns if value else ():
            for chosen in self._kinds:
                amounts = [self._column(other).get(each, Decimal(0)) for each in chosen]
                if len(amounts) >= _TWO and _is(sum(amounts, Decimal(0)), value):
                    return Sum(other, tuple(sorted(chosen)))
        return None

    @cached_property
    def _groups(self) -> dict[int, dict[int, Sum | None]]:
        """The figures of groups: those of their children, or of the operations below them."""
        plan = self.source.plan
        budget = self.source.layout.columns.get("budget")
        found: dict[int, dict[int, Sum | None]] = {}
        for index, below in plan.children.items():
            line = plan.rows[index].line
            cells = self._figures(line) if plan.rows[index].kind is Kind.GROUP else {}
            parts = [sorted(plan.rows[i].line for i in below), sorted(self._descendants(line) & self._kinds[2])]
            known = {column: _of(column, value, parts, self._column(column)) for column, value in cells.items()}
            found[line] = {column: each for column, each in known.items() if each is not None or column == budget}
        return found

    def _descendants(self, line: int) -> set[int]:
        plan = self.source.plan
        waiting, found = [self._rank[line]], set()
        while waiting:
            for child in plan.children.get(waiting.pop(), ()):
                found.add(plan.rows[child].line)
                waiting.append(child)
        return found

    def _text(self, line: int) -> str:
        texts = (text_of(each) for _, each in sorted(self.source.grid.cells[line].items()) if isinstance(each, str))
        return next((text for text in texts if text), "")


def _of(column: int, value: Decimal, parts: Sequence[list[int]], values: Mapping[int, Decimal]) -> Sum | None:
    for lines in parts:
        if _is(sum((values[line] for line in lines if line in values), Decimal(0)), value):
            return Sum(column, tuple(lines))
    return None


def _is(found: Decimal, value: Decimal) -> bool:
    """Whether a figure is a sum, rounded as it is written."""
    places = min(int(value.as_tuple().exponent), 0)
    return found == value or (bool(value) and abs(found - value) <= _HALF.scaleb(places))


def _runs(lines: Sequence[int], grid: Grid, column: int) -> Iterator[tuple[int, int]]:
    """Join rows between which the column holds no other number."""
    breaks = [
        any(not isinstance(grid.get(row, column), str | None) for row in range(one + 1, other))
        for one, other in pairwise(lines)
    ]
    at, runs = 0, []
    for line, is_new in zip(lines, [False, *breaks], strict=False):
        at += is_new
        runs.append((at, line))
    for _, run in groupby(runs, key=lambda pair: pair[0]):
        part = [line for _, line in run]
        yield part[0], part[-1]
